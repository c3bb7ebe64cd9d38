"""Sessions in the square: the desk's list and one with what may be done; what residents read of one."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localtime

from gongzhi.domains.fairs.models import Fair
from gongzhi.domains.fairs.queries.asked import Line, Totals, lines, totals
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import Stage
from gongzhi.kernel.process.possible import Asked, Possible, asked_of, possible
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.process.versions import current, pinned
from gongzhi.kernel.territory.models import LEVELS, Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.kernel.territory.tree import ids_above

KIND = "fair"
PAGE = 40
AHEAD = ("posted", "running")


@dataclass(frozen=True)
class Session:
    """A session as anyone may read it; ``results`` and totals once they are published."""

    id: int
    number: str
    stage: str
    state: Stage
    title: str
    spot: str
    area: str
    day: date
    hours: str
    units: tuple[str, ...]
    text: str
    results: str
    reason: str
    totals: Totals


@dataclass(frozen=True)
class Desk:
    """A session on the desk: as residents read it, what was asked, what may be done."""

    session: Session
    area: Area
    now: Totals
    lines: list[Line]
    acts: tuple[Possible, ...]
    seen: int


def may_read(by: Acting) -> bool:
    """Whether the hand's role reads sessions over its area."""
    area = by.mandate.area if by.mandate is not None and by.whole else None
    return area is not None and by.role in current(pack_name(area), KIND).sees["full"]


def may_announce(by: Acting) -> bool:
    """Whether the hand's role announces sessions."""
    area = by.mandate.area if by.mandate is not None and by.whole else None
    return area is not None and by.role in current(pack_name(area), KIND).actions["announce"].by


def listed(*, by: Acting, at: datetime) -> list[Session]:
    """Sessions the hand may read, newest day first. NotYours."""
    if not may_read(by):
        raise NotYours("信息赶集由社区、街道、区里的人看。")
    ids = list(gate.visible(by=by, at=at, kinds=(KIND,)).order_by("-pk").values_list("pk", flat=True)[:PAGE])
    return _told(Fair.objects.filter(pk__in=ids))


def sheet(matter_id: int, *, by: Acting, at: datetime) -> Desk | None:
    """One session with what was asked at it; None where it does not exist for this hand."""
    found = gate.one(matter_id, by=by, at=at)
    if found is None or found[0].matter.kind != KIND or not may_read(by):
        return None
    work = found[0]
    row = Fair.objects.select_related("matter__area").get(pk=matter_id)
    acts = tuple(one for one in possible(work, by=by, at=at) if one.state != "not_yours")
    now = totals(row)
    return Desk(
        _told(Fair.objects.filter(pk=matter_id))[0],
        work.matter.area,
        now,
        lines(row, by=by, at=at),
        acts,
        work.matter.seq,
    )


def asked(by: Acting) -> list[Asked]:
    """What announcing a session asks, as the pack of the hand's area has it today."""
    process = current(pack_name(by.mandate.area if by.mandate else None), KIND)
    return asked_of(process.actions["announce"], process)


def units(area: Area) -> list[tuple[str, str]]:
    """Organisations that may be named as coming: those of the area's district and street (one statement)."""
    near = Organisation.objects.filter(area__in=ids_above(area), valid_to=None).order_by("pk")
    return [(str(one.pk), one.name) for one in near]


def here(area: Area | None, *, at: datetime) -> list[Session]:
    """Sessions ahead or running for a place, and results of the last thirty days, the nearest day first."""
    if area is None or area.level not in LEVELS:
        return []
    around = Q(matter__area__in=ids_above(area)) | Q(**{f"matter__{area.level}": area.pk})
    posted = Matter.objects.filter(gate.posted(KIND, pack_name(area)))
    rows = Fair.objects.filter(around, matter__in=posted)
    today = localtime(at).date()
    ahead = rows.filter(day__gte=today, matter__stage__in=AHEAD).order_by("day")
    past = rows.filter(day__gte=date.fromordinal(today.toordinal() - 30)).exclude(matter__stage__in=AHEAD)
    found = {one.pk: one for one in [*ahead[:PAGE], *past.order_by("-day")[:PAGE]]}
    told = {one.id: one for one in _told(Fair.objects.filter(pk__in=found))}
    return [told[pk] for pk in found]


def ahead(area: Area | None, *, at: datetime) -> list[Session]:
    """The next session of a place, if one is to come or runs now (three statements)."""
    if area is None or area.level not in LEVELS:
        return []
    around = Q(matter__area__in=ids_above(area)) | Q(**{f"matter__{area.level}": area.pk})
    posted = Matter.objects.filter(gate.posted(KIND, pack_name(area)), stage__in=AHEAD)
    rows = Fair.objects.filter(around, matter__in=posted, day__gte=localtime(at).date()).order_by("day")
    ids = list(rows.values_list("pk", flat=True)[:1])
    return _told(Fair.objects.filter(pk__in=ids)) if ids else []


def one(number: str, *, by: Acting, at: datetime) -> Session | None:
    """A session by its number, also after it is over; None where anyone may not read it."""
    matter = Matter.objects.filter(kind=KIND, number=number).first()
    if matter is None or gate.one(matter.pk, by=by, at=at) is None:
        return None
    return _told(Fair.objects.filter(pk=matter.pk))[0]


def _told(rows: Any) -> list[Session]:
    """Sessions with their words, newest day first (three statements for any number)."""
    found = list(rows.select_related("matter__area").defer("matter__area__polygon"))
    ids = [one.pk for one in found]
    verbs = ("announce", "publish", "call_off")
    entries = Entry.objects.filter(matter__in=ids, verb__in=verbs).select_related("words")
    moved = {(entry.matter_id, entry.verb): entry for entry in entries}
    named = {pk for entry in moved.values() for pk in json.loads(entry.facts).get("units", ())}
    units_ = {one.pk: one.name for one in Organisation.objects.filter(pk__in=named)} if named else {}
    told = [_session(one, moved, units_) for one in found]
    return sorted(told, key=lambda one: (one.day, one.id), reverse=True)


def _session(row: Fair, moved: dict[tuple[int | None, str], Entry], named: dict[int, str]) -> Session:
    matter = row.matter
    said, facts = _words(moved.get((matter.pk, "announce"))), _facts(moved.get((matter.pk, "announce")))
    return Session(
        id=matter.pk,
        number=matter.number,
        stage=matter.stage,
        state=pinned(matter.process_id).stages[matter.stage],
        title=matter.title,
        spot=matter.place,
        area=matter.area.name,
        day=row.day,
        hours=row.hours,
        units=tuple(named[pk] for pk in facts.get("units", ()) if pk in named),
        text=said.get("text", ""),
        results=_words(moved.get((matter.pk, "publish"))).get("text", ""),
        reason=_words(moved.get((matter.pk, "call_off"))).get("reason", ""),
        totals=Totals(row.answered, row.registered),
    )


def _words(entry: Entry | None) -> dict[str, str]:
    words = getattr(entry, "words", None)
    found: dict[str, str] = json.loads(words.text) if words is not None else {}
    return found


def _facts(entry: Entry | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entry.facts) if entry is not None else {}
    return found

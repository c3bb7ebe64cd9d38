"""Incidents as other systems may list them: what anyone may be told, and more of what a hand may read anyway.

Anyone: kind, dates, where it stands in plain words, who has it, the middle of its grid. Words, place and pictures are
not among it until staff released them; an ``about_person`` or private kind is in no list, whoever asks.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from gongzhi.domains.incidents.queries.desk_lines import words_of
from gongzhi.domains.incidents.queries.desk_secrets import kept_from_units, reads_words
from gongzhi.domains.incidents.queries.told import LEVEL, STATEMENT, filled
from gongzhi.kernel.ids import first_id
from gongzhi.kernel.models import Attachment, Entry, Matter, Organisation, Tie, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.versions import pinned
from gongzhi.kernel.territory.models import LEVELS, Area

NEVER = Q(about_person=False, private=False, kind="incident")
DONE = "办好了，等反映人评价"
ALOUD = {**STATEMENT, "resolved": DONE, "closed": DONE}  # said to anyone, not to the reporter
MOVED = ~Q(before=F("after"))
SKEW = timedelta(minutes=1)  # an entry's id is made a moment after its receipt
NO_OUTLINES = ("grid__polygon", "community__polygon", "street__polygon")


@dataclass(frozen=True)
class Line:
    """One incident: ``says`` where it stands; ``point`` (latitude, longitude) no finer than may be known."""

    matter: Matter
    open: bool
    says: str
    holder: str
    changed_at: datetime
    point: tuple[float, float] | None
    place: str
    words: str
    pictures: tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """A change of stage that anyone may be told of."""

    entry: int
    number: str
    at: datetime
    stage: str
    open: bool
    says: str


def listed(*, by: Acting | None, within: Area | None, at: datetime) -> QuerySet[Matter]:
    """What may be listed: what anyone may be told of, and what the hand may read inside its area."""
    wanted = gate.public()
    if by is not None and within is not None and within.level in LEVELS:
        own = gate.visible(by=by, at=at, kinds=("incident",)).filter(
            NEVER, **{f"{within.level}_id": within.pk}
        )
        wanted |= Q(pk__in=own.values("pk"))
    return Matter.objects.filter(NEVER & wanted)


def changed(since: datetime | None, until: datetime | None) -> Q:
    """Matters whose last change of stage lies between two moments, either of which may be left open."""
    moves = Entry.objects.filter(MOVED, matter=OuterRef("pk"))
    found = Q(Exists(moves.filter(at__gte=since))) if since else Q()
    return found & ~Q(Exists(moves.filter(at__gt=until))) if until else found


def lines(matters: QuerySet[Matter], *, by: Acting | None, within: Area | None, at: datetime) -> list[Line]:
    """The matters as this hand may know them (five statements; seven for a hand that reads more)."""
    rows = list(
        matters.select_related("grid", "community", "street", "area").defer(*NO_OUTLINES, "area__polygon")
    )
    works, names = _works(rows)
    ids = [row.pk for row in rows]
    moved = dict(
        Entry.objects.filter(MOVED, matter__in=ids).values_list("matter").annotate(Max("at")).order_by()
    )
    shots = _released(ids)
    mine = [row.pk for row in rows if by and within and _reads(works[row.pk], by, within)]
    words = _words(mine, works, by) if mine and by else {}
    return [_line(works[row.pk], names, moved, shots, set(mine), words) for row in rows]


def changes(
    since: datetime, until: datetime, *, by: Acting | None, within: Area | None, most: int, at: datetime
) -> list[Change]:
    """Changes of stage between two moments, oldest first (two statements)."""
    there = listed(by=by, within=within, at=at).filter(pk=OuterRef("matter"))
    rows = Entry.objects.filter(
        MOVED, Exists(there), pk__gte=first_id(since - SKEW), at__gte=since, at__lte=until
    )
    found = list(rows.exclude(before="").select_related("matter").order_by("at", "pk")[:most])
    facts = {one.pk: _sent_to(one) for one in found}
    names = Organisation.objects.in_bulk({pk for pk in facts.values() if pk})
    return [_change(one, str(names[pk].name) if (pk := facts[one.pk]) in names else "") for one in found]


def _works(rows: Sequence[Matter]) -> tuple[dict[int, Work], dict[int, str]]:
    """Matters with living ties and open waits, and the names of the organisations tied (two statements)."""
    ids = [row.pk for row in rows]
    ties: dict[int, list[Tie]] = {}
    waits: dict[int, list[Wait]] = {}
    names: dict[int, str] = {}
    for tie in Tie.objects.filter(matter__in=ids, until=None).select_related("organisation").order_by("pk"):
        ties.setdefault(tie.matter_id, []).append(tie)
        if tie.organisation is not None:
            names[tie.organisation.pk] = tie.organisation.name
    for wait in Wait.objects.filter(matter__in=ids, ended_at=None).order_by("pk"):
        waits.setdefault(wait.matter_id, []).append(wait)
    works = {
        one.pk: Work(one, pinned(one.process_id), ties.get(one.pk, []), waits.get(one.pk, [])) for one in rows
    }
    return works, names


def _reads(work: Work, by: Acting, within: Area) -> bool:
    inside = getattr(work.matter, f"{within.level}_id", None) == within.pk
    return inside and gate.level_of(work, by) == "full"


def _words(ids: Sequence[int], works: Mapping[int, Work], by: Acting) -> dict[int, str]:
    """What was written with the report, where this hand may read it (two statements)."""
    kept = kept_from_units(ids)
    open_to = [pk for pk in ids if reads_words(works[pk], by, kept)]
    entries = Entry.objects.filter(matter__in=open_to, verb="report").select_related("words")
    return {entry.matter_id or 0: words_of(entry).get("words", "") for entry in entries}


def _released(ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    rows = Attachment.objects.filter(matter__in=ids, kind="photo", released=True, removed_at=None).order_by(
        "pk"
    )
    found: dict[int, tuple[int, ...]] = {}
    for matter_id, pk in rows.values_list("matter", "pk"):
        found[matter_id] = (*found.get(matter_id, ()), pk)
    return found


def released(pk: int) -> Attachment | None:
    """A picture that staff released of a matter anyone may be told of; else None."""
    shown = Matter.objects.filter(gate.public(), pk=OuterRef("matter"))
    rows = Attachment.objects.filter(Exists(shown), pk=pk, kind="photo", released=True, removed_at=None)
    return rows.first()


def _line(
    work: Work,
    names: Mapping[int, str],
    moved: Mapping[Any, datetime],
    shots: Mapping[int, tuple[int, ...]],
    mine: set[int],
    words: Mapping[int, str],
) -> Line:
    matter, holder = work.matter, names.get(work.holder_id or 0, "")
    full = matter.pk in mine
    waits = [wait for wait in work.open_waits() if wait.desk_role in LEVEL]
    desk = LEVEL[waits[0].desk_role] if waits else ""
    return Line(
        matter=matter,
        open=matter.counts == "open",
        says=_says(work.process.stages[matter.stage], holder, desk),
        holder=holder,
        changed_at=matter.closed_at or moved.get(matter.pk) or matter.opened_at,
        point=_exact(matter) if full else _rough(matter),
        place=matter.place if full else "",
        words=words.get(matter.pk, ""),
        pictures=shots.get(matter.pk, ()),
    )


def _exact(matter: Matter) -> tuple[float, float] | None:
    return (matter.lat, matter.lon) if matter.lat is not None and matter.lon is not None else _rough(matter)


def _rough(matter: Matter) -> tuple[float, float] | None:
    """The middle of the grid, else of the community or street it hangs in."""
    for area in (matter.grid, matter.community, matter.street):
        if area is not None and area.lat is not None and area.lon is not None:
            return area.lat, area.lon
    return None


def _says(stage: Any, holder: str, desk: str) -> str:
    said = filled(ALOUD.get(stage.id, ""), {"holder": holder, "desk": desk})
    return said or str(stage.resident)


def _sent_to(entry: Entry) -> int | None:
    """The organisation an entry sent it to."""
    facts: dict[str, Any] = json.loads(entry.facts)
    return facts.get("to") or facts.get("decided")


def _change(entry: Entry, holder: str) -> Change:
    matter = entry.matter
    assert matter is not None
    stage = pinned(matter.process_id).stages[entry.after]
    return Change(
        entry.pk, matter.number, entry.at, stage.id, stage.counts == "open", _says(stage, holder, "")
    )

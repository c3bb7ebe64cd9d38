"""One whistle as a hand reads it: what is asked, what was tried, who was called and what each did, what may be done."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongzhi.domains.whistles.models import Whistle, WhistlePart
from gongzhi.domains.whistles.queries.begin import callable_from, caller_level
from gongzhi.domains.whistles.queries.lists import kind_label, part_rows
from gongzhi.domains.whistles.row import KIND, PART
from gongzhi.kernel.ledger.models import Attachment, Entry, Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.process import fields, gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Matter, Tie, Wait
from gongzhi.kernel.process.page import Stage
from gongzhi.kernel.process.possible import Possible, possible
from gongzhi.kernel.process.standing import at_desk
from gongzhi.kernel.process.versions import pinned

SAID_BY = {
    "answer_come": "coming",
    "not_mine": "reason",
    "work_done": "done_words",
    "not_done": "missing",
    "release": "reason",
}


@dataclass(frozen=True)
class Part:
    """One organisation of the whistle: how it stands, what it said last, by when it must answer, ratings once both are
    given, what this hand may do; its ledger only to who may read the part itself."""

    row: WhistlePart
    work: Work
    stage: Stage
    said: str
    answer: Wait | None
    arrive: Wait | None
    refused: bool
    ruling: bool
    marks: tuple[str, str]
    acts: tuple[Possible, ...]
    photos: tuple[int, ...]
    entries: tuple[Entry, ...]

    @property
    def matter(self) -> Matter:
        """The part's own matter."""
        return self.row.matter

    @property
    def coming(self) -> bool:
        """Whether it is still awaited on the spot."""
        return self.matter.stage in ("called", "answered")


@dataclass
class Sheet:
    """The whole page of one whistle."""

    work: Work
    row: Whistle
    stage: Stage
    kind: str
    need: str = ""
    tried: str = ""
    result: str = ""
    refused_for: str = ""
    wanted: list[Organisation] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    acts: tuple[Possible, ...] = ()
    source: Matter | None = None
    photos: tuple[int, ...] = ()
    mine: frozenset[str] = frozenset()

    @property
    def matter(self) -> Matter:
        """The matter."""
        return self.work.matter

    @property
    def arriving(self) -> list[Part]:
        """Those whose arrival this hand may record now."""
        return [one for one in self.parts if any(act.action == "arrived" and act.allowed for act in one.acts)]

    def find(self, matter_id: int) -> tuple[Work, tuple[Possible, ...]] | None:
        """The whistle or one of its parts, by id, with what may be done."""
        if matter_id == self.matter.pk:
            return self.work, self.acts
        return next(((one.work, one.acts) for one in self.parts if one.matter.pk == matter_id), None)


def whistle_id(matter_id: int, *, by: Acting, at: datetime) -> int | None:
    """The whistle meant by its own id or that of a part; None where neither exists for this hand."""
    found = gate.one(matter_id, by=by, at=at)
    if found is None or found[0].matter.kind not in (KIND, PART):
        return None
    matter = found[0].matter
    return matter.pk if matter.kind == KIND else matter.parent_id


def sheet(matter_id: int, *, by: Acting, at: datetime) -> Sheet | None:
    """A whistle's page; None where it does not exist for this hand (about a dozen statements, whatever the parts)."""
    found = gate.one(matter_id, by=by, at=at)
    if found is None or found[0].matter.kind != KIND or found[1] != "full":
        return None
    work = found[0]
    row = Whistle.objects.select_related("asker").get(pk=matter_id)
    out = Sheet(work, row, work.process.stages[work.matter.stage], kind_label(row.kind, work.matter.pack))
    rows = part_rows(matter_id)
    entries, photos = _entries([matter_id, *(one.pk for one in rows)]), _photos(matter_id, rows)
    _words(out, entries.get(matter_id, []))
    out.photos = photos.get(matter_id, ())
    out.wanted = list(row.wanted.order_by("pk"))
    out.acts = _acts(work, by, at)
    out.mine = frozenset(wait.what for wait in work.open_waits() if at_desk(wait, by, work.matter.pack))
    works = _works([one.matter for one in rows])
    out.parts = [_part(one, works[one.pk], entries.get(one.pk, []), photos, by, at) for one in rows]
    if work.matter.parent_id is not None:
        above = gate.one(work.matter.parent_id, by=by, at=at)
        out.source = above[0].matter if above and above[1] == "full" else None
    return out


def _acts(work: Work, by: Acting, at: datetime) -> tuple[Possible, ...]:
    return tuple(one for one in possible(work, by=by, at=at) if one.state in ("now", "not_yet"))


def _words(out: Sheet, entries: list[Entry]) -> None:
    said = {entry.verb: _said(entry) for entry in entries}
    first = next((_said(one) for one in entries if one.pk == out.row.said), {})
    out.need, out.tried = first.get("need", ""), first.get("tried", "")
    out.result = said.get("finish", {}).get("result", "")
    out.refused_for = next(
        (
            said[verb].get("reason", "")
            for verb in ("decline", "refuse", "turn_down", "withdraw")
            if verb in said
        ),
        "",
    )


def _part(
    row: WhistlePart,
    work: Work,
    entries: list[Entry],
    photos: dict[int, tuple[int, ...]],
    by: Acting,
    at: datetime,
) -> Part:
    readable = gate.level_of(work, by) == "full"
    said = [_said(one).get(SAID_BY[one.verb], "") for one in entries if one.verb in SAID_BY]
    judged, ruled = work.open_waits("judge_not_mine"), work.open_waits("rule_not_mine")
    return Part(
        row,
        work,
        work.process.stages[row.matter.stage],
        next((one for one in reversed(said) if one), ""),
        next(iter(work.open_waits("answer")), None),
        next(iter(work.open_waits("arrive")), None),
        bool(judged or ruled),
        bool(ruled),
        _marks(row, work) if readable else ("", ""),
        _acts(work, by, at) if readable else (),
        photos.get(row.pk, ()) if readable else (),
        tuple(entries) if readable else (),
    )


def _marks(row: WhistlePart, work: Work) -> tuple[str, str]:
    """Both ratings in words, once nobody is awaited any more to give one; else neither."""
    if work.open_waits("rate_unit") or work.open_waits("rate_asker"):
        return "", ""
    table = fields.specs(work.process)
    return (
        table["unit_mark"]["choices"].get(row.unit_mark, ""),
        table["asker_mark"]["choices"].get(row.asker_mark, ""),
    )


def _entries(ids: list[int]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    for entry in Entry.objects.filter(matter__in=ids).select_related("words").order_by("seq"):
        found.setdefault(entry.matter_id or 0, []).append(entry)
    return found


def _photos(whistle: int, rows: list[WhistlePart]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    ids = [whistle, *(one.pk for one in rows)]
    shots = Attachment.objects.filter(matter__in=ids, kind="photo", removed_at=None).order_by("pk")
    for matter_id, pk in shots.values_list("matter_id", "pk"):
        found[matter_id] = (*found.get(matter_id, ()), pk)
    return found


def _works(matters: list[Matter]) -> dict[int, Work]:
    ids = [one.pk for one in matters]
    ties: dict[int, list[Tie]] = {}
    waits: dict[int, list[Wait]] = {}
    for tie in Tie.objects.filter(matter__in=ids, until=None).order_by("pk"):
        ties.setdefault(tie.matter_id, []).append(tie)
    for wait in Wait.objects.filter(matter__in=ids, ended_at=None).order_by("pk"):
        waits.setdefault(wait.matter_id, []).append(wait)
    return {
        one.pk: Work(one, pinned(one.process_id), ties.get(one.pk, []), waits.get(one.pk, []))
        for one in matters
    }


def _said(entry: Entry) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(entry.words.text)
    except Words.DoesNotExist:
        return {}
    return found


def choices(page: Sheet, act: Possible, *, at: datetime) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen in an act's form: living organisations that may be called and are not yet; this street's
    leaders. Empty for forms that ask neither."""
    found: dict[str, list[tuple[str, str]]] = {}
    for asked in act.fields:
        if asked.name in ("units", "proposed"):
            found[asked.name] = _free(page)
        elif asked.spec["type"] == "person":
            found[asked.name] = _leaders(page.matter, at)
    return found


def proposed(page: Sheet, act: Possible) -> dict[str, Any]:
    """What the form begins with: the organisations that were wanted, the time that was asked for."""
    if act.action != "call":
        return {}
    living = [one for one in page.wanted if one.valid_to is None]
    return {"units": [str(one.pk) for one in living], "meet_at": page.row.meet_at}


def _free(page: Sheet) -> list[tuple[str, str]]:
    pack = page.matter.pack
    called = {str(one.row.unit_id) for one in page.parts} | {str(page.row.asker_id)}
    near = callable_from(page.matter.area, caller_level(page.work.process), pack)
    return [(pk, name) for pk, name in near if pk not in called]


def _leaders(matter: Matter, at: datetime) -> list[tuple[str, str]]:
    rows = Mandate.objects.filter(holding(at), role="street_leader", area=matter.street_id)
    return [(str(one.person_id), one.person.name) for one in rows.select_related("person")]

"""What stands beside a matter at the desk: who assists, papers, links, its listing, its class with the way out."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q

from gongzhi.domains.incidents.queries.desk_acts import Acts
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.domains.incidents.queries.desk_secrets import reads_words
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import files
from gongzhi.kernel.ledger.models import Paper
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Link, Matter, Wait
from gongzhi.kernel.process.versions import pinned

SHOWN = 20
LADDER = (("urge", "催办"), ("supervise", "督办"), ("supervise_listed", "挂牌督办"))


@dataclass(frozen=True)
class Assist:
    """An assisting unit: what is awaited of it, and what it has answered."""

    unit: str
    wait: Wait | None
    replies: tuple[str, ...]


@dataclass(frozen=True)
class Shelved:
    """A paper with who put it there, when, and their note."""

    id: int
    name: str
    bytes: int
    at: datetime
    who: str
    note: str


@dataclass(frozen=True)
class Linked:
    """The other end of a link, for who may read it."""

    id: int
    matter: Matter
    kind: str
    stage: str


@dataclass
class Beside:
    """All of it; what the level does not open stays empty."""

    assists: list[Assist] = field(default_factory=list)
    papers: list[Shelved] = field(default_factory=list)
    links: list[Linked] = field(default_factory=list)
    hard: dict[str, Any] = field(default_factory=dict)
    ways: list[tuple[str, str]] = field(default_factory=list)
    ladder: list[tuple[str, bool, bool]] = field(default_factory=list)

    @property
    def pressed(self) -> bool:
        """Whether anybody has urged or supervised at all."""
        return any(done for _, done, _ in self.ladder)


def beside(page: Sheet, acts: Acts, *, by: Acting, at: datetime) -> Beside:
    """What stands beside a matter that is read in full (at most five statements)."""
    if page.level != "full" or page.matter.kind != "incident":
        return Beside()
    out = Beside(_assists(page), _papers(page), linked(page.matter, by=by, at=at))
    name = page.incident.hard_class if page.incident else ""
    if name:
        out.hard = dict(packs.load(page.matter.pack).table("hard_classes").get(name, {}))
        named = {one.id: one.label for one in acts.now}
        out.ways = [(one, named[one]) for one in out.hard.get("opens", ()) if one in named]
    out.ladder = _ladder(page)
    return out


def _ladder(page: Sheet) -> list[tuple[str, bool, bool]]:
    """Urged < supervised < listed: label, whether it was done, whether it stands now."""
    done = {line.verb for line in page.lines}
    is_listed = page.incident is not None and page.incident.listed_entry is not None
    asked = bool(page.work.open_waits("supervise_answer"))
    now = {"urge": False, "supervise": asked and not is_listed, "supervise_listed": is_listed}
    return [(label, name in done, now[name]) for name, label in LADDER]


def _assists(page: Sheet) -> list[Assist]:
    ids = [tie.organisation_id for tie in page.work.living_ties("assisting") if tie.organisation_id]
    if not ids:
        return []
    waits = {wait.desk_org_id: wait for wait in page.work.open_waits("assist")}
    told = [line for line in page.lines if line.verb in ("assist_done", "assist_refuse")]
    found = []
    for unit in Organisation.objects.filter(pk__in=ids).order_by("pk"):
        own = [text for line in told if line.who.startswith(f"{unit} ") for _, text in line.words]
        found.append(Assist(unit.name, waits.get(unit.pk), tuple(own)))
    return found


def _papers(page: Sheet) -> list[Shelved]:
    if page.sealed:
        return []
    lines = {line.entry_id: line for line in page.lines}
    rows = Paper.objects.filter(matter=page.matter, removed_at=None).order_by("-pk")
    return [
        Shelved(
            one.pk,
            one.name,
            one.bytes,
            lines[one.entry_id].at,
            lines[one.entry_id].who,
            next((text for _, text in lines[one.entry_id].words), ""),
        )
        for one in rows
        if one.entry_id in lines
    ]


def linked(matter: Matter, *, by: Acting, at: datetime) -> list[Linked]:
    """The other ends of a matter's links that the hand may read (two statements)."""
    rows = list(Link.objects.filter(Q(one=matter) | Q(other=matter), until=None).order_by("pk")[:SHOWN])
    if not rows:
        return []
    ends = {row.pk: row.other_id if row.one_id == matter.pk else row.one_id for row in rows}
    may = gate.visible(by=by, at=at, levels=("full",)).filter(pk__in=ends.values())
    known = {one.pk: one for one in may.select_related("process")}
    kinds = packs.load(matter.pack).get("fields.incident.link_kind.choices", {})
    return [
        Linked(row.pk, known[ends[row.pk]], str(kinds.get(row.kind, "")), _stage(known[ends[row.pk]]))
        for row in rows
        if ends[row.pk] in known
    ]


def _stage(matter: Matter) -> str:
    return pinned(matter.process_id).stages[matter.stage].label


def paper(paper_id: int, *, by: Acting, at: datetime) -> tuple[Paper, Path] | None:
    """One paper and where it lies, through the gate; None where this hand may not have it."""
    row = Paper.objects.filter(pk=paper_id, removed_at=None).first()
    found = gate.one(row.matter_id, by=by, at=at) if row is not None else None
    if row is None or found is None or found[1] != "full" or not reads_words(found[0], by):
        return None
    try:
        return row, files.open_file(row.digest)
    except FileNotFoundError:
        return None

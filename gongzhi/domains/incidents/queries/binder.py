"""材料册: the matters of one mechanism and period as a hand may read them, each with its chain and its seal's proof.

Nothing private goes into a binder, and nothing this hand could not open one by one. Of an entry whose content it may
not read (a single rating, a sealed reporter's own) the chain's two hashes stand alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from gongzhi.domains.incidents.queries import desk_matter, records
from gongzhi.domains.incidents.queries.after_period import Period
from gongzhi.domains.incidents.queries.desk_lines import MUTUAL, RATING, REPORTERS
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import proof
from gongzhi.kernel.ledger.chain import entry_fields
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.ledger.proof import Proof
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

MOST = 300  # matters in one binder
LEFT_OUT = ("leftover", "mend", "enquiry", "patrol_route")  # no papers of a mechanism's work


@dataclass(frozen=True)
class Page:
    """One matter of a binder: its page, its proof, and the chain as it may be handed out."""

    sheet: Sheet
    proof: Proof
    chain: list[dict[str, Any]]


def may_make(by: Acting) -> bool:
    """Whether the hand oversees an area whose papers it keeps (no statement)."""
    return records.may_read(by) and records.home(by).level != records.GRID


def kinds(by: Acting) -> dict[str, str]:
    """The mechanisms a hand reads in full, with their names. NotYours."""
    pack = pack_name(records.home(by))
    if not may_make(by):
        raise NotYours(records.NOT_HERE)
    names = [one for one in packs.load(pack).processes if one not in LEFT_OUT]
    return {one: current(pack, one).label for one in names if gate.arms(by, (one,), ("full",))}


def matters(kind: str, area: Area, period: Period, *, by: Acting, at: datetime) -> QuerySet[Matter]:
    """What goes into a binder: begun in the period, in the area, readable in full, nothing private."""
    if by.kind == "operator":  # a logged session on the server itself
        seen = Matter.objects.all()
    elif may_make(by):
        seen = gate.visible(by=by, at=at, kinds=(kind,), levels=("full",))
    else:
        raise NotYours(records.NOT_HERE)
    begun = Q(opened_at__gte=period.start, opened_at__lt=period.end)
    here = seen.filter(begun, kind=kind, private=False, **{f"{area.level}_id": area.pk})
    return here.order_by("number")


def pages(found: QuerySet[Matter], *, by: Acting, at: datetime) -> Iterator[Page]:
    """The pages one after another (about twenty statements each): one matter in memory at a time."""
    for pk in list(found.values_list("pk", flat=True)[:MOST]):
        sheet = desk_matter.sheet(pk, by=by, at=at)
        if sheet is None or sheet.level != "full":
            continue
        entries = list(Entry.objects.filter(matter=pk).order_by("seq"))
        yield Page(sheet, proof.prove(entries), [_told(one, sheet) for one in entries])


def _told(entry: Entry, sheet: Sheet) -> dict[str, Any]:
    """An entry for a checker: all that is hashed, or, of what this hand may not read, the hashes alone."""
    hidden = entry.verb in (*RATING, *MUTUAL) or (sheet.sealed and entry.actor.startswith(REPORTERS))
    fields = {} if hidden else {"fields": entry_fields(entry)}
    return {"seq": entry.seq, "prev": entry.prev, "hash": entry.hash, **fields}

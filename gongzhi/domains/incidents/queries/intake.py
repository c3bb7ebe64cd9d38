"""What a resident is told before and right after sending: who looks first, by when, and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.intake import Report, hung
from gongzhi.domains.incidents.queries.told import phrase
from gongzhi.kernel import packs
from gongzhi.kernel.models import Matter, Wait
from gongzhi.kernel.people.roster import Worker, grid_worker
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.process.waits import term_end
from gongzhi.kernel.territory.packing import pack_name


@dataclass(frozen=True)
class First:
    """Who looks first and by when."""

    who: str
    term: str
    due_at: datetime | None


def first_desk(said: Report, *, at: datetime) -> First:
    """Who would look first at a report, before it is sent (two statements)."""
    pack = packs.load(pack_name(said.area))
    place, process = hung(said, pack), current(pack.name, "incident")
    if place.private:
        return First("街道指定的一个人", phrase(process.terms["accept"]), None)
    worker = grid_worker(place.area, at) if place.area.level in ("grid", "building") else None
    term = process.terms["propose"] if worker else process.term("@accept", place.category)
    who = (
        f"网格员{worker.name}"
        if worker
        else {"street": "街道", "district": "区指挥中心"}.get(place.area.level, "社区")
    )
    return First(who, phrase(term), term_end(term, at, pack.name).at)


@dataclass(frozen=True)
class Next:
    """What the sent page says: who was told, when it is decided, how long it takes then, what to do first."""

    worker: Worker | None
    accept_by: datetime | None
    promise: str
    promise_source: str
    first: str
    desk: str


def after_report(matter: Matter, *, at: datetime) -> Next:
    """What comes next on a matter just sent (three statements)."""
    pack = packs.load(matter.pack)
    leaf: dict[str, Any] = pack.get(f"categories.leaf.{matter.category}", {})
    wait = Wait.objects.filter(matter=matter, what="accept", ended_at=None).first()
    desk = {"community_desk": "社区", "street_desk": "街道", "private_officer": "街道指定的一个人"}
    return Next(
        worker=grid_worker(matter.grid, at) if not matter.private else None,
        accept_by=wait.due_at if wait else None,
        promise=phrase(str(leaf.get("promise", ""))),
        promise_source=str(leaf.get("source", pack.get("categories.source", ""))),
        first=str(leaf.get("first", "")),
        desk=desk.get(wait.desk_role, "区指挥中心") if wait else "",
    )

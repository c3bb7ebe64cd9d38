"""What can be done with routes and patrols. Every surface calls these; a change is written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongzhi.domains.patrols.points import Told, lines
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.door import open_matter, take
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.opening import NewMatter
from gongzhi.kernel.process.verdict import NotYours, SayMore
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

__all__ = ["Planned", "edit", "found", "plan", "take"]

ONE_GRID = "一条路线只在一个网格里，请选网格。"


@dataclass(frozen=True)
class Planned:
    """A route as it is laid down. ``area`` is its grid; ``weekdays`` like ``135``, empty for once."""

    area: Area
    name: str
    points: Sequence[Told]
    first_day: date | str
    days: str = "1"
    weekdays: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """What the action asks."""
        return {
            "route_name": self.name,
            "points": lines(self.points),
            "weekdays": self.weekdays,
            "first_day": self.first_day,
            "days": self.days,
        }


def plan(planned: Planned, *, by: Acting, at: datetime, key: str) -> Matter:
    """Lay down a route. SayMore where it is in no grid; NotYours where the grid is not the hand's."""
    if planned.area.level != "grid":
        raise SayMore({"area": ONE_GRID})
    new = NewMatter(
        kind="patrol_route",
        pack=pack_name(planned.area),
        area=planned.area,
        action="plan",
        title=planned.name[:40],
        source="desk",
        said=planned.said,
    )
    return open_matter(new, by=by, at=at, key=key)


def edit(route_id: int, planned: Planned, *, by: Acting, at: datetime, seen: int, key: str) -> None:
    """Lay it down anew; patrols that are open keep their points."""
    take(route_id, "edit", by=by, at=at, seen=seen, key=key, **planned.said)


def found(
    patrol_id: int,
    n: int,
    matter_id: int,
    *,
    by: Acting,
    at: datetime,
    key: str,
    happened: datetime | None = None,
) -> None:
    """Tie a matter just reported to the point it was found at. NotYours where the hand reads one of both not."""
    if gate.one(matter_id, by=by, at=at) is None:
        raise NotYours("没有这件事，或者不归您看。", hidden=True)
    take(
        patrol_id,
        "found",
        by=by,
        at=at,
        key=key,
        happened=happened,
        stops=str(n),
        found_matter=str(matter_id),
    )

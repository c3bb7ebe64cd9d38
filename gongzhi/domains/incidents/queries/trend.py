"""How many came and how many were closed, day by day (today: hour by hour), each counted as its list counts it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDay, TruncHour
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import scope
from gongzhi.domains.incidents.queries.lists import BETWEEN
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.territory.models import Area

HOURS = 24


@dataclass(frozen=True)
class Slot:
    """A day or an hour: when it begins, its day, how many came and were closed. ``state``: past, now, ahead."""

    start: datetime
    day: date
    new: int
    closed: int
    state: str = "past"

    @property
    def unfinished(self) -> bool:
        """Whether more may still come."""
        return self.state == "now"


def trend(area: Area, *, by: Acting, at: datetime, days: int = 30, aloud: bool = False) -> list[Slot]:
    """New and closed per day, oldest first; of one day per hour (two statements)."""
    here = scope.inside(area, by=by, at=at, aloud=aloud)
    start, end = scope.since(at, days), scope.today(at)[1]
    truncated = TruncHour if days == 1 else TruncDay
    new, closed = (
        _counted(here.filter(BETWEEN[name](start, end)), truncated(f"{column}_at"))
        for name, column in (("new", "opened"), ("closed", "closed"))
    )
    step = timedelta(hours=1) if days == 1 else timedelta(days=1)
    starts = [localtime(start) + step * n for n in range(HOURS if days == 1 else days)]
    return [
        Slot(one, one.date(), new.get(one, 0), closed.get(one, 0), _state(one, step, at)) for one in starts
    ]


def _counted(rows: QuerySet[Matter], slot: TruncDay | TruncHour) -> dict[datetime, int]:
    counted = rows.annotate(slot=slot).values("slot").annotate(n=Count("pk")).order_by()
    return {localtime(row["slot"]): row["n"] for row in counted}


def _state(start: datetime, step: timedelta, at: datetime) -> str:
    return "past" if start + step <= at else "now" if start <= at else "ahead"

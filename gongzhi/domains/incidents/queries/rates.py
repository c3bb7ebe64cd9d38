"""Rates of an area over a period, each with its fraction, its list and the period before; beside them the side ends.

What ended without a result (withdrawn, declined, passed on …) is counted beside, never as closed.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from gongzhi.domains.incidents.queries import scope
from gongzhi.domains.incidents.queries.lists import BETWEEN, ON_TIME
from gongzhi.kernel.indicators.figure import Figure, shown
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

SATISFIED = ("very_good", "good", "fair")
SOLVED = "solved"


@dataclass(frozen=True)
class Ended:
    """A way out that is no result: which stage, its name, how many in the period."""

    stage: str
    label: str
    n: int


@dataclass(frozen=True)
class Rates:
    """Responded, solved, satisfied (of those rated), on time (of those closed); ``ended`` without a result beside."""

    responded: Figure
    solved: Figure
    satisfied: Figure
    on_time: Figure
    ended: tuple[Ended, ...]

    @property
    def four(self) -> tuple[Figure, ...]:
        """The rates in the order they are shown."""
        return self.responded, self.solved, self.satisfied, self.on_time

    @property
    def no_result(self) -> int:
        """How many ended without a result."""
        return sum(one.n for one in self.ended)


def rates(area: Area, *, by: Acting, at: datetime, days: int = 30, aloud: bool = False) -> Rates:
    """The rates of a period that ends today, each with the period before (three statements).

    Ratings of fewer than five are not shown: they would tell one resident's answer to who was rated.
    """
    here = scope.inside(area, by=by, at=at, aloud=aloud)
    start, end = scope.since(at, days), scope.today(at)[1]
    now, was = _between(here, start, end), _between(here, start - timedelta(days=days), start)
    both = {name: replace(figure, before=was[name]) for name, figure in now.items()}
    found = {name: one if name == "on_time" else shown(one) for name, one in both.items()}
    return Rates(**found, ended=_ended(area, here, start, end))


def one(name: str, area: Area, *, by: Acting, at: datetime, days: int = 30) -> Figure:
    """One of the rates alone, without the period before (one statement). KeyError for another name."""
    found = _between(scope.inside(area, by=by, at=at), scope.since(at, days), scope.today(at)[1])[name]
    return found if name == "on_time" else shown(found)


def _between(here: QuerySet[Matter], start: datetime, end: datetime) -> dict[str, Figure]:
    """The four figures between two moments."""
    rated, closed = BETWEEN["rated"](start, end), BETWEEN["closed"](start, end)
    asked, marked = BETWEEN["asked"](start, end), BETWEEN["marked"](start, end)
    n = here.filter(rated | closed).aggregate(
        responded=Count("pk", filter=asked & Q(incident__was_contacted="yes")),
        asked=Count("pk", filter=asked),
        solved=Count("pk", filter=rated & Q(incident__was_solved=SOLVED)),
        rated=Count("pk", filter=rated),
        satisfied=Count("pk", filter=marked & Q(incident__satisfied__in=SATISFIED)),
        marked=Count("pk", filter=marked),
        on_time=Count("pk", filter=closed & ON_TIME),
        closed=Count("pk", filter=closed),
    )
    parts = [
        ("responded", "响应率", n["responded"], n["asked"], "件居民答复", "asked"),
        ("solved", "解决率", n["solved"], n["rated"], "件居民评价", "rated"),
        ("satisfied", "满意率", n["satisfied"], n["marked"], "件居民评价", "marked"),
        ("on_time", "按期办结率", n["on_time"], n["closed"], "件办结", "closed"),
    ]
    return {one[0]: Figure(*one) for one in parts}


def _ended(area: Area, here: QuerySet[Matter], start: datetime, end: datetime) -> tuple[Ended, ...]:
    """The side ends of the period by stage, in the order of the process page; those that have any."""
    rows = here.filter(BETWEEN["noresult"](start, end)).values("stage").annotate(n=Count("pk")).order_by()
    found = {row["stage"]: row["n"] for row in rows}
    stages = current(pack_name(area), scope.KIND).stages
    known = [Ended(name, stages[name].label, found[name]) for name in stages if name in found]
    return (*known, *(Ended(name, "其他", n) for name, n in found.items() if name not in stages))

"""Rates, trend, and what a community's residents may see of how it goes: every figure with its fraction and its list.

What ended without a result (withdrawn, declined, passed on …) is counted beside, never as closed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import scope
from gongzhi.domains.incidents.queries.counters import FILTERS, LABELS, ON_TIME
from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.indicators import fold
from gongzhi.kernel.indicators.figure import Figure, shown
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.tree import at_level

SATISFIED = ("very_good", "good", "fair")
RATED = Q(incident__rated_at__isnull=False)
CLOSED = "closed"
MOST = 200


@dataclass(frozen=True)
class Rates:
    """Responded, solved, satisfied (of those rated), on time (of those closed), and beside them what had no result."""

    responded: Figure
    solved: Figure
    satisfied: Figure
    on_time: Figure
    no_result: Figure

    @property
    def four(self) -> tuple[Figure, ...]:
        """The rates in the order they are shown."""
        return self.responded, self.solved, self.satisfied, self.on_time


def rates(area: Area, *, by: Acting, at: datetime, days: int = 30) -> Rates:
    """The rates of a period that ends today, each with the period before (two statements).

    Ratings of fewer than five are not shown: they would tell one resident's answer to who was rated.
    """
    here = scope.inside(area, by=by, at=at)
    start = scope.since(at, days)
    now = _rates(here, start, at, {})
    return Rates(**_rates(here, start - timedelta(days=days), start, now))


def _rates(
    here: QuerySet[Matter], start: datetime, end: datetime, later: dict[str, Figure]
) -> dict[str, Figure]:
    """Figures between two moments; with ``later`` given, those with these as their period before."""
    rated = Q(incident__rated_at__gte=start, incident__rated_at__lte=end)
    ended = Q(closed_at__gte=start, closed_at__lte=end)
    closed = ended & Q(counts=CLOSED)
    asked = rated & Q(incident__was_contacted__in=("yes", "no"))
    n = here.filter(rated | ended).aggregate(
        responded=Count("pk", filter=asked & Q(incident__was_contacted="yes")),
        asked=Count("pk", filter=asked),
        solved=Count("pk", filter=rated & Q(incident__was_solved="solved")),
        rated=Count("pk", filter=rated),
        satisfied=Count("pk", filter=rated & Q(incident__satisfied__in=SATISFIED)),
        marked=Count("pk", filter=rated & ~Q(incident__satisfied="")),
        on_time=Count("pk", filter=closed & ON_TIME),
        closed=Count("pk", filter=closed),
        no_result=Count("pk", filter=ended & Q(counts="no_result")),
    )
    parts = [
        ("responded", "响应率", n["responded"], n["asked"], "件居民答复", "rated30"),
        ("solved", "解决率", n["solved"], n["rated"], "件居民评价", "rated30"),
        ("satisfied", "满意率", n["satisfied"], n["marked"], "件居民评价", "rated30"),
        ("on_time", "按期办结率", n["on_time"], n["closed"], "件办结", "done30"),
        ("no_result", LABELS["noresult30"], n["no_result"], None, "件", "noresult30"),
    ]
    found = {one[0]: Figure(*one) for one in parts}
    if not later:
        return found
    both = {name: replaced(figure, found[name]) for name, figure in later.items()}
    return {name: shown(one) if one.listing == "rated30" else one for name, one in both.items()}


def replaced(figure: Figure, before: Figure) -> Figure:
    """The figure with the one of the period before."""
    return Figure(
        figure.id,
        figure.label,
        figure.value,
        figure.whole,
        figure.unit,
        figure.listing,
        before,
        figure.hidden,
    )


@dataclass(frozen=True)
class Day:
    """One day of a trend: how many came, how many closings; ``unfinished`` is today."""

    day: date
    new: int
    closed: int
    unfinished: bool


def trend(area: Area, *, by: Acting, at: datetime, days: int = 30) -> list[Day]:
    """New matters and closings per day, oldest first, from the roll-ups (one statement).

    Counted matter by matter where something among them is closed to this hand.
    """
    scope.oversees(area, by)
    last = localtime(at).date()
    first = last - timedelta(days=days - 1)
    if scope.anything_closed(by):
        found = _daily(scope.inside(area, by=by, at=at), scope.since(at, days))
    else:
        found = fold.daily(area, ["new", "+closed"], since=first, until=last, kind=scope.KIND)
    every = (first + timedelta(days=n) for n in range(days))
    return [
        Day(one, found.get(("new", one), 0), found.get(("+closed", one), 0), one == last) for one in every
    ]


def _daily(rows: QuerySet[Matter], start: datetime) -> dict[tuple[str, date], int]:
    """What :func:`fold.daily` gives, of these matters alone (two statements)."""
    found: dict[tuple[str, date], int] = {}
    for name, column, some in (
        ("new", "opened_at", rows),
        ("+closed", "closed_at", rows.filter(counts=CLOSED)),
    ):
        counted = some.filter(**{f"{column}__gte": start}).annotate(on=TruncDate(column)).values("on")
        found |= {(name, row["on"]): row["n"] for row in counted.annotate(n=Count("pk")).order_by()}
    return found


# ---- what anyone may see ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Community:
    """How it went in a community in so many days: of what was due, what was closed, in time, and how it was rated."""

    days: int
    due: int
    closed: int
    on_time: int
    rated: int
    satisfied: int
    no_result: int


def community(area: Area, *, at: datetime, days: int = 30) -> Community:
    """The figures a community shows its residents (one statement). Nothing private, about persons or complaints."""
    start = scope.since(at, days)
    due, rated = _due(start, at), Q(incident__rated_at__gte=start, incident__rated_at__lte=at)
    marked = rated & ~Q(incident__satisfied="")
    gone = Q(counts="no_result", closed_at__gte=start)
    n = (
        scope.public(area)
        .filter(due | marked | gone)
        .aggregate(
            due=Count("pk", filter=due),
            closed=Count("pk", filter=due & Q(counts=CLOSED)),
            on_time=Count("pk", filter=due & Q(counts=CLOSED) & ON_TIME),
            rated=Count("pk", filter=marked),
            satisfied=Count("pk", filter=marked & Q(incident__satisfied__in=SATISFIED)),
            no_result=Count("pk", filter=gone),
        )
    )
    return Community(days=days, **n)


def _due(start: datetime, at: datetime) -> Q:
    """What had to be done in the period: promised for it, or closed in it without a promise (done on the spot)."""
    promised = Q(promised_at__gte=start, promised_at__lte=at)
    on_spot = Q(promised_at=None, counts=CLOSED, closed_at__gte=start)
    return (promised | on_spot) & Q(counts__in=(OPEN, CLOSED))


@dataclass(frozen=True)
class Behind:
    """One line of a public list: number, kind, stage as residents read it, day it was closed."""

    number: str
    kind: str
    stage: str
    closed: date | None


def rows_behind(area: Area, measure: str, *, at: datetime, days: int = 30) -> list[Behind]:
    """The list behind ``closed``, ``on_time`` or ``satisfied``: those the figure counts, the latest first.

    Behind the rating stand all that were rated: who gave which mark is nobody's to see. KeyError for another measure.
    """
    start = scope.since(at, days)
    closed = _due(start, at) & Q(counts=CLOSED)
    rated = Q(incident__rated_at__gte=start, incident__rated_at__lte=at) & ~Q(incident__satisfied="")
    wanted = {"closed": closed, "on_time": closed & ON_TIME, "satisfied": rated}[measure]
    rows = scope.public(area).filter(wanted).order_by(F("closed_at").desc(nulls_last=True), "-pk")[:MOST]
    return [
        Behind(one.number, kind_label(one), _stage(one), one.closed_at and localtime(one.closed_at).date())
        for one in rows
    ]


@dataclass(frozen=True)
class Done:
    """Something done lately: a title made of kind and community, and how long it took."""

    title: str
    area_label: str
    took: str


def done_lately(area: Area, *, at: datetime, limit: int = 3) -> list[Done]:
    """What was closed last, for anyone to read: no place, no words, no names."""
    since = scope.since(at, 30)
    rows = scope.public(area).filter(counts=CLOSED, closed_at__gte=since, closed_at__lte=at)
    latest = rows.select_related("area").order_by("-closed_at", "-pk")[:limit]
    return [_done(one) for one in latest]


def _done(matter: Matter) -> Done:
    where = at_level(matter.area, "community") or matter.area
    kind = kind_label(matter)
    return Done(f"{kind}，{where.name}", where.name, took(matter))


def took(matter: Matter) -> str:
    """``当天办结``, else working days, begun ones counted."""
    assert matter.closed_at is not None
    office = calendar_for(matter.pack)
    start, end = office.local(matter.opened_at), office.local(matter.closed_at)
    if start.date() == end.date():
        return "当天办结"
    days = sum(
        office.is_working(start.date() + timedelta(days=n))
        for n in range(1, (end.date() - start.date()).days + 1)
    )
    return f"{days} 个工作日" if days else f"{(end.date() - start.date()).days} 天"


def kind_label(matter: Matter) -> str:
    """What kind of matter it is, in the pack's words."""
    return str(packs.load(matter.pack).get(f"categories.leaf.{matter.category}.label", "一件事"))


def _stage(matter: Matter) -> str:
    return current(matter.pack, matter.kind).stages[matter.stage].resident


__all__ = ["FILTERS", "Rates", "community", "done_lately", "rates", "rows_behind", "trend"]

"""What a community's residents may see of how it goes: every figure with its list, nothing that tells on anybody."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import scope
from gongzhi.domains.incidents.queries.lists import CLOSED, ON_TIME
from gongzhi.domains.incidents.queries.rates import SATISFIED
from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.tree import at_level

MOST = 200


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

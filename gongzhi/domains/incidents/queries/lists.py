"""The lists behind the figures: which matters each figure counts, and one page of exactly those."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from gongzhi.domains.incidents.queries import scope
from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.kernel.indicators.figure import FEW
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.versions import pinned
from gongzhi.kernel.territory.models import Area

PAGE = 100
REPORTER = "reporter"
SUPERVISED = "supervise_answer"
CLOSED, NO_RESULT = "closed", "no_result"
PERIODS = {1: "今天", 7: "7 天", 30: "30 天"}
LABELS = {
    "open": "在办",
    "new": "{}新增",
    "closed": "{}办结",
    "due": "今天到期",
    "late": "超期",
    "supervised": "督办中",
    "ontime": "{}按期办结",
    "toolate": "{}晚办结",
    "rated": "{}居民评价过的",
    "asked": "{}居民答复过联系没有的",
    "marked": "{}居民评过满意度的",
    "noresult": "{}没有办成的",
}
BY_DUE = ("due", "late")


def awaited(**due: Any) -> Exists:
    """Matters on which a desk is awaited by a moment; what only the reporter may do is nobody's lateness."""
    waits = Wait.objects.filter(matter=OuterRef("pk"), ended_at=None, **due)
    return Exists(waits.exclude(desk_role=REPORTER))


# In time: the unit's result, or where none was written the closing, came before what the resident was told.
ON_TIME = (
    Q(promised_at=None)
    | Q(incident__result_at__lte=F("promised_at"))
    | Q(incident__result_at=None, closed_at__lte=F("promised_at"))
)
TOO_LATE = Q(promised_at__isnull=False) & (
    Q(incident__result_at__gt=F("promised_at")) | Q(incident__result_at=None, closed_at__gt=F("promised_at"))
)
NOW: dict[str, Callable[[datetime], Q]] = {
    "open": lambda at: Q(counts=OPEN),
    "due": lambda at: Q(awaited(due_at__gt=at, due_at__lte=scope.today(at)[1]), counts=OPEN),
    "late": lambda at: Q(awaited(due_at__lte=at), counts=OPEN),
    "supervised": lambda at: Q(awaited(what=SUPERVISED), counts=OPEN),
}
BETWEEN: dict[str, Callable[[datetime, datetime], Q]] = {
    "new": lambda start, end: Q(opened_at__gte=start, opened_at__lt=end),
    "closed": lambda start, end: Q(counts=CLOSED, closed_at__gte=start, closed_at__lt=end),
    "ontime": lambda start, end: BETWEEN["closed"](start, end) & ON_TIME,
    "toolate": lambda start, end: BETWEEN["closed"](start, end) & TOO_LATE,
    "rated": lambda start, end: Q(incident__rated_at__gte=start, incident__rated_at__lt=end),
    "asked": lambda start, end: BETWEEN["rated"](start, end) & Q(incident__was_contacted__in=("yes", "no")),
    "marked": lambda start, end: BETWEEN["rated"](start, end) & ~Q(incident__satisfied=""),
    "noresult": lambda start, end: Q(counts=NO_RESULT, closed_at__gte=start, closed_at__lt=end),
}


@dataclass(frozen=True)
class Asked:
    """Which list: a figure's name, the period that ends today in days, one ``day`` or one ``hour`` of it.

    ``stage`` narrows side ends.
    """

    which: str
    days: int = 1
    day: date | None = None
    stage: str = ""
    hour: int | None = None

    @property
    def label(self) -> str:
        """``7 天新增``. KeyError for no such list."""
        return LABELS[self.which].format("" if self.day else PERIODS[self.days])

    def filter(self, at: datetime) -> Q:
        """The condition of the list. KeyError for no such list."""
        if self.which in NOW:
            return NOW[self.which](at)
        start, end = scope.bounds(self.day) if self.day else (scope.since(at, self.days), scope.today(at)[1])
        if self.day and self.hour is not None:
            start += timedelta(hours=self.hour)
            end = start + timedelta(hours=1)
        return BETWEEN[self.which](start, end) & (Q(stage=self.stage) if self.stage else Q())


@dataclass(frozen=True)
class Listing:
    """The list behind a figure: its name, one page of rows, how many there are, the key of the next page."""

    label: str
    rows: list[Row]
    total: int
    after: str = ""


def matters(area: Area, asked: Asked, *, by: Acting, at: datetime) -> QuerySet[Matter]:
    """Exactly the matters a figure counts. KeyError for no such list."""
    return scope.inside(area, by=by, at=at).filter(asked.filter(at))


def lengths(area: Area, asked: Sequence[Asked], *, by: Acting, at: datetime) -> list[int]:
    """How many each of several lists holds (one statement). KeyError for no such list."""
    wanted = {f"n_{place}": Count("pk", filter=one.filter(at)) for place, one in enumerate(asked)}
    found = scope.inside(area, by=by, at=at).aggregate(**wanted)
    return [int(found[name]) for name in wanted]


def listing(
    area: Area, asked: Asked, *, by: Acting, at: datetime, after: str = "", most: int = PAGE
) -> Listing:
    """One page of the list behind a figure: the longest late or first due on top, else the newest."""
    found = matters(area, asked, by=by, at=at)
    total = found.count()
    if asked.which in BY_DUE:
        found = found.annotate(first=first_due()).order_by("first", "pk")
        return Listing(
            asked.label, rows_of(list(found.select_related("area")[:most]), by, at, pictured=False), total
        )
    if after.isdecimal():
        found = found.filter(pk__lt=int(after))
    some = list(found.select_related("area", "incident").order_by("-pk")[: most + 1])
    more = str(some[most - 1].pk) if len(some) > most else ""
    return Listing(asked.label, rows_of(some[:most], by, at, pictured=False), total, more)


def result_at(matter: Matter) -> datetime | None:
    """When the unit wrote its result; None where none was written. It, not the closing, counts as in time or late."""
    moment: datetime | None = matter.incident.result_at
    return moment


def first_due() -> Subquery:
    """When a matter is first due, of what a desk is awaited for."""
    waits = Wait.objects.filter(matter=OuterRef("pk"), ended_at=None).exclude(desk_role=REPORTER)
    return Subquery(waits.order_by("due_at").values("due_at")[:1])


@dataclass(frozen=True)
class Bare:
    """A line of what a higher level may know as a sum only: number, stage, dates; not even the kind."""

    number: str
    stage: str
    opened_at: datetime


def unseen(area: Area, *, by: Acting, at: datetime) -> list[Bare]:
    """The open private matters of an area as bare lines, newest first; none at all where fewer than five.

    Nor of a part of the hand's area while another part has fewer: the whole less this would tell of it.
    """
    rows = list(scope.unseen(area, by=by, at=at).filter(counts=OPEN).order_by("-pk")[:PAGE])
    if len(rows) < FEW or _few_beside(area, by, at):
        return []
    return [Bare(one.number, pinned(one.process_id).stages[one.stage].label, one.opened_at) for one in rows]


def _few_beside(area: Area, by: Acting, at: datetime) -> bool:
    own = scope.own_area(by)
    if own.pk == area.pk:
        return False
    rows = scope.unseen(own, by=by, at=at).filter(counts=OPEN)
    parts = rows.values(f"{area.level}_id").annotate(n=Count("pk")).order_by()
    return any(one["n"] < FEW for one in parts)

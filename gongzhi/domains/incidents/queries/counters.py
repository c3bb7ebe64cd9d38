"""Counters of an area, each with the list of exactly those matters; and what is late, the longest first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from gongzhi.domains.incidents.queries import scope
from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.kernel.indicators import fold
from gongzhi.kernel.indicators.figure import Figure
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.territory.models import Area

PAGE = 100
REPORTER = "reporter"
SUPERVISED = "supervise_answer"

LABELS = {
    "open": "在办",
    "new": "今天新增",
    "closed": "今天办结",
    "due": "今天到期",
    "late": "超期",
    "supervised": "督办中",
    "new7": "7 天新增",
    "done30": "近 30 天办结",
    "late30": "近 30 天晚办结",
    "ontime30": "近 30 天按期办结",
    "rated30": "近 30 天居民评价过的",
    "noresult30": "近 30 天没有办成的",
}
COUNTERS = ("open", "new", "closed", "due", "late", "supervised")
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
FILTERS: dict[str, Callable[[datetime], Q]] = {
    "open": lambda at: Q(counts=OPEN),
    "new": lambda at: Q(opened_at__gte=scope.today(at)[0], opened_at__lt=scope.today(at)[1]),
    "closed": lambda at: Q(counts="closed", closed_at__gte=scope.today(at)[0]),
    "due": lambda at: Q(awaited(due_at__gt=at, due_at__lte=scope.today(at)[1]), counts=OPEN),
    "late": lambda at: Q(awaited(due_at__lte=at), counts=OPEN),
    "supervised": lambda at: Q(awaited(what=SUPERVISED), counts=OPEN),
    "new7": lambda at: Q(opened_at__gte=scope.since(at, 7)),
    "done30": lambda at: Q(counts="closed", closed_at__gte=scope.since(at, 30)),
    "ontime30": lambda at: FILTERS["done30"](at) & ON_TIME,
    "late30": lambda at: FILTERS["done30"](at) & TOO_LATE,
    "rated30": lambda at: Q(incident__rated_at__gte=scope.since(at, 30)),
    "noresult30": lambda at: Q(counts="no_result", closed_at__gte=scope.since(at, 30)),
}


@dataclass(frozen=True)
class Listing:
    """The list behind a figure: its name, one page of rows, how many there are, the key of the next page."""

    label: str
    rows: list[Row]
    total: int
    after: str = ""


def matters(area: Area, which: str, *, by: Acting, at: datetime, day: date | None = None) -> QuerySet[Matter]:
    """Exactly the matters a counter counts; ``opened`` and ``done`` are of one ``day``. KeyError for no such list."""
    return scope.inside(area, by=by, at=at).filter(_of_day(which, day) if day else FILTERS[which](at))


def _of_day(which: str, day: date) -> Q:
    start, end = scope.bounds(day)
    if which == "opened":
        return Q(opened_at__gte=start, opened_at__lt=end)
    if which == "done":
        return Q(counts="closed", closed_at__gte=start, closed_at__lt=end)
    raise KeyError(which)


def listing(
    area: Area, which: str, *, by: Acting, at: datetime, day: date | None = None, after: str = ""
) -> Listing:
    """One page of the list behind a counter: the longest late or first due on top, else the newest."""
    found = matters(area, which, by=by, at=at, day=day)
    label = LABELS.get(which) or {"opened": "新增", "done": "办结"}[which]
    total = found.count()
    if which in BY_DUE:
        found = found.annotate(first=_first_due()).order_by("first", "pk")
        return Listing(label, rows_of(list(found.select_related("area")[:PAGE]), by, at), total)
    if after.isdigit():
        found = found.filter(pk__lt=int(after))
    some = list(found.select_related("area").order_by("-pk")[: PAGE + 1])
    more = str(some[PAGE - 1].pk) if len(some) > PAGE else ""
    return Listing(label, rows_of(some[:PAGE], by, at), total, more)


def _first_due() -> Subquery:
    waits = Wait.objects.filter(matter=OuterRef("pk"), ended_at=None).exclude(desk_role=REPORTER)
    return Subquery(waits.order_by("due_at").values("due_at")[:1])


def counters(area: Area, *, by: Acting, at: datetime) -> list[Figure]:
    """在办, 今天新增, 今天办结, 今天到期, 超期, 督办中 of an area (three statements).

    What is open comes from the roll-ups, unless something among it is closed to this hand: then it is counted.
    """
    here = scope.inside(area, by=by, at=at)
    names = [name for name in COUNTERS if name not in ("open", "new", "closed")]
    found = here.filter(counts=OPEN).aggregate(
        **{name: Count("pk", filter=FILTERS[name](at)) for name in names}
    )
    moved = here.filter(FILTERS["new"](at) | FILTERS["closed"](at))
    found |= moved.aggregate(**{name: Count("pk", filter=FILTERS[name](at)) for name in ("new", "closed")})
    if scope.anything_closed(by):
        found["open"] = here.filter(counts=OPEN).count()
    else:
        found["open"] = fold.count(area, OPEN, kind=scope.KIND)
    return [Figure(name, LABELS[name], found[name], listing=name) for name in COUNTERS]


@dataclass(frozen=True)
class Late:
    """One line of what is late: the matter, the wait that is late longest, and at whose desk it stands."""

    row: Row
    wait: Wait
    where: str
    desk: str


def late(area: Area, *, by: Acting, at: datetime, limit: int = 5) -> list[Late]:
    """What is late in an area, the longest first (six statements, whatever the number)."""
    rows = listing(area, "late", by=by, at=at).rows[:limit]
    waits = [_latest_due(row) for row in rows]
    units = Organisation.objects.in_bulk({wait.desk_org_id for wait in waits if wait and wait.desk_org_id})
    areas = Area.objects.defer("polygon").in_bulk(
        {pk for row in rows for pk in (row.matter.community_id, row.matter.grid_id) if pk}
    )
    found = []
    for row, wait in zip(rows, waits, strict=True):
        if wait is not None:
            unit = units.get(wait.desk_org_id or 0)
            desk = str(unit) if unit else role_label(wait.desk_role, row.matter.pack)
            where = [areas[pk].name for pk in (row.matter.community_id, row.matter.grid_id) if pk]
            found.append(Late(row, wait, "".join(where), desk))
    return found


def _latest_due(row: Row) -> Wait | None:
    waits = [w for w in row.work.open_waits() if w.due_at is not None and w.desk_role != REPORTER]
    return min(waits, key=lambda wait: (wait.due_at, wait.pk), default=None)


def role_label(role: str, pack: str) -> str:
    """A role's name."""
    return str(role_table(pack).get(role, {}).get("label", ""))


@dataclass(frozen=True)
class Measured:
    """What one cell of the map shows."""

    open: int = 0
    late: int = 0
    new7: int = 0
    done: int = 0
    on_time: int = 0


def measures(area: Area, level: str, *, by: Acting, at: datetime) -> dict[int, Measured]:
    """Open, late, 7-day new, closed and closed on time in 30 days, by area of a level (two statements)."""
    here = scope.inside(area, by=by, at=at)
    named = {"open": "open", "late": "late", "new7": "new7", "done": "done30", "on_time": "ontime30"}
    found: dict[int, dict[str, int]] = {}
    for part, names in (
        (here.filter(counts=OPEN), ("open", "late")),
        (here.filter(FILTERS["new7"](at) | FILTERS["done30"](at)), ("new7", "done", "on_time")),
    ):
        sums = {f"n_{name}": Count("pk", filter=FILTERS[named[name]](at)) for name in names}
        for row in part.values(f"{level}_id").annotate(**sums).order_by():
            if row[f"{level}_id"]:
                cell = found.setdefault(row[f"{level}_id"], {})
                cell.update({name: row[f"n_{name}"] for name in names})
    return {pk: Measured(**cell) for pk, cell in found.items()}

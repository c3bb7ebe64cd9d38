"""Counters and measures of an area, each with its list; what is late, the longest first, and what waits for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from gongzhi.domains.incidents.queries import lists, scope
from gongzhi.domains.incidents.queries.desk_rows import REPORTERS_OWN, Row, rows_of
from gongzhi.domains.incidents.queries.lists import Asked
from gongzhi.kernel.indicators import fold
from gongzhi.kernel.indicators.figure import Figure
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.territory.models import Area

COUNTERS = ("open", "new", "closed", "due", "late", "supervised")
MOVED = ("new", "closed")


def counters(area: Area, *, by: Acting, at: datetime, days: int = 1, aloud: bool = False) -> list[Figure]:
    """在办, 新增, 办结 (of the period), 今天到期, 超期, 督办中 of an area (three statements).

    What is open comes from the roll-ups, unless something among it is closed to this hand: then it is counted.
    """
    here = scope.inside(area, by=by, at=at, aloud=aloud)
    asked = {name: Asked(name, days) for name in COUNTERS}
    found = _counted(
        here.filter(counts=OPEN), {n: a.filter(at) for n, a in asked.items() if n not in (*MOVED, "open")}
    )
    found |= _counted(here, {name: asked[name].filter(at) for name in MOVED})
    if aloud or scope.anything_closed(by):
        found["open"] = here.filter(counts=OPEN).count()
    else:
        found["open"] = fold.count(area, OPEN, kind=scope.KIND)
    return [Figure(name, asked[name].label, found[name], listing=name) for name in COUNTERS]


def _counted(rows: QuerySet[Matter], wanted: dict[str, Q]) -> dict[str, int]:
    """How many of the rows meet each condition (one statement, over those that meet any)."""
    any_of = Q(pk__in=[])
    for one in wanted.values():
        any_of |= one
    sums = {name: Count("pk", filter=one) for name, one in wanted.items()}
    return dict(rows.filter(any_of).aggregate(**sums))


@dataclass(frozen=True)
class Late:
    """One line of what is late: the matter, the wait that is late longest, and at whose desk it stands."""

    row: Row
    wait: Wait
    community: str
    grid: str
    desk: str

    @property
    def where(self) -> str:
        """``某社区第一网格``."""
        return f"{self.community}{self.grid}"


def late(area: Area, *, by: Acting, at: datetime, limit: int = 5, aloud: bool = False) -> list[Late]:
    """What is late in an area, the longest first (six statements, whatever the number)."""
    found = scope.inside(area, by=by, at=at, aloud=aloud).filter(Asked("late").filter(at))
    first = found.annotate(first=lists.first_due()).order_by("first", "pk").select_related("area")[:limit]
    rows = rows_of(list(first), by, at)
    return _told(rows, [_latest_due(row) for row in rows])


def mine(area: Area, *, by: Acting, at: datetime, limit: int = 5) -> tuple[list[Late], int]:
    """What waits at this hand's own desk in an area, first due on top, and how many waits (seven statements)."""
    scope.oversees(area, by)
    here = {f"matter__{area.level}": area, "matter__kind": scope.KIND}
    found = gate.waiting(by=by, at=at).filter(**here).exclude(what__in=REPORTERS_OWN)
    first = found.select_related("matter", "matter__area").order_by(F("due_at").asc(nulls_last=True), "pk")
    waits = {wait.matter_id: wait for wait in reversed(first[: 2 * limit])}
    some = sorted(waits.values(), key=lambda wait: (wait.due_at is None, wait.due_at or at, wait.pk))[:limit]
    rows = rows_of([wait.matter for wait in some], by, at, some)
    return _told(rows, [row.wait for row in rows]), found.count()


def _told(rows: list[Row], waits: Sequence[Wait | None]) -> list[Late]:
    units = Organisation.objects.in_bulk({wait.desk_org_id for wait in waits if wait and wait.desk_org_id})
    areas = Area.objects.defer("polygon").in_bulk(
        {pk for row in rows for pk in (row.matter.community_id, row.matter.grid_id) if pk}
    )
    found = []
    for row, wait in zip(rows, waits, strict=True):
        if wait is not None:
            unit = units.get(wait.desk_org_id or 0)
            desk = str(unit) if unit else role_label(wait.desk_role, row.matter.pack)
            community, grid = (
                areas[pk].name if pk else "" for pk in (row.matter.community_id, row.matter.grid_id)
            )
            found.append(Late(row, wait, community, grid, desk))
    return found


@dataclass(frozen=True)
class Spot:
    """An open matter where it was reported from, for the map: WGS-84 degrees, and whether it is late."""

    matter: Matter
    lat: float
    lon: float
    late: bool


def spots(area: Area, *, by: Acting, at: datetime, most: int = 300) -> list[Spot]:
    """The open matters of an area that have a point, the newest first (one statement)."""
    found = scope.inside(area, by=by, at=at).filter(counts=OPEN, lat__isnull=False, lon__isnull=False)
    rows = found.annotate(is_late=lists.awaited(due_at__lte=at)).order_by("-pk")[:most]
    return [Spot(one, one.lat or 0.0, one.lon or 0.0, one.is_late) for one in rows]


def _latest_due(row: Row) -> Wait | None:
    waits = [w for w in row.work.open_waits() if w.due_at is not None and w.desk_role != lists.REPORTER]
    return min(waits, key=lambda wait: (wait.due_at, wait.pk), default=None)


def role_label(role: str, pack: str) -> str:
    """A role's name."""
    return str(role_table(pack).get(role, {}).get("label", ""))


@dataclass(frozen=True)
class Measured:
    """What one cell of the map shows; ``new``, ``done`` and ``on_time`` of the period."""

    open: int = 0
    late: int = 0
    new: int = 0
    done: int = 0
    on_time: int = 0

    def __add__(self, other: "Measured") -> "Measured":
        """Two places together."""
        return Measured(
            self.open + other.open,
            self.late + other.late,
            self.new + other.new,
            self.done + other.done,
            self.on_time + other.on_time,
        )


def measures(
    area: Area, level: str, *, by: Acting, at: datetime, days: int = 30, aloud: bool = False
) -> dict[int, Measured]:
    """Open, late, and of the period new, closed and closed on time, by area of a level (two statements)."""
    here = scope.inside(area, by=by, at=at, aloud=aloud)
    asked = {"open": "open", "late": "late", "new": "new", "done": "closed", "on_time": "ontime"}
    wanted = {name: Asked(which, days).filter(at) for name, which in asked.items()}
    found: dict[int, dict[str, int]] = {}
    for part, names in (
        (here.filter(counts=OPEN), ("open", "late")),
        (here.filter(wanted["new"] | wanted["done"]), ("new", "done", "on_time")),
    ):
        sums = {f"n_{name}": Count("pk", filter=wanted[name]) for name in names}
        for row in part.values(f"{level}_id").annotate(**sums).order_by():
            if row[f"{level}_id"]:
                cell = found.setdefault(row[f"{level}_id"], {})
                cell.update({name: row[f"n_{name}"] for name in names})
    return {pk: Measured(**cell) for pk, cell in found.items()}

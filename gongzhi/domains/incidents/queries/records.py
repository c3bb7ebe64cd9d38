"""Records that write themselves: whose they are, and the list behind each of their numbers.

Nothing here is typed or stored: a sheet is drawn from the matters at the moment somebody asks. Whoever oversees an
area reads its records. A grid is one worker: its record tells what happened at the place, to the worker and the
community alone, and never how fast anybody was (decision 0021).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from gongzhi.domains.incidents.queries import scope
from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.domains.incidents.queries.lists import BETWEEN, BY_DUE, NOW, first_due
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

PAGE = 100
GRID, COMMUNITY, STREET, DISTRICT = "grid", "community", "street", "district"
LABELS = {
    "open": "在办",
    "new": "新增",
    "closed": "办结",
    "noresult": "没有办成就结束的",
    "due": "今天到期",
    "late": "已超期",
    "supervised": "督办中",
    "ontime": "按期办结",
    "toolate": "晚办结",
    "again": "办结后又出现",
}
OF_A_PLACE = ("new", "closed", "noresult", "again", "open")  # what a grid's record may tell
NOT_HERE = "这里的记录给区、街道、社区和网格里办事的人看，只看本辖区。"


@dataclass(frozen=True)
class Asked:
    """Which list: by name, of the days ``first`` to ``last`` (None: as it stands now), of one grid or kind alone."""

    which: str
    first: date | None = None
    last: date | None = None
    grid: int = 0
    kind: str = ""

    @property
    def label(self) -> str:
        """What it lists. KeyError for no such list."""
        return LABELS[self.which]

    def filter(self, at: datetime) -> Q:
        """The condition of the list. KeyError for no such list."""
        said = {"grid": self.grid} if self.grid else {}
        said |= {"category": self.kind} if self.kind else {}  # type: ignore[dict-item]
        if self.which in NOW:
            return NOW[self.which](at) & Q(**said)
        today = scope.today(at)
        start = scope.bounds(self.first)[0] if self.first else today[0]
        end = scope.bounds(self.last)[1] if self.last else today[1]
        if self.which == "again":
            back = Q(incident__repeats__gt=0) | Q(incident__repeat_of__isnull=False)
            return BETWEEN["new"](start, end) & back & Q(**said)
        if self.which not in LABELS:
            raise KeyError(self.which)
        return BETWEEN[self.which](start, end) & Q(**said)

    def href(self, area: Area) -> str:
        """The address of the list."""
        said: dict[str, Any] = {"area": area.pk, "which": self.which, "first": self.first, "last": self.last}
        said |= {"grid": self.grid, "kind": self.kind}
        return "/desk/records/list/?" + urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class Line:
    """One number of a record with its words, the list behind it, and the number of the period before, if any."""

    label: str
    n: int
    href: str
    before: int | None = None
    before_href: str = ""

    @property
    def change(self) -> str:
        """``比上月多 3 件``; ``""`` where there is nothing to compare."""
        if self.before is None:
            return ""
        more = self.n - self.before
        return "和上月一样" if not more else f"比上月{'多' if more > 0 else '少'} {abs(more)} 件"


@dataclass(frozen=True)
class Listing:
    """The list behind a number: one page of rows, how many in all, the key of the next page."""

    rows: list[Row]
    total: int
    after: str = ""


def home(by: Acting) -> Area:
    """The area whose records are the hand's own. NotYours for units, part-timers and deputies."""
    area = by.mandate.area if by.mandate is not None and by.whole else None
    if area is None or by.role not in current(pack_name(area), scope.KIND).sees["full"]:
        raise NotYours(NOT_HERE)
    if area.level not in (GRID, *scope.LEVELS):
        raise NotYours(NOT_HERE)
    return area


def may_read(by: Acting) -> bool:
    """Whether the hand has records at all (no statement)."""
    try:
        home(by)
    except NotYours:
        return False
    return True


def find(area_id: int | None, *, by: Acting) -> Area:
    """The area asked for, or the hand's own. NotYours, hidden, for one that is not below it."""
    own = home(by)
    if not area_id or area_id == own.pk:
        return own
    area = Area.objects.defer("polygon").filter(tree.subtree(own), pk=area_id).first()
    if area is None or (area.level == GRID and own.level != COMMUNITY):
        raise NotYours(NOT_HERE, hidden=True)
    return area


def below(by: Acting, level: str, at: datetime) -> list[Area]:
    """The areas of a level whose records this hand may choose, itself where it is one (one statement)."""
    own = home(by)
    if own.level == level:
        return [own]
    if level == GRID and own.level != COMMUNITY:
        return []
    return list(tree.areas(scope.localtime(at).date(), level, own))


def inside(area: Area, *, by: Acting, at: datetime) -> QuerySet[Matter]:
    """The incidents an area's records count: nothing private, nothing closed to the hand."""
    if by.kind == "operator":  # a logged session on the server itself
        return Matter.objects.filter(Q(**{f"{area.level}_id": area.pk}), kind=scope.KIND, private=False)
    if area.level == GRID:
        own = home(by)
        if own.pk != area.pk and (own.level != COMMUNITY or not area.path.startswith(own.path)):
            raise NotYours(NOT_HERE, hidden=True)
        seen = gate.visible(by=by, at=at, kinds=(scope.KIND,), levels=("full",))
        return seen.filter(grid=area, private=False)
    return scope.inside(area, by=by, at=at)


def counted(area: Area, wanted: Sequence[Asked], *, by: Acting, at: datetime) -> list[int]:
    """How many each of several lists holds (one statement). KeyError for no such list."""
    sums = {f"n_{place}": Count("pk", filter=one.filter(at)) for place, one in enumerate(wanted)}
    any_of = Q(pk__in=[])
    for one in wanted:
        any_of |= one.filter(at)
    found = inside(area, by=by, at=at).filter(any_of).aggregate(**sums)
    return [int(found[name]) for name in sums]


def listing(
    area: Area, asked: Asked, *, by: Acting, at: datetime, after: str = "", most: int = PAGE
) -> Listing:
    """One page of exactly the matters a number counts. KeyError for no such list, or one no grid has."""
    if area.level == GRID and asked.which not in OF_A_PLACE:
        raise KeyError(asked.which)
    found = inside(area, by=by, at=at).filter(asked.filter(at))
    total = found.count()
    joined = found.select_related("area", "community", "grid", "street", "incident")
    if asked.which in BY_DUE:
        joined = joined.annotate(first=first_due()).order_by("first", "pk")
        return Listing(rows_of(list(joined[:most]), by, at, pictured=False), total)
    if after.isdecimal():
        joined = joined.filter(pk__lt=int(after))
    some = list(joined.order_by("-pk")[: most + 1])
    more = str(some[most - 1].pk) if len(some) > most else ""
    return Listing(rows_of(some[:most], by, at, pictured=False), total, more)


def taken_out(
    name: str, purpose: str, form: str, rows: int, *, by: Acting, at: datetime, **facts: str
) -> Entry:
    """Keep who took which record out as a file and what for, in the access register."""
    told = {"list": name, "purpose": purpose, "form": form, "rows": rows, **facts}
    return registers.record("access", "export", by=by, at=at, facts=told, path=f"records:{name}")

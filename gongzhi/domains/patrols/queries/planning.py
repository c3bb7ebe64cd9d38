"""What those who plan read: the routes of their area, one with its points, where a route may be laid."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.timezone import localtime

from gongzhi.domains.patrols.models import Point, Route
from gongzhi.domains.patrols.queries.walking import own_area
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.possible import Possible, possible
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

KIND = "patrol_route"
PAGE = 60
NOT_HERE = "巡查路线由社区、街道定，只定本辖区的。"


@dataclass(frozen=True)
class Laid:
    """A route on a list. ``how_many`` points; ``next_on`` its next day, None where there is none."""

    route: Route
    how_many: int

    @property
    def matter(self) -> Matter:
        """The route's matter."""
        return self.route.matter


@dataclass(frozen=True)
class Plan:
    """One route with its points and what may be done."""

    laid: Laid
    points: tuple[Point, ...]
    acts: tuple[Possible, ...]
    seq: int

    def may(self, action: str) -> bool:
        """Whether an act stands open to this hand."""
        return any(one.action == action and one.allowed for one in self.acts)


def may_plan(by: Acting) -> bool:
    """Whether the hand's role lays routes over its area."""
    area = own_area(by)
    return area is not None and by.role in current(pack_name(area), KIND).actions["plan"].by


def routes(*, by: Acting, at: datetime, after: str = "") -> tuple[list[Laid], str]:
    """The routes in use, newest first, and the key of the next page. NotYours."""
    if not may_plan(by):
        raise NotYours(NOT_HERE)
    seen = gate.visible(by=by, at=at, kinds=(KIND,)).filter(counts="open").values("pk")
    rows = Route.objects.filter(pk__in=seen).annotate(how_many=Count("points")).order_by("-pk")
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    joined = rows.select_related("matter__area", "matter__community")
    found = list(joined.defer("matter__area__polygon", "matter__community__polygon")[: PAGE + 1])
    told = [Laid(one, one.how_many) for one in found[:PAGE]]
    return told, str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def one(matter_id: int, *, by: Acting, at: datetime) -> Plan | None:
    """One route; None where it does not exist for this hand."""
    opened = gate.one(matter_id, by=by, at=at)
    if opened is None or opened[0].matter.kind != KIND:
        return None
    work, _ = opened
    row = Route.objects.select_related("matter__area", "matter__community").get(pk=matter_id)
    points = tuple(Point.objects.filter(route=matter_id).select_related("area").order_by("n"))
    acts = tuple(act for act in possible(work, by=by, at=at) if act.state != "not_yours")
    return Plan(Laid(row, len(points)), points, acts, work.matter.seq)


def grids(*, by: Acting, at: datetime) -> list[Area]:
    """The grids a route may be laid in (one statement). NotYours."""
    own = own_area(by)
    if own is None or not may_plan(by):
        raise NotYours(NOT_HERE)
    rows = tree.areas(localtime(at).date(), "grid", own).select_related("parent")
    return list(rows.defer("polygon", "parent__polygon").order_by("path"))


def inside(grid: Area, at: datetime) -> list[Area]:
    """A grid and its buildings, as places of points."""
    rows = tree.areas(localtime(at).date(), "building", grid)
    return [grid, *sorted(rows, key=lambda one: (len(one.name), one.name))]


def looks(by: Acting) -> dict[str, dict[str, str]]:
    """What points are there for, by id, as the pack of the hand's area has it."""
    table: dict[str, dict[str, str]] = packs.load(pack_name(own_area(by))).table("looks").get("look", {})
    return table

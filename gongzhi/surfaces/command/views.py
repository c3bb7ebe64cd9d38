"""The command centre's page: counters, map, selected grid, what is late, what just happened, duty, rates, trend."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import counters, figures, live, scope
from gongzhi.domains.incidents.queries.counters import Late, Measured
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.clock.speak import weekday
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.duty import Duty, duty
from gongzhi.kernel.people.roster import grid_worker
from gongzhi.kernel.process.possible import possible
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces import lights
from gongzhi.surfaces.command import charts, maps
from gongzhi.surfaces.command.hands import commanding, page
from gongzhi.surfaces.command.views_live import of_today
from gongzhi.surfaces.lights import Light

PRESSING = ("supervise", "ask_supervision", "raise_to_district", "urge", "dispatch")
AT_DESK = {
    "district": ("district_chief", "district_dispatcher"),
    "street": ("street_dispatcher", "street_desk"),
    "community": ("community_secretary", "community_desk"),
}
ABOVE = ("district", "street", "community")


@commanding
def overview(request: HttpRequest, *, by: Acting, at: datetime, area: Area) -> HttpResponse:
    """The whole page for one area."""
    measure = request.GET.get("m", "open")
    measure = measure if measure in maps.MEASURES else "open"
    found = counters.measures(area, "grid", by=by, at=at)
    sums = counters.measures(area, "street", by=by, at=at) if area.level == "district" else None
    chosen = _chosen(request.GET.get("grid", ""), area, found)
    said = {
        "title": "指挥中心",
        "area": area,
        "crumbs": crumbs(area, by),
        "said_now": said_now(at),
        "figures": counters.counters(area, by=by, at=at),
        "measure": measure,
        "measures": maps.MEASURES,
        "map": maps.draw(area, found, measure, str(chosen.pk) if chosen else "", at, sums),
        "card": card(chosen, found, at) if chosen else None,
        "late": late_rows(area, by, at),
        "live": (rows := live.live(area, by=by, at=at)),
        "today": of_today(rows, at),
        "duty": (roster := duty(area, at, AT_DESK[area.level])),
        "chiefs": chiefs(roster, area),
        "rates": figures.rates(area, by=by, at=at),
        "trend": charts.trend(figures.trend(area, by=by, at=at)),
        "counted": how_many(area, at),
    }
    return page(request, "overview", by, said)


@dataclass(frozen=True)
class Crumb:
    """A step of the way down; without an address where it is not the hand's to oversee."""

    name: str
    href: str


def crumbs(area: Area, by: Acting) -> list[Crumb]:
    """From the district down to the area."""
    own = scope.own_area(by)
    way = [one for one in [*tree.ancestors(area), area] if one.level in ABOVE]
    return [
        Crumb(one.name, f"?area={one.pk}" if one.path.startswith(own.path) and one != area else "")
        for one in way
    ]


def said_now(at: datetime) -> str:
    """``11 月 20 日 周五 10:26``."""
    wall = localtime(at)
    return f"{wall.month} 月 {wall.day} 日 {weekday(wall)} {wall:%H:%M}"


def how_many(area: Area, at: datetime) -> str:
    """``9 个社区，62 个网格``."""
    day = localtime(at).date()
    levels = list(tree.areas(day, within=area).exclude(level="building").values_list("level", flat=True))
    words = (("street", "个街道和镇"), ("community", "个社区和村"), ("grid", "个网格"))
    counted = [(levels.count(level), word) for level, word in words if level != area.level]
    return "，".join(f"{n} {word}" for n, word in counted if n)


def _chosen(asked: str, area: Area, found: dict[int, Measured]) -> Area | None:
    """The grid asked for, else the one with most late, then most open; only one of this area."""
    busiest = max(found, key=lambda pk: (found[pk].late, found[pk].open, -pk), default=None)
    wanted = int(asked) if asked.isdigit() else busiest
    grid = Area.objects.filter(pk=wanted or 0, level="grid").select_related("parent").first()
    return grid if grid is not None and grid.path.startswith(area.path) else None


@dataclass(frozen=True)
class Card:
    """The selected grid: its numbers, who walks it, and the ways on."""

    area: Area
    community: str
    measured: Measured
    worker: str
    lists: tuple[tuple[str, str], ...]


def card(grid: Area, found: dict[int, Measured], at: datetime) -> Card:
    """What stands on the selected grid's card."""
    measured, worker = found.get(grid.pk, Measured()), grid_worker(grid, at)
    lists = [("打开清单", list_of(grid, "open"))]
    if measured.late:
        lists.append(("看超期", list_of(grid, "late")))
    community = grid.parent.name if grid.parent else ""
    return Card(grid, community, measured, worker.name if worker else "", tuple(lists))


def list_of(area: Area, which: str, **more: Any) -> str:
    """The address of a list."""
    return f"/command/list/?{urlencode({'area': area.pk, 'which': which, **more})}"


@dataclass(frozen=True)
class LateRow:
    """One late matter as it is shown: its light, where, whose desk, and the acts this hand may take now."""

    id: str
    title: str
    where: str
    desk: str
    light: Light
    supervised: bool
    acts: tuple[tuple[str, str], ...]


def late_rows(area: Area, by: Acting, at: datetime) -> list[LateRow]:
    """The longest late, each with what this hand may do about it."""
    return [_late_row(one, by, at) for one in counters.late(area, by=by, at=at)]


def _late_row(one: Late, by: Acting, at: datetime) -> LateRow:
    row = one.row
    allowed = {act.action: act.label for act in possible(row.work, by=by, at=at) if act.allowed}
    acts = [(allowed[name], f"/desk/m/{row.matter.pk}/do/{name}/") for name in PRESSING if name in allowed]
    return LateRow(
        id=str(row.matter.pk),
        title=row.matter.title if row.level == "full" else figures.kind_label(row.matter),
        where=one.where,
        desk=one.desk,
        light=lights.of(one.wait, at, calendar_for(row.matter.pack)),
        supervised=row.supervised,
        acts=tuple(acts[:2]),
    )


def chiefs(found: Duty, area: Area) -> list[tuple[str, str]]:
    """Post and names at the area's own desk: one line a post."""
    table = role_table(pack_name(area))
    posts: dict[str, list[str]] = {}
    for role, name in found.chiefs:
        posts.setdefault(str(table.get(role, {}).get("label", "")), []).append(name)
    return [(post, "、".join(names[:3]) + (" 等" if len(names) > 3 else "")) for post, names in posts.items()]

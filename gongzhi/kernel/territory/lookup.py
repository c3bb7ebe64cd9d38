"""From a point to its grid, and a fair answer for a point that lies elsewhere.

The current grids stand in a search tree in memory, made anew when the territory's chain has grown or the day has
changed. What comes out of it is shared by all callers: read it, never change it.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime

import shapely
from django.utils.timezone import localtime
from shapely.geometry import Point
from shapely.ops import nearest_points
from shapely.strtree import STRtree

from gongzhi.kernel.territory import chain, division, tree
from gongzhi.kernel.territory.models import LEVELS, Area
from gongzhi.kernel.territory.schematic import Frame

KEPT = 4  # versions of the territory in memory (another day, another database in a test)
HOTLINE = "12345"  # the one number for what is not an emergency, 国办发〔2020〕53号


@dataclass(frozen=True)
class Net:
    """All grids of one day with a search tree, and every area above them by id."""

    grids: tuple[Area, ...]
    finder: STRtree
    above: dict[int, Area]

    def columns(self, area: Area) -> dict[str, Area | None]:
        """As ``tree.columns``, without a statement, for areas down to the grid."""
        way: dict[str, Area | None] = dict.fromkeys(LEVELS)
        for one in tree.ids_above(area):
            if one in self.above:
                way[self.above[one].level] = self.above[one]
        way[area.level] = area
        return way


@dataclass(frozen=True)
class Found:
    """Where a point lies. Inside: ``grid``. Outside: ``sentence`` says whose it is, ``nearest`` is ours nearby.

    ``metres`` is the distance to the nearest community, 0 inside. ``county`` is the six-digit code of the county
    the point lies in, where the outlines tell it.
    """

    grid: Area | None
    nearest: Area | None
    metres: int = 0
    county: str = ""
    county_name: str = ""
    sentence: str = ""


_kept: dict[tuple[object, ...], Net] = {}


def net(at: datetime) -> Net:
    """The grids that hold on the day of ``at`` (one statement when nothing changed)."""
    day = localtime(at).date()
    key = (*chain.stamp(), day)
    if key not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _read(day)
    return _kept[key]


def forget() -> None:
    """Empty the memory (tests that change territory without its chain)."""
    _kept.clear()


def grid_at(lat: float, lon: float, at: datetime) -> Area | None:
    """The grid a WGS-84 point lies in; on a border the one with the lowest id; None outside."""
    return _hit(net(at), lat, lon)


def _hit(known: Net, lat: float, lon: float) -> Area | None:
    hits = known.finder.query(Point(lon, lat), predicate="intersects")
    return min((known.grids[hit] for hit in hits), key=lambda grid: grid.pk, default=None)


def locate(lat: float, lon: float, at: datetime) -> Found:
    """The grid of a point with its community, or where else it belongs, in a sentence for the resident.

    ValueError for a latitude or longitude that is no number.
    """
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise ValueError(f"{lat}, {lon} is no point")
    known = net(at)
    grid = _hit(known, lat, lon)
    if grid is not None:
        return Found(grid, known.columns(grid)["community"])
    if not known.grids:
        return Found(None, None, sentence="这里还没有网格。请写出社区或地址。")
    point = Point(lon, lat)
    near = known.grids[int(known.finder.nearest(point))]
    way = known.columns(near)
    district = way["district"]
    metres = _metres(point, shapely.from_wkb(bytes(near.polygon or b"")))
    return _elsewhere(point, way["community"], district, metres)


def _elsewhere(point: Point, nearest: Area | None, district: Area | None, metres: int) -> Found:
    ours = district.name if district is not None else "本地"
    around = (
        division.neighbours_of(bytes(district.polygon)) if district is not None and district.polygon else ()
    )
    for county in around:
        if county.outline.intersects(point) and county.name != ours:
            name = county.name
            said = f"这个地点在{name}，归{name}管。可以打 {HOTLINE} 反映，或者换一个{ours}里的地点。"
            return Found(None, nearest, metres, county.code, name, said)
    said = f"这个地点不在{ours}里。可以打 {HOTLINE} 反映，或者换一个{ours}里的地点。"
    return Found(None, nearest, metres, sentence=said)


def _read(day: date) -> Net:
    """All grids with a polygon and all areas above; the search tree keeps its shapes."""
    grids = tuple(
        Area.objects.filter(tree.valid_on(day), level="grid", polygon__isnull=False).order_by("code", "id")
    )
    shapes = shapely.from_wkb([bytes(grid.polygon or b"") for grid in grids]) if grids else []
    above = list(Area.objects.filter(tree.valid_on(day), level__in=("street", "community")).defer("polygon"))
    above += Area.objects.filter(tree.valid_on(day), level__in=("city", "district"))
    return Net(grids, STRtree(shapes), {area.pk: area for area in [*above, *grids]})


def _metres(point: Point, shape: shapely.Geometry) -> int:
    frame = Frame(point.x, point.y)
    here, there = nearest_points(frame.flat(point), frame.flat(shape))
    return round(here.distance(there) * 1000)

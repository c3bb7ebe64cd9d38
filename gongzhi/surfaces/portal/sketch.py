"""The portal's map: an SVG of areas drawn by the server, schematic, every area a plain link. No script, no tiles.

District → streets → communities → grids, each a link to the next; a grid shows its buildings, each a link that
chooses it. The numbers of the drawing stand on the svg element, so that an island can turn a tap into degrees.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import shapely
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from gongzhi.kernel.territory import lookup, tree
from gongzhi.kernel.territory.models import Area

WIDE, HIGH, EDGE = 358, 300, 16  # the drawing's own units
HOUSE_WIDE, HOUSE_HIGH = 28, 20
NEXT = {"district": "street", "street": "community", "community": "grid", "grid": ""}
NEIGHBOURS = 0.004  # degrees around a grid or community in which others are drawn
_HOUSE_NUMBER = re.compile(r"(\d+) ?(?:号楼|栋|号院|幢)")
_KINDS = ("街道", "社区", "镇", "乡", "村")


@dataclass(frozen=True)
class Frame:
    """Degrees to drawing units: equal distances in both directions, north up."""

    west: float
    north: float
    scale: float  # units per degree of latitude
    narrow: float  # cosine of the latitude
    left: float
    top: float

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Drawing units of a point."""
        across = self.left + (lon - self.west) * self.narrow * self.scale
        return round(across, 1), round(self.top + (self.north - lat) * self.scale, 1)


def frame(shape: shapely.Geometry) -> Frame:
    """Fit a shape into the drawing."""
    west, south, east, north = shape.bounds
    narrow = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
    scale = min((WIDE - 2 * EDGE) / wide, (HIGH - 2 * EDGE) / high)
    return Frame(west, north, scale, narrow, (WIDE - wide * scale) / 2, (HIGH - high * scale) / 2)


def draw(
    view: Area, at: datetime, *, chosen: int | None = None, pin: tuple[float, float] | None = None
) -> SafeString:
    """The areas one level below ``view``; of a grid the grid itself with its buildings. ``pin`` is (lat, lon)."""
    inside = [view] if view.level == "grid" else list(children(view, at))
    shapes = {one.pk: shapely.from_wkb(bytes(one.polygon)) for one in inside if one.polygon}
    if not shapes:
        return SafeString("")
    whole = shapely.union_all(list(shapes.values()))
    fit = frame(whole)
    drawn = [one for one in inside if one.pk in shapes]
    cells = [_cell(one, shapes[one.pk], fit, one.pk in (chosen, view.pk), one is not view) for one in drawn]
    houses = _houses(view, at, fit, chosen) if view.level == "grid" else ""
    numbers = format_html_join(
        "", ' data-{}="{}"', ((name, getattr(fit, name)) for name in Frame.__dataclass_fields__)
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="group" aria-label="{}示意图" data-map{}>{}{}'
        '<path class="outline" d="{}"></path>{}{}</svg>',
        *(WIDE, HIGH, view.name, numbers, _around(view, whole, fit, at), SafeString("".join(cells))),
        *(_path(whole, fit), houses, _pin(pin, fit)),
    )


def children(view: Area, at: datetime) -> Sequence[Area]:
    """The areas of the next level that hold today, with polygons; grids come from memory. A grid has none."""
    level = NEXT.get(view.level, "")
    if level == "grid":
        return [grid for grid in lookup.net(at).grids if grid.path.startswith(view.path)]
    return list(tree.areas(localtime(at).date(), level, view).defer(None)) if level else []


def houses_of(view: Area, at: datetime) -> list[Area]:
    """The buildings of a grid, in the order people count them."""
    rows = (
        tree.areas(localtime(at).date(), "building", view).filter(lat__isnull=False)
        if view.level == "grid"
        else []
    )
    return sorted(
        rows, key=lambda house: (int(found[0]) if (found := re.findall(r"\d+", house.name)) else 0, house.pk)
    )


def link(view: Area, **more: object) -> str:
    """``?by=map&view=…``: show an area; with ``area=`` choose one."""
    return "?" + urlencode({"by": "map", "view": view.pk, **more})


def choose(area: Area) -> str:
    """The link that opens an area, and chooses it where it is a grid."""
    return link(area, area=area.pk) if area.level == "grid" else link(area)


def _cell(one: Area, shape: shapely.Geometry, fit: Frame, on: bool, named: bool) -> SafeString:
    """One area as a link, with its name where no houses need the room."""
    middle = shape.representative_point()
    x, y = fit.xy(middle.x, middle.y)
    return format_html(
        '<a href="{}#map" aria-label="{}"><path class="cell{}" d="{}"></path>'
        '<text class="{}" x="{}" y="{}">{}</text></a>',
        *(
            choose(one),
            one.name,
            " cell--on" if on else "",
            _path(shape, fit),
            "on" if on else "",
            x,
            y,
            brief(one.name) if named else "",
        ),
    )


def brief(name: str) -> str:
    """An area's name without its kind: the map is crowded."""
    for kind in _KINDS:
        if name.endswith(kind) and len(name) - len(kind) >= 2:
            return name[: -len(kind)]
    return name


def _houses(view: Area, at: datetime, fit: Frame, chosen: int | None) -> SafeString:
    """Buildings with their numbers, each a link that chooses it."""
    parts = []
    for house in houses_of(view, at):
        x, y = fit.xy(house.lon or 0, house.lat or 0)
        on = " house--on" if house.pk == chosen else ""
        box = (x - HOUSE_WIDE / 2, y - HOUSE_HIGH / 2, HOUSE_WIDE, HOUSE_HIGH)
        parts.append((link(view, area=house.pk), house.name, on, *box, x, y, _number(house.name)))
    return format_html_join(
        "",
        '<a href="{}#map" aria-label="{}"><rect class="house{}" x="{}" y="{}" width="{}" height="{}" rx="3"></rect>'
        '<text x="{}" y="{}">{}</text></a>',
        parts,
    )


def _number(name: str) -> str:
    found = _HOUSE_NUMBER.search(name) or re.search(r"(\d+)\D*$", name)
    return found[1] if found else name[:2]


def _around(view: Area, whole: shapely.Geometry, fit: Frame, at: datetime) -> SafeString:
    """Neighbouring grids, faint links: what is shown does not float, and a step aside is one tap."""
    if view.level not in ("community", "grid"):
        return SafeString("")
    net = lookup.net(at)
    near = net.finder.query(whole.buffer(NEIGHBOURS))
    others = [net.grids[hit] for hit in near if not net.grids[hit].path.startswith(view.path)]
    drawn = (
        (choose(one), one.name, _path(shapely.from_wkb(bytes(one.polygon or b"")), fit)) for one in others
    )
    return format_html_join(
        "", '<a href="{}#map" aria-label="旁边的{}"><path class="cell cell--far" d="{}"></path></a>', drawn
    )


def _pin(pin: tuple[float, float] | None, fit: Frame) -> SafeString:
    if pin is None:
        return SafeString("")
    return format_html(
        '<g class="pin-group" transform="translate({} {})"><path class="pin"'
        ' d="M0 0C-5-8-13-14-13-22a13 13 0 0126 0C13-14 5-8 0 0z"></path>'
        '<circle class="pin-eye" cy="-22" r="5"></circle></g>',
        *fit.xy(pin[1], pin[0]),
    )


def _path(shape: shapely.Geometry, fit: Frame) -> str:
    """Path data; detail finer than half a drawing unit is not seen."""
    plain = shape.simplify(0.5 / fit.scale)
    parts: Iterable[shapely.Geometry] = getattr(plain, "geoms", [plain])
    return "".join(_ring(part.exterior.coords, fit) for part in parts if part.geom_type == "Polygon")


def _ring(points: Iterable[tuple[float, ...]], fit: Frame) -> str:
    drawn = [fit.xy(lon, lat) for lon, lat, *_ in points]
    return "M" + "L".join(f"{x} {y}" for x, y in drawn[:-1]) + "Z"

"""The grid's small map with a patrol's points, drawn by the server: the outline, the buildings, numbered dots.

On the page it is a drawing; in the route's form it is a picture to tap, which works without a script.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from gongzhi.kernel.territory import svg, tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.svg import Drawing

WIDTH = 340  # pixels; the picture in the form stands in its own size, so that a tap is a point
INK, PAPER, LINE, DOT = "#2b2f36", "#ffffff", "#c9c3b4", "#26417b"  # a picture reads no style sheet


class Placed(Protocol):
    """What has a number and may have a place."""

    n: Any

    @property
    def lat(self) -> Any:
        """Degrees north, or None."""

    @property
    def lon(self) -> Any:
        """Degrees east, or None."""


@dataclass(frozen=True)
class Dot:
    """A numbered point in drawing units, with what came of it (``""``, clear, found)."""

    n: int
    x: float
    y: float
    result: str = ""


@dataclass(frozen=True)
class Map:
    """The drawing, its points, its buildings, and how many points have no place on it."""

    drawing: Drawing
    dots: tuple[Dot, ...]
    houses: tuple[tuple[str, float, float], ...]
    elsewhere: int


def drawn(grid: Area, spots: Sequence[Placed], at: datetime) -> Map | None:
    """The map of a grid; None where it has no outline."""
    drawing = svg.draw(grid, WIDTH, at)
    if not drawing.cells:
        return None
    placed = [one for one in spots if one.lat is not None and one.lon is not None]
    dots = tuple(
        Dot(one.n, *drawing.project(one.lat or 0, one.lon or 0), getattr(one, "result", "")) for one in placed
    )
    rows = tree.areas(localtime(at).date(), "building", grid).filter(lat__isnull=False).defer("polygon")
    houses = tuple((one.name, *drawing.project(one.lat or 0, one.lon or 0)) for one in rows)
    return Map(drawing, dots, houses, len(spots) - len(placed))


def tapped(grid: Area, x: float, y: float, at: datetime) -> tuple[float, float] | None:
    """The point (latitude, longitude in degrees) of a tap on the picture; None outside the paper."""
    drawing = svg.draw(grid, WIDTH, at)
    if not drawing.cells or not (0 <= x <= drawing.width and 0 <= y <= drawing.height):
        return None
    west, south, east, north = drawing.bounds
    left, top = drawing.project(north, west)
    right, bottom = drawing.project(south, east)
    lon = float(np.interp(x, (left, right), (west, east)))
    lat = float(np.interp(y, (top, bottom), (south, north)))
    return round(lat, 6), round(lon, 6)


def _number(name: str) -> str:
    """``8`` of ``金秀小区 8 号楼``: the drawing is small."""
    found = re.findall(r"\d+", name)
    return found[-1] if found else name[:2]


def picture(map_: Map) -> SafeString:
    """The map as a picture of its own, to be tapped."""
    cells: Iterable[tuple[str]] = ((one.d,) for one in map_.drawing.cells)
    shapes = format_html_join(
        "", f'<path d="{{}}" fill="{PAPER}" stroke="{LINE}" stroke-width="2"></path>', cells
    )
    houses = format_html_join(
        "",
        f'<rect x="{{}}" y="{{}}" width="24" height="16" rx="3" fill="{PAPER}" stroke="{LINE}"></rect>'
        f'<text x="{{}}" y="{{}}" font-size="11" fill="{INK}" text-anchor="middle">{{}}</text>',
        ((x - 12, y - 8, x, y + 4, _number(name)) for name, x, y in map_.houses),
    )
    dots = format_html_join(
        "",
        f'<circle cx="{{}}" cy="{{}}" r="11" fill="{DOT}"></circle>'
        f'<text x="{{}}" y="{{}}" font-size="13" fill="{PAPER}" text-anchor="middle">{{}}</text>',
        ((one.x, one.y, one.x, one.y + 4.5, one.n) for one in map_.dots),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{}" width="{}" height="{}" font-family="sans-serif">'
        "{}{}{}</svg>",
        *(map_.drawing.view_box, map_.drawing.width, map_.drawing.height, shapes, houses, dots),
    )

"""Maps without a map service: grids as SVG paths drawn by the server, and as GeoJSON for the desk's map.

The portal's map is plain SVG and needs no script. Neighbours are simplified together, so that borders stay
shared. Heights and widths are pixels of the drawing's view box.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.utils.timezone import localtime
from shapely.geometry.base import BaseGeometry

from gongzhi.kernel.territory import chain, tree
from gongzhi.kernel.territory.models import Area

FINEST = 0.6  # pixels: corners nearer to a straight line than this are left out
MARGIN = 6  # pixels around the drawing


@dataclass(frozen=True)
class Cell:
    """One area on the drawing: ``d`` the path, ``x``, ``y`` a point inside for its number or name."""

    id: str
    code: str
    name: str
    level: str
    parent: str
    d: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """Cells of one level, the outlines of the level above, the outer line; all in one view box.

    ``schematic`` says whether 示意图 must stand beside it. ``project`` puts a point on the same drawing.
    """

    width: int
    height: int
    cells: tuple[Cell, ...]
    outlines: tuple[Cell, ...]
    outer: str
    schematic: bool
    bounds: tuple[float, float, float, float]

    @property
    def view_box(self) -> str:
        """``0 0 350 412``."""
        return f"0 0 {self.width} {self.height}"

    def project(self, lat: float, lon: float) -> tuple[float, float]:
        """A WGS-84 point on the drawing, in pixels."""
        x, y = _Paper(self.bounds, self.width).put(np.array([[lon, lat]]))[0]
        return round(float(x), 1), round(float(y), 1)


def draw(area: Area, width: int, at: datetime, level: str = "grid") -> Drawing:
    """The areas of a level inside ``area``, ``width`` pixels wide, as they stand on the day of ``at``.

    Kept in memory until the territory changes. An area without polygons inside gives a drawing without cells.
    """
    return _drawn(*chain.stamp(), area.pk, area.path, width, localtime(at).date().toordinal(), level)


def geojson(area: Area, at: datetime, level: str = "grid") -> dict[str, Any]:
    """A GeoJSON FeatureCollection (WGS-84) of a level inside an area; ids are strings, parents by level."""
    day = localtime(at).date()
    rows = Area.objects.filter(tree.valid_on(day), tree.subtree(area), level=level, polygon__isnull=False)
    above = Area.objects.filter(tree.valid_on(day), tree.subtree(area)).values_list("id", "level", "name")
    names = {pk: (kind, name) for pk, kind, name in above.exclude(level="building")}
    features = []
    for row in rows.order_by("code", "id"):
        properties = tree.brief(row)
        for one in tree.ids_above(row)[:-1]:
            if one in names:
                properties[names[one][0]] = names[one][1]
                properties[f"{names[one][0]}_id"] = str(one)
        shape = shapely.from_wkb(bytes(row.polygon or b""))
        geometry = shapely.geometry.mapping(shapely.set_precision(shape, 1e-6, mode="pointwise"))
        features.append(
            {"type": "Feature", "id": str(row.pk), "properties": properties, "geometry": geometry}
        )
    return {"type": "FeatureCollection", "features": features}


class _Paper:
    """Degrees to pixels: a flat picture with the right proportions at its middle latitude, north up."""

    def __init__(self, bounds: tuple[float, float, float, float], width: int) -> None:
        west, south, east, north = bounds
        self.west, self.north = west, north
        self.narrow = math.cos(math.radians((south + north) / 2))
        self.scale = (width - 2 * MARGIN) / max((east - west) * self.narrow, 1e-9)
        self.height = math.ceil((north - south) * self.scale) + 2 * MARGIN

    def put(self, at: Any) -> Any:
        x = (at[:, 0] - self.west) * self.narrow * self.scale + MARGIN
        y = (self.north - at[:, 1]) * self.scale + MARGIN
        return np.stack([x, y], axis=1)

    def shape(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, self.put)


@lru_cache(maxsize=64)
def _drawn(_seq: int, _head: str, pk: int, path: str, width: int, ordinal: int, level: str) -> Drawing:
    area = Area(pk=pk, path=path)
    here = Area.objects.filter(tree.valid_on(date.fromordinal(ordinal)), tree.subtree(area))
    rows = list(here.filter(level=level, polygon__isnull=False).order_by("code", "id"))
    if not rows:
        return Drawing(width, width, (), (), "", True, (0.0, 0.0, 1.0, 1.0))
    shapes = shapely.from_wkb([bytes(row.polygon or b"") for row in rows])
    bounds = tuple(float(edge) for edge in shapely.total_bounds(shapes))
    paper = _Paper(bounds, width)  # type: ignore[arg-type]
    flat = _simplified([paper.shape(shape) for shape in shapes])
    cells = tuple(_cell(row, shape) for row, shape in zip(rows, flat, strict=True))
    outlines = tuple(_outlines(rows, flat))
    outer = path_data(shapely.union_all(flat, grid_size=0.05))
    schematic = any(row.schematic for row in rows)
    return Drawing(width, paper.height, cells, outlines, outer, schematic, bounds)  # type: ignore[arg-type]


def _simplified(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Neighbours simplified together; where real outlines overlap a little, each alone."""
    if len(shapes) > 1 and shapely.coverage_is_valid(shapes):
        return list(shapely.coverage_simplify(shapes, FINEST))
    return [shape.simplify(FINEST) for shape in shapes]


def _outlines(rows: Sequence[Area], shapes: Sequence[BaseGeometry]) -> Iterable[Cell]:
    """One line round all cells with the same parent; the parent's name for its label."""
    groups: dict[int, list[BaseGeometry]] = {}
    for row, shape in zip(rows, shapes, strict=True):
        if row.parent_id is not None:
            groups.setdefault(row.parent_id, []).append(shape)
    for pk, parent in Area.objects.defer("polygon").in_bulk(list(groups)).items():
        yield _cell(parent, shapely.union_all(groups[pk], grid_size=0.05))


def _cell(area: Area, shape: BaseGeometry) -> Cell:
    spot = (
        shapely.maximum_inscribed_circle(shape, tolerance=1.0).coords[0] if not shape.is_empty else (0.0, 0.0)
    )
    parent = str(area.parent_id or "")
    x, y = round(spot[0], 1), round(spot[1], 1)
    return Cell(str(area.pk), area.code, area.name, area.level, parent, path_data(shape), x, y)


def path_data(shape: BaseGeometry) -> str:
    """SVG path data of a polygon or several, one decimal: ``M12.1 3L40 3.5…Z``."""
    rings = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            rings += [part.exterior, *part.interiors]
    return "".join(_ring(np.round(shapely.get_coordinates(ring)[:-1], 1)) for ring in rings)


def _ring(corners: Any) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z"

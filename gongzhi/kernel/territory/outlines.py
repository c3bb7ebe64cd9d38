"""Outlines from a GeoJSON file, converted to WGS-84 at the edge and checked; every fault is a sentence.

Pure: nothing here knows the database. A feature is matched by its property ``code``, else by ``name``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from gongzhi.kernel.territory import crs

LARGEST = 60 * 1024 * 1024  # bytes of one file
SLACK = 0.01  # share of an area that may hang over or be missing: drawings are never exact
FAULTS_SHOWN = 12
CODE_NAMES = ("code", "编码", "代码", "网格编码", "grid_code")
NAME_NAMES = ("name", "名称", "网格名称", "grid_name")


class BadOutlines(ValueError):
    """A file that cannot be taken; ``sentences`` names every fault with the number of its feature."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        more = len(self.sentences) - FAULTS_SHOWN
        shown = [*self.sentences[:FAULTS_SHOWN], *([f"还有 {more} 处。"] if more > 0 else [])]
        super().__init__("\n".join(shown))


@dataclass(frozen=True)
class Outline:
    """One feature: its number in the file (from 1), what names it, its shape in WGS-84 degrees."""

    number: int
    code: str
    name: str
    shape: BaseGeometry

    @property
    def called(self) -> str:
        """How a sentence names it."""
        return (
            f"第 {self.number} 个图形（{self.name or self.code}）"
            if self.name or self.code
            else f"第 {self.number} 个图形"
        )


def read(data: str | bytes | Mapping[str, Any], system: str) -> list[Outline]:
    """The outlines in a GeoJSON FeatureCollection given in ``system`` (WGS-84, GCJ-02, BD-09, CGCS2000).

    Raises :class:`BadOutlines` with every fault found, or ``crs.UnknownSystem``.
    """
    key = crs.known(system)
    features = _features(data)
    found: list[Outline] = []
    faults: list[str] = []
    for number, feature in enumerate(features, start=1):
        try:
            found.append(_outline(number, feature, key))
        except BadOutlines as bad:
            faults += bad.sentences
    if faults:
        raise BadOutlines(faults)
    return found


def tiles(
    data: str | bytes | Mapping[str, Any], system: str, ground: BaseGeometry, name: str
) -> dict[str, BaseGeometry]:
    """Outlines that together make up ``ground`` (a community called ``name``), by their number as a key.

    Raises :class:`BadOutlines` where one hangs over, two overlap, or something is left out.
    """
    drawn = read(data, system)
    faults = [
        f"{one.called}有 {_percent(one.shape.difference(ground).area / one.shape.area)} 在{name}外面。"
        for one in drawn
        if one.shape.difference(ground).area > SLACK * one.shape.area
    ]
    faults += overlaps(drawn)
    left_out = ground.difference(shapely.union_all([one.shape for one in drawn])).area / ground.area
    if not faults and left_out > SLACK:
        faults.append(f"{name}还有 {_percent(left_out)} 没有划进任何网格。")
    if faults:
        raise BadOutlines(faults)
    return {str(one.number): one.shape for one in drawn}


def overlaps(drawn: Sequence[Outline]) -> list[str]:
    """A sentence for each two outlines that share more than a hundredth of the smaller one."""
    shapes = [one.shape for one in drawn]
    faults = []
    for left, right in STRtree(shapes).query(shapes, predicate="intersects").T if shapes else []:
        if left >= right:
            continue
        common = shapes[left].intersection(shapes[right]).area
        if common > SLACK * min(shapes[left].area, shapes[right].area):
            faults.append(f"{drawn[left].called}和{drawn[right].called}重叠。")
    return faults


def _features(data: str | bytes | Mapping[str, Any]) -> list[Any]:
    """The features of a file that is a FeatureCollection or one Feature."""
    if isinstance(data, (str, bytes)):
        if len(data) > LARGEST:
            raise BadOutlines(["文件超过 60 MB。请按街道分开导入。"])
        try:
            data = json.loads(data)
        except (ValueError, UnicodeDecodeError):
            raise BadOutlines(
                ["这不是 GeoJSON 文件：内容读不出来。请从地图软件里另存为 GeoJSON（UTF-8）。"]
            ) from None
    said: Any = data if isinstance(data, Mapping) else {}
    kind = said.get("type")
    features = [data] if kind == "Feature" else said.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list):
        raise BadOutlines(["文件里没有 FeatureCollection。请从地图软件里另存为 GeoJSON。"])
    if not features:
        raise BadOutlines(["文件里一个图形也没有。"])
    return features


def _outline(number: int, feature: Any, system: str) -> Outline:
    properties = feature.get("properties") or {} if isinstance(feature, Mapping) else {}
    code = _said(properties, CODE_NAMES)
    name = _said(properties, NAME_NAMES)
    called = Outline(number, code, name, shapely.Point()).called
    try:
        drawn = shape(feature["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.ShapelyError):
        raise BadOutlines([f"{called}的坐标读不出来。"]) from None
    if drawn.geom_type not in ("Polygon", "MultiPolygon"):
        raise BadOutlines([f"{called}不是面（Polygon），是 {drawn.geom_type}。请画成闭合的面。"])
    _check(called, drawn)
    moved = shapely.transform(
        shapely.force_2d(drawn), lambda at: np.array([crs.to_wgs84(system, x, y) for x, y in at])
    )
    return Outline(number, code, name, shapely.set_precision(moved, 1e-7))


def _check(called: str, drawn: BaseGeometry) -> None:
    """Raises a sentence for an empty, far-away, swapped or self-crossing shape."""
    if drawn.is_empty or (drawn.is_valid and drawn.area == 0):
        raise BadOutlines([f"{called}是空的。"])
    west, south, east, north = drawn.bounds
    if abs(west) > 180 or abs(north) > 180 or abs(east) > 180 or abs(south) > 180:
        raise BadOutlines([f"{called}的坐标不是经纬度（度），像是米。请先转成经纬度再导入。"])
    if not (crs.in_china(west, south) and crs.in_china(east, north)):
        swapped = crs.in_china(south, west) and crs.in_china(north, east)
        why = "像是把经度和纬度写反了。" if swapped else "不在国内，请检查坐标。"
        raise BadOutlines([f"{called}{why}"])
    if not drawn.is_valid:
        raise BadOutlines([f"{called}的边线自己交叉了（{_where(drawn)}附近）。请在地图软件里修正。"])


def _where(drawn: BaseGeometry) -> str:
    """The place of the fault in a shape, as Shapely tells it: ``117.81,40.96``."""
    said = shapely.is_valid_reason(drawn)
    inside = said[said.find("[") + 1 : said.find("]")] if "[" in said else ""
    return ",".join(f"{float(part):.4f}" for part in inside.split()) if inside else "某处"


def _said(properties: Mapping[str, Any], names: Sequence[str]) -> str:
    return next(
        (str(properties[name]).strip() for name in names if properties.get(name) not in (None, "")), ""
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%"

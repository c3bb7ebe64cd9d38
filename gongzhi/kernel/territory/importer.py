"""Real outlines replace schematic ones: GeoJSON in, polygons in WGS-84 stored with their source system.

The area stays the same row: nothing was redrawn, it is only drawn better. Grids that are still schematic inside a
street or community drawn anew are drawn again inside it, and buildings that are still schematic move with them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from django.db import transaction
from django.utils.timezone import localtime
from shapely.geometry.base import BaseGeometry

from gongzhi.kernel.territory import chain, outlines, schematic, tree
from gongzhi.kernel.territory.models import LEVELS, Area
from gongzhi.kernel.territory.outlines import BadOutlines, Outline

SLACK = 0.01
FIELDS = ["polygon", "schematic", "source_crs", "lat", "lon"]


@dataclass(frozen=True)
class Imported:
    """How many areas now have real outlines, how many schematic ones moved with them, sentences of warning."""

    real: int
    redrawn: int
    warnings: tuple[str, ...]


def import_outlines(
    data: str | bytes | Mapping[str, Any], system: str, *, within: Area, by: Any, at: datetime
) -> Imported:
    """Replace polygons inside ``within`` (a district, street or community) by those of a GeoJSON file.

    ``system`` is the file's coordinate system. Raises ``BadOutlines`` with sentences; nothing is written then.
    """
    day = localtime(at).date()
    drawn = outlines.read(data, system)
    pairs = _matched(drawn, within, day)
    faults = outlines.overlaps([one for one, area in pairs if area.level == "grid"])
    faults += _outside(pairs)
    if faults:
        raise BadOutlines(faults)
    changed = {area.pk: _drawn(area, one.shape, system, real=True) for one, area in pairs}
    with transaction.atomic():
        moved = _draw_inside([area for _, area in pairs], changed, day)
        Area.objects.bulk_update([*changed.values(), *moved], FIELDS, batch_size=200)
        facts = {"within": within.code, "system": system, "areas": sorted(area.code for _, area in pairs)}
        chain.record("import", by=by, at=at, facts=facts)
    return Imported(len(pairs), len(moved), tuple(_warnings(pairs, within, day)))


def _matched(drawn: Sequence[Outline], within: Area, day: date) -> list[tuple[Outline, Area]]:
    """Each outline with the area it names; every one that names none, or one twice, is told."""
    rows = Area.objects.filter(tree.valid_on(day), tree.subtree(within)).exclude(level="building")
    by_code = {row.code: row for row in rows if row.code}
    by_name: dict[str, list[Area]] = {}
    for row in by_code.values():
        by_name.setdefault(row.name, []).append(row)
    pairs, faults, seen = [], [], set()
    for one in drawn:
        named = by_name.get(one.name, [])
        area = by_code.get(one.code) if one.code else named[0] if len(named) == 1 else None
        if area is None:
            faults.append(_unknown(one, len(named), within))
        elif area.pk in seen:
            faults.append(f"{one.called}在文件里出现了两次。")
        else:
            seen.add(area.pk)
            pairs.append((one, area))
    if faults:
        raise BadOutlines(faults)
    return pairs


def _unknown(one: Outline, same_name: int, within: Area) -> str:
    if not one.code and not one.name:
        return f"{one.called}没有写编码（code），不知道是哪一块。"
    if one.code:
        return f"{one.called}的编码 {one.code} 不在{within.name}里。"
    return f"{one.called}：{within.name}里有 {same_name} 个同名的，请写编码（code）。"


def _outside(pairs: Sequence[tuple[Outline, Area]]) -> list[str]:
    """Grids and communities that hang out of a real outline above them, from the file or from before."""
    new = {area.pk: one.shape for one, area in pairs}
    above = Area.objects.in_bulk([area.parent_id for _, area in pairs if area.parent_id])
    faults = []
    for one, area in pairs:
        parent = above.get(area.parent_id) if area.parent_id else None
        if parent is None or (parent.pk not in new and (parent.schematic or parent.polygon is None)):
            continue
        ground = new.get(parent.pk) or shapely.from_wkb(bytes(parent.polygon or b""))
        share = one.shape.difference(ground).area / one.shape.area
        if share > SLACK:
            faults.append(f"{one.called}有 {share * 100:.1f}% 在{parent.name}外面。")
    return faults


def _drawn(area: Area, shape: BaseGeometry, system: str, *, real: bool) -> Area:
    inside = shape.representative_point()
    area.polygon, area.schematic, area.source_crs = shape.wkb, not real, system if real else "wgs84"
    area.lat, area.lon = round(inside.y, 6), round(inside.x, 6)
    return area


def _draw_inside(imported: Sequence[Area], changed: Mapping[int, Area], day: date) -> list[Area]:
    """Schematic areas below what was imported, drawn again inside it; schematic buildings put into their grids."""
    moved: dict[int, Area] = {}
    for area in sorted(imported, key=lambda one: LEVELS.index(one.level)):
        below = list(
            Area.objects.filter(tree.valid_on(day), tree.subtree(area)).exclude(pk=area.pk).order_by("pk")
        )
        if area.level != "grid" and all(one.schematic and one.pk not in changed for one in below):
            part = _part(area, below)
            shapes = schematic.partition(shapely.from_wkb(bytes(area.polygon or b"")), part, area.code)
            for one in below:
                if str(one.pk) in shapes:
                    moved[one.pk] = _drawn(one, shapes[str(one.pk)], "wgs84", real=False)
        for one in _buildings_moved([area, *below], moved):
            moved[one.pk] = one
    return list(moved.values())


def _part(area: Area, below: Sequence[Area]) -> schematic.Part:
    """The tree of areas with outlines below an area, by row id."""
    children = [one for one in below if one.parent_id == area.pk and one.level != "building"]
    return schematic.Part(str(area.pk), parts=tuple(_part(one, below) for one in children))


def _buildings_moved(areas: Iterable[Area], moved: Mapping[int, Area]) -> Iterable[Area]:
    every = list(areas)
    for grid in every:
        inside = [
            one for one in every if one.level == "building" and one.parent_id == grid.pk and one.schematic
        ]
        if grid.level != "grid" or not inside:
            continue
        ground = shapely.from_wkb(bytes((moved.get(grid.pk) or grid).polygon or b""))
        spots = schematic.points_inside(ground, len(inside), grid.code)
        for building, (lon, lat) in zip(inside, spots, strict=True):
            building.lat, building.lon = lat, lon
            yield building


def _warnings(pairs: Sequence[tuple[Outline, Area]], within: Area, day: date) -> Iterable[str]:
    """What is still schematic beside what is real now: its borders will not fit."""
    levels = {area.level for _, area in pairs}
    for level in sorted(levels, key=LEVELS.index):
        left = tree.areas(day, level, within).filter(schematic=True).count()
        if left:
            yield f"{within.name}里还有 {left} 个同级的图形是示意的，和导入的边界可能对不上。"

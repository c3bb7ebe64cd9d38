"""A community's grids drawn anew from a date on: old ones end that day, new ones succeed them, nothing is lost.

Closed matters keep the areas they had. Open ones are re-homed on the day by the clock through an action; what
this file offers that action is :func:`successor_for`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import shapely
from django.db import transaction
from django.utils.timezone import localtime
from shapely.geometry.base import BaseGeometry

from gongzhi.kernel import packs
from gongzhi.kernel.territory import chain, lookup, outlines, schematic, tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.kernel.territory.place import as_row, insert
from gongzhi.kernel.territory.plan import Draft, Rules, leaf_keys, number_grids

SHARED = 0.02  # of the smaller grid: less common ground than this is a drawing's inaccuracy, no succession


class CannotRedraw(ValueError):
    """Why grids cannot be drawn anew; ``str()`` is a sentence."""


class Standing(Protocol):
    """What a matter shows of where it is; any object with these attributes."""

    lat: float | None
    lon: float | None
    grid_id: int | None
    area_id: int


@dataclass(frozen=True)
class Redrawn:
    """The ended grids and the new ones."""

    old: tuple[Area, ...]
    new: tuple[Area, ...]


def redraw(
    community: Area,
    new_grids: int | Mapping[str, Any],
    effective: date,
    by: Any,
    at: datetime,
    system: str = "wgs84",
) -> Redrawn:
    """New grids for a community from ``effective`` (today or later), by number (schematic) or from GeoJSON.

    Old grids end on that day and are succeeded by those they share ground with; buildings move into the grid
    around them. Raises :class:`CannotRedraw` or ``outlines.BadOutlines`` with sentences.
    """
    today = localtime(at).date()
    if community.level != "community":
        raise CannotRedraw("只有社区和村可以重划网格。")
    if effective < today:
        raise CannotRedraw(f"生效日期 {effective:%Y-%m-%d} 已经过去，请填今天或以后的日子。")
    old = list(tree.areas(effective, "grid", community).defer(None))
    if any(grid.valid_from >= effective for grid in old) or _planned(community, effective):
        raise CannotRedraw("这一天或以后已经有一次重划，请先看那一次。")
    rules = packs.load(pack_name(community)).table("grids")
    drafts, drawn = _drafts(community, old, new_grids, effective, rules, system)
    with transaction.atomic():
        done = _write(community, old, drafts, effective, drawn, system)
        facts = {
            "community": community.code,
            "effective": effective.isoformat(),
            "ended": [one.code for one in done.old],
            "new": [one.code for one in done.new],
        }
        chain.record("redraw", by=by, at=at, facts=facts)
    return done


def successor_for(matter: Standing, at: datetime) -> Area | None:
    """Where an open matter belongs on the day of ``at``: the area itself while it holds; else the grid around its
    point when that grid succeeds or neighbours it in the same community, else the one successor, else the parent
    that still holds (its desk decides). None only when nothing above holds any more.
    """
    day = localtime(at).date()
    area = Area.objects.defer("polygon").get(pk=matter.grid_id or matter.area_id)
    if _holds(area, day):
        return area
    if matter.lat is not None and matter.lon is not None:
        grid = lookup.grid_at(matter.lat, matter.lon, at)
        if grid is not None and grid.parent_id == area.parent_id:
            return grid
    heirs = heirs_of(area, day)
    if len(heirs) == 1:
        return heirs[0]
    return next((one for one in reversed(tree.ancestors(area)) if _holds(one, day)), None)


def heirs_of(area: Area, day: date) -> list[Area]:
    """The areas that stand in an ended area's place on a day, through as many redrawings as there were."""
    found: dict[int, Area] = {}
    waiting = list(area.successors.defer("polygon"))
    while waiting:
        one = waiting.pop()
        if _holds(one, day):
            found[one.pk] = one
        else:
            waiting += list(one.successors.defer("polygon"))
    return [found[pk] for pk in sorted(found)]


def current(area: Area, at: datetime) -> Area | None:
    """The area a printed code leads to today: itself, its one successor, else the parent that still holds."""
    day = localtime(at).date()
    if _holds(area, day):
        return area
    heirs = heirs_of(area, day)
    if len(heirs) == 1:
        return heirs[0]
    return next((one for one in reversed(tree.ancestors(area)) if _holds(one, day)), None)


def _holds(area: Area, day: date) -> bool:
    return area.valid_from <= day and (area.valid_to is None or area.valid_to > day)


def _planned(community: Area, effective: date) -> bool:
    return Area.objects.filter(parent=community, level="grid", valid_from__gte=effective).exists()


def _drafts(
    community: Area,
    old: Sequence[Area],
    wish: int | Mapping[str, Any],
    effective: date,
    rules: Rules,
    system: str,
) -> tuple[list[Draft], bool]:
    """The new grids as drafts, and whether they are schematic."""
    if community.polygon is None:
        raise CannotRedraw(f"{community.name}还没有边界，请先导入。")
    ground = shapely.from_wkb(bytes(community.polygon))
    self_made = isinstance(wish, int)
    if isinstance(wish, int):
        if not 1 <= wish <= 99:
            raise CannotRedraw(f"网格数要在 1 到 99 之间，您写的是 {wish}。")
        leaves = tuple(schematic.Part(key) for key in leaf_keys(community.code, wish))
        tree_part = schematic.Part("", parts=leaves)
        shapes = schematic.partition(ground, tree_part, f"{community.code} {effective}")
        shapes.pop("")
    else:
        shapes = outlines.tiles(wish, system, ground, community.name)
    draft = Draft(str(community.pk), "", "community", community.kind, community.code, community.name)
    draft.households = community.households
    drafts = number_grids(draft, shapes, rules, after=_last_number(community, len(old)))
    return drafts, self_made


def _last_number(community: Area, standing: int) -> int:
    """How many grids this community ever had: their numbers are not given again."""
    return max(Area.objects.filter(parent=community, level="grid").count(), standing)


def _write(
    community: Area, old: Sequence[Area], drafts: Sequence[Draft], effective: date, drawn: bool, system: str
) -> Redrawn:
    new = [as_row(draft, community, effective) for draft in drafts]
    for grid in new:
        grid.schematic, grid.source_crs = drawn, "wgs84" if drawn else system
        grid.phone = old[0].phone if old else community.phone
        grid.supervision_phone = community.supervision_phone
    insert(new)
    _succeed(old, new)
    _move_buildings(old, new, effective)
    Area.objects.filter(pk__in=[grid.pk for grid in old]).update(valid_to=effective)
    return Redrawn(tuple(old), tuple(new))


def _succeed(old: Sequence[Area], new: Sequence[Area]) -> None:
    """Each new grid succeeds every old one it shares ground with."""
    ground = {grid.pk: _shape(grid) for grid in [*old, *new]}
    links = []
    for grid in new:
        for before in old:
            common = ground[grid.pk].intersection(ground[before.pk]).area
            if common > SHARED * min(ground[grid.pk].area, ground[before.pk].area):
                links.append(Area.succeeds.through(from_area_id=grid.pk, to_area_id=before.pk))
    Area.succeeds.through.objects.bulk_create(links)


def _move_buildings(old: Sequence[Area], new: Sequence[Area], effective: date) -> None:
    """A building goes on as a new row in the grid around it (the nearest when it stands on none)."""
    ground = [_shape(grid) for grid in new]
    standing = list(Area.objects.filter(parent__in=old, level="building", valid_to__isnull=True))
    moved = []
    for building in standing:
        point = shapely.Point(building.lon or 0.0, building.lat or 0.0)
        home = min(range(len(new)), key=lambda number: (ground[number].distance(point), number))
        copied = {field: getattr(building, field) for field in COPIED}
        moved.append(Area(**copied, parent=new[home], path="", valid_from=effective))
    insert(moved)
    links = [
        Area.succeeds.through(from_area_id=here.pk, to_area_id=before.pk)
        for here, before in zip(moved, standing, strict=True)
    ]
    Area.succeeds.through.objects.bulk_create(links)
    Area.objects.filter(pk__in=[building.pk for building in standing]).update(valid_to=effective)


COPIED = [
    "code",
    "name",
    "level",
    "kind",
    "schematic",
    "source_crs",
    "lat",
    "lon",
    "households",
    "phone",
    "pinyin",
]


def _shape(area: Area) -> BaseGeometry:
    return shapely.from_wkb(bytes(area.polygon or b""))

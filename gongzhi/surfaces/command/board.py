"""The same numbers as a list: one row a place, its smaller places as cells in the same tones as on the map.

It tells no shape and no distance, so it stands first wherever the outlines are schematic.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import counters
from gongzhi.domains.incidents.queries.counters import Measured
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.command import charts, maps
from gongzhi.surfaces.command.here import Here, measure_label

LEVELS = {"district": ("street", "community"), "street": ("community", "grid"), "community": ("grid", "")}
COUNTED = {"street": "个街道和镇", "community": "个社区和村", "grid": "格"}
NONE = Measured()
ORDINAL = re.compile(r"第(.{1,4})网格")


@dataclass(frozen=True)
class Chip:
    """A smaller place: its name, its number in its tone, how many are late."""

    name: str
    said: str
    href: str
    text: str
    tone: int
    late: int
    hatched: bool
    chosen: bool


@dataclass(frozen=True)
class Row:
    """A place of the list with its numbers and its cells. ``href`` is empty where there is nowhere further to go."""

    name: str
    href: str
    area_id: int
    measured: Measured
    told: str
    chips: tuple[Chip, ...]
    chosen: bool = False


@dataclass(frozen=True)
class Board:
    """The list with its legend. ``unit`` names what the cells are, for the legend's counts."""

    rows: tuple[Row, ...]
    legend: tuple[charts.Class, ...]
    hatched: int
    unit: str
    cells: str


def board(here: Here, chosen: str, *, by: Acting, at: datetime) -> Board:
    """The list of an area (eight statements)."""
    upper, lower = LEVELS[here.area.level]
    sums = counters.measures(here.area, upper, by=by, at=at, days=here.days)
    found = counters.measures(here.area, lower, by=by, at=at, days=here.days) if lower else sums
    whole = counters.measures(here.area, here.area.level, by=by, at=at, days=here.days)
    day = localtime(at).date()
    tops = list(tree.areas(day, upper, here.area))
    cells = list(tree.areas(day, lower, here.area)) if lower else tops
    scale = Scale(here.measure, [found.get(one.pk, NONE) for one in cells])
    rows = [_row(top, cells, sums, found, scale, here, chosen) for top in tops]
    rest = _rest(whole.get(here.area.pk, NONE), sums.values())
    if rest != NONE:
        told = maps.told(rest, here.measure)
        rows.append(Row("本级直办", "", here.area.pk, rest, told, ()))
    unit = "%" if scale.rates else " 件"
    return Board(
        tuple(rows),
        tuple(charts.classes(scale.numbers, scale.edges, unit)),
        scale.few,
        measure_label(here.measure, here.days),
        COUNTED[lower or upper],
    )


class Scale:
    """How a measure is coloured over these cells."""

    def __init__(self, measure: str, found: Sequence[Measured]) -> None:
        self.measure, self.rates = measure, measure == "on_time"
        known = [one for one in found if not self.hatched(one)]
        self.few = len(found) - len(known)
        self.numbers = [maps.value(one, measure) for one in known]
        self.edges = charts.SHARES if self.rates else charts.bounds(self.numbers)

    def hatched(self, one: Measured) -> bool:
        """Whether there are too few to colour."""
        return self.rates and one.done < charts.FEWEST


def _row(
    top: Area,
    cells: Sequence[Area],
    sums: Mapping[int, Measured],
    found: Mapping[int, Measured],
    scale: Scale,
    here: Here,
    chosen: str,
) -> Row:
    own = [one for one in cells if top.pk in (one.pk, one.parent_id)]
    chips = tuple(_chip(one, found.get(one.pk, NONE), scale, here, chosen) for one in own)
    measured = sums.get(top.pk, NONE)
    href = here.to(grid=str(top.pk)) if top.level == "grid" else maps.into(here, str(top.pk))
    told = maps.told(measured, here.measure)
    return Row(top.name, href, top.pk, measured, told, chips, str(top.pk) == chosen)


def _chip(one: Area, measured: Measured, scale: Scale, here: Here, chosen: str) -> Chip:
    number, hatched = maps.value(measured, scale.measure), scale.hatched(measured)
    return Chip(
        name=_short(one),
        said=f"{one.name}，在办 {measured.open} 件，超期 {measured.late} 件",
        href=here.to(grid=str(one.pk)) if one.level == "grid" else maps.into(here, str(one.pk)),
        text="" if hatched else str(number),
        tone=1 if hatched else charts.tone(number, scale.edges),
        late=measured.late if scale.measure != "late" else 0,
        hatched=hatched,
        chosen=str(one.pk) == chosen,
    )


def _short(one: Area) -> str:
    """``二格``, ``金秀``."""
    ordinal = ORDINAL.fullmatch(one.name)
    return f"{ordinal[1]}格" if ordinal else maps.short(one.name)


def _rest(whole: Measured, parts: object) -> Measured:
    """What hangs at the area itself, below none of its places."""
    known = sum(parts, NONE)  # type: ignore[call-overload]
    return Measured(
        whole.open - known.open,
        whole.late - known.late,
        whole.new - known.new,
        whole.done - known.done,
        whole.on_time - known.on_time,
    )

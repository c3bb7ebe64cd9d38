"""The map of an area: one level's cells coloured by a measure, the level above as outlines, names beside or inside.

Drawn by the server as SVG with links, because the polygons are schematic; a list stands beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gongzhi.domains.incidents.queries.counters import Measured, Spot
from gongzhi.kernel.territory import svg
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.command import charts
from gongzhi.surfaces.command.here import Here, measure_label, to_matter


@dataclass(frozen=True)
class Paper:
    """The room for a drawing: the largest ``size`` in pixels, a name's height beside it, a column of names' width."""

    size: tuple[int, int] = (680, 400)
    row: int = 46
    names: int = 150


DESK = Paper()


@dataclass(frozen=True)
class Cell:
    """One grid on the map."""

    id: str
    name: str
    d: str
    x: float
    y: float
    tone: int
    text: str
    late: int
    hatched: bool
    chosen: bool
    href: str
    said: str


@dataclass(frozen=True)
class Name:
    """A name: inside the drawing (no line), or beside it with a leader line to its place."""

    text: str
    x: float
    y: float
    href: str = ""
    count: str = ""
    anchor: str = "middle"
    line: tuple[float, float, float, float] | None = None
    at: tuple[float, float] | None = None


@dataclass(frozen=True)
class Point:
    """An open matter on the drawing of its community."""

    x: float
    y: float
    late: bool
    said: str
    href: str


def points(here: Here, spots: Sequence[Spot], at: datetime) -> tuple[Point, ...]:
    """Where they lie; only in a community with real outlines, for on schematic ones a point misleads."""
    drawing = fitted(here.area, at)
    if here.area.level != "community" or drawing.schematic:
        return ()
    return tuple(
        Point(*drawing.project(one.lat, one.lon), one.late, one.matter.title, to_matter(here, one.matter.pk))
        for one in spots
    )


@dataclass(frozen=True)
class Map:
    """The whole drawing with its legend."""

    left: int
    width: int
    height: int
    cells: tuple[Cell, ...]
    outlines: tuple[str, ...]
    outer: str
    names: tuple[Name, ...]
    schematic: bool
    legend: tuple[charts.Class, ...]
    hatched: int
    unit: str

    @property
    def view_box(self) -> str:
        """``0 0 700 520``."""
        return f"{self.left} 0 {self.width} {self.height}"


def value(one: Measured, measure: str) -> int:
    """A cell's number: a count, or of those closed in 30 days the share on time in whole per cent."""
    if measure == "on_time":
        return one.on_time * 100 // one.done if one.done else 0
    return int(getattr(one, measure))


def draw(
    here: Here,
    found: Mapping[int, Measured],
    chosen: str,
    at: datetime,
    sums: Mapping[int, Measured] | None = None,
    paper: Paper = DESK,
) -> Map | None:
    """The map of an area's grids; None where no polygons are known. ``sums`` are told beside a district's streets."""
    area = here.area
    if not (drawing := fitted(area, at, paper)).cells:
        return None
    scale, crowded = Scale.of(drawing, found, here.measure), area.level == "district"
    cells = tuple(_cell(one, _of(found, one.id), scale, one.id == chosen, here) for one in drawing.cells)
    outlines = (_streets(area, drawing, at) if crowded else ()) or drawing.outlines
    side = paper.names if crowded else 0
    if crowded:
        names = _beside(outlines, drawing, here, sums or {}, paper.row)
    else:
        names = _within(outlines, drawing, cells, here)
    return Map(
        *(-side, drawing.width + 2 * side, drawing.height),
        cells=cells,
        outlines=tuple(one.d for one in outlines),
        outer=drawing.outer,
        names=names,
        schematic=drawing.schematic,
        legend=scale.legend,
        hatched=len(scale.few),
        unit=measure_label(here.measure, here.days),
    )


def _streets(area: Area, drawing: svg.Drawing, at: datetime) -> tuple[svg.Cell, ...]:
    return svg.draw(area, drawing.width, at, "community").outlines


@dataclass(frozen=True)
class Scale:
    """How a measure is coloured: its class bounds, the numbers in them, and which cells have too few to colour."""

    measure: str
    rates: bool
    numbers: list[int]
    edges: tuple[int, ...]
    few: frozenset[str]

    @property
    def legend(self) -> tuple[charts.Class, ...]:
        """Its classes, and how many cells stand in each."""
        return tuple(charts.classes(self.numbers, self.edges, "%" if self.rates else " 件"))

    @classmethod
    def of(cls, drawing: svg.Drawing, found: Mapping[int, Measured], measure: str) -> "Scale":
        """The scale of a drawing's cells."""
        rates = measure == "on_time"
        few = {one.id for one in drawing.cells if rates and _of(found, one.id).done < charts.FEWEST}
        numbers = [value(_of(found, one.id), measure) for one in drawing.cells if one.id not in few]
        return cls(
            measure, rates, numbers, charts.SHARES if rates else charts.bounds(numbers), frozenset(few)
        )


def fitted(area: Area, at: datetime, paper: Paper = DESK) -> svg.Drawing:
    """The grids drawn as large as the page has room for."""
    wide, high = paper.size
    drawing = svg.draw(area, wide, at)
    return drawing if drawing.height <= high else svg.draw(area, wide * high // drawing.height, at)


def _of(found: Mapping[int, Measured], area_id: str) -> Measured:
    return found.get(int(area_id), Measured())


def _cell(one: svg.Cell, measured: Measured, scale: Scale, chosen: bool, here: Here) -> Cell:
    number, few = value(measured, scale.measure), one.id in scale.few
    said = f"{one.name}，在办 {measured.open} 件，超期 {measured.late} 件"
    silent = here.area.level == "district" or few or (number == 0 and not scale.rates)
    return Cell(
        id=one.id,
        name=one.name,
        d=one.d,
        x=one.x,
        y=one.y,
        tone=1 if few else charts.tone(number, scale.edges),
        text="" if silent else str(number),
        late=measured.late if scale.measure != "late" else 0,
        hatched=few,
        chosen=chosen,
        href=here.to(grid=one.id, view="map") + "#map",
        said=said,
    )


def _within(
    outlines: tuple[svg.Cell, ...], drawing: svg.Drawing, cells: tuple[Cell, ...], here: Here
) -> tuple[Name, ...]:
    """Each name in its community's emptiest grid nearest to the middle, above the number where all have one."""
    found = []
    for one in outlines if len(outlines) > 1 else ():
        own = [cell for cell, drawn in zip(cells, drawing.cells, strict=True) if drawn.parent == one.id]
        near = sorted(own, key=lambda cell: (bool(cell.text), (cell.x - one.x) ** 2 + (cell.y - one.y) ** 2))
        x, y = (near[0].x, near[0].y) if near else (one.x, one.y)
        lift = 22 if near and near[0].text else 0
        found.append(Name(short(one.name), x, round(y - lift, 1), into(here, one.id)))
    return tuple(found)


def _beside(
    outlines: tuple[svg.Cell, ...], drawing: svg.Drawing, here: Here, sums: Mapping[int, Measured], row: int
) -> tuple[Name, ...]:
    """Names in two columns outside the drawing, in the order of their places, each with a line to it."""
    halves: tuple[list[svg.Cell], list[svg.Cell]] = ([], [])
    for place, one in enumerate(sorted(outlines, key=lambda cell: cell.x)):
        halves[place >= (len(outlines) + 1) // 2].append(one)
    found: list[Name] = []
    for right, some in enumerate(halves):
        edge = drawing.width + 12 if right else -12
        rows = spread([one.y for one in sorted(some, key=lambda cell: cell.y)], row, drawing.height)
        for one, y in zip(sorted(some, key=lambda cell: cell.y), rows, strict=True):
            href = into(here, one.id)
            line = (edge - 6 if right else edge + 6, y, one.x, one.y)
            anchor = "start" if right else "end"
            found.append(
                Name(
                    one.name,
                    edge,
                    y,
                    href,
                    told(_of(sums, one.id), here.measure),
                    anchor,
                    line,
                    (one.x, one.y),
                )
            )
    return tuple(found)


def into(here: Here, area_id: str) -> str:
    """One level down, the rest as it stands."""
    return here.to(area=Area(pk=int(area_id)), grid="")


def told(one: Measured, measure: str) -> str:
    """A street's own number: ``48 件``, or the share on time as its fraction."""
    return f"{one.on_time} / {one.done} 件" if measure == "on_time" else f"{value(one, measure)} 件"


def spread(wanted: list[float], least: float, height: float) -> list[float]:
    """Heights in the same order, as near to those wanted as ``least`` between them allows, inside the drawing."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + least if placed else least / 2))
    over = placed[-1] - (height - least / 2) if placed else 0
    for n in range(len(placed) - 1, -1, -1):
        limit = height - least / 2 - least * (len(placed) - 1 - n)
        placed[n] = min(placed[n], limit) if over > 0 else placed[n]
    return [round(y, 1) for y in placed]


def short(name: str) -> str:
    """A community's name without its ending, for the map."""
    for ending in ("社区", "村", "居委会"):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name

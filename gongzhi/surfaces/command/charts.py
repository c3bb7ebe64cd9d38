"""Server-made drawings: the trend as bars and a line, classes of a measure for the map. Pure; no script draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongzhi.domains.incidents.queries.figures import Day

WIDE, HIGH = 396, 116
LEFT, TOP, BOTTOM = 24, 8, 20
GRIDS = "格"


@dataclass(frozen=True)
class Bar:
    """One day's bar: where it stands, and what it says."""

    x: float
    y: float
    wide: float
    high: float
    day: date
    new: int
    closed: int
    hollow: bool


@dataclass(frozen=True)
class Trend:
    """The drawing: bars for what came, a line for what was closed, marks of both axes, sums for the legend."""

    bars: tuple[Bar, ...]
    line: str
    last: tuple[float, float]
    marks: tuple[tuple[float, int], ...]
    days: tuple[tuple[float, str], ...]
    new: int
    closed: int
    wide: int = WIDE
    high: int = HIGH

    @property
    def foot(self) -> int:
        """Where the bars stand."""
        return HIGH - BOTTOM


def trend(days: Sequence[Day]) -> Trend:
    """Draw a trend; the axis begins at zero and ends at a round number."""
    top = ceiling(max([1, *(max(day.new, day.closed) for day in days)]))
    step = (WIDE - LEFT) / max(len(days), 1)
    foot = HIGH - BOTTOM

    def y(n: int) -> float:
        return round(foot - (foot - TOP) * n / top, 1)

    def x(place: int) -> float:
        return round(LEFT + step * place, 1)

    bars = tuple(
        Bar(x(n) + 1.5, y(one.new), round(step - 3, 1), round(foot - y(one.new), 1), one.day, one.new, one.closed,
            one.unfinished)
        for n, one in enumerate(days)
    )  # fmt: skip
    points = [(round(x(n) + step / 2, 1), y(one.closed)) for n, one in enumerate(days)]
    done = [point for point, one in zip(points, days, strict=True) if not one.unfinished]
    named = [(points[n][0], _said(one)) for n, one in enumerate(days) if (len(days) - 1 - n) % 7 == 0]
    return Trend(
        bars=bars,
        line=" ".join(f"{px},{py}" for px, py in done),
        last=points[-1] if points else (0.0, 0.0),
        marks=tuple((y(n), n) for n in (0, top // 2, top)),
        days=tuple(named),
        new=sum(day.new for day in days),
        closed=sum(day.closed for day in days),
    )


def _said(one: Day) -> str:
    return "今天" if one.unfinished else f"{one.day:%m-%d}"


def ceiling(n: int) -> int:
    """The next round, even number: 2, 4, 6, 10, 20, 30, 40, 60, 100 …"""
    for size in (1, 10, 100, 1000, 10_000):
        for step in (2, 4, 6, 10):
            if n <= step * size:
                return step * size
    return n


@dataclass(frozen=True)
class Class:
    """A class of a measure: which tone of the ramp, which numbers it holds, how many areas stand in it."""

    tone: int
    label: str
    areas: int = 0


COUNTS = (
    (0, 0, 1, 1, 2, 2, 3, 4, 5, 7, 8),
    (0, 0, 1, 2, 3, 5, 6, 9, 10, 14, 15),
    (0, 0, 1, 5, 6, 15, 16, 30, 31, 60, 61),
    (0, 0, 1, 20, 21, 60, 61, 150, 151, 400, 401),
)
SHARES = (0, 59, 60, 79, 80, 89, 90, 94, 95, 99, 100)
FEWEST = 10  # below so many closed matters a share is hatched, not coloured


def bounds(values: Sequence[int]) -> tuple[int, ...]:
    """Class bounds for counts: the finest in which no more than a tenth (or one) stand in the last class."""
    few = max(1, len(values) // 10)
    return next((row for row in COUNTS if sum(n >= row[-1] for n in values) <= few), COUNTS[-1])


def tone(n: int, edges: Sequence[int]) -> int:
    """The tone 1–6 of a number."""
    return next((place for place, top in enumerate(edges[1:10:2], start=1) if n <= top), 6)


def classes(values: Sequence[int], edges: Sequence[int], unit: str = "") -> list[Class]:
    """The legend: each class with its bounds and how many areas stand in it."""
    found = []
    for place in range(5):
        low, high = edges[2 * place], edges[2 * place + 1]
        label = f"{low}" if low == high else f"{low}–{high}"
        found.append(Class(place + 1, label + (unit if place == 0 or unit == "%" else "")))
    found.append(Class(6, f"{edges[-1]}{unit}" if unit == "%" else f"{edges[-1]} 以上"))
    tones = [tone(n, edges) for n in values]
    return [Class(one.tone, one.label, tones.count(one.tone)) for one in found]

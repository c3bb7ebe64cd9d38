"""Server-made drawings: the trend as bars and a line, classes of a measure for the map. Pure; no script draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongzhi.domains.incidents.queries.trend import Slot

WIDE, HIGH = 396, 116
LEFT, TOP, BOTTOM = 24, 8, 20


@dataclass(frozen=True)
class Bar:
    """One day's (or hour's) bar: where it stands, and what it says."""

    x: float
    y: float
    wide: float
    high: float
    day: date
    hour: int | None
    said: str
    new: int
    closed: int
    hollow: bool


@dataclass(frozen=True)
class Trend:
    """The drawing: bars for what came, a line for what was closed, marks of both axes, sums for the legend."""

    bars: tuple[Bar, ...]
    line: str
    last: tuple[float, float] | None
    marks: tuple[tuple[float, int], ...]
    days: tuple[tuple[float, str], ...]
    new: int
    closed: int
    wide: int
    high: int
    left: int
    foot: float
    unit: str

    @property
    def words(self) -> float:
        """Where the words under the bars stand."""
        return (self.foot + self.high) / 2 + 1


@dataclass(frozen=True)
class Paper:
    """How large a drawing is, and how much of it its words need."""

    wide: int = WIDE
    high: int = HIGH
    left: int = LEFT
    top: int = TOP
    bottom: int = BOTTOM


WALL = Paper(540, 290, 40, 12, 34)


def trend(slots: Sequence[Slot], paper: Paper = Paper()) -> Trend:
    """Draw a trend; the axis begins at zero and ends at a round number."""
    top = ceiling(max([1, *(max(one.new, one.closed) for one in slots)]))
    step = (paper.wide - paper.left) / max(len(slots), 1)
    foot = paper.high - paper.bottom

    def y(n: int) -> float:
        return round(foot - (foot - paper.top) * n / top, 1)

    bars = []
    for place, one in enumerate(slots):
        x = round(paper.left + step * place + step * 0.1, 1)
        shape = (x, y(one.new), round(step * 0.8, 1), round(foot - y(one.new), 1))
        hour = one.start.hour if _hourly(slots) else None
        bars.append(Bar(*shape, one.day, hour, _named(one, slots), one.new, one.closed, one.unfinished))
    points = [(round(paper.left + step * (n + 0.5), 1), y(one.closed)) for n, one in enumerate(slots)]
    known = list(zip(points, slots, strict=True))
    return Trend(
        bars=tuple(bars),
        line=" ".join(f"{px},{py}" for (px, py), one in known if one.state == "past"),
        last=next((point for point, one in known if one.unfinished), None),
        marks=tuple((y(n), n) for n in (0, top // 2, top)),
        days=tuple((points[n][0], _named(slots[n], slots)) for n in _marked(slots)),
        new=sum(one.new for one in slots),
        closed=sum(one.closed for one in slots),
        wide=paper.wide,
        high=paper.high,
        left=paper.left,
        foot=foot,
        unit="每小时件数" if _hourly(slots) else "每天件数",
    )


def _hourly(slots: Sequence[Slot]) -> bool:
    return len(slots) > 1 and slots[0].day == slots[-1].day


def _marked(slots: Sequence[Slot]) -> list[int]:
    """Which slots are named under the axis: every fourth hour, every day of a week, every seventh day."""
    if _hourly(slots):
        return list(range(0, len(slots), 4))
    every = 1 if len(slots) <= 7 else 7
    return [n for n in range(len(slots)) if (len(slots) - 1 - n) % every == 0]


def _named(one: Slot, slots: Sequence[Slot]) -> str:
    if _hourly(slots):
        return f"{one.start.hour} 时"
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

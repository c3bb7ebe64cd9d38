"""A route's points as the lines they are kept in beside the ledger, and back. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

MOST = 40  # points of a route
LONGEST = 60  # signs of a point's name
_APART = " | "


@dataclass(frozen=True)
class Told:
    """A point as the desk tells it: what it is called, what to look at, the area it is in, degrees where known."""

    label: str
    look: str
    area_id: int
    lat: float | None = None
    lon: float | None = None

    @property
    def line(self) -> str:
        """``北门消火栓 | hydrant | 12 | 40.95 117.74``."""
        where = f"{self.lat} {self.lon}" if self.lat is not None and self.lon is not None else "-"
        return _APART.join((self.label.replace("|", "/"), self.look, str(self.area_id), where))


def lines(told: Iterable[Told]) -> str:
    """The points, one a line."""
    return "\n".join(one.line for one in told)


def read(text: str) -> list[Told]:
    """The points of such lines. ValueError where a line is none."""
    return [_read(line) for line in text.splitlines() if line.strip()]


def _read(line: str) -> Told:
    label, look, area_id, where = line.split(_APART)
    lat, _, lon = where.strip().partition(" ")
    return Told(label, look, int(area_id), *((float(lat), float(lon)) if lon else (None, None)))


def numbers(text: str) -> list[int]:
    """``1,2,5`` as numbers, each once; what is no number is left out."""
    return list(dict.fromkeys(int(one) for one in text.split(",") if one.strip().isdecimal()))

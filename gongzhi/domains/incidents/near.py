"""How near is near: circles of the pack, distance on the ground, the ground a matter or a draft stands on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

from gongzhi.kernel.packs import Pack
from gongzhi.kernel.process.models import Matter

EARTH = 6_371_000.0  # metres
DEGREE = 111_195.0  # metres of one degree of latitude


@dataclass(frozen=True)
class Circle:
    """So many metres around, so long back; ``but``: kinds that say too little to be compared."""

    metres: float
    back: timedelta
    but: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ground:
    """Where something stands: its areas by level, its point (lat, lon; WGS-84) where there is one, its place words."""

    areas: Mapping[str, int | None]
    point: tuple[float, float] | None = None
    place: str = ""

    @classmethod
    def of(cls, matter: Matter) -> "Ground":
        """The ground of a matter."""
        areas = {level: getattr(matter, f"{level}_id") for level in ("street", "community", "grid")}
        point = (matter.lat, matter.lon) if matter.lat is not None and matter.lon is not None else None
        return cls(areas, point, matter.place)


def circle(pack: Pack, name: str) -> Circle:
    """A circle of the pack: ``resident``, ``staff``, ``cause``, ``repeat``."""
    row = pack.table("near")["circle"][name]
    return Circle(float(row["metres"]), timedelta(days=int(row["days"])), frozenset(row.get("not", ())))


def causes_of(pack: Pack, leaf: str) -> list[str]:
    """Ids of the causes from which a kind may come."""
    rows = pack.table("causes").get("cause", {})
    return [name for name, row in rows.items() if leaf in row.get("leaves", ())]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two points on the ground."""
    (lat1, lon1), (lat2, lon2) = ([radians(degree) for degree in point] for point in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))


def box(point: tuple[float, float], reach: float) -> tuple[float, float, float, float]:
    """South, north, west, east of everything within ``reach`` metres."""
    lat, lon = point
    up, aside = reach / DEGREE, reach / (DEGREE * max(cos(radians(lat)), 0.01))
    return lat - up, lat + up, lon - aside, lon + aside

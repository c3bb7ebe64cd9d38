"""How near is near: circles of the pack, distance on the ground, the ground a matter or a draft stands on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

from gongzhi.kernel.packs import Pack
from gongzhi.kernel.process.models import Matter

EARTH = 6_371_000.0  # metres
DEGREE = 111_195.0  # metres of one degree of latitude
TO_ANYONE = 200.0  # metres: no finer than this anyone learns where something is


@dataclass(frozen=True)
class Circle:
    """So many metres around, so long back; ``but``: kinds that say too little to be compared.

    ``coarse``: metres to which what is found is moved before it is measured, so that asking again and again from
    elsewhere tells nobody where exactly it is.
    """

    metres: float
    back: timedelta
    but: frozenset[str] = frozenset()
    coarse: float = 0.0


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


def blurred(point: tuple[float, float], coarse: float) -> tuple[float, float]:
    """The nearest knot of a net with meshes of ``coarse`` metres; the point itself where that is 0."""
    if not coarse:
        return point
    up = coarse / DEGREE
    lat = round(point[0] / up) * up
    aside = up / max(cos(radians(lat)), 0.01)
    return lat, round(point[1] / aside) * aside


def box(point: tuple[float, float], reach: float) -> tuple[float, float, float, float]:
    """South, north, west, east of everything within ``reach`` metres."""
    lat, lon = point
    up, aside = reach / DEGREE, reach / (DEGREE * max(cos(radians(lat)), 0.01))
    return lat - up, lat + up, lon - aside, lon + aside

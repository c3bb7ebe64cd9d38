"""WGS-84 ↔ GCJ-02 ↔ BD-09. What is stored is always WGS-84; the source system is kept beside it.

GCJ-02 is WGS-84 with a published non-linear shift (50–700 m) on the Krasovsky ellipsoid, BD-09 a second shift
on top. Neither has a closed inverse: ours iterates until the point maps back to within 10⁻⁹ degrees (0.1 mm).
CGCS2000 differs from WGS-84 by centimetres and is treated as the same (``rules.md`` A17).
Longitudes and latitudes are in degrees; every function takes and gives ``(lon, lat)``.
"""

import math
from collections.abc import Callable

Point = tuple[float, float]

SYSTEMS = {"wgs84": "WGS-84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}

SEMI_MAJOR = 6_378_245.0  # metres, Krasovsky 1940
ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
X_PI = math.pi * 3000.0 / 180.0
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
PRECISION = 1e-9
ROUNDS = 30


class UnknownSystem(ValueError):
    """A coordinate system we do not convert; ``str()`` is a sentence."""


def in_china(lon: float, lat: float) -> bool:
    """Whether the shift applies at all: a rectangle, as in the published formula."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """The shifted position; outside China the point itself."""
    if not in_china(lon, lat):
        return lon, lat
    east, north = _shift_metres(lon - 105.0, lat - 35.0)
    radians = math.radians(lat)
    magic = 1 - ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    meridian = SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED) / (magic * math.sqrt(magic))
    parallel = SEMI_MAJOR / math.sqrt(magic) * math.cos(radians)
    return lon + math.degrees(east / parallel), lat + math.degrees(north / meridian)


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """The inverse of :func:`wgs84_to_gcj02`, by iteration."""
    return _invert(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """The second shift."""
    radius = math.hypot(lon, lat) + 0.000_02 * math.sin(lat * X_PI)
    angle = math.atan2(lat, lon) + 0.000_003 * math.cos(lon * X_PI)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    """The inverse of :func:`gcj02_to_bd09`, by iteration (the usual closed form is off by up to a metre)."""
    return _invert(gcj02_to_bd09, lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> Point:
    """Both shifts."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: float, lat: float) -> Point:
    """Both shifts taken back."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def to_wgs84(system: str, lon: float, lat: float) -> Point:
    """A point of ``system`` (a key of :data:`SYSTEMS`) in WGS-84. Raises :class:`UnknownSystem`."""
    if known(system) in ("wgs84", "cgcs2000"):
        return lon, lat
    return gcj02_to_wgs84(lon, lat) if known(system) == "gcj02" else bd09_to_wgs84(lon, lat)


def from_wgs84(system: str, lon: float, lat: float) -> Point:
    """A WGS-84 point in ``system``. Raises :class:`UnknownSystem`."""
    if known(system) in ("wgs84", "cgcs2000"):
        return lon, lat
    return wgs84_to_gcj02(lon, lat) if known(system) == "gcj02" else wgs84_to_bd09(lon, lat)


def known(system: str) -> str:
    """The system's key: ``GCJ-02``, ``gcj_02`` and ``gcj02`` are one. Raises :class:`UnknownSystem`."""
    key = system.strip().lower().replace("-", "").replace("_", "")
    if key not in SYSTEMS:
        raise UnknownSystem(f"不认识坐标系“{system}”。可以用 {'、'.join(SYSTEMS.values())}。")
    return key


def _shift_metres(x: float, y: float) -> Point:
    """The published polynomial with its sines, in metres east and north; x, y in degrees from (105, 35)."""
    root = math.sqrt(abs(x))
    fine = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + fine
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + fine
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    return east, north


def _invert(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that ``forward`` maps onto (lon, lat): each round takes back what is still missing."""
    guess_lon, guess_lat = lon, lat
    for _ in range(ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        wrong_lon, wrong_lat = there_lon - lon, there_lat - lat
        guess_lon, guess_lat = guess_lon - wrong_lon, guess_lat - wrong_lat
        if abs(wrong_lon) < PRECISION and abs(wrong_lat) < PRECISION:
            break
    return guess_lon, guess_lat

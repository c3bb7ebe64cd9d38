"""Where a staff report was made: the phone's position, or the one its first photo carries."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from django.http import HttpRequest

from gongzhi.kernel.territory import lookup
from gongzhi.kernel.territory.models import Area

FROM_DEVICE = ("phone", "photo")


@dataclass(frozen=True)
class Spot:
    """A point in degrees (WGS-84), who gave it, and the grid it lies in (None outside all)."""

    lat: float
    lon: float
    source: str
    grid: Area | None

    def inside(self, area: Area) -> bool:
        """Whether the point may stand for something in this area: in the same grid, or in a grid below it."""
        path = self.grid.path if self.grid is not None else ""
        return bool(path) and (path.startswith(area.path) or area.path.startswith(path))


def spot(request: HttpRequest, photos: Any, at: datetime) -> Spot | None:
    """The position that came with a report; None where there is none or it is no point."""
    said = request.POST
    source = said.get("point_source", "")
    if source in FROM_DEVICE:
        try:
            found = _made(float(said.get("lat", "")), float(said.get("lon", "")), source, at)
        except ValueError:
            found = None
        if found is not None:
            return found
    placed = [one for one in photos or () if one.lat is not None and one.lon is not None]
    return _made(placed[0].lat, placed[0].lon, "photo", at) if placed else None


def _made(lat: float, lon: float, source: str, at: datetime) -> Spot | None:
    if not (isfinite(lat) and isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return Spot(lat, lon, source, lookup.grid_at(lat, lon, at))

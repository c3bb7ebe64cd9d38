"""The lines of a route's form: a point each, typed, tapped on the map, or taken from the route as it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from gongzhi.domains.patrols.points import LONGEST, MOST, Told
from gongzhi.domains.patrols.queries.planning import Plan
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.workbench import patrol_map

ROWS, MORE_ROWS = 5, 5  # lines of an empty form; how many more at a time


@dataclass
class Line:
    """A point as it stands in the form."""

    n: int
    label: str = ""
    look: str = ""
    where: str = ""
    at: str = ""  # degrees tapped on the map

    @property
    def lat(self) -> float | None:
        """Degrees north, where a place was tapped."""
        return float(self.at.split(" ")[0]) if self.at else None

    @property
    def lon(self) -> float | None:
        """Degrees east."""
        return float(self.at.split(" ")[1]) if self.at else None


def read(request: HttpRequest) -> list[Line]:
    """The lines of the form, in order, numbered from 1; what has no name is left at the end."""
    said, found = request.POST, []
    for n in range(1, MOST + 1):
        if f"label_{n}" not in said:
            break
        values = [said.get(f"{name}_{n}", "").strip() for name in ("label", "look", "where", "at")]
        found.append(Line(n, values[0][:LONGEST], values[1], values[2], degrees(values[3])))
    return found


def degrees(text: str) -> str:
    try:
        lat, lon = (float(one) for one in text.split(" "))
    except ValueError:
        return ""
    return f"{lat} {lon}" if -90 <= lat <= 90 and -180 <= lon <= 180 else ""


def of_plan(plan: Plan | None, grid: Area) -> list[Line]:
    if plan is None:
        return []
    return [
        Line(one.n, one.label, one.look, str(one.area_id), _own_place(one.lat, one.lon, one.area))
        for one in plan.points
    ]


def _own_place(lat: float | None, lon: float | None, area: Area) -> str:
    """Degrees that were tapped; those of the building itself are not repeated."""
    return "" if lat is None or (lat, lon) == (area.lat, area.lon) else f"{lat} {lon}"


def tap(request: HttpRequest, grid: Area, lines: list[Line], at: datetime) -> None:
    """The tapped place goes to the line that was chosen, else to the first without one."""
    x, y = request.POST.get("spot.x", ""), request.POST.get("spot.y", "")
    if not (x.isdecimal() and y.isdecimal()):
        return
    place = patrol_map.tapped(grid, float(x), float(y), at)
    chosen = request.POST.get("place", "")
    line = next((one for one in lines if str(one.n) == chosen), None)
    line = line or next((one for one in lines if not one.at), None)
    if place is not None and line is not None:
        line.at = f"{place[0]} {place[1]}"


def told(lines: list[Line], inside: list[Area]) -> list[Told]:
    """The named lines as points; a building gives its own place where none was tapped."""
    known = {str(one.pk): one for one in inside}
    told = []
    for one in lines:
        if not one.label:
            continue
        area = known.get(one.where, inside[0])
        own = (area.lat, area.lon) if area.level == "building" else (None, None)
        lat, lon = (one.lat, one.lon) if one.at else own
        told.append(Told(one.label, one.look or "other", area.pk, lat, lon))
    return told


def padded(lines: list[Line], rows: int) -> list[Line]:
    """The lines with empty ones after them, up to forty."""
    wanted = min(max(rows, ROWS), MOST)
    return [*lines, *(Line(n) for n in range(len(lines) + 1, wanted + 1))]


def drawn(grid: Area, lines: list[Line], at: datetime) -> dict[str, Any]:
    """The lines with the map they stand on."""
    placed = [one for one in lines if one.at]
    dots = " ".join(f"{one.n}:{one.at.replace(' ', ',')}" for one in placed)
    return {"lines": lines, "map": patrol_map.drawn(grid, placed, at), "dots": dots}

"""Where a report from outside is: a point, a place's code, an address; with words but no place, the desk asks."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from gongzhi.kernel.territory import gazetteer, lookup, place_codes, tree
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.surfaces.api.open311.asked import Asked
from gongzhi.surfaces.api.open311.refusals import Fault, Missing

SURE = 0.8  # of a typed address found again: taken without asking
NOWHERE = "缺位置：写 lat 和 long，或者 address_string，或者 address_id（楼门码、辖区编码）。"
NOT_YOURS = "这把钥匙只报{area}的事，这个位置不在里面。"
LONGEST = 200


@dataclass(frozen=True)
class Spot:
    """The area it hangs in, the point where one is known, how it is known, and the place in words."""

    area: Area
    point: tuple[float, float] | None
    source: str
    words: str


def spot(said: Asked, key_area: Area, district: Area, at: datetime) -> Spot:
    """Where it is. Missing without any position; 403 where the key does not reach; an address is never refused."""
    point, words, code = said.point(), said.get("address_string"), said.get("address_id")
    if point is None and not words and not code:
        raise Missing(NOWHERE)
    found = _of_point(point, words, at) or _of_code(code, words, at) or _of_words(words, key_area, at)
    if found is None and point is not None and not words and not code:
        raise Missing(lookup.locate(*point, at).sentence)
    if found is None:
        home = key_area if key_area.path.startswith(district.path) else district
        return Spot(home, None, "typed", (words or code)[:LONGEST])
    if not found.area.path.startswith(key_area.path):
        raise Fault(403, NOT_YOURS.format(area=key_area.name))
    return found


def _of_point(point: tuple[float, float] | None, words: str, at: datetime) -> Spot | None:
    grid = lookup.locate(*point, at).grid if point is not None else None
    return Spot(grid, point, "phone", words[:LONGEST]) if grid is not None else None


def _of_code(code: str, words: str, at: datetime) -> Spot | None:
    """The code printed at a place, or an area's own code."""
    if not code:
        return None
    day = localtime(at).date()
    plain = place_codes.plain(code)
    rows = Place.objects.filter(tree.valid_on(day, "area__"), code=plain, ended_at=None)
    place = rows.select_related("area").defer("area__polygon").first()
    if place is not None:
        return Spot(place.area, _point(place.lat, place.lon), "code", (words or place.label)[:LONGEST])
    area = tree.areas(day).filter(code=code).exclude(code="").first()
    return Spot(area, None, "picked", (words or area.name)[:LONGEST]) if area is not None else None


def _of_words(words: str, within: Area, at: datetime) -> Spot | None:
    """A typed address that can only mean one place."""
    found = gazetteer.find_place(words, within, at=at) if words else []
    if not found or found[0].score < SURE or (len(found) > 1 and found[1].score >= SURE):
        return None
    area = tree.areas(localtime(at).date()).filter(pk=found[0].area_id).first()
    return Spot(area, _point(found[0].lat, found[0].lon), "typed", words[:LONGEST]) if area else None


def _point(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    return (lat, lon) if lat is not None and lon is not None else None

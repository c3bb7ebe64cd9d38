"""Where a report is: the scanned code, a point, an area, typed words, last the photo's own position."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from gongzhi.kernel.ids import whole
from gongzhi.kernel.ledger.files import Stored
from gongzhi.kernel.process.verdict import SayMore
from gongzhi.kernel.territory import gazetteer, lookup, tree
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.surfaces.api.shapes import ReportIn

SURE = 0.8  # of a typed address found again: taken without asking
NO_CODE = "没有这个楼门码，请再看一眼，或者写地址。"
NO_AREA = "没有这个网格或社区，或者它已经并走了。"
UNSURE = "“{place}”有不止一处。请写上小区和几号楼，或者带上位置、楼门码。"
NOWHERE = "还不知道在哪里。请写地址，或者带上位置、楼门码、网格。"


@dataclass(frozen=True)
class Spot:
    """The area found, the point where there is one (latitude, longitude, WGS-84), and how we know."""

    area: Area
    point: tuple[float, float] | None
    source: str


def spot(said: ReportIn, photos: Sequence[Stored], at: datetime) -> Spot:
    """Where the report is. SayMore with the sentence under the field that says it."""
    day = localtime(at).date()
    if said.code:
        return _of_code(said.code, day)
    if said.lat is not None and said.lon is not None:
        return _of_point(said.lat, said.lon, "phone", "lat", at)
    if said.area:
        area = tree.areas(day).filter(pk=whole(said.area) or 0).first()
        if area is None:
            raise SayMore({"area": NO_AREA})
        return Spot(area, None, "picked")
    found = _of_words(said.place or said.words, day, at)
    if found is not None:
        return found
    shot = next((one for one in photos if one.lat is not None and one.lon is not None), None)
    if shot is not None and shot.lat is not None and shot.lon is not None:
        return _of_point(shot.lat, shot.lon, "photo", "place", at)
    raise SayMore({"place": UNSURE.format(place=said.place) if said.place else NOWHERE})


def _of_code(code: str, day: object) -> Spot:
    rows = Place.objects.filter(tree.valid_on(day, "area__"), code=code.strip().upper())  # type: ignore[arg-type]
    place = rows.select_related("area").first()
    if place is None:
        raise SayMore({"code": NO_CODE})
    point = (place.lat, place.lon) if place.lat is not None and place.lon is not None else None
    return Spot(place.area, point, "code")


def _of_point(lat: float, lon: float, source: str, field: str, at: datetime) -> Spot:
    found = lookup.locate(lat, lon, at)
    if found.grid is None:
        raise SayMore({field: found.sentence})
    return Spot(found.grid, (lat, lon), source)


def _of_words(words: str, day: object, at: datetime) -> Spot | None:
    """A typed address that can only mean one place."""
    found = gazetteer.find_place(words, at=at) if words.strip() else []
    if not found or found[0].score < SURE or (len(found) > 1 and found[1].score >= SURE):
        return None
    best = found[0]
    area = tree.areas(day).filter(pk=best.area_id).first()  # type: ignore[arg-type]
    if area is None:
        return None
    point = (best.lat, best.lon) if best.lat is not None and best.lon is not None else None
    return Spot(area, point, "typed")

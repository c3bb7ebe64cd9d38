"""Where it is: from a scanned code, the last place, the phone, typed or picked words, the map, the photo."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from gongzhi.kernel.process.verdict import NotYet
from gongzhi.kernel.territory import gazetteer, lookup, place_register, tree
from gongzhi.kernel.territory.models import Area, Place

SURE = 0.8  # a typed address scoring so much, well before the next, is taken without asking
CLEARLY = 0.15
SOURCES = {
    "code": "位置来自您扫的码。",
    "last": "这是您上次报事的地方。",
    "phone": "位置来自手机定位。",
    "typed": "按您写的地址找到的。",
    "picked": "这是您选的社区。",
    "map": "这是您在图上点的。",
    "photo": "位置来自照片。",
}
UNKNOWN = "不知道是哪个社区"
AREAS = ("district", "street", "community", "grid")


@dataclass(frozen=True)
class Spot:
    """A place said so far. ``label`` names it, ``within`` what it stands in; WGS-84 degrees where known."""

    area_id: int
    label: str
    within: str
    level: str
    source: str
    lat: float | None = None
    lon: float | None = None

    @property
    def said(self) -> str:
        """How we know it, as a sentence."""
        return SOURCES.get(self.source, "")

    def packed(self) -> dict[str, Any]:
        """As a draft or a cookie keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Elsewhere:
    """A point that is not ours; ``sentence`` tells whose it is and what to do."""

    sentence: str


def unpacked(raw: Any) -> Spot | None:
    """A spot from a draft or a cookie; None where it is absent or its area no longer holds."""
    try:
        return Spot(**raw) if raw else None
    except TypeError:
        return None


def of_area(area: Area, source: str, *, lat: float | None = None, lon: float | None = None) -> Spot:
    """A spot from an area of any level; its own point unless one is given."""
    way = tree.columns(area)
    names = [way[level].name for level in ("community", "grid") if way[level] and way[level].pk != area.pk]  # type: ignore[union-attr]
    street = way["street"]
    within = " ".join(names) or (street.name if street and street.pk != area.pk else "")
    return Spot(area.pk, area.name, within, area.level, source, lat or area.lat, lon or area.lon)


def of_code(code: str, at: datetime) -> Spot | None:
    """The spot of a printed code; None where no sticker has it, or it has ended."""
    looked = place_register.look_up(code, at)
    return of_place(looked.place, "code") if looked.place and looked.holds else None


def of_place(place: Place, source: str) -> Spot:
    """A spot from a building, estate or facility; the area is the one it stands in."""
    spot = of_area(place.area, source, lat=place.lat, lon=place.lon)
    if place.label == place.area.name:
        return spot
    return replace(spot, label=place.label, within=_joined(spot), level=place.kind)


def _joined(spot: Spot) -> str:
    return f"{spot.within} {spot.label}".strip() if spot.level in ("grid", "community") else spot.within


def of_point(lat: float, lon: float, source: str, at: datetime) -> Spot | Elsewhere:
    """The grid a point lies in, or whose it is."""
    found = lookup.locate(lat, lon, at)
    if found.grid is None:
        return Elsewhere(found.sentence)
    return of_area(found.grid, source, lat=lat, lon=lon)


def area(area_id: Any, at: datetime) -> Area | None:
    """A living area by its id as it came from a form."""
    try:
        return tree.areas(localtime(at).date()).filter(pk=int(area_id)).first()
    except (TypeError, ValueError):
        return None


def district(at: datetime) -> Area | None:
    """The district of this deployment."""
    return tree.areas(localtime(at).date(), "district").first()


def ground(spot: Spot | None, at: datetime) -> Area:
    """Where a report hangs: the spot's area, else the district. Raises ``NotYet`` before a place was made."""
    found = area(spot.area_id, at) if spot else None
    found = found or district(at)
    if found is None:
        raise NotYet("这里的辖区还没有建好。急事请打 12345。")
    return found


def typed(words: str, at: datetime, within: Area | None = None) -> list[Spot]:
    """Spots for a typed address, best first; one alone where it is clear which."""
    found = gazetteer.find_place(words, within, at=at)
    clear = len(found) == 1 or (
        found and found[0].score >= SURE and found[0].score - found[1].score >= CLEARLY
    )
    areas = tree.areas(localtime(at).date()).in_bulk([one.area_id for one in found])
    spots = [
        Spot(one.area_id, one.label, _within(one, areas), one.level, "typed", one.lat, one.lon)
        for one in found
    ]
    return spots[:1] if clear else spots


def _within(one: gazetteer.Candidate, areas: dict[int, Area]) -> str:
    stands_in = areas.get(one.area_id)
    return of_area(stands_in, "typed").within if stands_in else one.within


def picked(words: str, street: Area | None, at: datetime) -> list[Area]:
    """Communities for a typed name or pinyin, inside a street where one was chosen."""
    return tree.by_name(words, day=localtime(at).date(), within=street)

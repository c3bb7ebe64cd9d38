"""The register of printed codes: made, looked up, ended; each change an entry of the territory's chain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

from gongzhi.kernel.territory import chain, place_codes, tree
from gongzhi.kernel.territory.models import Area, Place

KINDS = {"building": "楼", "estate": "小区", "lift": "电梯", "facility": "设施"}
WHY = {"lost": "牌子丢了、坏了，换新码", "gone": "这个地方没有了"}
ROWS_AT_ONCE = 500


class NotAPlace(ValueError):
    """What is wrong with a place to be printed; ``str()`` is a sentence."""


@dataclass(frozen=True)
class Spot:
    """A place that is to have a code: the area it stands in, its name there, its kind."""

    area: Area
    label: str
    kind: str


@dataclass(frozen=True)
class Looked:
    """What a scanned or typed code leads to: its place, or a sentence why there is none any more or none at all.

    ``place`` stands also for an ended code, so that the way on can begin where it hung.
    """

    place: Place | None
    sentence: str = ""

    @property
    def holds(self) -> bool:
        """Whether the code leads to its place today."""
        return self.place is not None and not self.sentence


def look_up(text: str, at: datetime) -> Looked:
    """The place of a code, however it was typed (one statement, two for a code whose sheet was replaced)."""
    code, day = place_codes.plain(text), localtime(at).date()
    place = Place.objects.filter(code=code).select_related("area").first() if code else None
    if place is None:
        return Looked(None, place_codes.fault(code))
    until = place.area.valid_to
    if until is not None and until <= day:
        return Looked(place, f"“{place.label}”这一片重新划过，这个码不再用了。")
    if place.ended_at is None or place.ended_at > at:
        return Looked(place)
    if place.ended_why == "gone":
        return Looked(place, f"“{place.label}”已经没有了，这个码不再用了。")
    return Looked(place, f"“{place.label}”的这张牌子换过了，这个码不再用了。")


def within(area: Area, at: datetime, kind: str = "") -> QuerySet[Place]:
    """Places with a living code at or below an area, by grid and name."""
    day = localtime(at).date()
    rows = Place.objects.filter(tree.subtree(area, "area__path"), tree.valid_on(day, "area__"), ended_at=None)
    return (rows.filter(kind=kind) if kind else rows).select_related("area").order_by("area__path", "id")


def without_code(area: Area, at: datetime) -> list[Spot]:
    """Buildings at or below an area that have no living code yet."""
    buildings = tree.areas(localtime(at).date(), "building", area)
    known = set(within(area, at, "building").values_list("area", flat=True))
    return [Spot(one, one.name, "building") for one in buildings if one.pk not in known]


def make(spots: Sequence[Spot], *, by: Any, at: datetime) -> list[Place]:
    """Give places their codes, in one transaction with one entry; a place that has one keeps it.

    Raises :class:`NotAPlace` for an unknown kind or an empty or overlong name.
    """
    for spot in spots:
        _check(spot)
    with transaction.atomic():
        known = _known(spots)
        fresh = {_key(spot): spot for spot in spots if _key(spot) not in known}
        rows = [
            Place(
                code=place_codes.made(),
                area=one.area,
                label=one.label,
                kind=one.kind,
                lat=one.area.lat,
                lon=one.area.lon,
            )
            for one in fresh.values()
        ]
        Place.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
        if rows:
            facts = {"codes": [row.code for row in rows], "areas": sorted({row.area_id for row in rows})}
            chain.record("make_place_codes", by=by, at=at, facts=facts)
        known |= {(row.area_id, row.kind, row.label): row for row in rows}
    return [known[_key(spot)] for spot in spots]


def end(place: Place, why: str, *, by: Any, at: datetime) -> Place | None:
    """End a code. ``lost``: another one takes its place and is given back; ``gone``: None.

    Raises :class:`NotAPlace` where it has ended already or the reason is none.
    """
    if why not in WHY:
        raise NotAPlace("选一个原因：牌子丢了、坏了，还是这个地方没有了。")
    with transaction.atomic():
        ended = Place.objects.filter(pk=place.pk, ended_at=None).update(ended_at=at, ended_why=why)
        if not ended:
            raise NotAPlace("这个码已经停用了。")
        chain.record("end_place_code", by=by, at=at, facts={"code": place.code, "why": why})
        if why == "gone":
            return None
        return make([Spot(place.area, place.label, place.kind)], by=by, at=at)[0]


def _key(spot: Spot) -> tuple[int, str, str]:
    return spot.area.pk, spot.kind, spot.label


def _known(spots: Iterable[Spot]) -> dict[tuple[int, str, str], Place]:
    rows = Place.objects.filter(area__in={spot.area.pk for spot in spots}, ended_at=None).select_related(
        "area"
    )
    return {(row.area_id, row.kind, row.label): row for row in rows.order_by("-pk")}


def _check(spot: Spot) -> None:
    if spot.kind not in KINDS:
        raise NotAPlace(f"不认识“{spot.kind}”。种类是{'、'.join(KINDS.values())}。")
    if not spot.label.strip() or len(spot.label) > 60:
        raise NotAPlace("地方的名字要有 1 到 60 个字，比如“2 单元电梯”。")

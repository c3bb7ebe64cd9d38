"""写地址: what a resident typed, found again among buildings, estates, facilities and communities.

Every printed place and every current area down to the grid stands in a small list in memory, in one written form
(``naming.address``); what was typed is compared with all of it. Nothing is sent anywhere.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils.timezone import localtime

from gongzhi.kernel.territory import chain, tree
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.kernel.territory.naming import address

SHOWN = 8
LEAST = 0.45  # of the typed pairs of characters must be found again
NUMBERED = re.compile(r"([0-9]+)号楼")


@dataclass(frozen=True)
class Candidate:
    """A place or area that may be meant; ``score`` 0–1; ``place_id`` None for an area."""

    area_id: int
    place_id: int | None
    label: str
    within: str
    level: str
    lat: float | None
    lon: float | None
    score: float


@dataclass(frozen=True)
class _Line:
    written: str
    pairs: frozenset[str]
    path: str
    candidate: Candidate


_kept: dict[tuple[object, ...], tuple[_Line, ...]] = {}


def find_place(text: str, area: Area | None = None, *, at: datetime) -> list[Candidate]:
    """Candidates for a typed address, best first, at most eight; inside ``area`` where given; empty when unsure."""
    wanted = address(text)
    if len(wanted) < 2:
        return []
    asked = _pairs(wanted)
    numbers = set(NUMBERED.findall(wanted))
    found = []
    for line in _lines(localtime(at).date()):
        if area is not None and not line.path.startswith(area.path):
            continue
        score = _score(wanted, asked, numbers, line)
        if score >= LEAST:
            found.append((score, line))
    found.sort(key=lambda hit: (-hit[0], len(hit[1].written), hit[1].written))
    return [_scored(line.candidate, score) for score, line in found[:SHOWN]]


def _score(wanted: str, asked: frozenset[str], numbers: set[str], line: _Line) -> float:
    """1 for the same words, less for a part; a wrong house number never wins over a right one."""
    if line.written == wanted:
        return 1.0
    common = len(asked & line.pairs)
    if not common:
        return 0.0
    score = 0.6 * common / len(asked) + 0.4 * common / len(line.pairs)
    if line.written in wanted or wanted in line.written:
        score = max(score, 0.55) + 0.1
    has = set(NUMBERED.findall(line.written))
    if numbers and has and numbers != has:
        score -= 0.5
    return min(score, 0.99)


def _pairs(text: str) -> frozenset[str]:
    """Neighbouring characters; a house number counts as one sign."""
    signs = re.findall(r"[0-9]+|[a-z]+|.", text)
    return frozenset("".join(pair) for pair in pairwise(signs)) or frozenset([text])


def _lines(day: date) -> tuple[_Line, ...]:
    key = (*chain.stamp(), day)
    if key not in _kept:
        _kept.clear()
        _kept[key] = tuple(_read(day))
    return _kept[key]


def _read(day: date) -> list[_Line]:
    areas = {area.pk: area for area in tree.areas(day).exclude(level__in=("city", "district"))}
    lines = [
        _line(area.name if area.level != "grid" else "", area, None, areas)
        for area in areas.values()
        if area.level in ("street", "community", "grid")
    ]
    places = (
        Place.objects.filter(tree.valid_on(day, "area__"), ended_at=None)
        .select_related("area")
        .defer("area__polygon")
    )
    return [*lines, *(_line(place.label, place.area, place, areas) for place in places)]


def _line(name: str, area: Area, place: Place | None, areas: dict[int, Area]) -> _Line:
    """One entry; a grid is written with its community's name, since its own says only a number."""
    above = [areas[one] for one in tree.ids_above(area)[:-1] if one in areas]
    community = next((one.name for one in reversed(above) if one.level == "community"), "")
    label = name or f"{community}{area.name}"
    within = "".join(one.name for one in above if one.level in ("street", "community"))
    spot = place or area
    level = place.kind if place else area.level
    candidate = Candidate(area.pk, place.pk if place else None, label, within, level, spot.lat, spot.lon, 0.0)
    written = address(label)
    return _Line(written, _pairs(written), area.path, candidate)


def _scored(candidate: Candidate, score: float) -> Candidate:
    return Candidate(**{**candidate.__dict__, "score": round(score, 3)})

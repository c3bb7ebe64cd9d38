"""The tree of areas: below, above, at a date, by name. The one place where a path is compared."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from gongzhi.kernel.territory.models import LEVELS, Area
from gongzhi.kernel.territory.naming import fold

FOUND_AT_MOST = 20


def subtree(area: Area, column: str = "path") -> Q:
    """Every area at or below ``area``: a range over the path's bytes (``"0"`` is the sign after ``"/"``).

    Segments end with ``/``, so ``/1/23/`` never takes ``/1/234/`` along. ``column`` names the path from another
    table, e.g. ``area__path``.
    """
    return Q(**{f"{column}__gte": area.path, f"{column}__lt": area.path[:-1] + "0"})


def valid_on(day: date, prefix: str = "") -> Q:
    """Areas that hold on a day; ``prefix`` reaches them from another table, e.g. ``area__``."""
    ended = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    return Q(**{f"{prefix}valid_from__lte": day}) & ended


def areas(day: date, level: str = "", within: Area | None = None) -> QuerySet[Area]:
    """Areas of a day without their polygons, by code; of one level and inside one area where asked."""
    rows = Area.objects.filter(valid_on(day)).defer("polygon")
    if level:
        rows = rows.filter(level=level)
    return (rows.filter(subtree(within)) if within else rows).order_by("code", "id")


def ids_above(area: Area) -> list[int]:
    """Ids on the way down to an area, itself last, read from its path."""
    return [int(part) for part in area.path.split("/") if part]


def ancestors(area: Area) -> list[Area]:
    """The areas above, the highest first, without the area itself (one statement)."""
    ids = ids_above(area)[:-1]
    found = Area.objects.defer("polygon").in_bulk(ids)
    return [found[one] for one in ids]


def columns(area: Area) -> dict[str, Area | None]:
    """An area and its ancestors by level, as a matter keeps them; a level that is not there is None."""
    way: dict[str, Area | None] = dict.fromkeys(LEVELS)
    for one in [*ancestors(area), area]:
        way[one.level] = one
    return way


def at_level(area: Area, level: str) -> Area | None:
    """The area itself or the one above it at a level."""
    return columns(area)[level]


def by_name(text: str, *, day: date, level: str = "community", within: Area | None = None) -> list[Area]:
    """Areas whose name holds the text, or whose pinyin or initials start with it; folded; best first, 20 at most."""
    wanted = fold(text)
    if not wanted:
        return []
    rows = areas(day, level, within)
    if wanted.isascii():
        rows = rows.filter(Q(pinyin__startswith=wanted) | Q(pinyin__contains=f" {wanted}"))
    else:
        rows = rows.filter(name__contains=wanted)

    def rank(area: Area) -> tuple[bool, bool, str]:
        name = area.pinyin if wanted.isascii() else area.name
        return not name.startswith(wanted), wanted not in area.pinyin.split(" "), area.code

    return sorted(rows[:200], key=rank)[:FOUND_AT_MOST]


def brief(area: Area) -> dict[str, Any]:
    """What every surface may show of an area: id as a string, code, name, level, kind, phones, schematic or not."""
    return {
        "id": str(area.pk),
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "kind": area.kind,
        "phone": area.phone,
        "supervision_phone": area.supervision_phone,
        "households": area.households,
        "schematic": area.schematic,
        "valid_from": area.valid_from.isoformat(),
        "valid_to": area.valid_to.isoformat() if area.valid_to else None,
    }

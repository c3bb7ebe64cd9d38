"""Sheets to hang up: a place's code, the telephone of its community and its grid, what to do. No person is named.

Two sizes. ``a4``: one place a sheet, for a door or a lift, read from three metres. ``fridge``: four a sheet, 90 × 128
mm each, the largest that leaves room for the scissors; code and number are read at arm's length without glasses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from gongzhi.kernel.people.roster import office_lines
from gongzhi.kernel.territory import place_codes, tree
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.kernel.territory.place_register import KINDS
from gongzhi.surfaces import place_name, qr

SIZES = {"a4": "A4，一处一张，贴楼门、电梯里", "fridge": "一张 A4 剪成四份（90 × 128 毫米），贴冰箱"}
A_SHEET = {"a4": 1, "fridge": 4}
STYLE = "gongzhi/posters.css"


@dataclass(frozen=True)
class Poster:
    """One place on paper. Telephones are office lines; empty where none is known."""

    code: str
    label: str
    within: str
    kind: str
    grid: str
    grid_phone: str
    community: str
    phone: str
    qr: SafeString
    site: str

    @property
    def typed(self) -> str:
        """The code in fours, for phones that cannot scan."""
        return place_codes.grouped(self.code)


def posters(places: Iterable[Place], site: str) -> list[Poster]:
    """The posters of places with their areas (two statements for any number). ``site``: the address of this house."""
    rows = list(places)
    known = Area.objects.defer("polygon").in_bulk({one for row in rows for one in tree.ids_above(row.area)})
    ways = {
        row.pk: {known[one].level: known[one] for one in tree.ids_above(row.area) if one in known}
        for row in rows
    }
    lines = office_lines({one.pk for way in ways.values() if (one := way.get("community"))})
    return [_poster(row, ways[row.pk], lines, site.rstrip("/")) for row in rows]


def _poster(row: Place, way: dict[str, Area], lines: dict[int | None, str], site: str) -> Poster:
    community, grid = way.get("community"), way.get("grid")
    within = [
        one.name
        for one in (community, grid, way.get("building"))
        if one is not None and one.name != row.label
    ]
    return Poster(
        code=row.code,
        label=row.label,
        within=" ".join(within),
        kind=KINDS.get(row.kind, ""),
        grid=grid.name if grid else "",
        grid_phone=grid.phone if grid else "",
        community=community.name if community else "",
        phone=lines.get(community.pk, community.phone) if community else "",
        qr=qr.drawn(f"{site}/p/{row.code}", error="q"),
        site=urlsplit(site).netloc,
    )


def sheets(found: Sequence[Poster], size: str) -> list[Sequence[Poster]]:
    """Posters as they lie on sheets of A4."""
    step = A_SHEET[size]
    return [found[start : start + step] for start in range(0, len(found), step)]


def page(found: Sequence[Poster], size: str, *, whole: bool = False, back: str = "") -> str:
    """The pages as HTML to print; ``whole``: with its style inside, to be kept as one file."""
    said = {
        "sheets": sheets(found, size),
        "size": size,
        "house": place_name.called()[1],
        "style": mark_safe(style()) if whole else "",  # noqa: S308 our own style sheet
        "back": back,
        "count": len(found),
    }
    return render_to_string("posters/sheets.html", said)


def style() -> str:
    """The sheets' own style, which needs no other."""
    path = finders.find(STYLE)
    assert isinstance(path, str), "the style of the sheets is part of the house"
    with open(path, encoding="utf-8") as file:
        return file.read()

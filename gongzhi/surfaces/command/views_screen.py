"""The big screen on a wall that anyone may pass: sums, kinds and communities; no name, no house, no word of anybody's.

It counts only what may be told to anyone, so whoever of the area signs it in, it shows the same.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import counters, live, rates, trend
from gongzhi.domains.incidents.queries.counters import Late
from gongzhi.domains.incidents.queries.figures import kind_label
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.duty import Duty, duty
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces import lights
from gongzhi.surfaces.command import charts, maps
from gongzhi.surfaces.command.hands import commanding, page
from gongzhi.surfaces.command.here import Here, here
from gongzhi.surfaces.command.shown import AT_DESK, how_many, said_now
from gongzhi.surfaces.command.views_live import of_today

LATE, LIVE = 5, 7
ROOM = maps.Paper((600, 740))
WALL = {"district": maps.Paper((356, 740), 64, 124), "street": ROOM}


@dataclass(frozen=True)
class Line:
    """One late matter as a wall may tell it: kind, community, how late, whether it is supervised. Never whose it is."""

    kind: str
    community: str
    words: str
    supervised: bool


@commanding
def screen(request: HttpRequest, *, by: Acting, at: datetime, area: Area) -> HttpResponse:
    """The whole screen; asked again every minute by the page itself."""
    at_now = here(request, area)
    figures = counters.counters(area, by=by, at=at, aloud=True)
    happened = live.live(area, by=by, at=at, limit=LIVE)
    roster = duty(area, at, AT_DESK[area.level])
    said = {
        "title": f"{area.name}指挥中心",
        "area": area,
        "here_now": at_now,
        "said_now": said_now(at),
        "clock": f"{localtime(at):%H:%M:%S}",
        "counted": how_many(area, at),
        "figures": figures,
        "map": _map(at_now, by, at),
        "late": [_line(one, at) for one in counters.late(area, by=by, at=at, limit=LATE, aloud=True)],
        "late_n": next(one.value for one in figures if one.id == "late"),
        "live": happened,
        "today": of_today(happened, at),
        "rates": rates.rates(area, by=by, at=at, days=at_now.days, aloud=True),
        "trend": charts.trend(trend.trend(area, by=by, at=at, days=at_now.days, aloud=True), charts.WALL),
        "duty": roster,
        "posts": _posts(roster, area),
    }
    return page(request, "screen", by, said)


def _map(at_now: Here, by: Acting, at: datetime) -> maps.Map | None:
    area = at_now.area
    found = counters.measures(area, "grid", by=by, at=at, days=at_now.days, aloud=True)
    sums = None
    if area.level == "district":
        sums = counters.measures(area, "street", by=by, at=at, days=at_now.days, aloud=True)
    return maps.draw(at_now, found, "", at, sums, WALL.get(area.level, ROOM))


def _line(one: Late, at: datetime) -> Line:
    matter = one.row.matter
    words = lights.of(one.wait, at, calendar_for(matter.pack)).words
    return Line(kind_label(matter), one.community, words, one.row.supervised)


def _posts(found: Duty, area: Area) -> list[tuple[str, int]]:
    """How many sit at each post of the area's own desk; no names on a wall."""
    table, posts = role_table(pack_name(area)), dict.fromkeys(AT_DESK[area.level], 0)
    for role, _ in found.chiefs:
        posts[role] += 1
    return [(str(table.get(role, {}).get("label", "")), n) for role, n in posts.items()]

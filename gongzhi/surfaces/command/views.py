"""The command centre's page: counters, map or list, selected grid, queue, what just happened, duty, rates, trend."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from gongzhi.domains.incidents.queries import counters, lists, live, rates, trend
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.duty import duty
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.command import board, charts, grid_card, maps, queue
from gongzhi.surfaces.command.hands import commanding, page
from gongzhi.surfaces.command.here import Here, before, here
from gongzhi.surfaces.command.matter_card import MatterCard
from gongzhi.surfaces.command.shown import AT_DESK, chiefs, crumbs, how_many, said_now, working_days
from gongzhi.surfaces.command.views_live import of_today


@commanding
def overview(request: HttpRequest, *, by: Acting, at: datetime, area: Area) -> HttpResponse:
    """The whole page for one area."""
    return draw(request, here(request, area), by, at)


def draw(
    request: HttpRequest,
    at_now: Here,
    by: Acting,
    at: datetime,
    card: MatterCard | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as it stands, with a matter's card in the middle where one is selected."""
    area = at_now.area
    said = {
        "title": "指挥中心",
        "area": area,
        "here_now": at_now,
        "crumbs": crumbs(at_now, by),
        "said_now": said_now(at),
        "counted": how_many(area, at),
        "matter_card": card,
        **_figures(at_now, by, at),
        **_beside(at_now, by, at),
        **(_matter(at_now, card) if card else _places(at_now, by, at)),
    }
    return page(request, "overview", by, said, status=status)


def _figures(at_now: Here, by: Acting, at: datetime) -> dict[str, Any]:
    """Counters, rates and trend of the period."""
    area, days = at_now.area, at_now.days
    return {
        "figures": counters.counters(area, by=by, at=at),
        "rates": rates.rates(area, by=by, at=at, days=days),
        "before": before(days),
        "trend": charts.trend(trend.trend(area, by=by, at=at, days=days)),
        "working": working_days(area, days, at),
        "unseen": len(lists.unseen(area, by=by, at=at)),
    }


def _beside(at_now: Here, by: Acting, at: datetime) -> dict[str, Any]:
    """The queue, what just happened, who is on duty."""
    area = at_now.area
    roster, rows = duty(area, at, AT_DESK[area.level]), live.live(area, by=by, at=at)
    waiting, waits = queue.mine(at_now, by=by, at=at)
    return {
        "late": queue.late(at_now, by=by, at=at),
        "mine": waiting,
        "waits": waits,
        "live": rows,
        "today": of_today(rows, at),
        "duty": roster,
        "chiefs": chiefs(roster, area),
    }


def _matter(at_now: Here, card: MatterCard) -> dict[str, Any]:
    """What the shared form of an act asks for."""
    return {
        "sheet": card.sheet,
        "drawn": card.drawn,
        "acting": True,
        "acts_at": "/command",
        "acts_more": at_now.address,
        "acts_back": f"/command/{at_now.address}",
    }


def _places(at_now: Here, by: Acting, at: datetime) -> dict[str, Any]:
    """The map, or the list where outlines are schematic or none are known; and the selected grid's card."""
    area = at_now.area
    found = counters.measures(area, "grid", by=by, at=at, days=at_now.days)
    grid = grid_card.chosen(at_now, found)
    chosen = str(grid.pk) if grid else ""
    drawing = maps.fitted(area, at)
    view = at_now.view or ("list" if drawing.schematic else "map")
    sums = None
    if view == "map" and area.level == "district":
        sums = counters.measures(area, "street", by=by, at=at, days=at_now.days)
    spots = counters.spots(area, by=by, at=at) if view == "map" and area.level == "community" else []
    measured = found.get(grid.pk, counters.Measured()) if grid else counters.Measured()
    return {
        "view": view,
        "has_map": bool(drawing.cells),
        "schematic": drawing.schematic,
        "map": maps.draw(at_now, found, chosen, at, sums) if view == "map" else None,
        "points": maps.points(at_now, spots, at),
        "board": board.board(at_now, chosen, by=by, at=at) if view == "list" else None,
        "card": grid_card.card(grid, at_now, measured, by=by, at=at) if grid else None,
    }

"""What the page asks again and again, answered from what changed: the live queue, and the map as GeoJSON."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import counters
from gongzhi.domains.incidents.queries import live as queue
from gongzhi.domains.incidents.queries.live import Happened
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory import svg
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.command.hands import commanding
from gongzhi.surfaces.command.here import days_of, here

FRESH = timedelta(seconds=8)


@commanding
def live(request: HttpRequest, *, by: Acting, at: datetime, area: Area) -> HttpResponseBase:
    """The live queue alone. Asked every five seconds with its ETag; 304 while nothing happened, no client is held."""
    rows = queue.live(area, by=by, at=at)
    fresh = [one.id for one in rows if at - one.at < FRESH]
    etag = quote_etag(
        f"{area.pk}-{by.acting_as}-{localtime(at).date()}-{rows[0].id if rows else 0}-{len(rows)}-{len(fresh)}"
    )
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return _kept(unchanged, etag)
    said = {
        "live": rows,
        "fresh": fresh,
        "today": of_today(rows, at),
        "area": area,
        "here_now": here(request, area),
    }
    return _kept(render(request, "command/live.html", said), etag)


def of_today(rows: Sequence[Happened], at: datetime) -> list[str]:
    """Which lines are of today: they are told by the hour, the others by the day."""
    return [one.id for one in rows if localtime(one.at).date() == localtime(at).date()]


def _kept(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@commanding
def geojson(request: HttpRequest, *, by: Acting, at: datetime, area: Area) -> HttpResponse:
    """The grids with their measures, in WGS-84, for a map that draws itself."""
    collection = svg.geojson(area, at)
    found = counters.measures(area, "grid", by=by, at=at, days=days_of(request))
    for feature in collection["features"]:
        one = found.get(int(feature["id"]), counters.Measured())
        feature["properties"] |= {
            "open": one.open,
            "late": one.late,
            "new": one.new,
            "done": one.done,
            "on_time": one.on_time,
        }
    return JsonResponse(collection, content_type="application/geo+json")

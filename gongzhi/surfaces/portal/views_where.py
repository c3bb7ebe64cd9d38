"""Report, second screen: where. Three equal ways with no map needed."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime

from gongzhi.domains.incidents.intake import Report
from gongzhi.domains.incidents.queries.intake import First, first_desk
from gongzhi.kernel.ids import whole
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.portal import cookies, sketch, views_near, views_report, where, writing
from gongzhi.surfaces.portal.drafts import Draft
from gongzhi.surfaces.portal.where import Elsewhere, Spot
from gongzhi.surfaces.portal.writing import Wrong

WAYS = {"map": "在图上点", "typed": "写地址", "pick": "选社区"}
POINTED = ("phone", "photo", "map", "code")
NOT_FOUND = "没认出这个地址。写上小区和楼号再试，或者点“选社区”。"
NO_PLACE = "点一下地点，或者写地址、选社区，哪样都行。"


def page(request: HttpRequest) -> HttpResponse:
    """GET shows where it seems to be, POST takes what was said and goes on."""
    draft = writing.current(request)
    if draft.sent:
        return views_report.already(request, draft) if request.method == "POST" else redirect("portal:report")
    if draft.empty:
        return redirect("portal:report")
    at = timezone.now()
    if request.method != "POST":
        return _show(request, draft, at, [])
    wrong, options = _take(request, draft, at)
    wrong += writing.keep(draft, "f-place")
    if wrong or options or request.POST.get("act") in ("look", "point"):
        return _show(request, draft, at, wrong, options)
    response = redirect(views_near.onwards(draft, at))
    spot = where.unpacked(draft.spot)
    if spot and spot.source != "code":
        cookies.write(response, cookies.SPOT, {**spot.packed(), "source": "last"})
    return response


def proposed(request: HttpRequest, draft: Draft, at: datetime) -> Spot | None:
    """Where it seems to be: said already, else the scanned code, the last place, the photo."""
    for raw in (draft.spot, cookies.read(request, cookies.CODE), cookies.read(request, cookies.SPOT)):
        spot = where.unpacked(raw)
        if spot and where.area(spot.area_id, at):
            return spot
    return from_photo(draft, at)


def from_photo(draft: Draft, at: datetime) -> Spot | None:
    """The place a photo's position lies in, where a camera still gives one and it is ours."""
    for one in draft.photos:
        if one.lat is not None and one.lon is not None:
            found = where.of_point(one.lat, one.lon, "photo", at)
            if isinstance(found, Spot):
                return found
    return None


def _take(request: HttpRequest, draft: Draft, at: datetime) -> tuple[list[Wrong], list[Any]]:
    """Read the form by its way; what is wrong, and spots or areas to choose among."""
    said = request.POST
    draft.place_words = said.get("place_words", draft.place_words).strip()[:200]
    if said.get("lat") and said.get("lon"):
        return _take_point(draft, said["lat"], said["lon"], said.get("source", "map"), at), []
    way = said.get("by", "map")
    if way == "typed" and said.get("address", "").strip():
        return _take_address(draft, said, at)
    if way == "pick":
        return _take_pick(draft, said, at)
    chosen = where.area(said.get("area"), at)
    if chosen is not None:
        kept = where.unpacked(draft.spot)
        if kept is None or kept.area_id != chosen.pk or kept.source == "last":
            draft.spot = where.of_area(chosen, said.get("source") or "map").packed()
    return ([] if draft.spot else [Wrong("f-place", "还没有地点", NO_PLACE)]), []


def _take_point(draft: Draft, lat: str, lon: str, source: str, at: datetime) -> list[Wrong]:
    """A point from the phone or the map."""
    try:
        found = where.of_point(float(lat), float(lon), source if source in where.SOURCES else "map", at)
    except ValueError:
        return [Wrong("f-place", "还没有地点", NO_PLACE)]
    if isinstance(found, Elsewhere):
        return [Wrong("f-place", "这个地点不归这里管", found.sentence)]
    draft.spot = found.packed()
    return []


def _take_address(draft: Draft, said: Any, at: datetime) -> tuple[list[Wrong], list[Any]]:
    """Typed words: one clear place, or several to choose among, or none."""
    words = said["address"].strip()
    spots = where.typed(words, at)
    option = whole(said.get("option", ""))
    if option is not None and option < len(spots):
        spots = [spots[option]]
    if not spots:
        return [Wrong("f-address", "没认出地址", NOT_FOUND)], []
    if len(spots) > 1:
        return [], spots
    draft.spot = spots[0].packed()
    if spots[0].label not in words and words not in spots[0].label:
        draft.place_words = draft.place_words or words
    return [], []


def _take_pick(draft: Draft, said: Any, at: datetime) -> tuple[list[Wrong], list[Any]]:
    """A street and a community by name or pinyin; not knowing the community is an answer too."""
    street = where.area(said.get("street"), at)
    words = said.get("community", "").strip()
    exact = where.area(said.get("community_id"), at)
    found = [exact] if exact else where.picked(words, street, at) if words and words != where.UNKNOWN else []
    same = [one for one in found if one.name == words]
    if len(same or found) == 1:
        draft.spot = where.of_area((same or found)[0], "picked").packed()
        return [], []
    if found:
        return [], found
    unsure = street if words in ("", where.UNKNOWN) else None
    if unsure is None and words == where.UNKNOWN:
        unsure = where.district(at)
    if unsure is None:
        return [
            Wrong("f-community", "还没有社区", "没有这个社区。再看一眼名字，或者选“不知道是哪个社区”。")
        ], []
    draft.spot = where.of_area(unsure, "picked").packed()
    return [], []


def _show(
    request: HttpRequest, draft: Draft, at: datetime, wrong: list[Wrong], options: list[Any] | None = None
) -> HttpResponse:
    """The page with its three tabs; a chosen grid or building of the map comes by the address line."""
    said = request.POST if request.method == "POST" else request.GET
    spot = proposed(request, draft, at)
    chosen = where.area(request.GET.get("area"), at)
    if chosen is not None and request.method != "POST":
        spot = where.of_area(chosen, "map")
    way = said.get("by") if said.get("by") in WAYS else "map"
    view = _view(where.area(said.get("view"), at), spot, at)
    context = {
        "draft": draft, "spot": spot, "way": way, "ways": WAYS, "step": 2, "wrong": wrong, "said": said,
        "errors": {one.anchor: one.sentence for one in wrong}, "options": options or [], "view": view,
        "photo_spot": _other_photo_spot(draft, spot, at), "unknown": where.UNKNOWN,
        **(_map(view, spot, at) if way == "map" and view else {}),
        **(_picks(spot, said, at) if way == "pick" else {}),
        "first": _first_desk(draft, spot, at),
    }  # fmt: skip
    return render(request, "portal/report_where.html", context, status=422 if wrong else 200)


def _view(asked: Area | None, spot: Spot | None, at: datetime) -> Area | None:
    """What the map shows: as asked, else the community of the spot, else the district."""
    if asked is not None and asked.level in sketch.NEXT:
        return asked
    stands = where.area(spot.area_id, at) if spot else None
    if stands is None:
        return where.district(at)
    way = tree.columns(stands)
    return way["grid"] or way["community"] or way["street"] or way["district"]


def _map(view: Area, spot: Spot | None, at: datetime) -> dict[str, Any]:
    """The drawing and the list beside it."""
    inside = spot is not None and _inside(spot, view, at)
    pin = _pin(spot) if spot and inside else None
    below = sketch.children(view, at)
    return {
        "drawing": sketch.draw(view, at, chosen=spot.area_id if spot else None, pin=pin),
        "below": [(one, sketch.choose(one)) for one in below],
        "up": [one for one in tree.ancestors(view) if one.level in sketch.NEXT],
        "houses": sketch.houses_of(view, at),
    }


def _pin(spot: Spot) -> tuple[float, float] | None:
    """A pin is for a point that somebody gave; a building or grid marks itself."""
    if spot.lat is None or spot.lon is None or spot.source not in POINTED or spot.level == "building":
        return None
    return spot.lat, spot.lon


def _inside(spot: Spot, view: Area, at: datetime) -> bool:
    stands = where.area(spot.area_id, at)
    return stands is not None and stands.path.startswith(view.path)


def _picks(spot: Spot | None, said: Any, at: datetime) -> dict[str, Any]:
    """Streets, and all communities for the list the field offers."""
    day = localtime(at).date()
    streets = {one.pk: one for one in tree.areas(day, "street")}
    stands = where.area(spot.area_id, at) if spot else None
    way = tree.columns(stands) if stands else {}
    street, community = way.get("street"), way.get("community")
    rows = [(one, streets.get(one.parent_id or 0)) for one in tree.areas(day, "community")]
    return {
        "streets": list(streets.values()),
        "communities": rows,
        "street_id": said.get("street") or (str(street.pk) if street else ""),
        "community_name": said.get("community", community.name if community else ""),
    }


def _other_photo_spot(draft: Draft, spot: Spot | None, at: datetime) -> Spot | None:
    """The photo's own place, where it differs from the one shown: one tap takes it."""
    found = from_photo(draft, at)
    return (
        found
        if found and spot and spot.source in ("last", "code") and found.area_id != spot.area_id
        else None
    )


def _first_desk(draft: Draft, spot: Spot | None, at: datetime) -> First | None:
    """Who looks first and by when, told before sending."""
    stands = where.area(spot.area_id, at) if spot else None
    if stands is None:
        return None
    said = Report(stands, draft.words, draft.leaf, about=tuple(draft.about_whom), keep_out=draft.keep_out)
    return first_desk(said, at=at)

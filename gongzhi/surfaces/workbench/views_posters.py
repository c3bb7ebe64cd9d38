"""楼门码: the codes of an area's places, printed by the desk that keeps them, ended where a sheet is lost."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import place_signs
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.territory import place_register, tree
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.kernel.territory.place_register import KINDS, WHY, NotAPlace, Spot
from gongzhi.surfaces import posters as sheets
from gongzhi.surfaces.workbench.hands import page, staffed

SHOWN = 200  # places on one page; a smaller area shows the rest
MOST = 400  # sheets printed at once
TOO_MANY = f"一次最多印 {MOST} 处，先选一个小一点的辖区。"


@staffed
def posters(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The places of the own area with their codes; a new one is added here (POST)."""
    own = _own(by)
    if request.method == "POST":
        return _add(request, own, by, at)
    return _list(request, own, by, at, {})


def _own(by: Acting) -> Area:
    own = place_signs.own_area(by)
    if own is None:
        raise NotYours(place_signs.NOT_HERE)
    return own


def _asked(request: HttpRequest, own: Area, by: Acting, at: datetime) -> tuple[Area, str]:
    """The area and the kind narrowed to."""
    said = request.GET if request.method == "GET" else request.POST
    wanted = said.get("area", "")
    rows = tree.areas(localtime(at).date(), within=own)
    area = rows.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    kind = said.get("kind", "")
    return place_signs.within(area or own, by), kind if kind in KINDS else ""


def _list(
    request: HttpRequest, own: Area, by: Acting, at: datetime, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    area, kind = _asked(request, own, by, at)
    found = place_register.within(area, at, kind)
    places = list(found[: SHOWN + 1])
    below = list(tree.areas(localtime(at).date(), within=own).exclude(level="building"))
    known = {one.pk: one for one in below}
    said = {
        "title": "楼门码",
        "here": "posters",
        "own": own,
        "area": area,
        "kind": kind,
        "kinds": KINDS,
        "sizes": sheets.SIZES,
        "why": WHY,
        "areas": [(one.pk, _named(one, known)) for one in sorted(below, key=lambda one: one.path)],
        "places": [(one, KINDS.get(one.kind, ""), _grid(one, known)) for one in places[:SHOWN]],
        "more": len(places) > SHOWN,
        "count": found.count(),
        "missing": len(place_register.without_code(area, at)) if kind in ("", "building") else 0,
        **more,
    }
    return page(request, "posters", by, said, status)


def _named(area: Area, known: dict[int, Area]) -> str:
    way = [known[one] for one in tree.ids_above(area) if one in known]
    return " ".join(one.name for one in (way[1:] or way))


def _grid(place: Place, known: dict[int, Area]) -> str:
    way = [known[one] for one in tree.ids_above(place.area) if one in known]
    return " ".join(one.name for one in way if one.level in ("community", "grid"))


def _add(request: HttpRequest, own: Area, by: Acting, at: datetime) -> HttpResponse:
    """A lift, a facility or an estate gets its code; or all buildings that have none."""
    area, _ = _asked(request, own, by, at)
    if "missing" in request.POST:
        made = place_signs.make(place_register.without_code(area, at), by=by, at=at)
        messages.success(request, f"给 {len(made)} 栋楼编了码。")
        return redirect(f"{request.path}?area={area.pk}")
    label, kind = request.POST.get("label", "").strip(), request.POST.get("new_kind", "")
    try:
        made = place_signs.make([Spot(area, label, kind)], by=by, at=at)
    except NotAPlace as fault:
        typed = {"wrong": str(fault), "label": label, "new_kind": kind}
        return _list(request, own, by, at, typed, 422)
    messages.success(request, f"“{made[0].label}”的码编好了，可以打印。")
    return redirect(f"{request.path}?area={area.pk}")


@staffed
def printed(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The sheets, to be printed by the browser."""
    own = _own(by)
    area, kind = _asked(request, own, by, at)
    size = request.GET.get("size", "a4")
    found = place_register.within(area, at, kind)
    only = request.GET.get("code", "")
    rows = list((found.filter(code=only) if only else found)[: MOST + 1])
    if len(rows) > MOST:
        return _list(request, own, by, at, {"too_many": TOO_MANY}, 422)
    if not rows or size not in sheets.SIZES:
        raise Http404
    made = sheets.posters(rows, settings.SITE_URL if not settings.DEMO else request.build_absolute_uri("/"))
    return HttpResponse(sheets.page(made, size, back=f"/desk/posters/?area={area.pk}&kind={kind}"))


@staffed
def end(request: HttpRequest, *, by: Acting, at: datetime, code: str) -> HttpResponse:
    """End a code: its sheet is lost (a new one is made), or the place is gone."""
    place = Place.objects.select_related("area").filter(code=code).first()
    if place is None:
        raise Http404
    place_signs.within(place.area, by)
    if request.method != "POST":
        return page(
            request, "poster_end", by, {"title": "停用一个码", "place": place, "why": WHY, "here": "posters"}
        )
    try:
        fresh = place_signs.end(place, request.POST.get("why", ""), by=by, at=at)
    except NotAPlace as fault:
        said = {"title": "停用一个码", "place": place, "why": WHY, "here": "posters", "wrong": str(fault)}
        return page(request, "poster_end", by, said, 422)
    messages.success(
        request,
        f"旧码停用了，新码 {fresh.code}，请打印新牌子换上。"
        if fresh
        else "这个码停用了，扫它的人会看到为什么。",
    )
    return redirect(
        f"/desk/posters/?area={place.area.parent_id if place.area.level == 'building' else place.area_id}"
    )

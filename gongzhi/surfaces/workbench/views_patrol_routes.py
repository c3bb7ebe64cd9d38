"""Planning where a grid's people look: the routes, laying one down, a point by a tap on the map."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.domains.patrols import actions
from gongzhi.domains.patrols.actions import Planned
from gongzhi.domains.patrols.points import MOST, Told
from gongzhi.domains.patrols.queries import planning
from gongzhi.domains.patrols.queries.planning import Plan
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours, Refusal, SayMore
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.workbench import patrol_map, route_lines
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.route_lines import Line
from gongzhi.surfaces.workbench.views_patrol import tabs

WEEK = tuple(zip("1234567", "一二三四五六日", strict=True))
CHOICES = {"week": WEEK, "spans": {"1": "当天", "2": "两天", "3": "三天", "7": "一周"}}
SAYS = {"route_name": "给路线起个名字。", "first_day": "选从哪天起。", "days": "选几天里巡完。"}
DONE = {"set_out": "开了一次，网格员的清单上就有。", "retire": "停用了，已经开的照样巡完。"}


@staffed
def routes(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The routes in use in the own area."""
    rows, after = planning.routes(by=by, at=at, after=request.GET.get("after", ""))
    said = {
        "title": "巡查路线",
        "here": "patrol",
        "tab": "routes",
        "tabs": tabs(by),
        "rows": [(one, _weekdays(one.route.weekdays)) for one in rows],
        "next": f"?after={after}" if after else "",
    }
    return page(request, "patrol_routes", by, said)


def _weekdays(named: str) -> str:
    told = "、".join(word for key, word in WEEK if key in named)
    return "每天" if len(named) == 7 else f"每周{told}" if told else "只巡一次"


@staffed
def new(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Choose a grid, then lay a route in it."""
    grids = planning.grids(by=by, at=at)
    asked = request.POST.get("grid") or request.GET.get("grid", "")
    grid = next((one for one in grids if str(one.pk) == asked), None)
    if grid is None:
        said = {"title": "定一条路线", "here": "patrol", "grids": grids, "wrong_grid": bool(asked)}
        return page(request, "patrol_route_grid", by, said)
    return _laying(request, grid, by, at)


@staffed
def route(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """One route, to be changed, walked now, or ended."""
    plan = _opened(matter_id, by, at)
    return _laying(request, plan.laid.matter.area, by, at, plan)


def _opened(matter_id: int, by: Acting, at: datetime) -> Plan:
    plan = planning.one(matter_id, by=by, at=at)
    if plan is None or not planning.may_plan(by):
        raise Http404
    return plan


def _laying(
    request: HttpRequest, grid: Area, by: Acting, at: datetime, plan: Plan | None = None
) -> HttpResponse:
    """The form, with what was typed, one more tap on the map, some more lines, or what is wrong."""
    inside = planning.inside(grid, at)
    if request.method != "POST":
        return _form(
            request, grid, inside, _typed_of(plan, at), route_lines.of_plan(plan, grid), by, at, plan
        )
    typed = _typed(request)
    lines = route_lines.read(request)
    if "more" in request.POST or "spot.x" in request.POST:
        route_lines.tap(request, grid, lines, at)
        extra = route_lines.MORE_ROWS if "more" in request.POST else 0
        return _form(request, grid, inside, typed, lines, by, at, plan, rows=len(lines) + extra)
    try:
        _keep(request, _planned(grid, typed, route_lines.told(lines, inside)), plan, by, at)
    except NotYours:
        raise
    except Refusal as refusal:
        return _form(
            request, grid, inside, typed, lines, by, at, plan, status=422, **_wrong(refusal)
        )  # fmt: skip
    messages.success(request, "存好了，到日子自己开。")
    return redirect("workbench:patrol_routes")


def _planned(grid: Area, typed: dict[str, str], points: list[Told]) -> Planned:
    days, weekdays = typed["days"], typed["weekdays"]
    return Planned(grid, typed["route_name"], points, typed["first_day"], days, weekdays)


def _wrong(refusal: Refusal) -> dict[str, Any]:
    """Sentences at the fields, or one above the form."""
    if isinstance(refusal, SayMore):
        return {"errors": {name: SAYS.get(name, said) for name, said in refusal.errors.items()}}
    return {"refusal": refusal.sentence.partition("：")[2] or refusal.sentence}


def _keep(request: HttpRequest, planned: Planned, plan: Plan | None, by: Acting, at: datetime) -> None:
    key = request.POST.get("key", "")
    key = key if len(key) == 32 else secrets.token_hex(16)
    if plan is None:
        actions.plan(planned, by=by, at=at, key=key)
        return
    seen = request.POST.get("seen", "")
    actions.edit(
        plan.laid.matter.pk,
        planned,
        by=by,
        at=at,
        seen=int(seen) if seen.isdecimal() else plan.seq,
        key=key,
    )


def _typed(request: HttpRequest) -> dict[str, str]:
    said = request.POST
    typed = {name: said.get(name, "").strip() for name in ("route_name", "first_day", "days", "place")}
    return {**typed, "weekdays": "".join(said.getlist("weekdays"))}


def _typed_of(plan: Plan | None, at: datetime) -> dict[str, str]:
    if plan is None:
        return {"first_day": localtime(at).date().isoformat(), "days": "1"}
    row = plan.laid.route
    first = row.next_on or localtime(at).date()
    first = max(first, localtime(at).date())
    return {
        "route_name": plan.laid.matter.title,
        "first_day": first.isoformat(),
        "days": str(row.days),
        "weekdays": row.weekdays,
    }


def _form(
    request: HttpRequest,
    grid: Area,
    inside: list[Area],
    typed: dict[str, str],
    lines: list[Line],
    by: Acting,
    at: datetime,
    plan: Plan | None,
    rows: int = route_lines.ROWS,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    said = route_lines.drawn(
        grid, route_lines.padded(lines, max(rows, len(lines) + (plan is not None and not more))), at
    )
    said |= {
        "title": "改路线" if plan else "定一条路线",
        "here": "patrol",
        "grid": grid,
        "plan": plan,
        "looks": planning.looks(by),
        "inside": inside,
        **CHOICES,
        "typed": typed,
        "key": request.POST.get("key") or secrets.token_hex(16),
        "errors": {},
        **more,
    }
    return page(request, "patrol_route", by, said, status)


@staffed
def act(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int, act: str) -> HttpResponse:
    """Walk it once now, or end it."""
    plan = _opened(matter_id, by, at)
    if request.method != "POST" or act not in DONE:
        raise Http404
    key = request.POST.get("key", "")
    try:
        actions.take(
            matter_id, act, by=by, at=at, key=key if len(key) == 32 else secrets.token_hex(16)
        )  # fmt: skip
    except Refusal as refusal:
        if isinstance(refusal, NotYours):
            raise
        messages.error(request, refusal.sentence)
        return redirect("workbench:patrol_route", matter_id=plan.laid.matter.pk)
    messages.success(request, DONE[act])
    return redirect("workbench:patrol_routes")


@staffed
def picture(request: HttpRequest, *, by: Acting, at: datetime, area_id: int) -> HttpResponse:
    """The grid's map as a picture to tap, with the points tapped so far (``?dots=1:40.9,117.7``)."""
    grid = next((one for one in planning.grids(by=by, at=at) if one.pk == area_id), None)
    if grid is None:
        raise Http404
    lines = []
    for one in request.GET.get("dots", "").split(" ")[:MOST]:
        n, _, place = one.partition(":")
        if n.isdecimal() and (degrees := route_lines.degrees(place.replace(",", " "))):
            lines.append(route_lines.Line(int(n), at=degrees))
    map_ = patrol_map.drawn(grid, lines, at)
    if map_ is None:
        raise Http404
    return HttpResponse(patrol_map.picture(map_), content_type="image/svg+xml")

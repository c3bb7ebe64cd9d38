"""巡查 on the phone: the patrols that are due, one with its points on a list and a map, what is said of each."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongzhi.domains.patrols import actions
from gongzhi.domains.patrols.queries import figures, planning, walking
from gongzhi.domains.patrols.queries.walking import Walk
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours, OtherContent, Refusal, SayMore
from gongzhi.surfaces import answers, posted
from gongzhi.surfaces.fields import from_door
from gongzhi.surfaces.posted import Posted
from gongzhi.surfaces.workbench import patrol_map, shown
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.keeping import may_keep

ACTS = ("clear", "finish", "miss")
NOT_HERE = "巡查给网格、社区、街道用。"
DONE = {"finish": "这次巡查记下了。", "miss": "记下了，社区会看到原因。"}


@staffed
def patrols(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The patrols of the own area: those that are due, and those that are over."""
    if not walking.may_read(by):
        raise NotYours(NOT_HERE)
    past = request.GET.get("tab") == "past"
    rows, after = walking.listed(open_only=not past, by=by, at=at, after=request.GET.get("after", ""))
    said = {
        "title": "巡查",
        "here": "patrol",
        "tab": "past" if past else "now",
        "tabs": tabs(by),
        "rows": rows,
        "next": f"?tab=past&after={after}" if after else "",
        "plans": planning.may_plan(by),
    }
    response = page(request, "patrols", by, said)
    return response if past else may_keep(response, by)


def tabs(by: Acting) -> list[tuple[str, str, str]]:
    """The tabs of the patrol pages for a hand: name, words, address."""
    found = [("now", "要巡的", "/desk/patrol/"), ("past", "巡过的", "/desk/patrol/?tab=past")]
    if planning.may_plan(by):
        found.append(("routes", "路线", "/desk/patrol/routes/"))
    return [*found, ("share", "发现多少", "/desk/patrol/share/")]


@staffed
def patrol(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """One patrol."""
    return may_keep(_page(request, _opened(matter_id, by, at), by, at), by)


def _opened(matter_id: int, by: Acting, at: datetime) -> Walk:
    found = walking.walk(matter_id, by=by, at=at)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, walk: Walk, by: Acting, at: datetime, status: int = 200, **more: Any
) -> HttpResponse:
    wrong: Posted = more.pop("posted", None) or Posted()
    chosen = more.get("chosen", "")
    matter = walk.line.matter
    said = {
        "title": matter.title,
        "here": "patrol",
        "walk": walk,
        "matter": matter,
        "map": patrol_map.drawn(matter.area, [one.stop for one in walk.stops], at),
        "clears": walk.may("clear"),
        "all_left": ",".join(str(one.stop.n) for one in walk.left),
        "ends": [_form(walk, name, wrong if name == chosen else Posted()) for name in ("finish", "miss")],
        "key": secrets.token_hex(16),
        **more,
    }
    return page(request, "patrol", by, said, status)


def _form(walk: Walk, name: str, said: Posted) -> dict[str, Any]:
    """The form of an act that ends the walk; {} where it is not this hand's."""
    act = walk.may(name)
    return {"act": act, "fields": from_door(act.fields, said.typed, said.errors)} if act else {}


@staffed
def act(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int, act: str) -> HttpResponse:
    """Points in order, the walk over, or none this time; told as data to a phone that sends later."""
    walk = _opened(matter_id, by, at)
    if act not in ACTS or request.method != "POST":
        raise Http404
    said = posted.read(request, walking.asked(walk.line.matter, act))
    key = request.POST.get("key", "")
    seen = request.POST.get("seen", "")
    try:
        actions.take(
            matter_id,
            act,
            by=by,
            at=at,
            seen=int(seen) if seen.isdecimal() else None,
            key=key if len(key) == 32 else secrets.token_hex(16),
            happened=answers.happened(request, at),
            **said.said,
        )
    except Refusal as refusal:
        return _refused(request, walk, act, said, refusal, by, at)
    sentence, to = DONE.get(act, "记下了。"), reverse("workbench:patrol", args=[matter_id])
    if answers.wanted(request):
        return answers.done(request, sentence, to, number=walk.line.matter.number)
    messages.success(request, sentence)
    return redirect(to)


def _refused(
    request: HttpRequest, walk: Walk, act: str, said: Posted, refusal: Refusal, by: Acting, at: datetime
) -> HttpResponse:
    """Beside the form, nothing typed is lost; a phone is told as data."""
    if isinstance(refusal, NotYours) and refusal.more.get("hidden"):
        raise Http404 from refusal
    if answers.wanted(request):
        return answers.refused(refusal)
    if isinstance(refusal, SayMore):
        said.errors = {**refusal.errors, **said.errors}
    more = {"refusal": refusal.sentence, "rule": refusal.more.get("rule", ""), "chosen": act}
    if isinstance(refusal, OtherContent):
        more["key"] = secrets.token_hex(16)
    status = 422 if isinstance(refusal, SayMore) else 409
    return _page(request, walk, by, at, status, posted=said, **more)


@staffed
def share(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Share found by patrol and points seen, per area and never per person, each number with its list."""
    if not walking.may_read(by):
        raise NotYours(NOT_HERE)
    days = _days(request)
    said = {
        "title": "巡查发现多少",
        "here": "patrol",
        "tab": "share",
        "tabs": tabs(by),
        "days": days,
        "spans": figures.DAYS,
        "shares": figures.shares(days, by=by, at=at),
    }
    return page(request, "patrol_share", by, said)


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked.isdecimal() and int(asked) in figures.DAYS else figures.DAYS[0]


@staffed
def behind(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The matters behind a share, newest first."""
    if not walking.may_read(by):
        raise NotYours(NOT_HERE)
    days, only = _days(request), request.GET.get("which") != "all"
    area = request.GET.get("area", "")
    area_id = int(area) if area.isdecimal() and len(area) < 19 else 0
    rows, after = figures.behind(
        days, by=by, at=at, area_id=area_id, patrol_only=only, after=request.GET.get("after", "")
    )
    said = {
        "title": "巡查发现的" if only else "这一段报的全部",
        "here": "patrol",
        "rows": shown.matters(rows, by, at),
        "days": days,
        "next": f"?days={days}&which={'patrol' if only else 'all'}&area={area_id}&after={after}"
        if after
        else "",
    }
    return page(request, "patrol_behind", by, said)

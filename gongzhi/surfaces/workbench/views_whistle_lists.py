"""吹哨报到 on the desk: the lists, asking for one, and the figures of both sides with the lists behind them."""

import secrets
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongzhi.domains.whistles import actions
from gongzhi.domains.whistles.actions import Asked
from gongzhi.domains.whistles.queries import begin, counting, lists
from gongzhi.domains.whistles.queries import figures as counted
from gongzhi.domains.whistles.queries.begin import Start
from gongzhi.domains.whistles.queries.lists import Page
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.verdict import NotYours, Refusal, SayMore
from gongzhi.surfaces import lights, posted
from gongzhi.surfaces.fields import Field, bind
from gongzhi.surfaces.posted import Posted
from gongzhi.surfaces.workbench import whistle_power
from gongzhi.surfaces.workbench.hands import page, staffed

FROM_LEDGER = "从办理记录里整理好了，补一句没记上的就行。"
NOT_HERE = "吹哨给网格、社区、街道、区里和被叫的单位看。"
EMPTY = {
    "todo": ("没有等您办的吹哨", "别人吹哨叫到您，或者要您批、编号、确认，会在这里。"),
    "open": ("现在没有正在吹的哨", "一家办不了、要联合执法、要应急处置的事，从事项页点“吹哨”。"),
    "ours": ("还没有吹过哨", "一家办不了、要联合执法、要应急处置的事，从事项页点“吹哨”。"),
    "over": ("还没有了结的", "了结、没有批、收哨的会留在这里。"),
}
FIGURES = {
    "blown": "吹的哨",
    "unjustified": "核为不该吹",
    "called": "被叫",
    "unanswered": "没有按时应哨",
    "absent": "没有来",
    "confirmed": "办成",
}


@staffed
def whistles(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """What waits for this hand, what runs, what it called, what is over."""
    if not lists.may_open(by):
        raise NotYours(NOT_HERE)
    tab = request.GET.get("tab", "")
    tab = tab if tab in lists.TABS else "todo"
    found = lists.page(tab, by=by, at=at, after=request.GET.get("after", ""))
    if tab == "todo" and not found.rows and "tab" not in request.GET:
        tab, found = "open", lists.page("open", by=by, at=at)
    what, why = EMPTY[tab]
    said = {
        "title": "吹哨报到",
        "tab": tab,
        "tabs": lists.TABS,
        "what": what,
        "why": why,
        "asks": begin.label(by),
    }
    return page(request, "whistles", by, {**_rows(found, f"?tab={tab}", at), **said, "here": "whistles"})


def _rows(found: Page, query: str, at: datetime) -> dict[str, Any]:
    drawn = [
        (one, lights.of(one.wait, at, calendar_for(one.matter.pack)) if one.wait else None)
        for one in found.rows
    ]
    more = f"{query}{'&' if '?' in query else '?'}after={found.after}" if found.after else ""
    return {"rows": drawn, "next": more}


@staffed
def ask(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Ask for a whistle, from a matter (``?from=``) or without one."""
    wanted = request.POST.get("from") or request.GET.get("from", "")
    start = begin.start(by=by, at=at, incident=int(wanted) if wanted.isdecimal() else None)
    if start is None:
        raise Http404
    if start.running is not None:
        return redirect("workbench:whistle", matter_id=start.running.pk)
    if request.method != "POST":
        return _form(request, start, by, at)
    said = posted.read(request, start.asks)
    place = request.POST.get("place", "").strip()
    try:
        if said.errors:
            raise SayMore(said.errors)
        whistle = Asked(said.said, start.matter.pk if start.matter else None, start.area, place)
        matter = actions.ask(whistle, by=by, at=at, key=request.POST.get("key") or secrets.token_hex(16))
    except NotYours:
        raise
    except Refusal as refusal:
        if isinstance(refusal, SayMore):
            said.errors = {**refusal.errors, **said.errors}
        said.typed["place"] = place
        return _form(request, start, by, at, said, refusal)
    return redirect("workbench:whistle", matter_id=matter.pk)


def _form(
    request: HttpRequest,
    start: Start,
    by: Acting,
    at: datetime,
    said: Posted | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    plain = refusal is not None and not isinstance(refusal, SayMore)
    fields = _fields(start, said)
    named = {one.name: one for one in fields}
    errors = said.errors if said else {}
    told = {
        "title": start.label,
        "here": "whistles",
        "start": start,
        "fields": fields,
        "key": request.POST.get("key") or secrets.token_hex(16),
        "posted": said,
        "wrong": [
            {"anchor": named[name].id, "short": words} for name, words in errors.items() if name in named
        ],
        "refusal": refusal.sentence if refusal and plain else "",
        "rule": refusal.more.get("rule", "") if refusal else "",
        "power": whistle_power.of(start.matter, [], at) if start.matter else [],
    }
    status = 200 if refusal is None else 422 if isinstance(refusal, SayMore) else 409
    return page(request, "whistle_ask", by, told, status)


def _fields(start: Start, said: Posted | None) -> list[Field]:
    """What is asked, with what is known already; the place only where no matter tells it."""
    known = {"need": start.need, "tried": start.tried}
    hints = {"tried": FROM_LEDGER} if start.tried else {}
    asks: list[dict[str, Any]] = [
        {
            **one.spec,
            "hint": hints.get(one.name, one.spec.get("hint", "")),
            "name": one.name,
            "required": one.required,
            "choices": start.units if one.name == "wanted" else one.choices,
            "value": known.get(one.name, ""),
        }
        for one in start.asks
    ]
    if start.matter is None:
        place = {"name": "place", "label": "地点", "type": "text", "required": True, "longest": 200}
        asks.insert(1, {**place, "hint": "来的人照着能找到。"})
    return bind(asks, said.typed if said else None, said.errors if said else None)


@staffed
def figures(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """How whistles are asked for and answered, each figure with its list."""
    if not lists.may_open(by):
        raise NotYours(NOT_HERE)
    said = {"title": "吹哨的数", "here": "whistles", "found": counted.figures(by=by, at=at)}
    return page(request, "whistle_figures", by, said)


@staffed
def behind(request: HttpRequest, *, by: Acting, at: datetime, which: str, unit: int) -> HttpResponse:
    """The list behind a figure."""
    if not lists.may_open(by):
        raise NotYours(NOT_HERE)
    named = Organisation.objects.filter(pk=unit).first()
    if which not in FIGURES or named is None:
        raise Http404
    found = lists.behind(which, unit, by=by, at=at, after=request.GET.get("after", ""))
    said = {
        "title": f"{named}：{FIGURES[which]}",
        "here": "whistles",
        "back": reverse("workbench:whistle_figures"),
        "days": counting.DAYS,
        "what": "没有",
        "why": "这一项在这段时间里是 0。",
    }
    return page(request, "whistles", by, {**_rows(found, "", at), **said})

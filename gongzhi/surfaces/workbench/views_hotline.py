"""The hotline's desk: what rings, the call on the line with the caller's own matters, report and answer."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gongzhi.domains.fairs import actions as fairs
from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents import calls as desk
from gongzhi.domains.incidents.queries import calls, desk_report
from gongzhi.domains.incidents.queries.intake import after_report
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours, Refusal, SayMore
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces import asking, posted
from gongzhi.surfaces.posted import Posted
from gongzhi.surfaces.workbench import talking
from gongzhi.surfaces.workbench.hands import page, staffed

OUTCOMES = {
    "enquiry": "答了就完",
    "reported": "记了一件",
    "urged": "催了、补充了",
    "passed_on": "转去别处",
    "nothing": "没说成",
}
LONGEST = 2000  # signs
WHERE = "写小区和楼号，或者选一个社区。"


@never_cache
@staffed
def home(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """What rings, what must be rung back, and a place to type a number. POST opens a call by hand."""
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            opened = desk.begin(request.POST.get("number", ""), by=by, at=at)
            return redirect("workbench:call", call_id=opened.pk)
        except NotYours:
            raise
        except Refusal as refusal:
            wrong = refusal.errors if isinstance(refusal, SayMore) else {"number": refusal.sentence}
    on_line = calls.on_the_line(by=by, at=at)
    told = {
        "title": "接电话",
        "here": "hotline",
        "ringing": calls.ringing(by=by, at=at),
        "back": calls.to_ring_back(by=by, at=at),
        "on_line": on_line.pk if on_line is not None else None,
        "number": request.POST.get("number", ""),
        "wrong": wrong,
    }
    return page(request, "hotline/home", by, told, 422 if wrong else 200)


@require_POST
@staffed
def answer(request: HttpRequest, *, by: Acting, at: datetime, call_id: int) -> HttpResponse:
    """Take a call that rings, or ring one back."""
    try:
        desk.answer(call_id, by=by, at=at)
    except NotYours:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("workbench:hotline")
    return redirect("workbench:call", call_id=call_id)


@never_cache
@staffed
def call(request: HttpRequest, *, by: Acting, at: datetime, call_id: int) -> HttpResponse:
    """The call on the line (404 once it is over); POST looks words up, answers, or reports."""
    window = calls.window(call_id, by=by, at=at)
    pack = desk_report.own_pack(by)
    chosen = talking.way(by, at, pack)
    if request.method != "POST":
        return _page(request, window, chosen, Posted(), by, at)
    said = posted.read(request, [*chosen.asks, *chosen.more])
    said.typed["answer"] = request.POST.get("answer", "").strip()
    area, found = place(said, by, at)
    if found:
        chosen = talking.way(by, at, pack, found)
    do = request.POST.get("do", "look")
    if do == "answer":
        return _answered(request, window, chosen, said, area, by, at)
    if do == "typing":
        return _typing(request, said, pack, at)
    if do != "report":
        return _page(request, window, chosen, said, by, at)
    if area is None:
        said.errors.setdefault("area", WHERE)
    return _report(request, window, chosen, said, area, by, at)


def _typing(request: HttpRequest, said: Posted, pack: Pack, at: datetime) -> JsonResponse:
    """What the words bring up, for the form while the clerk types."""
    brought = talking.brought(said.said.get("words", "")[:LONGEST], "", pack, at)
    asked = asking.fields(brought.leaf, pack) if brought.leaf else []
    told = {
        "leaf": brought.leaf,
        "brought": render_to_string("workbench/hotline/brought.html", {"brought": brought}, request),
        "questions": render_to_string(
            "pieces/questions.html", {"questions": asked, "asked": brought.leaf}, request
        ),
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def place(said: Posted, by: Acting, at: datetime) -> tuple[Area | None, list[tuple[str, str]]]:
    """The area chosen, or the one a typed place clearly means; else what it may mean."""
    wanted = str(said.said.get("area", ""))
    if wanted.isdecimal() and wanted in {str(one.pk) for one in desk_report.areas(by=by, at=at)}:
        return desk_report.area(int(wanted), at), []
    found = desk_report.found_by_words(said.said.get("place", ""), by=by, at=at)
    if wanted and wanted in dict(found):
        return desk_report.area(int(wanted), at), []
    return (desk_report.area(int(found[0][0]), at), []) if len(found) == 1 else (None, found)


def _report(
    request: HttpRequest,
    window: calls.Window,
    chosen: talking.Way,
    said: Posted,
    area: Area | None,
    by: Acting,
    at: datetime,
) -> HttpResponse:
    """A report for the person on the line; the number only with their yes."""
    pack = desk_report.own_pack(by)
    kind = talking.reporting.kind_of(said, pack)
    told = asking.said(request, kind, pack)
    stops = talking.first(request, kind, told, pack)
    if said.errors or area is None or stops:
        return _page(request, window, chosen, said, by, at, stops=stops, status=422 if said.errors else 200)
    number = calls.number_of(window.call) if request.POST.get("consent") == "yes" else ""
    made = talking.report_of(said, area, pack, "hotline", number, told)
    try:
        done = actions.report(made, by=by, at=at, key=key_of(request))
    except Refusal as refusal:
        said.errors |= refusal.errors if isinstance(refusal, SayMore) else {"words": refusal.sentence}
        return _page(request, window, chosen, said, by, at, status=422)
    messages.success(request, told_by(done, at))
    return redirect("workbench:call", call_id=window.call.pk)


def told_by(done: actions.Reported, at: datetime) -> str:
    """The number to read out and by when it is decided."""
    coming = after_report(done.matter, at=at)
    by_when = f"{coming.accept_by:%m-%d %H:%M} 前" if coming.accept_by else ""
    limit = f"，{coming.desk}{by_when}告诉他受理不受理" if coming.desk else ""
    return f"记下了，编号 {done.matter.number}{limit}。把编号念给他。"


def _answered(
    request: HttpRequest,
    window: calls.Window,
    chosen: talking.Way,
    said: Posted,
    area: Area | None,
    by: Acting,
    at: datetime,
) -> HttpResponse:
    """A question answered at once, closed by its answer."""
    words, answer_, card = said.said.get("words", ""), said.typed["answer"], request.POST.get("card", "")
    asked = fairs.Answered(area or window.call.area, words, answer_, "hotline", card)
    try:
        done = fairs.answer(asked, by=by, at=at, key=key_of(request))
    except Refusal as refusal:
        said.errors |= refusal.errors if isinstance(refusal, SayMore) else {"words": refusal.sentence}
        return _page(request, window, chosen, said, by, at, status=422)
    messages.success(request, f"这一问记下了，{done.number}。")
    return redirect("workbench:call", call_id=window.call.pk)


def key_of(request: HttpRequest) -> str:
    """The form's own key, or a fresh one."""
    key = request.POST.get("key", "")
    return key if len(key) == 32 else secrets.token_hex(16)


def _heard(request: HttpRequest, said: Posted, by: Acting, at: datetime) -> dict[str, Any]:
    """What the words bring up, and the kind's questions with what was answered."""
    pack, words = desk_report.own_pack(by), said.said.get("words", "")
    brought = talking.brought(words, said.said.get("category", ""), pack, at) if words else None
    leaf = brought.leaf if brought else ""
    asked = asking.fields(leaf, pack, asking.said(request, leaf, pack)) if leaf else []
    return {"brought": brought, "questions": asked, "asked": leaf}


def _page(
    request: HttpRequest,
    window: calls.Window,
    chosen: talking.Way,
    said: Posted,
    by: Acting,
    at: datetime,
    *,
    stops: Any = (),
    status: int = 200,
) -> HttpResponse:
    fields, more = talking.bound(chosen, said)
    told = {
        **_heard(request, said, by, at),
        "title": "正在通话",
        "here": "hotline",
        "window": window,
        "action": reverse("workbench:call", args=[window.call.pk]),
        "fields": fields,
        "more": more,
        "stops": stops,
        "posted": said,
        "answer": said.typed.get("answer", ""),
        "outcomes": OUTCOMES,
        "wrong": [{"anchor": f"f-{name}", "short": sentence} for name, sentence in said.errors.items()],
        "errors": said.errors,
        "key": request.POST.get("key") or secrets.token_hex(16),
    }
    return page(request, "hotline/call", by, told, status)


@require_POST
@staffed
def act(
    request: HttpRequest, *, by: Acting, at: datetime, call_id: int, matter_id: int, act: str
) -> HttpResponse:
    """Urge or add for the person on the line, as the caller said."""
    window = calls.window(call_id, by=by, at=at)
    if act not in calls.ACTS or matter_id not in {one.id for one in window.rows}:
        raise NotYours(calls.GONE, hidden=True)
    words = request.POST.get("more", "").strip()
    said: dict[str, Any] = {"more": words} if act == "caller_add" else {"note": words}
    try:
        actions.take(matter_id, act, by=by, at=at, key=key_of(request), **said)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("workbench:call", call_id=call_id)
    messages.success(request, "催过了，对方收到。" if act == "caller_urge" else "补充记上了。")
    return redirect("workbench:call", call_id=call_id)


@require_POST
@staffed
def close(request: HttpRequest, *, by: Acting, at: datetime, call_id: int) -> HttpResponse:
    """Hang up: what the window showed is gone."""
    try:
        back = parse_datetime(request.POST.get("ring_back", ""))
    except ValueError:
        back = None
    if back is not None and is_naive(back):
        back = make_aware(back)
    note = request.POST.get("note", "")
    try:
        desk.close(call_id, request.POST.get("outcome", ""), by=by, at=at, ring_back=back, note=note)
    except SayMore as more:
        messages.error(request, " ".join(more.errors.values()))
        return redirect("workbench:call", call_id=call_id)
    messages.success(
        request, "挂了。来电人的事不再显示" + ("，号码留到回过电话。" if back else "，号码已经删掉。")
    )
    return redirect("workbench:hotline")

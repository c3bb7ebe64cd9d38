"""信息赶集 on the desk and on the phone in the square: sessions, one that runs, its results."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongzhi.domains.fairs import actions
from gongzhi.domains.fairs.queries import sessions
from gongzhi.domains.fairs.queries.sessions import Desk
from gongzhi.domains.incidents import actions as incidents
from gongzhi.domains.incidents.queries import desk_report
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.kernel.process.possible import Asked
from gongzhi.kernel.process.verdict import NotYours, Refusal, SayMore
from gongzhi.surfaces import answers, asking, posted
from gongzhi.surfaces.fields import bind, from_door
from gongzhi.surfaces.posted import Posted
from gongzhi.surfaces.workbench import reporting, talking
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_hotline import WHERE, key_of, place, told_by

DONE = {
    "begin": "开场了。来一个记一个，没有信号也先存着。",
    "end": "收摊了。5 个工作日内把结果公布给大家。",
    "publish": "公布了，居民在首页能看到。",
    "call_off": "不办了，公告上写着为什么。",
}


@staffed
def listed(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Sessions of the own area, the newest day first."""
    told = {
        "title": "信息赶集",
        "here": "fairs",
        "rows": sessions.listed(by=by, at=at),
        "announces": sessions.may_announce(by),
    }
    return page(request, "fairs/list", by, told)


@staffed
def new(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Announce a session."""
    if not sessions.may_announce(by):
        raise NotYours("信息赶集由社区、街道、区里定。")
    asks = _asks(by, at)
    if request.method != "POST":
        return _form(request, asks, Posted(), by)
    said = posted.read(request, asks)
    own = by.mandate.area if by.mandate is not None else None
    wanted = str(said.said.get("area", ""))
    area = desk_report.area(int(wanted), at) if wanted in dict(asks[0].choices) else own
    assert area is not None
    given = {name: said.said.get(name, "") for name in ("title", "spot", "day", "hours", "text")}
    announced = actions.Announced(area, units=tuple(said.said.get("units", ())), **given)
    try:
        matter = actions.announce(announced, by=by, at=at, key=key_of(request))
    except NotYours:
        raise
    except Refusal as refusal:
        said.errors = _beside(refusal)
        return _form(request, asks, said, by, refusal.sentence)
    messages.success(request, "定好了，这一片的居民在首页能看到。当天点“开场”。")
    return redirect("workbench:fair", matter_id=matter.pk)


def _beside(refusal: Refusal) -> dict[str, str]:
    """Sentences by field; of a guard the one about the day, or about the text."""
    if isinstance(refusal, SayMore):
        return dict(refusal.errors)
    sentence = refusal.sentence.partition("：")[2] or refusal.sentence
    return {"day" if "哪一天" in sentence else "text": sentence}


def _asks(by: Acting, at: datetime) -> list[Asked]:
    own = by.mandate.area if by.mandate is not None else None
    assert own is not None
    below = {str(own.pk): f"全{own.name}"} | dict(desk_report.labelled(desk_report.areas(by=by, at=at)))
    where = Asked("area", {"type": "area", "label": "给哪一片看"}, False, below)
    units = dict(sessions.units(own))
    asks = []
    for one in sessions.asked(by):
        spec = {**one.spec, "type": "text"} if one.name in ("title", "spot") else one.spec
        asks.append(Asked(one.name, spec, one.required, units if one.name == "units" else one.choices))
    return [where, *asks]


def _form(
    request: HttpRequest, asks: list[Asked], said: Posted, by: Acting, refusal: str = ""
) -> HttpResponse:
    rows = [{**one.spec, "name": one.name, "required": one.required, "choices": one.choices} for one in asks]
    told = {
        "title": "定一场信息赶集",
        "here": "fairs",
        "fields": bind(rows, said.typed, said.errors),
        "wrong": [{"anchor": f"f-{name}", "short": text} for name, text in said.errors.items()],
        "refusal": refusal if not said.errors else "",
        "key": key_of(request),
    }
    return page(request, "fairs/new", by, told, 422 if refusal else 200)


@staffed
def session(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """A session: while it runs, one form for a question answered or registered."""
    sheet = _opened(matter_id, by, at)
    pack = desk_report.own_pack(by)
    chosen = talking.way(by, at, pack)
    if request.method != "POST":
        return _sheet(request, sheet, chosen, Posted(), by)
    actions.running(matter_id, by=by, at=at)
    said = posted.read(request, [*chosen.asks, *chosen.more])
    said.typed |= {name: request.POST.get(name, "").strip() for name in ("answer", "phone", "consent")}
    taken = _answer if request.POST.get("do") == "answer" else _register
    sentence = taken(request, sheet, said, by, at)
    if sentence and answers.wanted(request):
        return answers.done(request, sentence, reverse("workbench:fair", args=[matter_id]))
    if sentence:
        messages.success(request, sentence)
        return redirect("workbench:fair", matter_id=matter_id)
    if answers.wanted(request):
        return answers.refused(SayMore(said.errors))
    if "area" in said.errors:
        _, found = place(said, by, at)
        chosen = talking.way(by, at, pack, found) if found else chosen
    return _sheet(request, sheet, chosen, said, by, 422)


def _answer(request: HttpRequest, sheet: Desk, said: Posted, by: Acting, at: datetime) -> str:
    """Answered on the spot: one line. Empty where something is wrong, told beside the field."""
    asked = actions.Answered(
        sheet.area, said.said.get("words", ""), said.typed["answer"], "fair", "", sheet.session.id
    )
    try:
        done = actions.answer(asked, by=by, at=at, key=key_of(request))
    except NotYours:
        raise
    except Refusal as refusal:
        said.errors |= refusal.errors if isinstance(refusal, SayMore) else {"words": refusal.sentence}
        return ""
    return f"记下了，{done.number}。请下一位。"


def _register(request: HttpRequest, sheet: Desk, said: Posted, by: Acting, at: datetime) -> str:
    """Registered as an incident; the number is read out, and by when it is decided."""
    pack = desk_report.own_pack(by)
    area, _ = place(said, by, at)
    number = _number(said)
    if area is None:
        said.errors.setdefault("area", WHERE)
    if said.errors or area is None:
        return ""
    told = asking.said(request, reporting.kind_of(said, pack), pack)
    made = talking.report_of(said, area, pack, "fair", number, told, sheet.session.id)
    try:
        return told_by(incidents.report(made, by=by, at=at, key=key_of(request)), at)
    except Refusal as refusal:
        said.errors |= refusal.errors if isinstance(refusal, SayMore) else {"words": refusal.sentence}
        return ""


def _number(said: Posted) -> str:
    """The number somebody left, with their yes; else what is missing is told."""
    if not said.typed["phone"]:
        return ""
    try:
        number = clean_phone(said.typed["phone"])
    except NotAPhone as fault:
        said.errors["phone"] = fault.sentence
        return ""
    if said.typed["consent"] != "yes":
        said.errors["phone"] = "先问一句“用这个号码告诉您，行吗”，再打勾。"
    return number


def _opened(matter_id: int, by: Acting, at: datetime) -> Desk:
    found = sessions.sheet(matter_id, by=by, at=at)
    if found is None:
        raise Http404
    return found


def _sheet(
    request: HttpRequest, sheet: Desk, chosen: Any, said: Posted, by: Acting, status: int = 200, **more: Any
) -> HttpResponse:
    fields, seldom = talking.bound(chosen, said)
    acts = [one for one in sheet.acts if one.allowed]
    told = {
        "title": sheet.session.title,
        "here": "fairs",
        "one": sheet.session,
        "sheet": sheet,
        "running": sheet.session.stage == actions.RUNNING and actions.may_answer(by),
        "fields": [one for one in fields if one.name != "words"],
        "words": next(one for one in fields if one.name == "words"),
        "seldom": seldom,
        "typed": said.typed,
        "errors": said.errors,
        "wrong": [{"anchor": f"f-{name}", "short": text} for name, text in said.errors.items()],
        "acts": acts,
        "key": key_of(request),
        **more,
    }
    return page(request, "fairs/session", by, told, status)


@staffed
def act(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int, act: str) -> HttpResponse:
    """One act's form (GET), or the act taken (POST)."""
    sheet = _opened(matter_id, by, at)
    found = next((one for one in sheet.acts if one.action == act), None)
    if found is None:
        raise NotYours("这一步不归您。")
    typed: dict[str, Any] = {one.name: request.POST.get(one.name, "").strip() for one in found.fields}
    if request.method != "POST":
        return _act(request, sheet, found, by, {"text": _proposed(sheet)} if act == "publish" else {})
    seen = request.POST.get("seen", "")
    try:
        last = int(seen) if seen.isdecimal() else sheet.seen
        actions.take(matter_id, act, by=by, at=at, seen=last, key=key_of(request), **typed)
    except Refusal as refusal:
        errors = refusal.errors if isinstance(refusal, SayMore) else {}
        return _act(request, sheet, found, by, typed, errors, refusal.sentence)
    messages.success(request, DONE.get(act, f"已{found.label}。"))
    return redirect("workbench:fair", matter_id=matter_id)


def _proposed(sheet: Desk) -> str:
    """What the results may say: the totals, and the answered questions to choose from and to put into own words."""
    total, one = sheet.session.totals, sheet.session
    came = f"一共来问 {total.all} 件：当场答了 {total.answered} 件，登记 {total.registered} 件。"
    head = f"{one.day.month} 月 {one.day.day} 日在{one.spot}，{came}"
    pairs = [f"问：{line.words}\n答：{line.answer}" for line in sheet.lines if line.answer]
    return "\n".join([head, *pairs])[:500]


def _act(
    request: HttpRequest,
    sheet: Desk,
    found: Any,
    by: Acting,
    typed: dict[str, Any],
    errors: dict[str, str] | None = None,
    refusal: str = "",
) -> HttpResponse:
    told = {
        "title": found.label,
        "here": "fairs",
        "one": sheet.session,
        "sheet": sheet,
        "act": found,
        "fields": from_door(found.fields, typed, errors or {}),
        "refusal": "" if errors else refusal,
        "key": key_of(request),
    }
    return page(request, "fairs/act", by, told, 422 if refusal else 200)

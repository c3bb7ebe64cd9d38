"""Reporting by staff: found on patrol, from a building's chat, or for somebody who came, called or was visited."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.queries import desk_matter, desk_report, questions
from gongzhi.domains.incidents.queries.questions import Cleaned
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import OtherContent, Refusal, SayMore
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces import answers, asking, posted, writing
from gongzhi.surfaces.fields import Field, bind
from gongzhi.surfaces.posted import Posted
from gongzhi.surfaces.workbench import from_point, reporting
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.keeping import may_keep
from gongzhi.surfaces.workbench.reporting import Way
from gongzhi.surfaces.workbench.spot import Spot, spot
from gongzhi.surfaces.workbench.views_print import qr

SLIP = "desk_slip"
LONGEST = 2000  # signs of what somebody writes
SLIP_FOR = timedelta(minutes=30)
WHICH = "选一个，或者在地点里写小区和楼号。"


@staffed
def report(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The form of one way of reporting (GET), or the report taken in (POST)."""
    asked = request.POST.get("way") or request.GET.get("way", "")
    name = asked if asked in reporting.ways(by) else next(iter(reporting.ways(by)))
    pack = desk_report.own_pack(by)
    chosen = reporting.way(name, by, at, pack)
    chosen.stop = from_point.named(request, by, at)
    if request.method != "POST":
        return may_keep(_form(request, chosen, Posted(), by), by)
    said = posted.read(request, [*chosen.asks, *chosen.more])
    here = spot(request, said.said.get("photos"), at) or from_point.spot(chosen.stop, at)
    area, found = _area(said, here, by, at)
    if found:
        chosen = replace(reporting.way(name, by, at, pack, found), stop=chosen.stop)
    if area is None or said.errors:
        if area is None:
            said.errors.setdefault("area", WHICH)
        return _again(request, chosen, said, by, SayMore(said.errors))
    kind = reporting.kind_of(said, pack)
    told = asking.said(request, kind, pack)
    if not answers.wanted(request) and (more := _more(request, chosen, said, by, kind, told)):
        return more
    made = reporting.report_of(said, name, pack, area, here, told)
    if said.errors:
        return _again(request, chosen, said, by, SayMore(said.errors))
    return _send(request, chosen, said, made, by, at)


def _more(
    request: HttpRequest, chosen: Way, said: Posted, by: Acting, kind: str, told: dict[str, Any]
) -> HttpResponse | None:
    """The form once more, where the kind has questions that were not shown yet, are wrong, or want another door."""
    pack = desk_report.own_pack(by)
    if chosen.name == "chat" or not questions.of(kind, pack):  # nobody there to ask
        return None
    cleaned = questions.clean(kind, pack, told)
    first = [one for one in cleaned.stops if asking.CALLED not in request.POST]
    unseen = request.POST.get("asked") != kind
    if not (unseen or cleaned.errors or first):
        return None
    shown = asking.fields(kind, pack, told, Cleaned() if unseen else cleaned)
    status = 422 if cleaned.errors and not unseen else 200
    return _form(
        request, chosen, said, by, status, questions=shown, asked=kind, stops=cleaned.stops, once_more=unseen
    )


def _area(
    said: Posted, here: Spot | None, by: Acting, at: datetime
) -> tuple[Area | None, list[tuple[str, str]]]:
    """The area meant: the chosen one, what the typed place clearly means, the phone's grid, the hand's own."""
    wanted = said.said.get("area", "")
    rows = {str(one.pk): one for one in desk_report.areas(by=by, at=at)}
    if wanted in rows:
        return rows[wanted], []
    found = desk_report.found_by_words(said.said.get("place", ""), by=by, at=at)
    if wanted and wanted in dict(found):
        return desk_report.area(int(wanted), at), []
    if len(found) == 1:
        return desk_report.area(int(found[0][0]), at), []
    if here is not None and here.grid is not None and str(here.grid.pk) in rows:
        return rows[str(here.grid.pk)], []
    own = by.mandate.area if by.mandate else None
    if own is not None and own.level == "grid":
        return own, []
    return None, found


def _send(
    request: HttpRequest, chosen: Way, said: Posted, made: actions.Report, by: Acting, at: datetime
) -> HttpResponse:
    key, done = request.POST.get("key", ""), said.said.get("done_on_spot", "")
    happened = answers.happened(request, at)
    if len(key) != 32:
        key = secrets.token_hex(16)
    try:
        told = actions.report(made, by=by, at=at, key=key, happened=happened)
    except Refusal as refusal:
        return _again(request, chosen, said, by, refusal)
    writing.count("incident.report", "desk", said, at)
    said_after = "已上报，编号 " + told.matter.number + "。"
    if done:
        try:
            photos = said.said.get("after_photos", [])
            actions.solve_on_spot(made, done, photos, by=by, at=at, key=key, happened=happened)
            said_after = f"已当场办结，编号 {told.matter.number}。"
        except Refusal as refusal:
            said_after = f"已上报，编号 {told.matter.number}。当场办结没有记下：{refusal.sentence}"
    said_after += from_point.tie(chosen.stop, told.matter.pk, by=by, at=at, key=key, happened=happened)
    warned = desk_report.guess(made.words, desk_report.own_pack(by)).danger
    response = _sent(request, told.matter.number, f"{said_after}{warned}", chosen)
    return _with_slip(response, told.matter.number, told.matter.pk, chosen, key)


def _sent(request: HttpRequest, number: str, sentence: str, chosen: Way) -> HttpResponse:
    """On to the slip, where it is said what was taken in; of something found at a point, back to the patrol."""
    to = from_point.address(chosen.stop) or reverse("workbench:slip")
    if answers.wanted(request):
        return answers.done(request, sentence, to, number=number)
    messages.success(request, sentence)
    return redirect(to)


def _again(request: HttpRequest, chosen: Way, said: Posted, by: Acting, refusal: Refusal) -> HttpResponse:
    """The form once more with what is wrong; nothing typed is lost."""
    if answers.wanted(request):
        return answers.refused(refusal)
    if isinstance(refusal, SayMore):
        said.errors = {**refusal.errors, **said.errors}
        return _form(request, chosen, said, by, 422)
    anew = isinstance(refusal, OtherContent)
    return _form(request, chosen, said, by, 409, refusal=refusal.sentence, new_key=anew)


def _with_slip(response: HttpResponse, number: str, matter_id: int, chosen: Way, key: str) -> HttpResponse:
    """The slip's digits stay in a signed cookie of this desk for half an hour, the link's token nowhere."""
    _, digits = actions.receipt_for(key)
    held = {"number": number, "matter": str(matter_id), "digits": digits if chosen.name == "behalf" else ""}
    response.set_cookie(
        SLIP,
        signing.dumps(held, salt=SLIP),
        max_age=SLIP_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
        path="/desk/",
    )
    return response


def _form(
    request: HttpRequest, chosen: Way, said: Posted, by: Acting, status: int = 200, **more: Any
) -> HttpResponse:
    typed = (
        said.typed
        if request.method == "POST"
        else {**_first_values(by, chosen), **from_point.first(chosen.stop)}
    )
    told = {
        "title": "上报",
        "here": "report",
        "ways": reporting.ways(by),
        "way": chosen.name,
        "stop": chosen.stop,
        "fields": _bound(chosen.asks, typed, said),
        "more": _bound(chosen.more, typed, said),
        "folded": reporting.FOLDED[chosen.name],
        "posted": said,
        "wrong": [{"anchor": f"f-{name}", "short": sentence} for name, sentence in said.errors.items()],
        "key": (request.POST.get("key") if not more.get("new_key") else "") or secrets.token_hex(16),
        **more,
    }
    return page(request, "report", by, told, status)


def _bound(asks: list[Any], typed: dict[str, Any], said: Posted) -> list[Field]:
    rows = [{**one.spec, "name": one.name, "required": one.required, "choices": one.choices} for one in asks]
    return bind(rows, typed, said.errors)


def _first_values(by: Acting, chosen: Way) -> dict[str, Any]:
    area = by.mandate.area if by.mandate else None
    first: dict[str, Any] = {"area": str(area.pk) if area is not None and area.level == "grid" else ""}
    if by.role == "hotline_clerk":
        first["channel"] = "hotline"
    return first


@staffed
def slip(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """What was just reported; for a resident standing here, a slip with number and 12 digits that only reads."""
    try:
        held = signing.loads(request.COOKIES.get(SLIP, ""), salt=SLIP, max_age=SLIP_FOR)
    except signing.BadSignature:
        return redirect("workbench:report")
    seen = desk_matter.readable(int(held["matter"]), by=by, at=at)
    address = request.build_absolute_uri(f"/find/?number={held['number']}")
    told = {"held": held, "readable": seen, "qr": qr(address), "title": "上报好了", "here": "report"}
    return page(request, "slip", by, told)


@staffed
def guess(request: HttpRequest, *, by: Acting, at: datetime) -> JsonResponse:
    """What the words point at and why, for the form while somebody types; words of danger first."""
    pack = desk_report.own_pack(by)
    found = desk_report.guess(request.POST.get("words", "")[:LONGEST], pack)
    leaf = pack.table("categories").get("leaf", {}).get(found.leaf, {})
    said = {"leaf": "", "label": "", "because": "", "danger": found.danger}
    if leaf and not leaf.get("private"):
        told = {"questions": asking.fields(found.leaf, pack), "asked": found.leaf}
        said["questions"] = (
            render_to_string("pieces/questions.html", told, request) if told["questions"] else ""
        )
        because = found.because.replace("您", "")
        said |= {"leaf": found.leaf, "label": leaf["label"], "because": f"因为{because}"}
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})

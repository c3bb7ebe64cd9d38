"""Report, third screen: how to reach you, a last look, and sending it once however often it is sent."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.intake import Contact, Report
from gongzhi.domains.incidents.queries import receipts
from gongzhi.domains.incidents.queries.intake import Next, after_report
from gongzhi.kernel.people import limits, secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.kernel.process.verdict import NotKept, OtherContent, Refusal
from gongzhi.kernel.telling.channels import CHANNELS
from gongzhi.surfaces.context import is_elder
from gongzhi.surfaces.portal import categories, cookies, drafts, views_more, views_report, where, writing
from gongzhi.surfaces.portal.drafts import Draft
from gongzhi.surfaces.portal.writing import Wrong

CHOICES = [
    ("all", "留手机号", "办好了告诉您，有不清楚的好问您"),
    ("community_only", "留手机号，对办事单位保密", "只有社区能联系您"),
    ("sealed_from_grid", "留手机号，对社区和网格员也保密", "只有街道能联系您"),
    ("none", "不留", "凭查询码看进度，我们没法找您核实"),
]
NOT_SENT = "没送出去，您写的都还在。过一会儿再点“送出”，不会重复。"


def page(request: HttpRequest) -> HttpResponse:
    """GET shows contact and review, POST sends."""
    draft = writing.current(request)
    if draft.sent:
        return views_report.already(request, draft) if request.method == "POST" else redirect("portal:sent")
    if draft.empty or not draft.spot:
        return redirect("portal:report" if draft.empty else "portal:where")
    if request.method != "POST":
        return _show(request, draft, [])
    wrong = take_contact(request, draft) + writing.keep(draft, "f-phone")
    return _show(request, draft, wrong) if wrong else send(request, draft)


def take_contact(request: HttpRequest, draft: Draft) -> list[Wrong]:
    """The four choices and the number. A number without a choice is left openly; no number and no choice is none."""
    said = request.POST
    typed, choice = said.get("phone", "").strip(), said.get("who_may_see", "")
    draft.who_may_see = choice if choice in {one[0] for one in CHOICES} else ("all" if typed else "none")
    draft.told_by = "none" if draft.who_may_see == "none" else "call" if "call" in said else "sms"
    draft.phone = typed if draft.who_may_see != "none" else ""
    if draft.who_may_see == "none":
        return []
    try:
        draft.phone = clean_phone(typed)
    except NotAPhone as refusal:
        return [Wrong("f-phone", "手机号要改", refusal.sentence)]
    return []


def _show(
    request: HttpRequest, draft: Draft, wrong: list[Wrong], sentence: str = "", status: int = 200
) -> HttpResponse:
    at = timezone.now()
    said = {
        "draft": draft, "wrong": wrong, "errors": {one.anchor: one.sentence for one in wrong}, "step": 3,
        "choices": CHOICES, "leaf": categories.leaf(writing.pack(at), draft.leaf),
        "spot": where.unpacked(draft.spot), "sentence": sentence, "short": _short(request, draft),
        "no_texts": CHANNELS["sms"].off, "answers": views_more.told(draft, at),
    }  # fmt: skip
    return render(request, "portal/report_contact.html", said, status=422 if wrong else status)


def _short(request: HttpRequest, draft: Draft) -> bool:
    """In 长辈版 a scanned code leaves out the screen of where."""
    return is_elder(request) and (draft.spot or {}).get("source") == "code"


def send(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Through the door with the draft's key; the answer is kept on this device and the draft emptied."""
    at = timezone.now()
    try:
        answer = _report(request, draft, at)
    except OtherContent:
        return views_report.already(request, draft)
    except NotKept:
        return _show(request, draft, [], NOT_SENT, 503)
    except Refusal as refusal:
        return _show(request, draft, [], refusal.sentence, 409)
    writing.count_report(draft, at)
    return answered(request, draft, answer)


def _report(request: HttpRequest, draft: Draft, at: datetime) -> Any:
    spot = where.unpacked(draft.spot)
    said = Report(
        area=where.ground(spot, at),
        words=draft.words,
        category="" if draft.leaf == views_report.OTHER else draft.leaf,
        suggested=draft.suggested,
        place=_place(spot, draft),
        point=(spot.lat, spot.lon) if spot and spot.lat is not None and spot.lon is not None else None,
        point_source=spot.source if spot else "",
        about=tuple(draft.about_whom),
        keep_out=draft.keep_out,
        contact=contact(draft),
        photos=tuple(draft.photos),
        voice=draft.voice,
        video=draft.video,
        answers=draft.answers,
        over_limit=over_limit(request, draft.phone, at),
    )
    return actions.report(said, by=Acting.public("portal"), at=at, key=draft.key)


def contact(draft: Draft) -> Contact:
    """The draft's number and who may see it."""
    return Contact(draft.phone, draft.who_may_see or "none", draft.told_by == "call", draft.told_by or "none")


def over_limit(request: HttpRequest, phone: str, at: datetime) -> bool:
    """Whether this device, number or address has sent many: the report is kept all the same, and marked."""
    tag = secrets.tag(phone) if phone else ""
    address = limits.network(request.META.get("REMOTE_ADDR"))
    return limits.report_over_limit(device=cookies.device(request), phone_tag=tag, address=address, at=at)


def _place(spot: where.Spot | None, draft: Draft) -> str:
    """The place in the reporter's words: the building and what was added to find it; the areas stand beside it."""
    if spot is None:
        return draft.place_words
    if spot.level in where.AREAS:
        return draft.place_words or f"{spot.within} {spot.label}".strip()
    return draft.place_words if spot.label in draft.place_words else f"{spot.label}{draft.place_words}"


def answered(request: HttpRequest, draft: Draft, answer: Any) -> HttpResponse:
    """Keep the receipt as this device's own and show it; a browser signed in at a desk gets to read it, no more."""
    at = timezone.now()
    coming = after_report(answer.matter, at=at)
    sent = {
        "number": answer.matter.number,
        "digits": answer.digits,
        "token": answer.token,
        "told": f"网格员{coming.worker.name}" if coming.worker else coming.desk,
        "call": draft.told_by == "call",
        "at": at.isoformat(),
        "next": _next(coming),
    }
    with suppress(OSError):  # no room to say so in the draft: its key gives the same answer again
        drafts.finish(draft, {"number": answer.matter.number})
    response = redirect("portal:sent")
    receipt = receipts.by_token(answer.token)
    if receipt is not None:
        if request.user.is_authenticated:
            receipts.open_link(receipt, at)
        mode = "read" if request.user.is_authenticated else "own"
        cookies.keep_held(response, cookies.held(request).with_one(mode, receipt.pk))
    cookies.write(response, cookies.SENT, sent)
    return response


def _next(coming: Next) -> list[list[str]]:
    """What comes next: text, hint, moment; the first with its date, since it is a promise."""
    steps = []
    if coming.accept_by:
        text = f"{coming.desk}告诉您受理不受理"
        steps.append([text, "不受理会说明原因，并告诉您该找谁", coming.accept_by.isoformat()])
    if coming.promise:
        steps.append([f"受理后，{coming.promise}内办好", "这一类的承诺时限，来历可查", ""])
    return [*steps, ["办好后有人去现场核查，再请您评价", "", ""]]

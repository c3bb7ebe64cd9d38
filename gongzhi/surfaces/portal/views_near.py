"""Report, between where and contact: has somebody near reported the same? “我也遇到了” follows it instead.

Without JavaScript and without an account; who goes on reports as before, nothing typed is lost either way.
"""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongzhi.domains.incidents import me_too
from gongzhi.domains.incidents.me_too import Following
from gongzhi.domains.incidents.queries import joined, receipts
from gongzhi.domains.incidents.queries.near import Hint, ground_of, hints
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.kernel.process.verdict import NotKept, Refusal
from gongzhi.surfaces.context import is_elder
from gongzhi.surfaces.portal import cookies, drafts, shown, views_contact, views_follow, where, writing
from gongzhi.surfaces.portal.drafts import Draft
from gongzhi.surfaces.portal.writing import Wrong

SEEN = "near:"
TOO_MANY = "今天点得太多了。真有这件事，点“接着报”，照常报上来。"


def onwards(draft: Draft, at: datetime) -> str:
    """Where the report goes on: to what is near, where there is something not seen yet, else to contact."""
    return "portal:near" if unseen(draft, at) else "portal:contact"


def unseen(draft: Draft, at: datetime) -> list[Hint]:
    """Near matters the reporter has not passed by already. None for a complaint, or what is kept from the area."""
    spot = where.unpacked(draft.spot)
    if spot is None or draft.keep_out or draft.about == "yes":
        return []
    point = (spot.lat, spot.lon) if spot.lat is not None and spot.lon is not None else None
    ground = ground_of(where.ground(spot, at), point, draft.place_words)
    found = hints(ground, draft.leaf, writing.pack(at), at=at)
    return [one for one in found if f"{SEEN}{one.number}" not in draft.seen]


def page(request: HttpRequest) -> HttpResponse:
    """GET shows what is near; POST follows one of it, or passes by and goes on."""
    draft, at = writing.current(request), timezone.now()
    if draft.sent or draft.empty:
        return redirect("portal:report")
    near = unseen(draft, at)
    if not near:
        return redirect("portal:contact")
    chosen = next((one for one in near if one.number == request.POST.get("follow")), None)
    if request.method != "POST" or (chosen is None and "follow" in request.POST):
        return _show(request, draft, near)
    if chosen is not None:
        return _follow(request, draft, near, chosen, at)
    draft.seen = sorted({*draft.seen, *(f"{SEEN}{one.number}" for one in near)})
    wrong = writing.keep(draft)
    return _show(request, draft, near, wrong) if wrong else redirect("portal:contact")


def _show(
    request: HttpRequest, draft: Draft, near: list[Hint], wrong: list[Wrong] | None = None, sentence: str = ""
) -> HttpResponse:
    known = {one.matter.number for one in receipts.by_ids(list(cookies.held(request).all))}
    said = {
        "draft": draft, "near": near, "mine": known, "wrong": wrong or [], "sentence": sentence, "step": 2,
        "errors": {one.anchor: one.sentence for one in wrong or []},
        "phone": request.POST.get("phone", "")[:20], "known_cause": any(one.cause for one in near),
    }  # fmt: skip
    return render(request, "portal/report_near.html", said, status=422 if wrong else 409 if sentence else 200)


def _follow(request: HttpRequest, draft: Draft, near: list[Hint], chosen: Hint, at: datetime) -> HttpResponse:
    """Through the door; the receipt is this device's own. What was written stays in the draft."""
    typed = request.POST.get("phone", "").strip()
    try:
        phone = clean_phone(typed) if typed else ""
    except NotAPhone as refusal:
        return _show(request, draft, near, [Wrong("f-phone", "手机号要改", refusal.sentence)])
    if views_contact.over_limit(request, phone, at):
        return _show(request, draft, near, sentence=TOO_MANY)
    key = f"{draft.key}-{chosen.number}"
    try:
        told = me_too.me_too(chosen.number, phone, by=Acting.public("portal"), at=at, key=key)
    except NotKept as refusal:
        return _show(request, draft, near, sentence=refusal.sentence)
    except Refusal as refusal:
        return _show(request, draft, near, sentence=refusal.sentence.removeprefix("我也遇到了："))
    return _kept(request, told, bool(phone), at)


def _kept(request: HttpRequest, told: Following, phone: bool, at: datetime) -> HttpResponse:
    """The receipt's page; a browser signed in at a desk gets to read, no more."""
    then = "有进展发短信告诉您" if phone else "您随时拿查询码来看"
    sent = {
        "number": told.matter.number, "digits": told.digits, "token": told.token, "told": "", "call": False,
        "at": at.isoformat(), "next": [[then, "", ""]], "me_too": True,
    }  # fmt: skip
    response = redirect("portal:sent")
    cookies.write(response, cookies.SENT, sent)
    receipt = receipts.by_token(told.token)
    if receipt is not None:
        mode = "read" if request.user.is_authenticated else "own"
        cookies.keep_held(response, cookies.held(request).with_one(mode, receipt.pk))
    return response


def joined_page(request: HttpRequest, number: str) -> HttpResponse:
    """What somebody who follows reads: the state, the promise, what was told to all; nothing once it is kept back."""
    receipt = _followed(request, number)
    course = joined.course(receipt, by=receipts.own_hand(receipt), at=timezone.now())
    said: dict[str, Any] = {
        "course": course, "number": number, "key": drafts.new().key, "side_words": shown.SIDE_WORDS,
        "toast": views_follow.DONE.get(request.GET.get("done", ""), ""),
        "may_stop": cookies.held(request).mode(receipt.pk) == "own" and not request.user.is_authenticated,
        "told": bool(receipt.phone_enc),
    }  # fmt: skip
    return render(request, "portal/joined_elder.html" if is_elder(request) else "portal/joined.html", said)


def _followed(request: HttpRequest, number: str) -> Any:
    receipt = views_follow.followed(request, number)
    if receipt is None:
        raise Http404
    return receipt


@require_POST
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """不再跟着看: the receipt ends, and the number left with it goes."""
    receipt = _followed(request, number)
    held = cookies.held(request)
    if held.mode(receipt.pk) != "own" or request.user.is_authenticated:
        raise Http404
    key = request.POST.get("key", "") or drafts.new().key
    me_too.stop_following(receipt, by=receipts.own_hand(receipt), at=timezone.now(), key=key)
    response = redirect(f"{reverse('portal:mine')}?done=stopped")
    cookies.keep_held(response, held.without(receipt.pk))
    return response

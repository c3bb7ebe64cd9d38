"""Follow: by the link on one's own device, by number and digits, by a shared link. First the state, then the road."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from gongzhi.domains.incidents.queries import files, joined, receipts
from gongzhi.domains.incidents.queries.mine import listed
from gongzhi.kernel.models import Receipt
from gongzhi.kernel.people import limits, secrets
from gongzhi.surfaces import ranged
from gongzhi.surfaces.context import is_elder
from gongzhi.surfaces.portal import cookies, drafts, phone_session, shown
from gongzhi.surfaces.portal.shown import Shown

NOT_FOUND = "没有对上。请看一眼编号和查询码，都在回执上。"
BAD_LINK = "这个链接不对，或者已经不能用了。用编号和查询码也能看。"
NO_COOKIE = "这部手机没记住这个链接（浏览器关了 Cookie）。用编号和查询码也能看。"
BAD_SHARE = "这个分享链接已经不能看了。"
PRIVATE = {"Cache-Control": "private, no-store"}
DONE = {
    "rate": "收到您的评价了。",
    "again": "已经告诉办这件事的单位，按返工的时限办。",
    "add": "补充的已经加上了。",
    "withdraw": "撤回了。",
    "disagree": "已经报给上一级，会重新看。",
    "urge": "已经催了。",
    "say_after": "记下了。没办好的，上一级会重新看。",
    "me_too": "记下了，您在跟着看这件事。",
    "stopped": "不再跟着看了，您留的号码已经删掉。",
    "forget": "您的联系方式已经删掉。",
    "erase": "您写的话、照片、录音已经删掉。",
    "forget_some": "删了。有的事已经并到另一件里，这里删不了，请打社区电话。",
    "out": "退出了。这部手机上看不到这个号码的事了。",
}


def own(request: HttpRequest, token: str) -> HttpResponse:
    """The reporter's own link: exchanged at once for a cookie, never logged. A staff session only gets to read, and
    what it has seen acts nowhere any more (powers, section 11 c).

    Whoever fetches the address without keeping cookies (a messenger's preview) takes nothing away from the reporter.
    """
    receipt = receipts.by_token(token)
    if receipt is None:
        return render(request, "portal/find.html", {"sentence": BAD_LINK}, status=404)
    if request.user.is_authenticated:
        receipts.open_link(receipt, timezone.now())
        return _opened(request, receipt, "read")
    if cookies.held(request).mode(receipt.pk) == "own":
        return _opened(request, receipt, "own")
    response = redirect("portal:kept")
    cookies.write(response, cookies.LINK, receipt.pk)
    return response


def kept(request: HttpRequest) -> HttpResponse:
    """The link becomes this device's own where it is the first to open it; every later device only reads."""
    named = cookies.read(request, cookies.LINK)
    rows = receipts.by_ids([named]) if isinstance(named, int) else []
    if not rows:
        return render(request, "portal/find.html", {"sentence": NO_COOKIE}, status=422)
    first = receipts.open_link(rows[0], timezone.now()) and not request.user.is_authenticated
    response = _opened(request, rows[0], "own" if first else "read")
    cookies.drop(response, cookies.LINK)
    return response


def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A read-only link, without words and photos."""
    receipt = receipts.by_share(token)
    if receipt is None:
        return render(request, "portal/find.html", {"sentence": BAD_SHARE}, status=404)
    return _opened(request, receipt, "shared")


def _opened(request: HttpRequest, receipt: Receipt, mode: str) -> HttpResponse:
    response = redirect("portal:follow", number=receipt.matter.number)
    cookies.keep_held(response, cookies.held(request).with_one(mode, receipt.pk))
    return response


def find(request: HttpRequest) -> HttpResponse:
    """Number and twelve digits: reads only; five wrong tries an hour per matter."""
    number, typed = request.POST.get("number", request.GET.get("number", "")), request.POST.get("digits", "")
    said = {"number": number, "typed": typed}
    if request.method != "POST":
        return render(request, "portal/find.html", said)
    wrong, status, sender = NOT_FOUND, 422, limits.network(request.META.get("REMOTE_ADDR"))
    try:
        digits = secrets.clean_code(typed)
        receipt = receipts.by_digits(number.strip(), digits, at=timezone.now(), sender=sender)
        if receipt is not None:
            return _opened(request, receipt, "read")
    except secrets.NotACode as refusal:
        wrong = refusal.sentence
    except receipts.TooManyTries as shut:
        wrong, status = str(shut), 429
    return render(request, "portal/find.html", {**said, "wrong_digits": wrong}, status=status)


def standing(request: HttpRequest, number: str) -> tuple[Receipt, str]:
    """This browser's receipt of a number, and how it holds it: kept here, or opened by the code to one's own number.

    Http404 where it holds none.
    """
    known = cookies.held(request)
    rows = [one for one in _known(request, number) if not receipts.follows(one)]
    best = min(rows, key=lambda one: known.all.index(one.pk), default=None)
    mode = shown.mode_of(known, best, staff=request.user.is_authenticated) if best else ""
    proved = None if mode == "own" else phone_session.receipt_of(request, number, timezone.now())
    if proved is not None and not receipts.follows(proved):
        return proved, "own"
    if best is None:
        raise Http404
    return best, mode


def _known(request: HttpRequest, number: str) -> list[Receipt]:
    """Every receipt of a number that this browser keeps."""
    return [one for one in receipts.by_ids(list(cookies.held(request).all)) if one.matter.number == number]


def followed(request: HttpRequest, number: str) -> Receipt | None:
    """The receipt of somebody who follows this number, kept here or proved by the code to their own number."""
    proved = phone_session.receipt_of(request, number, timezone.now())
    rows = [*_known(request, number), *([proved] if proved else [])]
    return next((one for one in rows if receipts.follows(one)), None)


def seen(request: HttpRequest, number: str, at: datetime) -> Shown:
    """What this device may see of a number. Http404 where nothing."""
    receipt, mode = standing(request, number)
    found = shown.shown(receipt, mode, at)
    if found is None:
        raise Http404
    return replace(found, kept_here=bool(cookies.held(request).mode(receipt.pk)))


def owned(request: HttpRequest, number: str) -> Shown:
    """The matter, where this browser holds the reporter's own hand. Http404 otherwise: reading is not acting."""
    found = seen(request, number, timezone.now())
    if found.mode != "own":
        raise Http404
    return found


def follow(request: HttpRequest, number: str) -> HttpResponse:
    """The state and the promise first, then the road, the words, who looked at the number."""
    try:
        found = seen(request, number, timezone.now())
    except Http404:
        if followed(request, number) is not None:
            return redirect("portal:joined", number=number)
        return redirect(f"{reverse('portal:find')}?{urlencode({'number': number[:20]})}")
    toast = DONE.get(request.GET.get("done", ""), "")
    said = {"shown": found, "follow": found.f, "toast": toast, "key": drafts.new().key, "errors": {}}
    said["staff"] = request.user.is_authenticated
    said["side_words"] = shown.SIDE_WORDS
    said["course"] = (
        joined.course(found.receipt, by=found.hand, at=timezone.now()) if found.f.met_with else None
    )
    return render(request, "portal/follow_elder.html" if is_elder(request) else "portal/follow.html", said)


def mine(request: HttpRequest) -> HttpResponse:
    """我报的事: what this device reported or opened; after a code, what was left with this number too."""
    at = timezone.now()
    known, session = cookies.held(request), phone_session.current(request, at)
    kept_here = sorted(receipts.by_ids(list(known.all)), key=lambda one: known.all.index(one.pk))
    rows = sorted([*kept_here, *phone_session.receipts_of(session)], key=lambda one: -one.pk)
    said = {
        "rows": listed(rows, shared=set(known.shared) - {*known.own, *known.read}),
        "session": session,
        "side_words": shown.SIDE_WORDS,
        "days": phone_session.rules(at).listed.days,
        "toast": DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "portal/mine_elder.html" if is_elder(request) else "portal/mine.html", said)


def attachment(request: HttpRequest, number: str, attachment_id: int) -> HttpResponseBase:
    """A photo or voice note of one's own matter, through the gate; a code or a shared link shows none."""
    receipt, mode = standing(request, number)
    if mode != "own":
        raise Http404
    hand = receipts.own_hand(receipt)
    found = files.attachment(attachment_id, by=hand, at=timezone.now(), small="small" in request.GET)
    return _file(request, found)


def _file(request: HttpRequest, found: files.Opened | None) -> HttpResponseBase:
    if found is None:
        raise Http404
    return ranged.answer(request, found.path, found.media_type, PRIVATE)

"""A code to one's own number: asked for, typed, signed out; and the number taken away from everything at once.

Whether a number is known changes nothing here: same page, same sentence, same rows written in the same time.
"""

import secrets as random
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.queries import receipts
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.phones import NotAPhone, clean_phone, mask_phone
from gongzhi.kernel.process import phone_codes
from gongzhi.kernel.process.phone_codes import DIGITS, Closed, NoCode, Rules
from gongzhi.kernel.telling.channels import CHANNELS
from gongzhi.surfaces.context import is_elder
from gongzhi.surfaces.portal import drafts, phone_session
from gongzhi.surfaces.portal.phone_session import Asked

HOUR = timedelta(hours=1)
SMS = "sms"
STAFF = "这个浏览器登录着工作台，不能看居民自己的清单。先退出工作台，或者换一部手机。"
TOO_MANY = "这个网络刚才要得太多了，过一会儿再要。也可以用编号和查询码看。"
MOBILE_ONLY = "验证码是短信，只能发到手机。座机报的事，用编号和查询码看，或者打社区电话问。"


def page(request: HttpRequest) -> HttpResponse:
    """GET shows the step this browser is at; POST asks for a code, or types one."""
    at = timezone.now()
    if request.user.is_authenticated:
        return _show(request, at, {"closed": STAFF}, 403)
    if CHANNELS[SMS].off:
        return _show(request, at, {"off": True})
    if request.method == "POST":
        return _enter(request, at) if "code" in request.POST else _ask(request, at)
    if phone_session.current(request, at) is not None:
        return redirect(_onward(request))
    return _show(request, at, {"step": 1 if "again" in request.GET else _step(request)})


def _step(request: HttpRequest) -> int:
    return 2 if phone_session.asked(request).row else 1


def _ask(request: HttpRequest, at: datetime) -> HttpResponse:
    typed, rules = request.POST.get("phone", ""), phone_session.rules(at)
    try:
        number = _mobile(typed)
        one = phone_session.asked(request)
        _not_too_many(request, one, rules, at)
        row = phone_codes.ask(number, browser=one.browser, at=at, rules=rules)
    except NotAPhone as wrong:
        return _show(request, at, {"step": 1, "typed": typed, "wrong": wrong.sentence}, 422)
    except NoCode as wait:
        return _show(request, at, {"step": 1, "typed": typed, "wrong": wait.sentence}, 429)
    response = redirect(_here(request))
    phone_session.keep(response, Asked(row.pk, one.browser, mask_phone(number)))
    return response


def _mobile(typed: str) -> str:
    number = clean_phone(typed)
    if number.startswith("0"):
        raise NotAPhone(MOBILE_ONLY)
    return number


def _not_too_many(request: HttpRequest, one: Asked, rules: Rules, at: datetime) -> None:
    """The soft limits of one browser and one address; an estate may share an address."""
    counted = [
        limits.over("code_browser", one.browser, limits.Limit(rules.browser_per_hour, HOUR), at),
        limits.over(
            "code_address",
            limits.network(request.META.get("REMOTE_ADDR")),
            limits.Limit(rules.address_per_hour, HOUR),
            at,
        ),
    ]
    if any(counted):
        raise phone_codes.Waits(TOO_MANY)


def _enter(request: HttpRequest, at: datetime) -> HttpResponse:
    typed, one = request.POST.get("code", ""), phone_session.asked(request)
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isdecimal())
    if len(digits) != DIGITS:
        count = f"您写了 {len(digits)} 个" if digits else "还没有写"
        wrong = f"验证码是 {DIGITS} 个数字，{count}。"
        return _show(request, at, {"step": 2, "typed": typed, "wrong": wrong}, 422)
    try:
        rules = phone_session.rules(at)
        phone_codes.enter(one.row, digits, browser=one.browser, at=at, rules=rules)
    except NoCode as no:
        over = isinstance(no, Closed)
        said = {"step": 1 if over else 2, "typed": "" if over else typed, "wrong": no.sentence}
        return _show(request, at, said, 422)
    return redirect(_onward(request))


def _for(request: HttpRequest) -> str:
    """The number of the matter somebody came here for."""
    return request.POST.get("for", request.GET.get("for", ""))[:20]


def _here(request: HttpRequest) -> str:
    asked_for = _for(request)
    return (
        f"{reverse('portal:phone')}?for={asked_for}"
        if asked_for.replace("-", "").isdecimal()
        else reverse("portal:phone")
    )


def _onward(request: HttpRequest) -> str:
    """To the matter somebody came for, else to their list."""
    asked_for = _for(request)
    known = asked_for.replace("-", "").isdecimal()
    return reverse("portal:follow", args=[asked_for]) if known else reverse("portal:mine")


def _show(request: HttpRequest, at: datetime, said: dict[str, Any], status: int = 200) -> HttpResponse:
    rules = phone_session.rules(at)
    told = {
        "masked": phone_session.asked(request).masked,
        "asked_for": _for(request),
        "minutes": rules.valid.seconds // 60,
        "session_minutes": rules.session.seconds // 60,
        "days": rules.listed.days,
        **said,
    }
    elder = "_elder" if is_elder(request) else ""
    return render(request, f"portal/phone{elder}.html", told, status=status)


@require_POST
def out(request: HttpRequest) -> HttpResponse:
    """退出: on a shared phone nobody reads on; the browser gets a new mark."""
    at, one = timezone.now(), phone_session.asked(request)
    if one.row:
        phone_codes.end(browser=one.browser, at=at)
    response = redirect(f"{reverse('portal:mine')}?done=out")
    phone_session.keep(response, Asked(0, random.token_hex(16), ""))
    return response


def forget(request: HttpRequest) -> HttpResponse:
    """Take the number away from every matter it was left on; GET says what follows, POST does it at once."""
    at = timezone.now()
    session = phone_session.current(request, at)
    if session is None:
        return redirect("portal:phone")
    rows = receipts.of_number(session.tags)
    if request.method != "POST":
        said = {"rows": rows, "session": session, "key": drafts.new().key}
        return render(request, "portal/forget_all.html", said)
    left = actions.forget_number(rows, at=at, key=request.POST.get("key") or drafts.new().key)
    phone_codes.forget(session.tags)
    return redirect(f"{reverse('portal:mine')}?done={'forget_some' if left else 'forget'}")

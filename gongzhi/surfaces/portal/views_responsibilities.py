"""责任清单 as residents read it, and the review: whether a need belongs on the list, counted without names."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from gongzhi.domains.responsibilities import actions
from gongzhi.domains.responsibilities.queries import listed
from gongzhi.domains.responsibilities.queries.listed import Told
from gongzhi.kernel.ids import whole
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import Refusal, SayMore
from gongzhi.surfaces.portal import cookies, views_home, where

ANYONE = Acting.public("portal")
MOST_SAID = 30  # reviews a device remembers, so that it is asked once
STANCES = {"yes": "该列", "no": "不用列", "either": "都行"}


def responsibilities(request: HttpRequest) -> HttpResponse:
    """The list of the place used last, newest first, by kind."""
    at = timezone.now()
    here = views_home.here_area(request, at)
    rows = listed.here(here, by=ANYONE, at=at, before=whole(request.GET.get("before", "")))
    kinds: dict[str, list[Told]] = {}
    for one in rows:
        kinds.setdefault(one.kind, []).append(one)
    said = {
        "here": here,
        "here_label": where.of_area(here, "last") if here else None,
        "kinds": kinds.items(),
        "more": rows[-1].id if len(rows) == listed.PAGE else 0,
    }
    return render(request, "portal/responsibilities.html", said)


def responsibility(request: HttpRequest, number: str) -> HttpResponse:
    """One of them; while it is being reviewed anyone may say whether it belongs on the list, once from a device."""
    at = timezone.now()
    found = listed.one(number, by=ANYONE, at=at)
    if found is None:
        raise Http404
    spoken = number in _spoken(request)
    if request.method != "POST" or spoken:
        return _page(request, found, spoken)
    if _too_many(request):
        return _page(
            request, found, False, refusal="这部手机这一小时里评议得太多了，过一会儿再来。", status=429
        )
    typed: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in ("stance", "voice_words")}
    try:
        actions.take(found.id, "say", by=ANYONE, at=at, key=_key(request), **typed)
    except SayMore as more:
        return _page(request, found, False, typed=typed, errors=more.errors, status=422)
    except Refusal as refusal:
        sentence = refusal.sentence.partition("：")[2] or refusal.sentence
        return _page(request, found, False, typed=typed, refusal=sentence, status=409)
    answer = redirect(f"{reverse('portal:responsibility', args=[number])}?done=1")
    kept = [*_spoken(request), number][-MOST_SAID:]
    cookies.write(answer, cookies.SAID, kept)
    return answer


def _page(request: HttpRequest, found: Told, spoken: bool, status: int = 200, **more: object) -> HttpResponse:
    open_now = found.stage == "in_review" and not spoken
    said = {
        "one": found,
        "spoken": spoken,
        "asks": open_now,
        "stances": STANCES,
        "key": secrets.token_hex(16),
        **more,
    }
    return render(request, "portal/responsibility.html", said, status=status)


def _spoken(request: HttpRequest) -> list[str]:
    return [str(one) for one in cookies.read(request, cookies.SAID) or []]


def _too_many(request: HttpRequest) -> bool:
    """More voices from a device or an address in an hour than reports are taken without a second look."""
    at, most = timezone.now(), limits.public()
    address = limits.network(request.META.get("REMOTE_ADDR"))
    device = limits.over("voice_device", cookies.device(request), most["device"], at)
    return limits.over("voice_address", address, most["address"], at) or device


def _key(request: HttpRequest) -> str:
    key = request.POST.get("key", "")
    return key if len(key) == 32 else secrets.token_hex(16)

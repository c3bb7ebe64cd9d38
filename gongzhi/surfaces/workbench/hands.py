"""Who sits at the desk: each request is one person under exactly one current mandate, or is turned away."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone

from gongzhi.kernel.clock.speak import moment_staff
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.people.models import Mandate, Person
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.surfaces.seat import MANDATE, RENEW, frame, must_renew, post, to_sign_in
from gongzhi.surfaces.workbench.keeping import hand_mark, nobody, person_mark
from gongzhi.surfaces.workbench.rail import groups
from gongzhi.surfaces.workbench.settings_menu import pages
from gongzhi.surfaces.workbench.views_left import offered

View = Callable[..., HttpResponseBase]
LONGEST_CHOICE = 40  # signs of an answer that was picked or of a code; what is longer was written


def staffed(view: View) -> View:
    """Hand the view ``by`` and ``at``; turn away who is not signed in or whose mandate has ended."""

    @wraps(view)
    def handle(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        at = timezone.now()
        if not isinstance(request.user, Person):
            return signed_out(request)
        by = as_mandate(request.user, request.session.get(MANDATE), at)
        if by is None:
            return turned_away(request, at)
        if must_renew(request):
            return redirect(RENEW)
        try:
            return view(request, by=by, at=at, **kwargs)
        except NotYours as refusal:
            if refusal.more.get("hidden"):
                raise Http404 from refusal
            return refused(request, by, refusal.sentence)

    return handle


def signed_out(request: HttpRequest) -> HttpResponse:
    """Nobody is signed in (any more): to the door; a form that was being sent is given back first."""
    stopped = request.session.get(SESSION_KEY) is not None
    if not stopped and not typed(request):
        return to_sign_in(request)
    why = "这个账号已经停用" if stopped else "可能改过密码，也可能放得太久"
    logout(request)
    return _ended(request, f"登录已经结束：{why}。请重新登录，或者找系统管理员。")


def turned_away(request: HttpRequest, at: datetime) -> HttpResponse:
    """The mandate has ended: say which and when, sign out, and give back what was typed."""
    mandate = Mandate.objects.filter(pk=request.session.get(MANDATE) or 0).select_related("area").first()
    if mandate is not None and mandate.until is not None:
        when = moment_staff(mandate.until, at)
        sentence = f"您的任职“{post(mandate)}”到 {when} 结束，已经退出。还要办事，请所在单位重新任职。"
    else:
        sentence = "您现在没有任职，已经退出。要办事，请所在单位先给您任职。"
    more = offered(request.user) if isinstance(request.user, Person) else {}
    logout(request)
    return _ended(request, sentence, more)


def _ended(request: HttpRequest, sentence: str, more: dict[str, str] | None = None) -> HttpResponse:
    said = {"surface": "desk", "sentence": sentence, "typed": typed(request), **(more or {})}
    return nobody(render(request, "workbench/ended.html", said, status=403))


def typed(request: HttpRequest) -> list[str]:
    """What people wrote in the form being sent, to be shown back: words, no choices, keys or passwords."""
    if request.method != "POST":
        return []
    told = [
        value.strip()
        for name, values in request.POST.lists()
        for value in values
        if "password" not in name and not name.startswith(("csrf", "kept_", "key"))
    ]
    return [one for one in told if not one.isascii() or len(one) > LONGEST_CHOICE]


def refused(request: HttpRequest, by: Acting, sentence: str) -> HttpResponse:
    """403: what it is and that it is not this hand's."""
    return page(request, "refused", by, {"sentence": sentence}, status=403)


def page(
    request: HttpRequest, name: str, by: Acting, said: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A workbench page with its frame: who one is, where one may go."""
    marks = {
        "hand": hand_mark(by),
        "person": person_mark(by),
        "settings_pages": pages(by),
        "rail": groups(by),
    }
    around = {**frame(by), **marks, "command": stands("/command/"), **said}
    return render(request, f"workbench/{name}.html", around, status=status)


def stands(path: str) -> bool:
    """Whether another surface stands at an address."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True

"""Who sits at the desk: each request is one person under exactly one current mandate, or is turned away."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone

from gongzhi.domains.incidents.queries.desk_watch import pages_of
from gongzhi.kernel.clock.speak import moment_staff
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.people.models import Mandate, Person
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.territory.packing import pack_name

MANDATE = "mandate"
GRID_LEVEL = "grid"
View = Callable[..., HttpResponseBase]


def staffed(view: View) -> View:
    """Hand the view ``by`` and ``at``; turn away who is not signed in or whose mandate has ended."""

    @wraps(view)
    def handle(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        at = timezone.now()
        if not isinstance(request.user, Person):
            return redirect(f"/desk/login/?{urlencode({'next': request.get_full_path()})}")
        by = as_mandate(request.user, request.session.get(MANDATE), at)
        if by is None:
            return turned_away(request, at)
        try:
            return view(request, by=by, at=at, **kwargs)
        except NotYours as refusal:
            if refusal.more.get("hidden"):
                raise Http404 from refusal
            return refused(request, by, refusal.sentence)

    return handle


def turned_away(request: HttpRequest, at: datetime) -> HttpResponse:
    """The mandate has ended: say which and when, and sign out."""
    mandate = Mandate.objects.filter(pk=request.session.get(MANDATE) or 0).select_related("area").first()
    if mandate is not None and mandate.until is not None:
        when = moment_staff(mandate.until, at)
        sentence = f"您的任职“{post(mandate)}”到 {when} 结束，已经退出。还要办事，请所在单位重新任职。"
    else:
        sentence = "您现在没有任职，已经退出。要办事，请所在单位先给您任职。"
    logout(request)
    return render(request, "workbench/ended.html", {"surface": "desk", "sentence": sentence}, status=403)


def refused(request: HttpRequest, by: Acting, sentence: str) -> HttpResponse:
    """403: what it is and that it is not this hand's."""
    return page(request, "refused", by, {"sentence": sentence}, status=403)


def page(
    request: HttpRequest, name: str, by: Acting, said: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A workbench page with its frame: who one is, where one may go."""
    frame = {
        "surface": "desk",
        "by": by,
        "me": by.name,
        "post": post(by.mandate) if by.mandate else "",
        "role": role_label(by.mandate) if by.mandate else "",
        "several": len(by.mandates) > 1,
        "watch": pages_of(by),
        "command": stands("/command/"),
        "worker": works_in_grid(by),
        **said,
    }
    return render(request, f"workbench/{name}.html", frame, status=status)


def stands(path: str) -> bool:
    """Whether another surface stands at an address."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def works_in_grid(by: Acting) -> bool:
    """Whether the hand walks a grid rather than sits at a desk."""
    area = by.mandate.area if by.mandate else None
    return area is not None and area.level == GRID_LEVEL


def post(mandate: Mandate) -> str:
    """Where and as what: the area (or the organisation) and the role's label."""
    where = mandate.area.name if mandate.area else str(mandate.organisation or "")
    return f"{where} {role_label(mandate)}".strip()


def role_label(mandate: Mandate) -> str:
    """What the role is called here."""
    place = mandate.area or (mandate.organisation.area if mandate.organisation else None)
    return str(role_table(pack_name(place)).get(mandate.role, {}).get("label", mandate.role))

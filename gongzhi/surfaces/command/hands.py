"""Who looks: one person under exactly one current mandate, over one area of theirs or below it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from gongzhi.domains.incidents.queries import scope
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.people.models import Person
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.seat import MANDATE, RENEW, frame, must_renew, to_sign_in

KEPT = "no-store"
ENDED = "登录到期了，请重新登录。"
View = Callable[..., HttpResponseBase]


def commanding(view: View) -> View:
    """Hand the view ``by``, ``at`` and the ``area`` asked for (the hand's own where none is); 404 for another's."""

    @wraps(view)
    def handle(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        at = timezone.now()
        who = request.user if isinstance(request.user, Person) else None
        by = as_mandate(who, request.session.get(MANDATE), at) if who else None
        if by is None and "HX-Request" in request.headers:
            return HttpResponse(ENDED, status=401)  # a piece of the page: the sign-in page is none
        if who is None:
            return to_sign_in(request)
        if by is None:
            return redirect("/desk/")
        if must_renew(request):
            return redirect(RENEW)
        try:
            area = asked(request.GET.get("area", ""), by)
            response = view(request, by=by, at=at, area=area, **kwargs)
        except NotYours as refusal:
            if refusal.more.get("hidden"):
                raise Http404 from refusal
            return page(request, "refused", by, {"sentence": refusal.sentence}, status=403)
        response.headers.setdefault("Cache-Control", KEPT)
        return response

    return handle


def asked(area_id: str, by: Acting) -> Area:
    """The area asked for, if the hand oversees it. NotYours (hidden) otherwise."""
    own = scope.own_area(by)
    if not area_id or area_id == str(own.pk):
        return own
    area = Area.objects.filter(pk=int(area_id)).first() if area_id.isdecimal() else None
    if area is None:
        raise NotYours(scope.NOT_HERE, hidden=True)
    scope.oversees(area, by)
    return area


def page(
    request: HttpRequest, name: str, by: Acting, said: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page in the frame of the desk: who one is, where one may go."""
    around = {**frame(by), "worker": False, "command": True, "here": "command", **said}
    return render(request, f"command/{name}.html", around, status=status)

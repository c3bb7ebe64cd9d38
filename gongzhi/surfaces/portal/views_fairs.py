"""信息赶集 as residents read it: where and when somebody sits and answers, and what came of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.domains.fairs.queries import sessions
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.portal import views_home, where

ANYONE = Acting.public("portal")


def fairs(request: HttpRequest) -> HttpResponse:
    """Sessions ahead at the place used last or scanned, and results of the last thirty days."""
    at = timezone.now()
    here = views_home.here_area(request, at)
    said = {
        "here": here,
        "here_label": where.of_area(here, "last") if here else None,
        "rows": sessions.here(here, at=at),
    }
    return render(request, "portal/fairs.html", said)


def fair(request: HttpRequest, number: str) -> HttpResponse:
    """One session, before and after."""
    found = sessions.one(number, by=ANYONE, at=timezone.now())
    if found is None:
        raise Http404
    return render(request, "portal/fair.html", {"one": found})

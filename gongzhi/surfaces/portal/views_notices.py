"""邻里通知 as residents read them: those of their place, and one by its number; no application, no push."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.domains.outreach.queries import posted
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.portal import views_home, where

ANYONE = Acting.public("portal")


def notices(request: HttpRequest) -> HttpResponse:
    """All that hang at the place used last or scanned, newest first."""
    at = timezone.now()
    here = views_home.here_area(request, at)
    said = {
        "here": here,
        "here_label": where.of_area(here, "last") if here else None,
        "notices": posted.here(here, by=ANYONE, at=at),
    }
    return render(request, "portal/notices.html", said)


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One notice, also after it ended: then it says so."""
    found = posted.one(number, by=ANYONE, at=timezone.now())
    if found is None:
        raise Http404
    return render(request, "portal/notice.html", {"one": found})

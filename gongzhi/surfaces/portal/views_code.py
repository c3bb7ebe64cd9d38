"""A printed code, scanned or typed: the report page opens with its place; one that has ended says so and what to do."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from gongzhi.domains.outreach.queries import posted
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.roster import Worker
from gongzhi.kernel.territory import place_register
from gongzhi.kernel.territory.place_register import Looked
from gongzhi.surfaces.context import is_elder
from gongzhi.surfaces.portal import cookies, views_home, where
from gongzhi.surfaces.portal.where import Spot

ANYONE = Acting.public("portal")
NOTICES = 2  # above the form; home has the rest


def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the place for two hours and begin the report."""
    return _led(request, code, 404)


def typed(request: HttpRequest) -> HttpResponse:
    """For phones without a scanner: the eight signs under the QR."""
    code = request.GET.get("code", "")[:40]
    if "code" not in request.GET:
        return render(request, "portal/code.html", {"typed": ""})
    return _led(request, code, 422)


def _led(request: HttpRequest, code: str, status: int) -> HttpResponse:
    at = timezone.now()
    looked = place_register.look_up(code, at)
    if looked.place is None:
        said = {"typed": code, "wrong": looked.sentence}
        return render(request, "portal/code.html", said, status=status)
    if not looked.holds:
        return _ended(request, looked, at)
    response = redirect("portal:report")
    cookies.write(response, cookies.CODE, where.of_place(looked.place, "code").packed())
    return response


def _ended(request: HttpRequest, looked: Looked, at: datetime) -> HttpResponse:
    """What became of the code, and the way on: the report without it, or the telephone."""
    assert looked.place is not None
    office = views_home.worker_of(looked.place.area, at)
    said = {
        "ended": looked.sentence,
        "typed": "",
        **({"phone": office.phone, "who": _who(office)} if office else {}),
    }
    return render(request, "portal/code.html", said, status=410)


def _who(office: Worker) -> str:
    return "网格员" if office.post == "网格员" else office.name


def of_request(request: HttpRequest, at: datetime) -> Spot | None:
    """The place whose code this phone scanned within two hours."""
    spot = where.unpacked(cookies.read(request, cookies.CODE))
    return spot if spot is not None and where.area(spot.area_id, at) else None


def strip(request: HttpRequest, at: datetime) -> dict[str, Any]:
    """For the report's first screen: the place, its grid's number, what hangs there; empty without a code."""
    spot = of_request(request, at)
    if spot is None:
        return {}
    area = where.area(spot.area_id, at)
    office = views_home.worker_of(area, at)
    line = office if office is not None and office.phone else None
    short = is_elder(request)  # the code has said where: one screen less
    return {
        "scanned": spot,
        "short": short,
        "grid_line": line,
        "notices": posted.here(area, by=ANYONE, at=at, limit=NOTICES),
    }

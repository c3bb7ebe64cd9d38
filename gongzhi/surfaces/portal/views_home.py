"""Home: report, three doors, my matter, the community's figures, what was done, my grid worker, emergency numbers."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from gongzhi.domains.fairs.queries import sessions
from gongzhi.domains.incidents.queries import figures
from gongzhi.domains.outreach.queries import posted
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.roster import Worker, grid_worker, office_line
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.context import ELDER, LARGE, MODE, SIZE, is_elder
from gongzhi.surfaces.portal import cookies, where
from gongzhi.surfaces.portal.shown import Shown, held

MEASURES = {"closed": "办结", "on_time": "按期办结", "satisfied": "居民评价"}
NOTICES = 3  # on the first page; the rest a tap away
YEAR = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """The first page, in two shapes: the full one, and 长辈版 with four doors."""
    at = timezone.now()
    here = here_area(request, at)
    said: dict[str, object] = {
        "here": here,
        "here_label": where.of_area(tree.at_level(here, "grid") or here, "last") if here else None,
        "mine": _latest(request, at),
        "worker": worker_of(here, at),
        "fairs": sessions.ahead(here, at=at),
        "notices": posted.here(here, by=Acting.public("portal"), at=at, limit=NOTICES),
    }
    if is_elder(request):
        return render(request, "portal/home_elder.html", said)
    area = (tree.at_level(here, "community") if here else None) or where.district(at)
    if area is not None:
        said |= {"area": area, "figures": figures.community(area, at=at)}
        said["done"] = figures.done_lately(area, at=at)
    return render(request, "portal/home.html", said)


def here_area(request: HttpRequest, at: datetime) -> Area | None:
    """The area of the place used last or scanned, grid or community."""
    for name in (cookies.CODE, cookies.SPOT):
        spot = where.unpacked(cookies.read(request, name))
        area = where.area(spot.area_id, at) if spot else None
        if area is not None and area.level in ("community", "grid", "building"):
            return area
    return None


def _latest(request: HttpRequest, at: datetime) -> Shown | None:
    """The newest matter of this device's own."""
    own = cookies.Held(own=cookies.held(request).own[:3])
    return next(iter(held(own, staff=request.user.is_authenticated, at=at)), None)


def worker_of(area: Area | None, at: datetime) -> Worker | None:
    """The grid worker of a grid or building; of a community, its office as the one to ring."""
    if area is None:
        return None
    found = grid_worker(tree.at_level(area, "grid"), at)
    if found is not None:
        return found
    community = tree.at_level(area, "community")
    line = office_line(community.pk) if community else ""
    return (
        Worker(f"{community.name}", "社区", "", line, community.supervision_phone)
        if community and line
        else None
    )


def here(request: HttpRequest) -> HttpResponse:
    """更换: choose one's community for this device; nothing else is done with it."""
    at = timezone.now()
    day = localtime(at).date()
    if request.method == "POST":
        found = _chosen(request, at)
        if found is not None:
            response = redirect(safe_next(request))
            cookies.write(response, cookies.SPOT, where.of_area(found, "last").packed())
            return response
    streets = {one.pk: one for one in tree.areas(day, "street")}
    rows = [(one, streets.get(one.parent_id or 0)) for one in tree.areas(day, "community")]
    wrong = "没有这个社区。再看一眼名字，也可以打拼音。" if request.method == "POST" else ""
    said: dict[str, object] = {
        "communities": rows,
        "wrong": wrong,
        "typed": request.POST.get("community", ""),
        "next": safe_next(request),
    }
    return render(request, "portal/here.html", said, status=422 if wrong else 200)


def _chosen(request: HttpRequest, at: datetime) -> Area | None:
    found = where.picked(request.POST.get("community", "").strip(), None, at)
    same = [one for one in found if one.name == request.POST.get("community", "").strip()]
    return next(iter([*same, *found]), None)


@require_POST
def mode(request: HttpRequest) -> HttpResponse:
    """长辈版 on or off, the letters once larger; kept on this device for a year."""
    response = redirect(safe_next(request))
    if request.POST.get("mode") in (ELDER, "normal"):
        response.set_cookie(MODE, request.POST["mode"], max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    if request.POST.get("size") in (LARGE, "normal"):
        response.set_cookie(SIZE, request.POST["size"], max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    return response


def safe_next(request: HttpRequest) -> str:
    """Where to go back to: a path of this site, else home."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


def worker(request: HttpRequest) -> HttpResponse:
    """My grid worker: name, office line, supervision line, the other grids of the community."""
    at = timezone.now()
    here = where.area(request.GET.get("area"), at) or here_area(request, at)
    if here is None:
        return redirect(f"{reverse('portal:here')}?next={reverse('portal:worker')}")
    within = tree.at_level(here, "community")
    grids = list(tree.areas(localtime(at).date(), "grid", within)) if within else []
    said: dict[str, object] = {
        "here": here,
        "community": within,
        "worker": worker_of(here, at),
        "grids": [(grid, grid_worker(grid, at)) for grid in grids],
    }
    return render(request, "portal/worker.html", said)


def behind(request: HttpRequest, area_id: int, measure: str) -> HttpResponse:
    """The list behind a figure: number, kind, stage, day; no titles, no words."""
    at = timezone.now()
    area = where.area(area_id, at)
    if area is None or measure not in MEASURES or area.level not in ("district", "street", "community"):
        raise Http404
    said: dict[str, object] = {
        "area": area,
        "name": MEASURES[measure],
        "rows": figures.rows_behind(area, measure, at=at),
        "figures": figures.community(area, at=at),
    }
    return render(request, "portal/figures.html", said)

"""The lists behind the figures, and the list beside the map."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import counters, figures, lists, rates, scope
from gongzhi.domains.incidents.queries.counters import Measured
from gongzhi.domains.incidents.queries.desk_rows import Row
from gongzhi.domains.incidents.queries.lists import PERIODS, Asked, result_at
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.ids import whole
from gongzhi.kernel.indicators.figure import Figure
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces import lights
from gongzhi.surfaces.command.hands import commanding, page
from gongzhi.surfaces.command.here import Here, days_of, here
from gongzhi.surfaces.command.shown import crumbs
from gongzhi.surfaces.lights import Light

NOTHING = {
    "late": ("没有超期的事", "到期没有办的会列在这里，最早的在前。"),
    "due": ("今天没有到期的事", "到了日子的会列在这里。"),
    "supervised": ("没有督办中的事", "领导签发督办后列在这里。"),
}
PARTS = ("closed", "ontime", "toolate")  # the denominator first, then the two parts it falls into
RATED = {"asked": "responded", "rated": "solved", "marked": "satisfied"}
UNSEEN = "unseen"


@dataclass(frozen=True)
class Line:
    """One row: what the level allows; ``light`` of what is open, ``ended`` of what is not."""

    id: str
    number: str
    title: str
    kind: str
    stage: str
    tag: str
    opened: datetime
    ended: datetime | None
    light: Light | None
    full: bool


@commanding
def listing(request: HttpRequest, *, by: Acting, at: datetime, area: Area) -> HttpResponse:
    """Exactly the matters a figure counts."""
    asked, at_now = _asked(request), here(request, area)
    if asked.which == UNSEEN:
        return _unseen(request, at_now, by, at)
    share = _share(area, asked, by, at)
    if share is not None and share.hidden:
        return _too_few(request, at_now, asked, share, by)
    try:
        found = lists.listing(area, asked, by=by, at=at, after=request.GET.get("after", ""))
    except KeyError as fault:
        raise Http404 from fault
    what, why = NOTHING.get(asked.which, ("这里没有事项", "有了会列在这里。"))
    said = {
        "title": _title(asked, found.label, area),
        "area": area,
        "crumbs": [],
        "back": f"/command/{at_now.address}",
        "day": asked.day,
        "hour": asked.hour,
        "found": found,
        "rows": [line(one, at) for one in found.rows],
        "parts": _parts(area, asked, by, at),
        "share": share,
        "next": f"?{urlencode(_more(area, asked, found.after))}" if found.after else "",
        "what": what,
        "why": why,
    }
    return page(request, "list", by, said)


def _asked(request: HttpRequest) -> Asked:
    which, day = request.GET.get("which", "open"), _day(request.GET.get("day", ""))
    usual = 1 if "p" not in request.GET and which in ("new", "closed") else 30
    hour = whole(request.GET.get("hour", ""))
    return Asked(
        which, days_of(request, usual), day, request.GET.get("stage", ""), hour if hour in range(24) else None
    )


def _more(area: Area, asked: Asked, after: str = "") -> dict[str, Any]:
    said = {"day": asked.day, "hour": asked.hour, "stage": asked.stage, "after": after}
    kept = {name: value for name, value in said.items() if value not in (None, "")}
    return {"area": area.pk, "which": asked.which, "p": asked.days, **kept}


def _title(asked: Asked, label: str, area: Area) -> str:
    """The figure's name; of a side end the stage's."""
    stages = current(pack_name(area), scope.KIND).stages
    return f"{PERIODS[asked.days]}{stages[asked.stage].label}" if asked.stage in stages else label


@dataclass(frozen=True)
class Part:
    """A list beside this one: its name, how many, its address ("" for the one that is open)."""

    label: str
    n: int
    href: str


def _parts(area: Area, asked: Asked, by: Acting, at: datetime) -> list[Part]:
    """Numerator and denominator of a rate side by side, where both are lists (one statement)."""
    if asked.which not in PARTS:
        return []
    found, beside = [], [Asked(which, asked.days, asked.day, hour=asked.hour) for which in PARTS]
    for one, n in zip(beside, lists.lengths(area, beside, by=by, at=at), strict=True):
        href = "" if one.which == asked.which else f"?{urlencode(_more(area, one))}"
        found.append(Part(one.label, n, href))
    return found


def _share(area: Area, asked: Asked, by: Acting, at: datetime) -> Figure | None:
    """The rate over rated matters: told as a fraction, for who gave which mark is not listed."""
    if asked.which not in RATED:
        return None
    if asked.day or asked.stage:
        raise Http404
    return rates.one(RATED[asked.which], area, by=by, at=at, days=asked.days)


def _too_few(request: HttpRequest, at_now: Here, asked: Asked, share: Figure, by: Acting) -> HttpResponse:
    """Neither figure nor list where so few would tell who gave which mark."""
    said = {
        "title": asked.label,
        "area": at_now.area,
        "back": f"/command/{at_now.address}",
        "found": lists.Listing(asked.label, [], 0),
        "share": share,
        "what": "不足 5 件，不列",
        "why": "太少了，列出来就看得出是谁评的。",
    }
    return page(request, "list", by, said)


def _unseen(request: HttpRequest, at_now: Here, by: Acting, at: datetime) -> HttpResponse:
    """What a higher level knows as a sum: number, stage and date, nothing to open. 404 where it is none of theirs."""
    rows = lists.unseen(at_now.area, by=by, at=at)
    if not rows:
        raise Http404
    said = {
        "title": "不公开的事，在办",
        "area": at_now.area,
        "back": f"/command/{at_now.address}",
        "rows": rows,
    }
    return page(request, "unseen", by, said)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise Http404 from fault


def line(row: Row, at: datetime) -> Line:
    """A row as the level allows: who sees a summary reads number, kind, stage and dates."""
    matter, full = row.matter, row.level == "full"
    stage = row.work.process.stages[matter.stage]
    open_now = stage.counts == "open"
    supervised = row.supervised and full
    return Line(
        id=str(matter.pk),
        number=matter.number,
        title=matter.title if full else figures.kind_label(matter),
        kind=figures.kind_label(matter),
        stage="督办中" if supervised else stage.label,
        tag="supervised" if supervised else stage.tag,
        opened=matter.opened_at,
        ended=matter.closed_at,
        light=_light(row, at) if open_now else _closed(matter),
        full=full,
    )


def _light(row: Row, at: datetime) -> Light | None:
    waits = [one for one in row.work.open_waits() if one.due_at and one.desk_role != lists.REPORTER]
    first = min(waits, key=lambda one: (one.due_at, one.pk), default=None)
    return lights.of(first, at, calendar_for(row.matter.pack)) if first else None


def _closed(matter: Matter) -> Light | None:
    if matter.counts != "closed" or matter.closed_at is None:
        return None
    done = result_at(matter) or matter.closed_at
    late = matter.promised_at is not None and done > matter.promised_at
    return Light("overdue", "超过答应的时间") if late else Light("done", "按期办结")


@dataclass(frozen=True)
class Grid:
    """One grid in the list beside the map."""

    area: Area
    community: str
    measured: Measured


@commanding
def grids(request: HttpRequest, *, by: Acting, at: datetime, area: Area) -> HttpResponse:
    """Every grid with all its numbers."""
    at_now = here(request, area)
    found = counters.measures(area, "grid", by=by, at=at, days=at_now.days)
    day = localtime(at).date()
    rows = tree.areas(day, "grid", area).select_related("parent")
    lines = [Grid(one, one.parent.name if one.parent else "", found.get(one.pk, Measured())) for one in rows]
    said = {
        "title": "网格清单",
        "area": area,
        "here_now": at_now,
        "crumbs": crumbs(at_now, by),
        "rows": lines,
    }
    return page(request, "grids", by, said)

"""The lists behind the figures, and the list beside the map."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import counters, figures
from gongzhi.domains.incidents.queries.counters import Measured
from gongzhi.domains.incidents.queries.desk_rows import Row
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces import lights
from gongzhi.surfaces.command import maps
from gongzhi.surfaces.command.hands import commanding, page
from gongzhi.surfaces.command.views import crumbs
from gongzhi.surfaces.lights import Light

NOTHING = {
    "late": ("没有超期的事", "到期没有办的会列在这里，最早的在前。"),
    "due": ("今天没有到期的事", "到了日子的会列在这里。"),
    "supervised": ("没有督办中的事", "领导签发督办后列在这里。"),
}
ENDED = {"closed": "办结", "no_result": "没有办成"}


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
    which, day = request.GET.get("which", "open"), _day(request.GET.get("day", ""))
    try:
        found = counters.listing(area, which, by=by, at=at, day=day, after=request.GET.get("after", ""))
    except KeyError as fault:
        raise Http404 from fault
    what, why = NOTHING.get(which, ("这里没有事项", "有了会列在这里。"))
    more = {"area": area.pk, "which": which, **({"day": day} if day else {}), "after": found.after}
    said = {
        "title": found.label,
        "area": area,
        "crumbs": crumbs(area, by),
        "day": day,
        "found": found,
        "rows": [line(one, at) for one in found.rows],
        "next": f"?{urlencode(more)}" if found.after else "",
        "what": what,
        "why": why,
    }
    return page(request, "list", by, said)


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
    waits = [one for one in row.work.open_waits() if one.due_at and one.desk_role != counters.REPORTER]
    first = min(waits, key=lambda one: (one.due_at, one.pk), default=None)
    return lights.of(first, at, calendar_for(row.matter.pack)) if first else None


def _closed(matter: Matter) -> Light | None:
    if matter.counts != "closed" or matter.closed_at is None:
        return None
    late = matter.promised_at is not None and matter.closed_at > matter.promised_at
    return Light("overdue", "超过答应的时间") if late else Light("done", "按期办结")


@dataclass(frozen=True)
class Grid:
    """One grid in the list beside the map."""

    area: Area
    community: str
    measured: Measured


@commanding
def grids(request: HttpRequest, *, by: Acting, at: datetime, area: Area) -> HttpResponse:
    """The map as a list: every grid with its numbers."""
    found = counters.measures(area, "grid", by=by, at=at)
    day = localtime(at).date()
    rows = tree.areas(day, "grid", area).select_related("parent")
    lines = [Grid(one, one.parent.name if one.parent else "", found.get(one.pk, Measured())) for one in rows]
    said = {
        "title": "网格清单",
        "area": area,
        "crumbs": crumbs(area, by),
        "rows": lines,
        "fewest": maps.charts.FEWEST,
    }
    return page(request, "grids", by, said)

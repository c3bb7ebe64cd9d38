"""统计报表 in the city-management manner: a page, its lists, and the same as Word or a spreadsheet."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import after_period, records, statistics
from gongzhi.domains.incidents.queries.after_period import Period
from gongzhi.domains.incidents.queries.statistics import PARTS, RATES, Line
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.seat import post
from gongzhi.surfaces.workbench import sheets, shown, statistics_file
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_export import PURPOSES
from gongzhi.surfaces.workbench.views_records import HERE, area_of


class Asked:
    """Whose statistics, of which period, told by what, out of an address."""

    def __init__(self, request: HttpRequest, by: Acting, at: datetime) -> None:
        given = request.GET
        self.area: Area = area_of(request, by)
        self.period: Period = after_period.read(given.get("kind", ""), given.get("first", ""), at)
        self.by = given.get("by", "") if given.get("by", "") in statistics.groups(self.area) else "kind"

    def href(self, **more: Any) -> str:
        """The query of these statistics."""
        said = {"area": self.area.pk, "kind": self.period.kind, "first": self.period.first, "by": self.by}
        return "?" + urlencode({**said, **more})


@staffed
def table(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The statistics of an area by class, area or unit."""
    now = Asked(request, by, at)
    if now.area.level == records.GRID:
        return redirect("workbench:records")
    found = statistics.table(now.area, now.period, now.by, by=by, at=at)
    said = {
        "title": "统计报表",
        "here": HERE,
        "now": now,
        "lines": [(line, _cells(line, now), line.shares) for line in (*found.lines, found.total)],
        "some": bool(found.lines),
        "parts": list(PARTS.values()),
        "rates": [label for label, _, _ in RATES.values()],
        "kinds": list(after_period.LABELS.items()),
        "told_by": list(statistics.groups(now.area).items()),
        "says": statistics.SAYS,
        "not_computed": statistics.NOT_COMPUTED,
        "source": statistics.SOURCE,
        "next": now.period.next.first if now.period.next.start <= at else None,
    }
    return page(request, "statistics", by, said)


def _cells(line: Line, now: Asked) -> list[tuple[int, str, str]]:
    """Each count with its name and the address of its list."""
    to = "/desk/records/statistics/list/"
    return [
        (line.counts[part], label, f"{to}{now.href(part=part, of=line.key)}") for part, label in PARTS.items()
    ]


@staffed
def listing(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Exactly the matters a count counts."""
    now, given = Asked(request, by, at), request.GET
    part, key = given.get("part", ""), given.get("of", "")[:40]
    if now.area.level == records.GRID:
        raise Http404
    try:
        found = statistics.listing(
            now.by, key, part, now.area, now.period, by=by, at=at, after=given.get("after", "")
        )
    except KeyError as fault:
        raise Http404 from fault
    said = {
        "title": f"{now.area.name}，{now.period.label}，{PARTS[part]}",
        "here": HERE,
        "asked": None,
        "found": found,
        "rows": shown.rows(found.rows, at),
        "next": now.href(part=part, of=key, after=found.after) if found.after else "",
    }
    return page(request, "records_list", by, said)


@staffed
def export(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponseBase:
    """Ask what for (GET); the file, and an entry in the access register (POST)."""
    now = Asked(request, by, at)
    if now.area.level == records.GRID:
        raise Http404
    purpose, form = request.POST.get("purpose", ""), request.POST.get("form", "docx")
    if request.method != "POST" or purpose not in PURPOSES or form not in statistics_file.FORMS:
        return _ask(request, now, by)
    found = statistics.table(now.area, now.period, now.by, by=by, at=at)
    entry = records.taken_out(
        "statistics", purpose, form, len(found.lines), by=by, at=at, period=now.period.label, told_by=now.by
    )
    who = f"{post(by.mandate) if by.mandate else ''} {by.name}".strip()
    foot = f"{who}导出，{localtime(at):%Y-%m-%d %H:%M}，用途：{PURPOSES[purpose]}，访问台账第 {entry.seq} 笔"
    made = statistics_file.made(form, found, foot)
    kind = statistics_file.TYPES[form]
    answer: HttpResponseBase = (
        HttpResponse(made, content_type=kind)
        if isinstance(made, bytes)
        else StreamingHttpResponse(sheets.pieces(made), content_type=kind)
    )
    answer["Content-Disposition"] = f'attachment; filename="statistics-{now.period.first}-{now.by}.{form}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _ask(request: HttpRequest, now: Asked, by: Acting) -> HttpResponse:
    wrong = "先选导出用来做什么。" if request.method == "POST" else ""
    said = {
        "title": "导出统计报表",
        "list": f"{now.area.name}统计报表，{now.period.label}，{statistics.BY[now.by]}",
        "chosen": [],
        "purposes": list(PURPOSES.items()),
        "forms": list(statistics_file.FORMS.items()),
        "columns": statistics_file.HEAD,
        "back": f"/desk/records/statistics/{now.href()}",
        "wrong": wrong,
    }
    return page(request, "export_ask", by, said, 422 if wrong else 200)

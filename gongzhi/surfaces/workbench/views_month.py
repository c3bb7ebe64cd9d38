"""月报: a community's or a grid's month on a page, on paper, as a spreadsheet; every number with its list."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import after_period, records, records_month
from gongzhi.domains.incidents.queries.records_month import Month
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.seat import post
from gongzhi.surfaces.workbench import sheets
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_export import FORMS, PURPOSES
from gongzhi.surfaces.workbench.views_records import HERE, area_of

HEAD = ("项目", "本月", "上月", "相比")


def _month(request: HttpRequest, by: Acting, at: datetime) -> Month:
    period = after_period.read("month", request.GET.get("first", ""), at)
    return records_month.month(area_of(request, by), period, by=by, at=at)


@staffed
def month(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The month of an area: its numbers against the month before."""
    found = _month(request, by, at)
    said = {
        "title": f"{found.area.name}月报",
        "here": HERE,
        "month": found,
        "areas": areas_of(by, at),
        "running": not found.period.over(at),
        "next": found.period.next.first if found.period.next.start <= at else None,
        "at": at,
    }
    return page(request, "records_month", by, said)


def areas_of(by: Acting, at: datetime) -> list[Area]:
    """The own area and those right below it that have a record this hand may read."""
    own = records.home(by)
    below = {
        records.DISTRICT: records.STREET,
        records.STREET: records.COMMUNITY,
        records.COMMUNITY: records.GRID,
    }
    level = below.get(own.level)
    return [own, *records.below(by, level, at)] if level else []


@staffed
def export(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponseBase:
    """Ask what for (GET); the month as a file, and an entry in the access register (POST)."""
    found = _month(request, by, at)
    purpose, form = request.POST.get("purpose", ""), request.POST.get("form", "xlsx")
    if request.method != "POST" or purpose not in PURPOSES or form not in FORMS:
        return _ask(request, found, by)
    entry = records.taken_out(
        "month",
        purpose,
        form,
        len(found.lines),
        by=by,
        at=at,
        period=found.period.label,
        area=str(found.area.pk),
    )
    who = f"{post(by.mandate) if by.mandate else ''} {by.name}".strip()
    foot = f"{who}导出，{localtime(at):%Y-%m-%d %H:%M}，用途：{PURPOSES[purpose]}，访问台账第 {entry.seq} 笔"
    answer = StreamingHttpResponse(
        sheets.pieces(sheets.spooled(form, lines(found, foot))), content_type=sheets.FORMS[form]
    )
    answer["Content-Disposition"] = f'attachment; filename="month-{found.period.first}.{form}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _ask(request: HttpRequest, found: Month, by: Acting) -> HttpResponse:
    wrong = "先选导出用来做什么。" if request.method == "POST" else ""
    said = {
        "title": "导出月报",
        "list": f"{found.area.name}月报，{found.period.label}",
        "chosen": [],
        "purposes": list(PURPOSES.items()),
        "forms": list(FORMS.items()),
        "columns": HEAD,
        "back": f"/desk/records/month/?area={found.area.pk}&first={found.period.first}",
        "wrong": wrong,
    }
    return page(request, "export_ask", by, said, 422 if wrong else 200)


def lines(found: Month, foot: str) -> Iterator[Sequence[str]]:
    """The month as rows of a file."""
    yield (f"{found.area.name}月报，{found.period.label}",)
    yield (found.sentence,)
    yield HEAD
    for one in (*found.lines, *found.kinds):
        yield (one.label, str(one.n), str(one.before), one.change)
    yield (foot,)

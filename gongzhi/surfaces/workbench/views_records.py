"""记录和报表: the daily sheet and the list behind each number of a record; nothing here has a field of its own."""

from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.domains.incidents.queries import records, records_daily
from gongzhi.domains.incidents.queries.records import Asked
from gongzhi.kernel.ids import whole
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.workbench import shown
from gongzhi.surfaces.workbench.hands import page, staffed

HERE = "records"
PAGES = {
    "daily": (
        "日报",
        "/desk/records/daily/",
        "十行：昨天新增、今天到期、超期、集中的地方。每天 8:30 起可以看。",
    ),
    "month": ("月报", "/desk/records/month/", "一个月里来了多少、办了多少、晚了多少，和上个月比。"),
    "statistics": (
        "统计报表",
        "/desk/records/statistics/",
        "按类别、辖区、单位的城管口径统计，生成 Word、Excel。",
    ),
    "binder": ("材料册", "/desk/records/binder/", "一种事、一段时间装成一本：清单、每件一页、封印的证明。"),
    "typed": ("每张表要填几项", "/desk/records/typed/", "每张表有几项要手写，一月比一月少才对。"),
}


@staffed
def index(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Which records there are for this hand."""
    area = records.home(by)
    return page(request, "records", by, {"title": "记录和报表", "here": HERE, "pages": _pages(area)})


def _pages(area: Area) -> list[tuple[str, str, str]]:
    left_out = ("daily", "statistics", "binder") if area.level == records.GRID else ()
    return [row for name, row in PAGES.items() if name not in left_out]


def day(said: str) -> date | None:
    """A day from an address; None where there is none."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def area_of(request: HttpRequest, by: Acting) -> Area:
    """The area the address asks for. NotYours."""
    return records.find(whole(request.GET.get("area", "")), by=by)


@staffed
def daily(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The daily sheet of an area, one A4 when printed."""
    area = area_of(request, by)
    if area.level == records.GRID:
        return redirect("workbench:records")
    own = records.home(by)
    streets = records.below(by, records.STREET, at) if own.level == records.DISTRICT else []
    said = {
        "title": f"{area.name}日报",
        "here": HERE,
        "sheet": records_daily.sheet(area, by=by, at=at),
        "area": area,
        "areas": [own, *streets] if streets else [],
    }
    return page(request, "records_daily", by, said)


@staffed
def listing(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Exactly the matters a number counts."""
    area, given = area_of(request, by), request.GET
    asked = Asked(
        given.get("which", ""),
        day(given.get("first", "")),
        day(given.get("last", "")),
        whole(given.get("grid", "")) or 0,
        given.get("kind", "")[:40],
    )
    try:
        found = records.listing(area, asked, by=by, at=at, after=given.get("after", ""))
    except KeyError as fault:
        raise Http404 from fault
    said = {
        "title": f"{area.name}，{asked.label}",
        "here": HERE,
        "asked": asked,
        "found": found,
        "rows": shown.rows(found.rows, at),
        "next": f"{asked.href(area)}&after={found.after}" if found.after else "",
    }
    return page(request, "records_list", by, said)

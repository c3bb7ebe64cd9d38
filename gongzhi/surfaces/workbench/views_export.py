"""导出: the list on the screen as a file, asked once what for; who took it out is kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import desk, desk_export
from gongzhi.domains.incidents.queries.desk_filters import Filters
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.seat import post
from gongzhi.surfaces.workbench import sheets, shown
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_list import ALL, read_filters, selects

PURPOSES = {"meeting": "会商、例会", "upper": "报上级", "check": "核对、对账", "file": "存档"}
COLUMNS = ("编号", "事项", "类别", "地点", "环节", "上报时间", "本环节用时", "剩余时限")
FORMS = {"xlsx": "Excel 表格（XLSX）", "csv": "文本表格（CSV）"}


@staffed
def export(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponseBase:
    """Ask what for (GET); the file, and an entry in the access register (POST)."""
    asked = request.GET.get("tab", ALL)
    tab = asked if asked in desk.TABS else ALL
    filters = read_filters(request, by)
    purpose, form = request.POST.get("purpose", ""), request.POST.get("form", "xlsx")
    if request.method != "POST" or purpose not in PURPOSES or form not in FORMS:
        return _ask(request, tab, filters, by, at)
    file = sheets.spooled(form, _lines(tab, filters, purpose, form, by, at))
    answer = StreamingHttpResponse(sheets.pieces(file), content_type=sheets.FORMS[form])
    name = f"{localtime(at):%Y%m%d-%H%M}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="list-{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _ask(request: HttpRequest, tab: str, filters: Filters, by: Acting, at: datetime) -> HttpResponseBase:
    wrong = "先选导出用来做什么。" if request.method == "POST" else ""
    chosen = [(one.label, one.chosen_label) for one in selects(request, filters, by, at) if one.chosen]
    said: dict[str, Any] = {
        "title": "导出清单",
        "list": desk.TABS.get(tab, "全部事项"),
        "chosen": [*chosen, *([("找", filters.text)] if filters.text else [])],
        "purposes": list(PURPOSES.items()),
        "forms": list(FORMS.items()),
        "columns": COLUMNS,
        "most": desk_export.MOST,
        "back": f"/desk/all/?{request.GET.urlencode()}"
        if tab == ALL
        else f"/desk/?{request.GET.urlencode()}",
        "wrong": wrong,
    }
    return page(request, "export_ask", by, said, 422 if wrong else 200)


def _lines(
    tab: str, filters: Filters, purpose: str, form: str, by: Acting, at: datetime
) -> Iterator[Sequence[str]]:
    """The head, the rows as the screen shows them, and who took them out; the entry is written before the last line."""
    yield COLUMNS
    count = 0
    for row in desk_export.rows(tab, filters, by=by, at=at):
        yield _cells(shown.row(row, at), row.matter.opened_at)
        count += 1
    entry = desk_export.exported(tab, filters, purpose, form, count, by=by, at=at)
    if count >= desk_export.MOST:
        yield (f"只导出前 {desk_export.MOST} 行，后面的请先筛选。",)
    who = f"{post(by.mandate) if by.mandate else ''} {by.name}".strip()
    when = f"{localtime(at):%Y-%m-%d %H:%M}"
    yield (f"{who}导出，{when}，{count} 行，用途：{PURPOSES[purpose]}，访问台账第 {entry.seq} 笔",)


def _cells(one: shown.Shown, opened: datetime) -> Sequence[str]:
    when = f"{localtime(opened):%Y-%m-%d %H:%M}"
    return (one.number, one.title, one.category, one.place, one.tag, when, one.used, one.light.words)

"""材料册: choose a mechanism and a period, say what for, get one zip; too many are refused with a way to cut."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import after_period, binder, records
from gongzhi.domains.incidents.queries.after_period import Period
from gongzhi.kernel.ids import whole
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.seat import post
from gongzhi.surfaces.workbench import binder_file
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_month import areas_of
from gongzhi.surfaces.workbench.views_records import HERE

PURPOSES = {"inspection": "迎接检查", "upper": "报上级", "file": "存档", "audit": "审计、核对"}
TOO_MANY = "这一段有 {n} 件，一本最多 {most} 件。换短一点的时间，或者按下面的辖区分开做。"
NOTHING = "这一段没有您能看全的事项，没有可装订的。换一段时间，或者换一种。"


@staffed
def binder_page(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponseBase:
    """Ask which and what for (GET); the zip, and an entry in the access register (POST)."""
    kinds, said = binder.kinds(by), request.POST
    periods, areas = _periods(at), [one for one in areas_of(by, at) if one.level != records.GRID]
    period = periods.get(said.get("period", ""))
    area = records.find(whole(said.get("area", "")), by=by)
    kind, purpose = said.get("kind", ""), said.get("purpose", "")
    asked = {"kind": kind, "period": said.get("period", ""), "area": area.pk, "purpose": purpose}
    choices = {"kinds": kinds, "periods": periods, "areas": areas, "asked": asked}
    if request.method != "POST":
        return _ask(request, by, choices, "")
    if kind not in kinds or period is None or purpose not in PURPOSES or area.level == records.GRID:
        return _ask(request, by, choices, "三样都要选：装哪一种、哪一段、用来做什么。")
    found = binder.matters(kind, area, period, by=by, at=at)
    if not 0 < (n := found.count()) <= binder.MOST:
        return _ask(request, by, choices, TOO_MANY.format(n=n, most=binder.MOST) if n else NOTHING)
    return _zip(found, (kind, kinds[kind]), area, period, purpose, n, by, at)


def _ask(request: HttpRequest, by: Acting, choices: dict[str, Any], wrong: str) -> HttpResponseBase:
    said = {
        "title": "材料册",
        "here": HERE,
        "purposes": PURPOSES,
        "wrong": wrong,
        "most": binder.MOST,
        **choices,
    }
    return page(request, "binder", by, said, 422 if wrong else 200)


def _periods(at: datetime) -> dict[str, Period]:
    """The periods a binder is usually asked for, by their address."""
    found: dict[str, Period] = {}
    for kind, back in (("month", 3), ("quarter", 2), ("year", 2)):
        one = after_period.now(kind, at)
        for _ in range(back):
            found[f"{kind}.{one.first}"] = one
            one = one.before
    return found


def _zip(
    found: Any,
    kind: tuple[str, str],
    area: Area,
    period: Period,
    purpose: str,
    n: int,
    by: Acting,
    at: datetime,
) -> StreamingHttpResponse:
    entry = records.taken_out(
        "binder", purpose, "zip", n, by=by, at=at, kind=kind[0], period=period.label, area=str(area.pk)
    )
    who = f"{post(by.mandate) if by.mandate else ''} {by.name}".strip()
    foot = f"{who}导出，{localtime(at):%Y-%m-%d %H:%M}，用途：{PURPOSES[purpose]}，访问台账第 {entry.seq} 笔"
    title = f"{area.name}，{kind[1]}，{period.label}，{n} 件"
    answer = StreamingHttpResponse(
        binder_file.stream(found, title, foot, by=by, at=at), content_type="application/zip"
    )
    answer["Content-Disposition"] = f'attachment; filename="binder-{kind[0]}-{period.first}.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer

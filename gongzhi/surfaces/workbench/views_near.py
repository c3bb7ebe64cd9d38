"""附近同类: what is near a matter, merged or gathered with one click; and what came back after closing."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from gongzhi.domains.incidents import several
from gongzhi.domains.incidents.queries import desk, near_desk, repeats
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.kernel.ids import whole
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.orders import Outcome
from gongzhi.surfaces.workbench import shown
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_matter import near_panel, opened

NONE_CHOSEN = "还没有选。先勾上是同一件的。"
GROUPS = {"kind": "按类别", "community": "按社区"}


@staffed
def near(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """The list with its boxes; POST merges the chosen into this one, or gathers them under it where it is a cause."""
    sheet = opened(matter_id, by, at)
    if near_panel(sheet, by, at) is None:
        raise Http404
    if request.method != "POST":
        return _draw(request, sheet, by, at)
    chosen = dict(_chosen(request.POST.getlist("one")))
    if not chosen:
        return _draw(request, sheet, by, at, wrong=NONE_CHOSEN, status=422)
    key = request.POST.get("key", "") or secrets.token_hex(16)
    into = sheet.matter.number
    outcomes = several.join_several(chosen, into, _action(sheet), by=by, at=at, key=key)
    return _draw(request, opened(matter_id, by, at), by, at, told=_told(outcomes, by, at))


def _action(sheet: Sheet) -> str:
    return "gather" if sheet.incident is not None and sheet.incident.cause_kind else "merge"


def _draw(
    request: HttpRequest, sheet: Sheet, by: Acting, at: datetime, *, status: int = 200, **more: Any
) -> HttpResponse:
    assert sheet.incident is not None, "looked at by near_panel"
    rows = near_desk.near_rows(sheet.work, sheet.incident, by=by, at=at)
    joined = near_desk.joined_rows(sheet.matter, by=by, at=at)
    said = {
        "title": f"{sheet.matter.number} 附近同类",
        "sheet": sheet,
        "panel": near_panel(sheet, by, at),
        "rows": [(one, shown.row(one.row, at)) for one in rows],
        "joined": shown.rows(joined, at),
        "open": sheet.stage.counts == "open" and sheet.matter.stage != "gathered",
        "gathers": _action(sheet) == "gather",
        "most": several.AT_ONCE,
        "key": secrets.token_hex(16),
    }
    return page(request, "near", by, {**said, **more}, status)


def _chosen(values: Iterable[str]) -> Iterable[tuple[int, int]]:
    for value in values:
        pk, _, seen = value.partition(".")
        if pk.isdecimal() and seen.isdecimal():
            yield int(pk), int(seen)


def _told(outcomes: Iterable[Outcome], by: Acting, at: datetime) -> dict[str, Any]:
    listed = list(outcomes)
    names = desk.titles([one.order.matter_id for one in listed], by=by, at=at)
    refused = [
        (names.get(one.order.matter_id, "一件事"), one.refusal.sentence)
        for one in listed
        if one.refusal is not None
    ]
    return {"done": len(listed) - len(refused), "refused": refused}


@staffed
def repeated(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """重复出现: how many came back, by kind or by community; a line opens to its list."""
    days = whole(request.GET.get("days", "")) or 0
    days = days if days in repeats.PERIODS else repeats.PERIODS[1]
    group = request.GET.get("by", "kind") if request.GET.get("by") in GROUPS else "kind"
    key = request.GET.get("of", "")[:40]
    said: dict[str, Any] = {
        "title": "重复出现", "here": "repeats", "days": days, "periods": repeats.PERIODS, "group": group,
        "groups": GROUPS, "of": key, "lines": repeats.counted(days, group, by=by, at=at),
    }  # fmt: skip
    if key:
        rows = repeats.listed(days, group, key, by=by, at=at, before=whole(request.GET.get("before", "")))
        said["rows"] = shown.rows(rows, at)
        said["more"] = rows[-1].matter.pk if len(rows) == repeats.PAGE else 0
        said["label"] = next((one.label for one in said["lines"] if one.key == key), "")
    return page(request, "repeats", by, said)

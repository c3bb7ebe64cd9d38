"""组织: by kind and area; add, change, end on a day. Contact cards come from name, telephone, kind and areas served."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.kernel.ledger import roll_units, staffing, units
from gongzhi.kernel.ledger.staffing import Founding, NotAppointed
from gongzhi.kernel.ledger.units import NotKept
from gongzhi.kernel.people import directory, sheets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.people.sheets import BadSheets, Row
from gongzhi.kernel.territory.named import Names
from gongzhi.surfaces.fields import Field, bind
from gongzhi.surfaces.workbench.administering import by_field, day, keeping, pack_of, wrong
from gongzhi.surfaces.workbench.hands import page
from gongzhi.surfaces.workbench.views_settings_joining import area_names

COLUMNS = {
    "name": "名称",
    "short": "简称",
    "kind": "类别",
    "duty": "职责",
    "area": "辖区",
    "serves": "服务辖区",
    "phone": "电话",
    "code": "统一社会信用代码",
}


@keeping("units")
def listed(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The list, grouped by kind."""
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    kinds = {key: row["label"] for key, row in pack_of(by).table("duties")["kind"].items()}
    counted = units.how_many(by=by, at=at)
    chosen = kind or ("" if text else next(iter(sorted(counted, key=list(kinds).index)), ""))
    rows = units.kept(by=by, at=at, kind=chosen, text=text)
    groups = [(kinds.get(key, key), list(group)) for key, group in groupby(rows, key=lambda one: one.kind)]
    tabs = [(key, label, counted[key]) for key, label in kinds.items() if key in counted]
    said = {"groups": groups, "tabs": tabs, "kind": chosen, "q": text, "here": "units", "title": "组织"}
    return page(request, "settings/units", by, said)


@keeping("units")
def new(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """加一个组织."""
    if request.method != "POST":
        start = {"area": request.GET.get("area", ""), "kind": request.GET.get("kind", "")}
        return _form(request, None, start, {}, [], by, at)
    said = _said(request)
    try:
        wanted = _wanted(said, by, at)
        row = staffing.found([wanted], by=by, at=at)[0]
    except BadSheets as faults:
        return _form(request, None, said, *by_field(faults, COLUMNS), by, at)
    except NotAppointed as no:
        return _form(request, None, said, {}, [str(no)], by, at)
    messages.success(request, f"“{row}”加上了。")
    return redirect("workbench:settings_unit", unit_id=row.pk)


@keeping("units")
def unit(request: HttpRequest, *, by: Acting, at: datetime, unit_id: int) -> HttpResponse:
    """One organisation: change it, or (``end``) end it on a day."""
    row = units.one(unit_id, by=by)
    if row is None:
        raise Http404
    said = _said(request) if request.method == "POST" else _as_typed(row, at)
    if request.method != "POST":
        return _form(request, row, said, {}, [], by, at)
    try:
        if "end" in request.POST:
            last = day(request.POST.get("last", ""))
            if last is None:
                return _form(
                    request, row, _as_typed(row, at), {}, ["最后一天没有写对，写 2026-01-01 这样。"], by, at
                )
            ended = units.end(row, last, by=by, at=at)
            messages.success(request, f"“{row}”到 {last} 为止，{ended} 个任职同一天结束。")
            return redirect("workbench:settings_units")
        changed = units.change(row, _wanted(said, by, at), by=by, at=at)
    except BadSheets as faults:
        return _form(request, row, said, *by_field(faults, COLUMNS), by, at)
    except NotKept as no:
        return _form(request, units.one(unit_id, by=by), said, {}, [str(no)], by, at)
    messages.success(
        request, f"改好了：{'、'.join(COLUMNS[one] for one in changed)}。" if changed else "没有变化。"
    )
    return redirect("workbench:settings_unit", unit_id=row.pk)


def _said(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in COLUMNS}


def _as_typed(row: Organisation, at: datetime) -> dict[str, str]:
    names = Names(localtime(at).date())
    served = [names.full(names.areas[one.pk]) for one in row.serves.all() if one.pk in names.areas]
    return {
        "name": row.name,
        "short": row.short,
        "kind": row.kind,
        "duty": row.duty,
        "area": names.full(row.area) if row.area else "",
        "serves": "、".join(served),
        "phone": row.phone,
        "code": row.code,
    }


def _wanted(said: Mapping[str, str], by: Acting, at: datetime) -> Founding:
    """The form as a row of the sheet of organisations. Raises BadSheets with a fault for every column."""
    row = Row(sheets.UNITS, 1, {column: said[name] for name, column in COLUMNS.items()})
    on = localtime(at).date()
    wanted = roll_units.Units([], Names(on), pack_of(by), on).wanted(row)
    if row.faults or wanted is None:
        raise BadSheets(row.faults)
    return wanted


def _form(
    request: HttpRequest,
    row: Organisation | None,
    said: Mapping[str, str],
    errors: Mapping[str, str],
    others: Sequence[str],
    by: Acting,
    at: datetime,
) -> HttpResponse:
    fields = _fields(by, said, errors)
    around: dict[str, Any] = {
        "unit": row,
        "fields": fields,
        "wrong": wrong(fields),
        "others": others,
        "areas": area_names(by, at),
        "today": localtime(at).date().isoformat(),
        "here": "units",
        "title": str(row) if row else "加一个组织",
    }
    if row is not None:
        sought = directory.Sought(organisation=row.pk)
        around["people"], around["more_people"] = directory.people(sought, by=by, at=at)
    return page(request, "settings/unit", by, around, status=422 if errors or others else 200)


def _fields(by: Acting, said: Mapping[str, str], errors: Mapping[str, str]) -> list[Field]:
    duties = pack_of(by).table("duties")
    kinds = {key: row["label"] for key, row in duties["kind"].items()}
    known = {key: row["label"] for key, row in duties["duty"].items()}
    asks: list[dict[str, Any]] = [
        {"name": "name", "label": "名称", "required": True, "longest": 120, "hint": "全称。"},
        {"name": "short", "label": "简称", "longest": 40, "hint": "居民看到的是它。"},
        {"name": "kind", "label": "类别", "type": "choice", "choices": kinds, "hint": "写了职责的可以不选。"},
        {"name": "duty", "label": "职责", "type": "choice", "choices": known, "hint": "派单按它找单位。"},
        {"name": "area", "label": "所在辖区", "required": True, "picks": "areas"},
        {
            "name": "serves",
            "label": "服务辖区",
            "type": "words",
            "hint": "几个辖区用顿号隔开。小区的水、电、热、电梯、物业电话按它列出来。",
        },
        {"name": "phone", "label": "办公电话", "type": "phone", "hint": "带区号；95598 这样的号码也行。"},
        {"name": "code", "label": "统一社会信用代码", "longest": 24, "hint": "18 位，写了就验校验位。"},
    ]
    return bind(asks, said, errors)

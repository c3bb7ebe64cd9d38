"""加一个人、加一个任职: one form, checked like a row of the roll; done at once or proposed to a second hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.kernel.ledger import joining, roll_units, units
from gongzhi.kernel.ledger.staffing import NotAppointed, needs_second
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Person
from gongzhi.kernel.people.phones import NotAPhone
from gongzhi.kernel.people.sheets import BadSheets
from gongzhi.kernel.territory.named import Names
from gongzhi.surfaces.fields import Field, bind
from gongzhi.surfaces.workbench.administering import by_field, keeping, roles, wrong
from gongzhi.surfaces.workbench.hands import page
from gongzhi.surfaces.workbench.views_settings_people import found_person, shown_once

COLUMNS = {
    "name": "姓名",
    "login": "登录名",
    "mobile": "手机号",
    "role": "职务",
    "area": "辖区",
    "unit": "单位",
    "first": "起",
    "last": "止",
}
NEW_ONLY = ("name", "login", "mobile")
ASKS: list[dict[str, Any]] = [
    {"name": "name", "label": "姓名", "required": True, "longest": 40},
    {"name": "login", "label": "登录名", "required": True, "hint": "字母、数字，2 到 60 个。以后不改。"},
    {
        "name": "mobile",
        "label": "手机号",
        "required": True,
        "type": "phone",
        "hint": "加密保存，不公开，用来认人。",
    },
    {"name": "role", "label": "职务", "required": True, "type": "choice", "choices": {}},
    {
        "name": "area",
        "label": "辖区",
        "picks": "areas",
        "hint": "写到这个职务该在的一级，比如“街道/社区/第一网格”；单位里的职务留空。",
    },
    {
        "name": "unit",
        "label": "单位",
        "required": True,
        "picks": "units",
        "hint": "全称、简称或者统一社会信用代码。",
    },
    {"name": "first", "label": "从哪一天起", "required": True, "type": "date"},
    {"name": "last", "label": "最后一天", "type": "date", "hint": "不写就一直到另行结束。"},
    {
        "name": "phone",
        "label": "办公电话",
        "type": "phone",
        "hint": "网格员的这个号码会告诉居民。不写就用辖区的办公电话。",
    },
]


@keeping("people")
def new(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """加一个人: the person and the first mandate in one form."""
    return _join(request, None, by, at)


@keeping("people")
def appoint(request: HttpRequest, *, by: Acting, at: datetime, person_id: int) -> HttpResponse:
    """加一个任职 for somebody who is here already."""
    return _join(request, found_person(person_id, by), by, at)


def _join(request: HttpRequest, person: Person | None, by: Acting, at: datetime) -> HttpResponse:
    start = {"first": localtime(at).date().isoformat(), "area": request.GET.get("area", "")}
    start |= {"unit": request.GET.get("unit", "")}
    if request.method != "POST":
        return _form(request, person, start, {}, [], by, at)
    said = {name: request.POST.get(name, "").strip() for name in (*COLUMNS, "phone")}
    given = dict(said)
    if person is not None:
        own = joining.own_number(person) or said["mobile"]
        given |= {"name": person.name, "login": person.login, "mobile": own}
    row = {column: given[name] for name, column in COLUMNS.items()}
    try:
        phone = roll_units.office_line(said["phone"])
        done = joining.join(row, by=by, at=at, phone=phone)
    except NotAPhone as cause:
        return _form(request, person, said, {"phone": cause.sentence}, [], by, at)
    except BadSheets as faults:
        errors, others = by_field(faults, COLUMNS)
        return _form(request, person, said, errors, others, by, at)
    except NotAppointed as cause:
        return _form(request, person, said, {}, [str(cause)], by, at)
    if done.password:
        return shown_once(request, done.person, done.password, by)
    messages.success(
        request, "已提出，等安全管理员确认。" if done.proposed else f"{done.person.name}的任职加上了。"
    )
    return redirect("workbench:settings_person", person_id=done.person.pk)


def _form(
    request: HttpRequest,
    person: Person | None,
    said: Mapping[str, str],
    errors: Mapping[str, str],
    others: list[str],
    by: Acting,
    at: datetime,
) -> HttpResponse:
    fields = _fields(person, by, said, errors)
    around = {
        "person": person,
        "fields": fields,
        "wrong": wrong(fields),
        "others": others,
        "areas": area_names(by, at),
        "units": _unit_names(by, at),
        "two": [row["label"] for row in roles(by).values() if needs_second(row)],
        "here": "people",
        "title": "加一个任职" if person else "加一个人",
    }
    status = 422 if errors or others else 200
    return page(request, "settings/person_form", by, around, status=status)


def _fields(
    person: Person | None, by: Acting, said: Mapping[str, str], errors: Mapping[str, str]
) -> list[Field]:
    labels = {row["label"]: row["label"] for row in roles(by).values() if not row.get("machine")}
    skip: tuple[str, ...] = ()
    if person is not None:
        skip = NEW_ONLY if person.phone_enc else NEW_ONLY[:2]
    asks = [{**one, "choices": labels if one["name"] == "role" else ()} for one in ASKS]
    return bind([one for one in asks if one["name"] not in skip], said, errors)


def area_names(by: Acting, at: datetime) -> list[str]:
    """What may be picked in the area field: streets and communities; a grid is written after its community."""
    names = Names(localtime(at).date())
    near = [one for one in names.areas.values() if one.level in ("district", "street", "community")]
    return [names.full(one) for one in near if keepers.reaches(by, one)]


def _unit_names(by: Acting, at: datetime) -> list[str]:
    return [one.name for one in units.kept(by=by, at=at)]

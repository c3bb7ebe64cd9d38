"""请假和代岗: a desk, or its approvals alone, passes to a colleague from a day to a day and comes back by itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.kernel.ledger import leave, proposals, roll_units
from gongzhi.kernel.ledger.staffing import NotAppointed, needs_second
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.keepers import NotKeeper
from gongzhi.kernel.people.models import Mandate
from gongzhi.kernel.people.phones import NotAPhone
from gongzhi.surfaces.fields import Field, bind
from gongzhi.surfaces.seat import post
from gongzhi.surfaces.workbench.administering import day, roles, wrong
from gongzhi.surfaces.workbench.hands import page, refused, staffed

LEFT, AWAY = "left", "away"


@staffed
def leaves(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """My mandates with who stands in for them, and what I stand in for."""
    own = [one for one in by.mandates if one.stands_in_for_id is None]
    running = leave.running(own, at)
    table = roles(by)
    around = {
        "mine": [(one, post(one), [row for row in running if row.stands_in_for_id == one.pk]) for one in own],
        "others": [(one, post(one)) for one in by.mandates if one.stands_in_for_id is not None],
        "led": _led(by, at, table),
        "here": "leave",
        "title": "请假和代岗",
    }
    return page(request, "leave", by, around)


def _led(by: Acting, at: datetime, table: Mapping[str, Any]) -> list[tuple[Mandate, str, list[Mandate]]]:
    """The desks a head leads, whose leave the head may enter, with who stands in."""
    found = leave.led(by, at, table)
    running = leave.running(found, at)
    return [(one, post(one), [row for row in running if row.stands_in_for_id == one.pk]) for one in found]


@staffed
def leave_of(request: HttpRequest, *, by: Acting, at: datetime, mandate_id: int) -> HttpResponse:
    """The form for one mandate: who, from when until when, all of the desk or its approvals."""
    held = _held(mandate_id)
    table = roles(by)
    if not leave.may_hand_over(held, by, table):
        return refused(request, by, "请假由本人、所在台的负责人或者系统管理员来办。")
    if request.method != "POST":
        return _form(request, held, {"first": localtime(at).date().isoformat()}, {}, "", by, at)
    said = {
        name: request.POST.get(name, "").strip()
        for name in ("person", "first", "last", "phone", "how", "why")
    }
    try:
        told = _enter(held, said, by, at, table)
    except _Wrong as no:
        return _form(request, held, said, no.errors, "", by, at)
    except (NotAppointed, NotKeeper) as no:
        return _form(request, held, said, {}, str(no), by, at)
    messages.success(request, told)
    own = by.person is not None and held.person_id == by.person.pk
    if own or not keepers.may(by, "people"):
        return redirect("workbench:leave")
    return redirect("workbench:settings_person", person_id=held.person_id)


class _Wrong(Exception):
    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


def _enter(held: Mandate, said: Mapping[str, str], by: Acting, at: datetime, table: Mapping[str, Any]) -> str:
    """Hand the desk over (or propose it); where the person leaves for good, end the mandate too."""
    people = {str(one.pk): one for one in leave.colleagues(held, at, table)}
    person, first, last = people.get(said["person"]), day(said["first"]), day(said["last"])
    errors = {}
    if person is None:
        errors["person"] = "选一位代岗的人。"
    if first is None:
        errors["first"] = "写第一天。"
    if last is None:
        errors["last"] = "写最后一天。"
    try:
        phone = roll_units.office_line(said["phone"])
    except NotAPhone as cause:
        errors["phone"] = cause.sentence
    if errors or person is None or first is None or last is None:
        raise _Wrong(errors)
    since, until = leave.days(first, last, at)
    only = Mandate.APPROVALS if said["how"] == Mandate.APPROVALS else ""
    wanted = leave.Wanted(held, person, since, until, only, phone)
    if needs_second(table.get(held.role, {})):
        proposals.propose(leave.proposal(wanted), by=by, at=at)
        return "已提出，等安全管理员确认。"
    hand_over = leave.hand_over_for_good if said["why"] == LEFT else leave.stand
    hand_over(wanted, by=by, at=at, roles=table)
    return f"{first} 到 {last}，{post(held)}由{person.name}代。到日子自己接上。"


@staffed
def come_back(request: HttpRequest, *, by: Acting, at: datetime, mandate_id: int) -> HttpResponse:
    """End a stand-in before its day."""
    row = _held(mandate_id)
    if request.method == "POST":
        try:
            leave.come_back(row, by=by, at=at, roles=roles(by))
            messages.success(request, "代岗结束了，清单和电话已经回到本人。")
        except NotKeeper as no:
            return refused(request, by, str(no))
        except NotAppointed as no:
            messages.info(request, str(no))
    return redirect("workbench:leave")


def _form(
    request: HttpRequest,
    held: Mandate,
    said: Mapping[str, str],
    errors: Mapping[str, str],
    refusal: str,
    by: Acting,
    at: datetime,
) -> HttpResponse:
    own = by.person is not None and held.person_id == by.person.pk
    table = roles(by)
    fields = _fields(held, said, errors, by, at)
    around = {
        "held": held,
        "held_post": post(held),
        "own": own,
        "fields": fields,
        "wrong": wrong(fields),
        "refusal": refusal,
        "two": needs_second(table.get(held.role, {})),
        "running": leave.running([held], at),
        "here": "people" if keepers.may(by, "people") and not own else "leave",
        "title": "请假和代岗",
    }
    return page(request, "leave_form", by, around, status=422 if errors or refusal else 200)


PERSON = {
    "name": "person",
    "label": "由谁代",
    "required": True,
    "type": "person",
    "hint": "同一个单位、辖区，或者上一级的台。兼职的人不能代专职的岗。",
}
DAYS: list[dict[str, Any]] = [
    {
        "name": "first",
        "label": "第一天",
        "required": True,
        "type": "date",
        "hint": "这天零点起；写今天，现在就起。",
    },
    {
        "name": "last",
        "label": "最后一天",
        "required": True,
        "type": "date",
        "hint": "这天过完，自己回到本人。",
    },
]
HOW: dict[str, Any] = {
    "name": "how",
    "label": "交出什么",
    "type": "choice",
    "choices": {"all": "整个岗", Mandate.APPROVALS: "只交审批"},
    "value": "all",
    "required": True,
    "hint": "只交审批：代的人只看得到等着批的事，别的看不到、办不了。",
}
PHONE = {
    "name": "phone",
    "label": "这几天告诉居民的办公电话",
    "type": "phone",
    "hint": "不写就还是网格的办公电话。",
}
WHY: dict[str, Any] = {
    "name": "why",
    "label": "本人",
    "type": "choice",
    "choices": {AWAY: "请假，还回来", LEFT: "离岗，不回来了"},
    "value": AWAY,
    "required": True,
    "hint": "离岗：任职到代岗的第一天为止，登录着的马上退出。",
}


def _fields(
    held: Mandate, said: Mapping[str, str], errors: Mapping[str, str], by: Acting, at: datetime
) -> list[Field]:
    table = roles(by)
    near = {str(one.pk): one.name for one in leave.colleagues(held, at, table)}
    asks = [{**PERSON, "choices": near}, *DAYS]
    if held.role in leave.heads(table):
        asks.append(HOW)
    if held.role in ("grid_worker", "grid_lead"):
        asks.append(PHONE)
    if keepers.may(by, "withdraw") and (by.person is None or held.person_id != by.person.pk):
        asks.append(WHY)
    return bind(asks, said, errors)


def _held(mandate_id: int) -> Mandate:
    around = ("person", "area", "organisation__area")
    rows = Mandate.objects.select_related(*around, *(f"stands_in_for__{one}" for one in around))
    found = rows.filter(pk=mandate_id).first()
    if found is None:
        raise Http404
    return found

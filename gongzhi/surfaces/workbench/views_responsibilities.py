"""责任清单 on the desk: the list, a need written down or drawn from matters, the review, the promise, the result."""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.domains.responsibilities import actions
from gongzhi.domains.responsibilities.actions import Need
from gongzhi.domains.responsibilities.queries import desk, listed
from gongzhi.domains.responsibilities.queries.desk import Sheet
from gongzhi.kernel.ids import whole
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours, Refusal, SayMore
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces.fields import Field, bind, from_door
from gongzhi.surfaces.workbench.hands import page, staffed

NAMES = ("need_kind", "title", "text", "drawn_leaf", "drawn_count")


@staffed
def responsibilities(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The own area's list, newest first, and what could be drawn into it."""
    rows = desk.rows(by=by, at=at, before=whole(request.GET.get("before", "")))
    said = {
        "title": "责任清单",
        "here": "responsibilities",
        "rows": rows,
        "more": rows[-1].id if len(rows) == listed.PAGE else 0,
        "drawn": desk.drawn(by=by, at=at),
        "writes": desk.may_write(by),
    }
    return page(request, "responsibilities", by, said)


@staffed
def write(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """A need: written by hand, or (``?leaf=``) drawn from a kind of matter that keeps coming, nothing retyped."""
    area = desk.own_area(by)
    if area is None or not desk.may_write(by):
        raise NotYours(desk.NOT_HERE)
    if request.method != "POST":
        return _form(request, by, _drawn(request, by, at), {})
    typed = {name: request.POST.get(name, "").strip() for name in NAMES}
    need = Need(area, **{**typed, "drawn_count": whole(typed["drawn_count"]) or 0})  # type: ignore[arg-type]
    try:
        matter = actions.raise_need(need, by=by, at=at, key=_key(request))
    except SayMore as more:
        return _form(request, by, typed, more.errors, status=422)
    except NotYours:
        raise
    except Refusal as refusal:
        return _form(request, by, typed, {"text": refusal.sentence.partition("：")[2]}, status=422)
    messages.success(request, "记下了，等网格支部研究。")
    return redirect("workbench:responsibility", matter_id=matter.pk)


def _drawn(request: HttpRequest, by: Acting, at: datetime) -> dict[str, str]:
    found = next((one for one in desk.drawn(by=by, at=at) if one.leaf == request.GET.get("leaf")), None)
    if found is None:
        return {}
    text = f"近 90 天，本辖区“{found.label}”反映过 {found.count} 件。"
    return {
        "need_kind": found.kind,
        "title": f"{found.label}反复出现，一起想办法",
        "text": text,
        "drawn_leaf": found.leaf,
        "drawn_count": str(found.count),
    }


def _form(
    request: HttpRequest, by: Acting, typed: dict[str, str], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    kinds = listed.kinds(pack_name(desk.own_area(by)))
    said = {
        "title": "记一条需求",
        "here": "responsibilities",
        "fields": _fields(kinds, typed, errors),
        "kinds": kinds,
        "typed": typed,
        "key": _key(request),
        "wrong": [{"anchor": f"f-{name}", "short": sentence} for name, sentence in errors.items()],
    }
    return page(request, "responsibility_write", by, said, status)


def _fields(kinds: dict[str, dict[str, Any]], typed: dict[str, str], errors: dict[str, str]) -> list[Field]:
    choices = {key: row["label"] for key, row in kinds.items()}
    asks = [
        {"name": "need_kind", "label": "哪一类", "type": "choice", "required": True, "choices": choices},
        {
            "name": "title",
            "label": "一句话说清",
            "required": True,
            "longest": 40,
            "hint": "比如“3 号楼门口晚上太暗”。",
        },
        {
            "name": "text",
            "label": "需求",
            "type": "words",
            "required": True,
            "longest": 500,
            "hint": "什么人用得着、现在怎样。不写居民的名字、门牌、电话。",
        },
    ]
    return bind(asks, typed, errors)


@staffed
def responsibility(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """One, as residents read it, with what may be done next."""
    return _sheet(request, _opened(matter_id, by, at), by)


def _opened(matter_id: int, by: Acting, at: datetime) -> Sheet:
    found = desk.sheet(matter_id, by=by, at=at)
    if found is None:
        raise Http404
    return found


def _sheet(
    request: HttpRequest, sheet: Sheet, by: Acting, chosen: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    acts = {one.action: one for one in sheet.acts}
    wanted = acts.get(chosen) or next((one for one in sheet.acts if not one.grave), None)
    told = sheet.told
    said = {
        "title": told.title,
        "here": "responsibilities",
        "sheet": sheet,
        "one": told,
        "open": wanted,
        "fields": _asked(wanted, sheet, more) if wanted else [],
        "others": [one for one in sheet.acts if wanted is None or one.action != wanted.action],
        "notice": urlencode({"title": f"{told.title}：办好了"[:40], "text": f"{told.result}\n{told.party}"}),
        "key": secrets.token_hex(16),
        **more,
    }
    return page(request, "responsibility", by, said, status)


def _asked(act: Any, sheet: Sheet, more: dict[str, Any]) -> list[Field]:
    fields = from_door(act.fields, more.get("typed"), more.get("errors"))
    if act.action != "assign":
        return fields
    to = next(one for one in act.fields if one.name == "to")
    ask = {**to.spec, "name": "to", "required": True, "choices": sheet.units}
    return [*bind([ask], more.get("typed"), more.get("errors")), *(one for one in fields if one.name != "to")]


@staffed
def act(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int, act: str) -> HttpResponse:
    """One act's form (GET), or the act taken (POST)."""
    sheet = _opened(matter_id, by, at)
    found = next((one for one in sheet.acts if one.action == act), None)
    if request.method != "POST":
        return _sheet(request, sheet, by, act)
    typed: dict[str, Any] = {
        one.name: request.POST.get(one.name, "").strip() for one in (found.fields if found else ())
    }
    seen = whole(request.POST.get("seen", ""))
    try:
        seen = sheet.seen if seen is None else seen
        actions.take(matter_id, act, by=by, at=at, seen=seen, key=_key(request), **typed)
    except Refusal as refusal:
        errors = refusal.errors if isinstance(refusal, SayMore) else {}
        told = {"typed": typed, "errors": errors, "refusal": "" if errors else refusal.sentence}
        told["rule"] = refusal.more.get("rule", "")
        return _sheet(request, sheet, by, act, 422 if errors else 409, **told)
    messages.success(request, f"“{found.label}”记下了。" if found else "记下了。")
    return redirect("workbench:responsibility", matter_id=matter_id)


def _key(request: HttpRequest) -> str:
    key = request.POST.get("key", "")
    return key if len(key) == 32 else secrets.token_hex(16)

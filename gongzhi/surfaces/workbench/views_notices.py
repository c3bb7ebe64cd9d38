"""邻里通知 on the desk: the list, writing one, reading it as residents will, sending it out, paper, the group text."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongzhi.domains.outreach import actions
from gongzhi.domains.outreach.actions import Written
from gongzhi.domains.outreach.queries import desk
from gongzhi.domains.outreach.queries.desk import Sheet
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.possible import Possible
from gongzhi.kernel.process.verdict import NotYet, NotYours, Refusal, SayMore
from gongzhi.surfaces import qr
from gongzhi.surfaces.fields import Field, bind, from_door
from gongzhi.surfaces.workbench.hands import page, staffed

TABS = {"now": "草稿和贴着的", "past": "结束的"}
NAMES = ("where", "notice_kind", "title", "text", "from_day", "until_day", "office_line")
OPENING = "write"  # the pseudo-act under which a form that is wrong is shown again


@staffed
def notices(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The notices of the own area, newest first."""
    tab = "past" if request.GET.get("tab") == "past" else "now"
    said = {
        "title": "邻里通知",
        "here": "notices",
        "rows": desk.listed(tab, by=by, at=at),
        "tab": tab,
        "tabs": TABS,
        "writes": desk.may_write(by),
    }
    return page(request, "notices", by, said)


@staffed
def write(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """A new notice, or (``?corrects=``) a new version of one that hangs."""
    old = _old(request, by, at)
    if request.method != "POST":
        return _form(request, by, at, _typed_of(old) if old else _begun(request), {}, old=old)
    typed = {name: request.POST.get(name, "").strip() for name in NAMES}
    found = desk.chosen(typed["where"], by=by, at=at)
    if found is None:
        return _form(request, by, at, typed, {"where": "选一个地方。"}, old=old, status=422)
    area, place = found
    said: dict[str, Any] = {name: typed[name] for name in NAMES[1:]}
    written = Written(area, place=place, replaces=old.posted.id if old else None, **said)
    try:
        matter = actions.write(written, by=by, at=at, key=_key(request))
    except SayMore as more:
        return _form(request, by, at, typed, more.errors, old=old, status=422)
    except NotYours:
        raise
    except Refusal as refusal:
        return _form(request, by, at, typed, _beside(refusal), old=old, refusal=refusal, status=422)
    return redirect("workbench:notice", matter_id=matter.pk)


def _begun(request: HttpRequest) -> dict[str, str]:
    """Words another page hands over, so that nothing is typed twice."""
    return {name: request.GET[name][:500] for name in ("title", "text") if name in request.GET}


def _old(request: HttpRequest, by: Acting, at: datetime) -> Sheet | None:
    wanted = request.POST.get("corrects") or request.GET.get("corrects", "")
    return _opened(int(wanted), by, at) if wanted.isdecimal() else None


def _opened(matter_id: int, by: Acting, at: datetime) -> Sheet:
    found = desk.sheet(matter_id, by=by, at=at)
    if found is None:
        raise Http404
    return found


def _typed_of(sheet: Sheet) -> dict[str, str]:
    """What stands in a notice, to be written anew."""
    one = sheet.posted
    return {
        "where": f"area-{sheet.area.pk}",
        "notice_kind": sheet.kind_id,
        "title": one.title,
        "text": one.text,
        "from_day": one.from_on.isoformat(),
        "until_day": one.until_on.isoformat(),
    }


def _key(request: HttpRequest) -> str:
    key = request.POST.get("key", "")
    return key if len(key) == 32 else secrets.token_hex(16)


def _beside(refusal: Refusal) -> dict[str, str]:
    """The field a guard's sentence belongs to."""
    if not isinstance(refusal, NotYet):
        return {}
    sentence = refusal.sentence.partition("：")[2] or refusal.sentence
    return {"until_day" if "到哪天止" in sentence else "text": sentence}


def _form(
    request: HttpRequest,
    by: Acting,
    at: datetime,
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    old: Sheet | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    kinds = desk.kinds(by)
    said = {
        "title": "写通知",
        "here": "notices",
        "fields": _fields(by, at, typed, errors),
        "kinds": kinds,
        "old": old.posted if old else None,
        "key": request.POST.get("key") or secrets.token_hex(16),
        "wrong": [{"anchor": f"f-{name}", "short": sentence} for name, sentence in errors.items()],
        "refusal": refusal.sentence if refusal and not errors else "",
        "rule": refusal.more.get("rule", "") if refusal else "",
    }
    return page(request, "notice_write", by, said, status)


def _fields(by: Acting, at: datetime, typed: dict[str, str], errors: dict[str, str]) -> list[Field]:
    where = {
        "name": "where",
        "label": "给谁看",
        "type": "area",
        "required": True,
        "choices": desk.wheres(by=by, at=at),
    }
    where["hint"] = "只选用得着的那几栋、那一格，别的人不用看。"
    asks = [
        where,
        *(
            {**one.spec, "name": one.name, "required": one.required, "choices": one.choices}
            for one in desk.asked(by)
        ),
    ]
    for one in asks:
        one["type"] = (
            "text" if one["name"] == "title" else one["type"]
        )  # one line, whatever the ledger keeps it as
    if "公开" not in errors.get("text", "") and not typed.get("office_line"):
        asks = [one for one in asks if one["name"] != "office_line"]
    return bind(asks, typed, errors)


@staffed
def notice(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """One notice as residents read it, with what may be done next."""
    return _sheet(request, _opened(matter_id, by, at), by, at)


def _sheet(
    request: HttpRequest, sheet: Sheet, by: Acting, at: datetime, chosen: str = "", **more: Any
) -> HttpResponse:
    address = link(request, sheet.posted.number)
    status = more.pop("status", 200)
    acts = {one.action: one for one in sheet.acts}
    said = {
        "title": sheet.posted.title,
        "here": "notices",
        "sheet": sheet,
        "one": sheet.posted,
        "link": address,
        "group": sheet.posted.for_group(address),
        "main": acts.get("publish"),
        "others": [one for one in sheet.acts if one.action not in ("publish", chosen) and one.allowed],
        "open": _open(acts, chosen, sheet, more),
        "corrects": "withdraw" in acts and acts["withdraw"].allowed,
        "key": secrets.token_hex(16),
        **more,
    }
    return page(request, "notice", by, said, status)


def _open(
    acts: dict[str, Possible], chosen: str, sheet: Sheet, more: dict[str, Any]
) -> dict[str, Any] | None:
    """The form of a chosen act."""
    act = acts.get(chosen)
    if act is None:
        return None
    typed = more.get("typed") or (_typed_of(sheet) if chosen == "edit" else {})
    return {"act": act, "fields": from_door(act.fields, typed, more.get("errors", {}))}


@staffed
def act(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int, act: str) -> HttpResponse:
    """One act's form (GET), or the act taken (POST)."""
    sheet = _opened(matter_id, by, at)
    found = next((one for one in sheet.acts if one.action == act), None)
    if found is None:
        raise NotYours("这一步不归您。")
    if request.method != "POST":
        return _sheet(request, sheet, by, at, act)
    typed: dict[str, Any] = {one.name: request.POST.get(one.name, "").strip() for one in found.fields}
    seen = request.POST.get("seen", "")
    try:
        actions.take(
            matter_id,
            act,
            by=by,
            at=at,
            seen=int(seen) if seen.isdecimal() else sheet.seen,
            key=_key(request),
            **typed,
        )
    except Refusal as refusal:
        errors = refusal.errors if isinstance(refusal, SayMore) else {}
        told = {
            "typed": typed,
            "errors": errors,
            "refusal": refusal.sentence,
            "rule": refusal.more.get("rule", ""),
        }
        return _sheet(request, sheet, by, at, act, status=422 if errors else 409, **told)
    messages.success(request, DONE.get(act, f"已{found.label}。"))
    return redirect("workbench:notice", matter_id=matter_id)


DONE = {
    "publish": "发出了，这一片的居民打开首页、扫楼门码就能看到。纸和群里的文字在下面。",
    "edit": "改好了。",
    "withdraw": "收回了。居民再打开，会看到已收回和为什么。",
    "end": "结束了，不再贴着。",
    "discard": "没有发，留在“结束的”里。",
}


def link(request: HttpRequest, number: str) -> str:
    """The address residents open."""
    path = reverse("portal:notice", args=[number])
    return request.build_absolute_uri(path) if settings.DEMO else f"{settings.SITE_URL.rstrip('/')}{path}"


@staffed
def printed(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """The notice on A4, large, with a QR to it."""
    sheet = _opened(matter_id, by, at)
    address = link(request, sheet.posted.number)
    told = {"one": sheet.posted, "qr": qr.drawn(address), "link": address, "title": sheet.posted.title}
    return page(request, "notice_print", by, told)

"""人员与任职: who works here, their mandates now and past; appoint, end, first passwords, stop and resume."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.kernel.ids import whole
from gongzhi.kernel.ledger import proposals, tenure
from gongzhi.kernel.ledger.staffing import NotAppointed, needs_second
from gongzhi.kernel.people import directory, keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation, Person, Proposal
from gongzhi.kernel.territory.named import Names, NotNamed
from gongzhi.surfaces.seat import post
from gongzhi.surfaces.workbench.administering import day, keeping, roles
from gongzhi.surfaces.workbench.hands import page


@keeping("see_people")
def people(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The list: search by name, sign-in name, role and area."""
    said = {name: request.GET.get(name, "").strip() for name in ("q", "role", "area", "unit", "stopped")}
    area, no_area = _area(said["area"], at)
    unit = whole(said["unit"]) or 0
    name, _, number = request.GET.get("after", "").rpartition("|")
    after = (name, int(number)) if number.isdecimal() else None
    sought = directory.Sought(said["q"], said["role"], area, unit, bool(said["stopped"]))
    found, more = directory.people(sought, by=by, at=at, after=after)
    kept = {key: value for key, value in said.items() if value}
    table = roles(by)
    shown = [(one.person, [_seat(row, at, table) for row in one.mandates]) for one in found]
    around: dict[str, Any] = {
        "said": said,
        "no_area": no_area,
        "rows": shown,
        "roles": [(key, row["label"]) for key, row in table.items()],
        "unit": Organisation.objects.filter(pk=unit).first() if unit else None,
        "filtered": bool(kept),
        "next": f"?{urlencode({**kept, 'after': f'{more[0]}|{more[1]}'})}" if more else "",
        "may": keepers.powers_of(by),
    }
    return page(request, "settings/people", by, {**around, "here": "people", "title": "人员与任职"})


def _area(said: str, at: datetime) -> tuple[Any, str]:
    if not said:
        return None, ""
    try:
        return Names(tenure.localtime(at).date()).find(said), ""
    except NotNamed as cause:
        return None, str(cause)


def full_post(row: Mandate, table: Mapping[str, Any]) -> str:
    """Where and as what, a grid told with its community; the role's label is the administrator's own pack's."""
    above = row.area.parent if row.area is not None and row.area.level == "grid" else None
    where = f"{above.name if above else ''}{row.area or row.organisation or ''}"
    return f"{where} {table.get(row.role, {}).get('label', row.role)}".strip()


def _seat(row: Mandate, at: datetime, table: Mapping[str, Any]) -> dict[str, Any]:
    """A mandate as a line: where and as what, for which organisation, from when until when."""
    return {
        "row": row,
        "post": full_post(row, table),
        "unit": str(row.organisation) if row.organisation and row.area else "",
        "stands_in": row.stands_in_for.person.name if row.stands_in_for else "",
        "only": row.only,
        "running": row.since <= at and (row.until is None or row.until > at),
        "ahead": row.since > at and (row.until is None or row.until > row.since),
        "soon": row.until is not None and row.until > at,
    }


@keeping("see_people")
def person(request: HttpRequest, *, by: Acting, at: datetime, person_id: int) -> HttpResponse:
    """A person's page: mandates now, to come and past; what may be done."""
    return _page(request, found_person(person_id, by), by, at)


def _page(request: HttpRequest, found: Person, by: Acting, at: datetime, refusal: str = "") -> HttpResponse:
    table = roles(by)
    seats = [_seat(row, at, table) for row in directory.mandates_of(found)]
    mine = by.person is not None and by.person.pk == found.pk
    around = {
        "person": found,
        "running": [one for one in seats if one["running"]],
        "ahead": [one for one in seats if one["ahead"]],
        "past": [one for one in seats if not one["running"] and not one["ahead"]],
        "mine": mine,
        "may": keepers.powers_of(by),
        "two": any(needs_second(table.get(one["row"].role, {})) for one in seats if one["running"]),
        "refusal": refusal,
        "today": tenure.localtime(at).date().isoformat(),
        "asked": Proposal.objects.filter(person=found, outcome="").count(),
        "here": "people",
        "title": found.name,
    }
    return page(request, "settings/person", by, around, status=422 if refusal else 200)


@keeping("people", "withdraw")
def act(request: HttpRequest, *, by: Acting, at: datetime, person_id: int, what: str) -> HttpResponse:
    """End a mandate, stop or resume the account, make a first password."""
    found = found_person(person_id, by)
    if request.method != "POST":
        return redirect("workbench:settings_person", person_id=found.pk)
    try:
        told = ACTS[what](request, found, by, at)
    except NotAppointed as no:
        return _page(request, found, by, at, str(no))
    if what == "password" and told:
        return shown_once(request, found, told, by)
    messages.success(request, told or "已提出，等安全管理员确认。")
    return redirect("workbench:settings_person", person_id=found.pk)


def _end(request: HttpRequest, found: Person, by: Acting, at: datetime) -> str:
    number = request.POST.get("mandate", "")
    row = next((one for one in directory.mandates_of(found) if str(one.pk) == number), None)
    if row is None:
        raise NotAppointed("没有这个任职，可能已经变了，请看下面。")
    said = request.POST.get("last", "").strip()
    last = day(said)
    if said and last is None:
        raise NotAppointed("最后一天没有写对，写 2026-01-01 这样。")
    tenure.end(row, last, by=by, at=at, roles=roles(by))
    return f"“{post(row)}”{f'到 {last} 为止' if last else '现在结束了'}。"


def _stop(request: HttpRequest, found: Person, by: Acting, at: datetime) -> str:
    ended = tenure.stop(found, by=by, at=at, roles=roles(by))
    return f"{found.name}的账号停用了，{ended} 个任职同时结束。"


def _resume(request: HttpRequest, found: Person, by: Acting, at: datetime) -> str:
    tenure.resume(found, by=by, at=at)
    return f"{found.name}的账号可以用了。任职要重新加。"


def _password(request: HttpRequest, found: Person, by: Acting, at: datetime) -> str:
    held = [
        row for row in directory.mandates_of(found) if row.since <= at and (not row.until or row.until > at)
    ]
    if any(needs_second(roles(by).get(row.role, {})) for row in held):
        proposals.propose(Proposal(kind="password", person=found), by=by, at=at)
        return ""
    return tenure.give_password(found, by=by, at=at, roles=roles(by))


ACTS = {"end": _end, "stop": _stop, "resume": _resume, "password": _password}


def shown_once(request: HttpRequest, found: Person, text: str, by: Acting) -> HttpResponse:
    """The page with a first password, the only one that ever shows it."""
    around = {"person": found, "password": text, "here": "people", "title": "初始密码"}
    return page(request, "settings/password_once", by, around)


def found_person(person_id: int, by: Acting) -> Person:
    """A person within the hand's reach; 404 otherwise."""
    found = directory.one(person_id, by=by)
    if found is None:
        raise Http404
    return found

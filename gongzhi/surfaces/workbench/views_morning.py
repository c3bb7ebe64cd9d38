"""A head's morning page: what waits for my word, what is late and on whose desk, what others own."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.domains.incidents import several
from gongzhi.domains.incidents.queries import desk, desk_decide, desk_morning
from gongzhi.domains.incidents.queries.desk_decide import Decision, Kind
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.orders import Outcome
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.surfaces.workbench import shown
from gongzhi.surfaces.workbench.hands import page, staffed, stands

HERE, LEAVE = "morning", "/desk/leave/"
NOT_A_HEAD = "这一页给书记、街道和区里的调度与领导、单位负责人用。您的事都在“我的清单”里。"
LATE_SHOWN, DESKS_SHOWN = 3, 12  # matters named under a desk, desks on the page; the list holds them all


@dataclass(frozen=True)
class Asked:
    """One row: the matter as lists draw it, the decision, and what its box sends."""

    row: shown.Shown
    decision: Decision
    value: str


@dataclass
class Sort:
    """Decisions of one sort under one heading."""

    kind: Kind
    rows: list[Asked] = field(default_factory=list)


@dataclass
class Told:
    """What became of a click: what was done, and what was refused with its reason. Numbers only where readable."""

    label: str
    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@staffed
def morning(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """早上一页."""
    return draw(request, by, at)


@staffed
def approve(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Yes to several of one sort: each goes through the door alone; the refused are listed, the rest is done."""
    _only_heads(by)
    if request.method != "POST":
        return redirect("workbench:morning")
    chosen, each = _chosen(request.POST.getlist("one"))
    if not chosen:
        return draw(request, by, at, wrong="还没有选。先勾上要一起批的几件。", status=422)
    action, note = request.POST.get("do", ""), request.POST.get("note", "").strip()[:300]
    said = {"note": note} if note else {}
    key = request.POST.get("key", "") or secrets.token_hex(16)
    outcomes = several.take_several(chosen, action, by=by, at=at, key=key, each=each, **said)
    return draw(request, by, at, told=_told(request.POST.get("label", ""), outcomes, by, at))


@staffed
def urge(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """催办 all that is late on one desk and may be urged by this hand, once a day."""
    _only_heads(by)
    if request.method != "POST":
        return redirect("workbench:morning")
    wanted = request.POST.get("desk", "")
    found = next((one for one in desk_morning.late_by_desk(by=by, at=at) if one.key == wanted), None)
    if found is None or not found.may_urge:
        return draw(request, by, at, wrong="这个台上没有可以催的事，或者今天已经催过。", status=409)
    chosen = {row.matter.pk: row.matter.seq for row in found.may_urge}
    key = request.POST.get("key", "") or secrets.token_hex(16)
    outcomes = several.take_several(chosen, desk_morning.URGE, by=by, at=at, key=key)
    return draw(request, by, at, told=_told(f"催{found.label}", outcomes, by, at))


def draw(request: HttpRequest, by: Acting, at: datetime, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page with its three blocks, and what became of the last click. NotYours for others than heads."""
    _only_heads(by)
    decisions = desk_decide.decisions(by=by, at=at)
    late = desk_morning.late_by_desk(by=by, at=at)
    said = {
        "title": "早上一页",
        "here": HERE,
        "sorts": _sorts(decisions, at),
        "decisions": len(decisions),
        "most": desk_decide.MOST,
        "late": [(one, shown.rows(one.rows[:LATE_SHOWN], at)) for one in late[:DESKS_SHOWN]],
        "late_rest": max(0, len(late) - DESKS_SHOWN),
        "late_count": sum(len(one.rows) for one in late),
        "late_most": desk_morning.MOST,
        "elsewhere": (found := desk_morning.elsewhere(by=by, at=at)),
        "owned": [(one, shown.row(one.row, at)) for one in found.shown],
        "key": secrets.token_hex(16),
        "stands_in": stood_in(by),
        "leave": stands(LEAVE),
    }
    return page(request, "morning", by, {**said, **more}, status)


def _only_heads(by: Acting) -> None:
    if not desk_decide.is_head(by):
        raise NotYours(NOT_A_HEAD)


def stood_in(by: Acting) -> str:
    """Whose word it is, where the hand stands in for somebody; "" otherwise."""
    first = by.mandate.stands_in_for if by.mandate else None
    return first.person.name if first is not None else ""


def _sorts(decisions: Iterable[Decision], at: datetime) -> list[Sort]:
    found: dict[str, Sort] = {}
    for one in decisions:
        value = f"{one.row.matter.pk}.{one.row.matter.seq}.{one.carried.get('resume_on', '')}"
        sort = found.setdefault(one.kind.what, Sort(one.kind))
        sort.rows.append(Asked(shown.row(one.row, at), one, value))
    return list(found.values())


def _chosen(values: Iterable[str]) -> tuple[dict[int, int], dict[int, dict[str, Any]]]:
    """What the boxes sent: matter → last entry seen, and what goes with one matter alone."""
    chosen, each = dict[int, int](), dict[int, dict[str, Any]]()
    for value in values:
        pk, _, rest = value.partition(".")
        seen, _, resume_on = rest.partition(".")
        if pk.isdecimal() and seen.isdecimal():
            chosen[int(pk)] = int(seen)
            if resume_on:
                each[int(pk)] = {"resume_on": resume_on}
    return chosen, each


def _told(label: str, outcomes: Iterable[Outcome], by: Acting, at: datetime) -> Told:
    listed = list(outcomes)
    names = desk.titles([one.order.matter_id for one in listed], by=by, at=at)
    told = Told(label[:20])
    for one in listed:
        name = names.get(one.order.matter_id, "一件事")
        if one.refusal is None:
            told.done.append(name)
        else:
            hidden = one.order.matter_id not in names
            told.refused.append((name, "没有这件事，或者不归您看。" if hidden else one.refusal.sentence))
    return told

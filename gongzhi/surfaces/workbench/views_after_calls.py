"""回访: the calls that wait at one's desk; one of them with its number and questions, and what if nobody answers."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.queries import after_calls
from gongzhi.domains.incidents.queries.after_calls import Call
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours, Refusal, SayMore, SomeoneWasFaster
from gongzhi.surfaces.workbench import shown
from gongzhi.surfaces.workbench.hands import page, staffed

ANSWERS = ("was_contacted", "was_solved", "satisfied", "call_words")
MISSED = ("why_missed", "call_again_on")
QUESTIONS = ("was_contacted", "was_solved", "satisfied")


@staffed
def waiting(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The calls to make, first due first."""
    found = after_calls.waiting(by=by, at=at)
    rows = shown.rows([one.row for one in found], at)
    said = {
        "title": "回访",
        "here": "callbacks",
        "rows": list(zip(found, rows, strict=True)),
        "most": after_calls.PAGE,
    }
    return page(request, "callbacks", by, said)


@staffed
@never_cache
def call(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """One call: its number (kept with its purpose), the questions, or that it could not be asked."""
    found = after_calls.one(matter_id, by=by, at=at)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _draw(request, found, by, at)
    act = request.POST.get("act", "")
    if act == "number":
        return _number(request, found, by, at)
    if act not in ("called_back", "call_missed"):
        raise Http404
    names = ANSWERS if act == "called_back" else MISSED
    said: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in names}
    try:
        actions.take(
            found.row.matter, act, by=by, at=at, seen=_seen(request, found), key=_key(request), **said
        )
    except SayMore as more:
        return _draw(request, found, by, at, said=said, errors=more.errors, status=422)
    except SomeoneWasFaster as refusal:
        return _draw(request, found, by, at, said=said, wrong=refusal.sentence, status=409)
    except Refusal as refusal:
        return _draw(request, found, by, at, said=said, wrong=refusal.sentence, status=422)
    messages.success(request, "记下了。" if act == "called_back" else "记下了，该再打的会回到清单里。")
    return redirect("workbench:callbacks")


def _number(request: HttpRequest, found: Call, by: Acting, at: datetime) -> HttpResponse:
    try:
        number = actions.reveal_phone(found.row.matter, "call_back", by=by, at=at)
    except (NotYours, SayMore) as refusal:
        return _draw(request, found, by, at, wrong=refusal.sentence, status=403)
    return _draw(request, found, by, at, number=number)


def _seen(request: HttpRequest, found: Call) -> int:
    said = request.POST.get("seen", "")
    return int(said) if said.isdecimal() else found.row.matter.seq


def _key(request: HttpRequest) -> str:
    return request.POST.get("key", "") or secrets.token_hex(16)


def _draw(
    request: HttpRequest, found: Call, by: Acting, at: datetime, *, status: int = 200, **more: Any
) -> HttpResponse:
    table = packs.load(found.row.matter.pack).table("fields")["incident"]
    told = more.get("said", {})
    said = {
        "title": f"回访 {found.row.matter.number}",
        "here": "callbacks",
        "call": found,
        "row": shown.row(found.row, at),
        "questions": [_question(table, name, told.get(name, "")) for name in QUESTIONS],
        "why": _question(table, "why_missed", told.get("why_missed", "")),
        "left": found.tries - found.missed,
        "key": secrets.token_hex(16),
        **more,
    }
    return page(request, "callback", by, said, status)


def _question(table: Any, name: str, chosen: str) -> dict[str, Any]:
    choices = [(value, label, value == chosen) for value, label in table[name]["choices"].items()]
    return {"name": name, "label": table[name]["label"], "choices": choices}

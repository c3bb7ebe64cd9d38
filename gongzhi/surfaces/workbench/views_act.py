"""Taking an act: what was typed goes through the one door; a refusal comes back beside the button, nothing lost."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.queries import desk_acts, desk_matter
from gongzhi.domains.incidents.queries.desk_acts import Act
from gongzhi.domains.incidents.queries.desk_lines import Line
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.kernel.clock.speak import moment_staff
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import Refusal, SomeoneWasFaster
from gongzhi.surfaces import answers, posted, taking, writing
from gongzhi.surfaces.posted import Posted
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_matter import draw, kept, opened


@staffed
def act(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int, act: str) -> HttpResponse:
    """One act's form (GET), or the act taken (POST)."""
    sheet = opened(matter_id, by, at)
    if request.method != "POST":
        return kept(draw(request, sheet, by, at, chosen=act), sheet, by)
    asked = taking.asked(sheet, act, by, at)
    said = posted.read(request, asked.asks)
    if request.POST.get("fill"):
        drawn = taking.filled(sheet, asked, said, request, by, at)
        return draw(request, sheet, by, at, chosen=asked.id, drawn=drawn)
    try:
        taking.take(sheet, asked, said, request, by, at)
    except SomeoneWasFaster as refusal:
        return _faster(request, sheet, refusal, said, by, at)
    except Refusal as refusal:
        return _again(request, sheet, asked, said, refusal, by, at)
    writing.count(f"{sheet.matter.kind}.{asked.id}", "desk", said, at)
    return _taken(request, sheet, asked, by, at)


def _taken(request: HttpRequest, sheet: Sheet, asked: Act, by: Acting, at: datetime) -> HttpResponse:
    """On to the matter's page, where it is said what was done."""
    said, to = taking.done(sheet, asked, by, at), reverse("workbench:matter", args=[sheet.matter.pk])
    if answers.wanted(request):
        return answers.done(request, said, to, number=sheet.matter.number)
    messages.success(request, said)
    return redirect(to)


def _again(
    request: HttpRequest,
    sheet: Sheet,
    asked: Act,
    said: Posted,
    refusal: Refusal,
    by: Acting,
    at: datetime,
) -> HttpResponse:
    """The page with the form once more; nothing typed is lost."""
    if answers.wanted(request):
        return answers.refused(refusal)
    drawn = taking.again(sheet, asked, said, refusal, request, by, at)
    return draw(request, sheet, by, at, chosen=asked.id, drawn=drawn, status=taking.status_of(refusal))


def _faster(
    request: HttpRequest, sheet: Sheet, refusal: SomeoneWasFaster, said: Posted, by: Acting, at: datetime
) -> HttpResponse:
    """Who did what, when, in their words; what was typed is kept and can be copied."""
    lines = desk_matter.since(sheet.matter.pk, int(refusal.more.get("seen", 0)), by=by, at=at)
    if answers.wanted(request):
        now = _now(sheet, request.resolver_match.kwargs["act"] if request.resolver_match else "", by, at)
        return answers.refused(refusal, lines=[_spoken(one, at) for one in lines], now=now)
    told: dict[str, Any] = {"sheet": sheet, "lines": lines, "yours": said.words, "title": "有人先动了"}
    return page(request, "faster", by, told, status=409)


def _now(sheet: Sheet, act: str, by: Acting, at: datetime) -> dict[str, Any]:
    """Where the matter stands, for a phone that shows it beside what was written: what may still be done with that."""
    acts = desk_acts.acts(sheet, by=by, at=at)
    may = {one.id for one in acts.now}
    return {"stage": sheet.stage.label, "seen": sheet.matter.seq, "again": act in may, "note": "note" in may}


def _spoken(line: Line, at: datetime) -> str:
    words = "".join(f"“{text}”" for _, text in line.words)
    return f"{moment_staff(line.at, at)} {line.who} {line.sentence}{words}"


@staffed
def mend(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """请被反映方改正或说明: a child request that carries nothing of the complaint."""
    sheet = opened(matter_id, by, at)
    if request.method != "POST" or not desk_acts.may_ask_to_mend(sheet, by):
        raise Http404
    chosen = next(
        (one for one in sheet.about if str(one.pk) == request.POST.get("organisation")), sheet.about[0]
    )
    words, key = request.POST.get("mend_request", "").strip(), request.POST.get("key", "")
    try:
        child = actions.ask_to_mend(sheet.matter, words, chosen.pk, by=by, at=at, key=key)
    except Refusal as refusal:
        return draw(request, sheet, by, at, mend_wrong=refusal.sentence, mend_words=words, status=422)
    messages.success(request, f"已请{chosen}改正或说明，编号 {child.number}。")
    return redirect("workbench:matter", matter_id=matter_id)

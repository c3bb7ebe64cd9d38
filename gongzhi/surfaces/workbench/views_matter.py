"""A matter's page: the request first, the facts, the ledger; beside it what may be done next and what not."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.queries import (
    desk,
    desk_acts,
    desk_contacts,
    desk_duty,
    desk_form,
    desk_matter,
    learned,
    near_desk,
    sources,
)
from gongzhi.domains.incidents.queries.desk_acts import Acts
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.domains.incidents.queries.desk_rows import Row, next_wait
from gongzhi.domains.incidents.queries.desk_secrets import asked_secrecy, rings_back
from gongzhi.domains.incidents.queries.near_desk import Panel
from gongzhi.domains.whistles.queries import begin
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import following
from gongzhi.kernel.process.verdict import SayMore
from gongzhi.kernel.telling import inbox
from gongzhi.surfaces import act_form, ranged
from gongzhi.surfaces.act_form import Drawn
from gongzhi.surfaces.workbench import drawing, shown, views_outer_matter
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.keeping import may_keep

OWN_PAGES = {
    "notice": "workbench:notice",
    "patrol": "workbench:patrol",
    "patrol_route": "workbench:patrol_route",
    "fair": "workbench:fair",
    "whistle": "workbench:whistle",
    "whistle_part": "workbench:whistle",
    "responsibility": "workbench:responsibility",
}  # kinds that are read on a page of their own
PURPOSE_BY_TAG = {"wait": "ask_place", "work": "agree_time", "review": "tell_result", "done": "call_back"}


@staffed
def matter(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """The page with the form of the likeliest act open; what was told about it counts as seen."""
    sheet = opened(matter_id, by, at)
    inbox.seen(matter_id, by=by, at=at)
    if sheet.matter.kind in OWN_PAGES:
        return redirect(OWN_PAGES[sheet.matter.kind], matter_id=matter_id)
    return kept(draw(request, sheet, by, at), sheet, by)


def kept(response: HttpResponse, sheet: Sheet, by: Acting) -> HttpResponse:
    """A phone may keep the page of a matter, but of no private kind."""
    return response if sheet.matter.private else may_keep(response, by)


def opened(matter_id: int, by: Acting, at: datetime) -> Sheet:
    """The matter as this hand may read it. Http404 where it does not exist for it."""
    sheet = desk_matter.sheet(matter_id, by=by, at=at)
    if sheet is None:
        raise Http404
    return sheet


def draw(
    request: HttpRequest,
    sheet: Sheet,
    by: Acting,
    at: datetime,
    *,
    chosen: str = "",
    drawn: Drawn | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page with one act's form open: the chosen, the one that was refused, or the likeliest."""
    acts = desk_acts.acts(sheet, by=by, at=at)
    drawn = drawn or _open_form(sheet, acts, chosen, by, at)
    others = [one for one in acts.now if drawn is None or one.id != drawn.form.act.id]
    said = {
        "title": f"{sheet.matter.number} {sheet.matter.title if sheet.level == 'full' else ''}".strip(),
        "sheet": sheet,
        "drawn": drawn,
        "others": others,
        "beside_road": [one for one in others if one.side],
        "bar": [one for one in acts.now if not one.side and not one.grave][:2][::-1],
        "refused": [*acts.not_yet, *(drawn.form.refused if drawn else [])],
        "rest": acts.rest,
        "acting": bool(chosen),
        "chosen": chosen,
        **_beside(sheet, acts, by, at),
        **_told(sheet, by, at),
        **more,
    }
    return page(request, "matter" if sheet.level == "full" else "matter_less", by, said, status)


def _beside(sheet: Sheet, acts: Acts, by: Acting, at: datetime) -> dict[str, Any]:
    """What stands beside the matter: papers, links, who assists; to who assists, for whom."""
    return {
        "mend": desk_acts.may_ask_to_mend(sheet, by),
        "another": learned.another(sheet.own_words, sheet.matter) if acts.find("correct") else None,
        "duty": desk_duty.beside(sheet, acts, by=by, at=at),
        "assisting": sheet.level == "task" and bool(sheet.holder),
        "lead": sheet.holder,
        "whistle": begin.offered(sheet.matter, by=by) if sheet.level == "full" else "",
    }


def _open_form(sheet: Sheet, acts: Acts, chosen: str, by: Acting, at: datetime) -> Drawn | None:
    """The chosen act's form, else the likeliest's; none where nothing is awaited of this hand."""
    act = acts.find(chosen) if chosen else next(iter(acts.now), None)
    if act is None or (not chosen and (act.grave or act.side)):
        return None
    form = desk_form.form(sheet, act, by=by, at=at)
    return act_form.draw(form, sheet.matter.pack, secret=asked_secrecy(sheet.work))


def near_panel(sheet: Sheet, by: Acting, at: datetime) -> Panel | None:
    """What is near, on the page of an incident read in full; none for what is private."""
    if sheet.level != "full" or sheet.incident is None or sheet.matter.private:
        return None
    return near_desk.panel(sheet.work, sheet.incident, by=by, at=at)


def _told(sheet: Sheet, by: Acting, at: datetime) -> dict[str, Any]:
    matter, work = sheet.matter, sheet.work
    wait = next_wait(work, by)
    row = shown.row(Row(work, sheet.level, wait), at)
    process_fields = packs.load(matter.pack).get("fields.incident", {})
    purposes = process_fields.get("purpose", {}).get("choices", {})
    rings = rings_back(work, by)
    likely = "tell_result" if work.open_waits("ring") else PURPOSE_BY_TAG.get(sheet.stage.tag)
    return {
        "row": row,
        "map": drawing.sketch(matter, sheet.areas, at) if sheet.level == "full" else None,
        "source": sources.label(matter.source, packs.load(matter.pack)),
        "urgency": process_fields.get("urgency", {})
        .get("choices", {})
        .get(sheet.incident.urgency if sheet.incident else "normal", ""),
        "where": " ".join(
            sheet.areas[level].name
            for level in ("street", "community", "grid", "building")
            if level in sheet.areas
        ),
        "purposes": [(k, label, k == likely) for k, label in purposes.items() if rings or k != "call_back"],
        "can_correct": "correct" in work.process.actions,
        "involved": desk_contacts.involved(sheet, at=at),
        "cards": desk_contacts.of_matter(sheet),
        "followed": following.follows(matter, by=by),
        "near": near_panel(sheet, by, at),
        "beside": desk.beside(matter.pk, by=by, at=at),
        **(views_outer_matter.told(sheet, by, at) if sheet.level == "full" else {}),
    }


@staffed
def follow(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """关注, or no longer."""
    sheet = opened(matter_id, by, at)
    if request.method == "POST":
        if request.POST.get("follow"):
            following.follow(sheet.matter, by=by, at=at)
            messages.success(request, "已关注，在“关注”里能找到。")
        else:
            following.unfollow(sheet.matter, by=by, at=at)
            messages.success(request, "不再关注。")
    return redirect("workbench:matter", matter_id=matter_id)


@staffed
@never_cache
def phone(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """看号码: shown once, with the purpose kept."""
    sheet = opened(matter_id, by, at)
    if request.method != "POST":
        return draw(request, sheet, by, at)
    try:
        number = actions.reveal_phone(sheet.matter, request.POST.get("purpose", ""), by=by, at=at)
    except SayMore as more:
        return draw(request, sheet, by, at, phone_wrong=more.errors.get("purpose", ""), status=422)
    return draw(request, sheet, by, at, number=number)


@staffed
def attachment(request: HttpRequest, *, by: Acting, at: datetime, attachment_id: int) -> HttpResponseBase:
    """A photo or a voice note, through the gate; ``?small=1`` its thumbnail."""
    found = desk_matter.attachment(attachment_id, by=by, at=at, small="small" in request.GET)
    if found is None:
        raise Http404
    kind, path, private = found
    headers = {"Cache-Control": "private, no-store"}
    answer = ranged.answer(request, path, kind, headers)
    return may_keep(answer, by) if "small" in request.GET and not private else answer

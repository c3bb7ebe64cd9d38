"""吹哨报到 on the desk: one whistle with everybody who was called side by side, its acts, arrivals with one tap."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import desk_lines, desk_matter
from gongzhi.domains.incidents.queries.desk_lines import Line
from gongzhi.domains.whistles import actions
from gongzhi.domains.whistles.queries import page as pages
from gongzhi.domains.whistles.queries.page import Part, Sheet
from gongzhi.kernel.clock.speak import term_words
from gongzhi.kernel.clock.terms import Term
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import waits
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.possible import Possible
from gongzhi.kernel.process.verdict import NotYours, Refusal, SayMore, SomeoneWasFaster
from gongzhi.kernel.telling import inbox
from gongzhi.surfaces import posted
from gongzhi.surfaces.fields import Field, bind
from gongzhi.surfaces.posted import Posted
from gongzhi.surfaces.workbench import whistle_power
from gongzhi.surfaces.workbench.hands import page, staffed

DECIDING = ("proposed", "asked", "approved")
FIRST = {
    **dict.fromkeys(("pass_on", "approve", "call", "finish", "answer_come", "work_done", "confirm"), 0),
    **dict.fromkeys(("rate_unit", "rate_asker", "sign", "agree", "rule", "insist"), 1),
}
LAST = 5
STEPS = 8  # lines of the matter it came from
DONE = {
    "approve": "批准了，区里会编号、叫单位。",
    "pass_on": "报上去了，等街道领导批。",
    "call": "吹哨了，每家都收到一张吹哨单。",
    "call_more": "又叫了几家，都收到吹哨单。",
    "answer_come": "应哨了，吹哨的一方会看到。",
    "work_done": "记下了，等吹哨的一方确认。",
    "confirm": "确认办成了，请评一评来的单位。",
    "finish": "了结了。",
    "rate_unit": "评好了，不再改。",
    "rate_asker": "评好了，不再改。",
}


@dataclass
class Open:
    """One act's form: of the whistle or of one part (``unit`` names it)."""

    act: Possible
    work: Work
    unit: str
    fields: list[Field]
    key: str
    deadlines: list[str] = field(default_factory=list)
    posted: Posted = field(default_factory=Posted)
    refusal: str = ""
    rule: str = ""


@staffed
def whistle(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """The page; a part's own address leads to its whistle."""
    found = opened(matter_id, by, at)
    inbox.seen(matter_id, by=by, at=at)
    if found.matter.pk != matter_id:
        return redirect("workbench:whistle", matter_id=found.matter.pk)
    for one in found.parts:
        if one.acts:
            inbox.seen(one.matter.pk, by=by, at=at)
    return draw(request, found, by, at)


def opened(matter_id: int, by: Acting, at: datetime) -> Sheet:
    """The whistle meant, as this hand may read it. Http404 where it does not exist for it."""
    whistle = pages.whistle_id(matter_id, by=by, at=at)
    found = pages.sheet(whistle, by=by, at=at) if whistle is not None else None
    if found is None:
        raise Http404
    return found


def draw(
    request: HttpRequest,
    sheet: Sheet,
    by: Acting,
    at: datetime,
    form: Open | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page with the chosen form open; else with that of the likeliest act, beside the page on a desk."""
    lines = desk_matter.sheet(sheet.matter.pk, by=by, at=at)
    likely = form or _likely(sheet, by, at)
    offers = _offered(sheet, by)
    said = {
        "title": f"{sheet.matter.number} {sheet.matter.title}",
        "here": "whistles",
        "sheet": sheet,
        "open": likely,
        "acting": form is not None,
        "bar": [one for one in offers if one.main][:2][::-1],
        "acts": [one for one in offers if not _is(one, likely)],
        "not_yet": [one for one in sheet.acts if not one.allowed],
        "lines": lines.lines if lines else [],
        "ledgers": _ledgers(sheet, at),
        **_to_decide(sheet, by, at),
        "key": secrets.token_hex(16),
        "where": " ".join(area.name for area in (sheet.matter.community, sheet.matter.grid) if area),
        **more,
    }
    return page(request, "whistle", by, said, status)


def _ledgers(sheet: Sheet, at: datetime) -> list[tuple[Part, list[Line]]]:
    """Each part's ledger, as far as the hand may read it (three statements for all)."""
    readable = [one for one in sheet.parts if one.entries]
    if not readable:
        return []
    every = [entry for one in readable for entry in one.entries]
    known = desk_lines.names(every, readable[0].work.process)
    told = [
        desk_lines.tell(one.work, one.entries, known, words=True, rating=False, now=at) for one in readable
    ]
    return list(zip(readable, told, strict=True))


def _to_decide(sheet: Sheet, by: Acting, at: datetime) -> dict[str, Any]:
    """While somebody still has to say yes: whose power it is, and what was done on the matter it comes from."""
    if sheet.matter.stage not in DECIDING:
        return {}
    above = desk_matter.sheet(sheet.source.pk, by=by, at=at) if sheet.source else None
    return {
        "deciding": True,
        "power": whistle_power.of(sheet.matter, sheet.wanted, at),
        "steps": above.lines[:STEPS] if above else [],
    }


@dataclass(frozen=True)
class Offer:
    """A button: the act, of which matter, in which words, whether the page puts it first."""

    act: Possible
    matter_id: int
    label: str
    main: bool


def _offered(sheet: Sheet, by: Acting) -> list[Offer]:
    """Acts of the whistle and of the parts, the likeliest first; arrivals have their own buttons."""
    own = [Offer(one, sheet.matter.pk, one.label, one.action in FIRST) for one in sheet.acts if one.allowed]
    for part in sheet.parts:
        own += [_of_part(one, part, by) for one in part.acts if one.allowed and one.action != "arrived"]
    return sorted(own, key=lambda one: FIRST.get(one.act.action, LAST))


def _likely(sheet: Sheet, by: Acting, at: datetime) -> Open | None:
    """The form of the likeliest act; none where nothing is awaited of this hand."""
    first = next((one for one in _offered(sheet, by) if one.main), None)
    found = sheet.find(first.matter_id) if first is not None else None
    return _form(sheet, found[0], first.act, at) if first is not None and found is not None else None


def _is(one: Offer, form: Open | None) -> bool:
    """Whether the form that stands open is this button's."""
    return form is not None and (one.act.action, one.matter_id) == (form.act.action, form.work.matter.pk)


def _of_part(one: Possible, part: Part, by: Acting) -> Offer:
    mine = part.row.unit_id in by.organisations
    label = one.label if mine else f"{part.row.unit}：{one.label}"
    return Offer(one, part.matter.pk, label, one.action in FIRST)


@staffed
def act(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int, act: str) -> HttpResponse:
    """One act's form (GET), or the act taken (POST), on the whistle or on a part of it."""
    sheet = opened(matter_id, by, at)
    found = sheet.find(matter_id)
    if found is None:
        raise Http404
    work, acts = found
    asked = next((one for one in acts if one.action == act), None)
    if asked is None:
        raise NotYours("这一步现在不归您，或者已经有人办了。")
    if request.method != "POST":
        return draw(request, sheet, by, at, _form(sheet, work, asked, at))
    said = posted.read(request, asked.fields)
    try:
        _take(request, work, asked, said, by, at)
    except SomeoneWasFaster as refusal:
        return draw(request, sheet, by, at, _form(sheet, work, asked, at, said, refusal), 409)
    except Refusal as refusal:
        if isinstance(refusal, NotYours):
            raise
        status = 422 if isinstance(refusal, SayMore) else 409
        return draw(request, sheet, by, at, _form(sheet, work, asked, at, said, refusal), status)
    messages.success(request, DONE.get(act, f"“{asked.label}”记下了。"))
    return redirect("workbench:whistle", matter_id=sheet.matter.pk)


def _take(request: HttpRequest, work: Work, asked: Possible, said: Posted, by: Acting, at: datetime) -> None:
    if said.errors:
        raise SayMore(said.errors)
    seen = request.POST.get("seen", "")
    actions.take(
        work.matter,
        asked.action,
        by=by,
        at=at,
        seen=int(seen) if seen.isdecimal() else work.matter.seq,
        key=request.POST.get("key") or secrets.token_hex(16),
        **said.said,
    )


def _form(
    sheet: Sheet,
    work: Work,
    asked: Possible,
    at: datetime,
    said: Posted | None = None,
    refusal: Refusal | None = None,
) -> Open:
    """The form with what was typed, or with what is known already."""
    if isinstance(refusal, SayMore) and said is not None:
        said.errors = {**refusal.errors, **said.errors}
    part = next((one for one in sheet.parts if one.matter.pk == work.matter.pk), None)
    plain = refusal is not None and not isinstance(refusal, SayMore)
    return Open(
        asked,
        work,
        str(part.row.unit) if part else "",
        bind(_asks(sheet, asked, at), said.typed if said else None, said.errors if said else None),
        secrets.token_hex(16),
        _deadlines(work, asked, at),
        said or Posted(),
        refusal.sentence if refusal is not None and plain else "",
        str(refusal.more.get("rule", "")) if refusal is not None and plain else "",
    )


def _asks(sheet: Sheet, asked: Possible, at: datetime) -> list[dict[str, Any]]:
    """What the act asks, with whom one may choose and what is known already."""
    choices, known = pages.choices(sheet, asked, at=at), pages.proposed(sheet, asked)
    return [
        {
            **one.spec,
            "name": one.name,
            "required": one.required,
            "choices": choices.get(one.name, one.choices),
            "value": _value(known.get(one.name)),
        }
        for one in asked.fields
    ]


def _value(known: Any) -> Any:
    if isinstance(known, datetime):
        return f"{localtime(known):%Y-%m-%dT%H:%M}"
    return known if known is not None else ""


def _deadlines(work: Work, asked: Possible, at: datetime) -> list[str]:
    """``批吹哨：4 个工作时内`` for each wait the act opens with a term of the pack."""
    process, found = work.process, []
    for opening in process.actions[asked.action].opens:
        term = process.term(opening.term) if not opening.term.startswith("=") else ""
        if term and waits.term_end(term, at, work.matter.pack).at is not None:
            found.append(f"{process.waits[opening.wait]}：{term_words(Term.parse(term))}内")
    return found


@staffed
def arrived(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """到了: one tap for one organisation, or for all that are still awaited."""
    sheet = opened(matter_id, by, at)
    if request.method != "POST":
        return redirect("workbench:whistle", matter_id=sheet.matter.pk)
    wanted = request.POST.getlist("part")
    chosen = [one for one in sheet.arriving if "all" in wanted or str(one.matter.pk) in wanted]
    if not chosen:
        return draw(
            request, sheet, by, at, arrived_wrong="没有等着记到场的单位，或者已经有人记了。", status=409
        )
    key = request.POST.get("key", "") or secrets.token_hex(16)
    outcomes = actions.record_arrivals([one.matter.pk for one in chosen], by=by, at=at, key=key)
    refused = [one.refusal.sentence for one in outcomes if one.refusal is not None]
    if refused:
        return draw(request, sheet, by, at, arrived_wrong="；".join(refused), status=409)
    messages.success(request, f"记下了：{'、'.join(str(one.row.unit) for one in chosen)}到了。")
    return redirect("workbench:whistle", matter_id=sheet.matter.pk)

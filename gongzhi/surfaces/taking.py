"""Taking an act, the same on every staff surface: what was asked, through the one door, and what is said afterwards."""

from datetime import datetime

from django.http import Http404, HttpRequest

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.queries import desk_acts, desk_form
from gongzhi.domains.incidents.queries.desk_acts import Act
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.domains.incidents.queries.desk_secrets import asked_secrecy
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import (
    NotKept,
    NotYours,
    OtherContent,
    Refusal,
    SayMore,
    SomeoneWasFaster,
)
from gongzhi.surfaces import act_form, answers
from gongzhi.surfaces.act_form import Drawn
from gongzhi.surfaces.posted import Posted


def asked(sheet: Sheet, name: str, by: Acting, at: datetime) -> Act:
    """The act named in the address: as it stands now, else as the page declares it, so that the door can refuse it."""
    found = desk_acts.acts(sheet, by=by, at=at).find(name)
    if found is not None:
        return found
    declared = desk_acts.declared(sheet, name)
    if declared is None or sheet.level != "full":
        raise Http404
    return declared


def take(sheet: Sheet, asked: Act, said: Posted, request: HttpRequest, by: Acting, at: datetime) -> None:
    """Take the act with what was said; raises what the door refuses, Http404 where even existence is not told.

    ``seen`` and ``key`` come with the form. Who is no longer at the desk because somebody acted meanwhile is told that.
    """
    if said.errors:
        raise SayMore(said.errors)
    seen = request.POST.get("seen", "")
    at_screen = int(seen) if seen.isdecimal() else sheet.matter.seq
    try:
        _through_the_door(sheet, asked, said, request, at_screen, by, at)
    except NotYours as refusal:
        if refusal.more.get("hidden"):
            raise Http404 from refusal
        if at_screen < sheet.matter.seq:
            raise SomeoneWasFaster("", seen=at_screen) from refusal
        raise


def _through_the_door(
    sheet: Sheet, asked: Act, said: Posted, request: HttpRequest, seen: int, by: Acting, at: datetime
) -> None:
    """The act's actions in one click, each with the answers it asks for."""
    first, *more = asked.chain
    process = sheet.work.process
    parts = []
    taken: set[str] = set()
    for name in reversed(asked.chain):
        names = {ask.name for ask in process.actions[name].asks} - taken
        taken |= names
        parts.append({one: said.said[one] for one in names if one in said.said})
    own, *others = reversed(parts)
    actions.take(
        sheet.matter,
        first,
        by=by,
        at=at,
        seen=seen,
        key=request.POST.get("key") or None,
        happened=answers.happened(request, at),
        then=list(zip(more, others, strict=True)),
        **own,
    )


def status_of(refusal: Refusal) -> int:
    """The status of a page that draws a refused form once more: 403, 422, 503, else 409."""
    return {NotYours: 403, SayMore: 422, NotKept: 503}.get(type(refusal), 409)


def again(
    sheet: Sheet, asked: Act, said: Posted, refusal: Refusal, request: HttpRequest, by: Acting, at: datetime
) -> Drawn:
    """The form once more: sentences at the fields, or one beside the button; nothing typed is lost."""
    if isinstance(refusal, SayMore):
        said.errors = {**refusal.errors, **said.errors}
    key = "" if isinstance(refusal, OtherContent) else request.POST.get("key", "")
    made = desk_form.form(sheet, asked, by=by, at=at)
    drawn = act_form.draw(made, sheet.matter.pack, said, key, secret=asked_secrecy(sheet.work))
    if not isinstance(refusal, SayMore):
        drawn.refusal, drawn.rule = refusal.sentence, str(refusal.more.get("rule", ""))
    return drawn


def filled(sheet: Sheet, asked: Act, said: Posted, request: HttpRequest, by: Acting, at: datetime) -> Drawn:
    """The form once more with the chosen ready phrase in its field, where the browser runs no script."""
    form, picked = desk_form.form(sheet, asked, by=by, at=at), request.POST.get("phrase", "")
    known = act_form.phrases(form, sheet.matter.pack)
    if picked.isdecimal() and int(picked) < len(known):
        phrase = known[int(picked)]
        said.typed[phrase.into] = f"{said.typed.get(phrase.into, '')}{phrase.text}"
    said.errors = {}
    key = request.POST.get("key", "")
    return act_form.draw(form, sheet.matter.pack, said, key, secret=asked_secrecy(sheet.work))


def done(sheet: Sheet, asked: Act, by: Acting, at: datetime) -> str:
    """``已派遣，会告诉反映人、区市政中心``."""
    plain = "，" not in asked.label and not asked.label.startswith(("已", "不", "没", "我"))
    done = f"已{asked.label}" if plain else f"“{asked.label}”记下了"
    told = desk_form.form(sheet, asked, by=by, at=at).tells
    return f"{done}，会告诉{'、'.join(told)}。" if told else f"{done}。"

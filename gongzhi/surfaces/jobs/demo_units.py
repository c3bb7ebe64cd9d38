"""Work in the demonstration: a unit signs, returns, asks for time, does it; the grid checks, residents rate."""

from collections.abc import Generator
from datetime import datetime, timedelta

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.surfaces.jobs.demo_case import Case
from gongzhi.surfaces.jobs.demo_stage import Story

OTHER_UNIT = {"municipal_works": "city_law", "sanitation": "city_law", "city_law": "municipal_works"}
ABOVE = {
    "grid_worker": "street_dispatcher",
    "community_desk": "street_dispatcher",
    "street_dispatcher": "district_dispatcher",
}
RATINGS = {"very_good": 44, "good": 32, "fair": 14, "bad": 7, "very_bad": 3}
HOURS = {"h": 1.0, "wh": 1.0, "wd": 7.5, "d": 7.5}  # office hours in a unit of a term, near enough here


def answered(case: Case, by: Acting) -> Story:
    """Done by who took it on; the reporter says whether it is."""
    yield case.after(*_working_hours(case, late=case.chance(0.11, "late")))
    case.maybe_stalled(0.2)
    case.act("answer", by, **_reply(case))
    yield from _rated(case, by, None)


def sent(case: Case, sender: Acting, unit: Organisation) -> Story:
    """Sent to a unit: signed, perhaps returned or lengthened, done, checked by the grid, closed, rated."""
    case.act("dispatch", sender, to=unit)
    unit = yield from _returned(case, sender, unit)
    case.maybe_stalled(0.12)
    case.act("sign_in", case.stage.world.of("unit_contact", unit))
    if case.chance(0.035, "listed") and sender.role != "community_desk":
        yield case.after(2, 8)
        _listed(case, sender, unit)
        return
    yield from _lengthened(case, sender, unit)
    yield from _paused(case, sender, unit)
    yield from _worked(case, unit)
    yield from _checked(case, unit)
    yield case.after(0.5, 5)
    case.act("close", sender)
    yield from _rated(case, sender, unit)


def _returned(case: Case, sender: Acting, unit: Organisation) -> Generator[datetime, None, Organisation]:
    """Now and then a unit says it is not theirs; gives back who holds it in the end."""
    contact = case.stage.world.of("unit_contact", unit)
    yield case.after(0.4, 5.0 if case.chance(0.9, "quick") else 12.0)
    if not case.chance(0.09, "returned"):
        return unit
    reason = {"return_reason": "not_owner", "basis": case.one(case.sheet["returned"])}
    case.act("return_order", contact, **reason)
    yield case.after(0.5, 3.5)
    case.maybe_stalled(0.3)
    other = case.unit(OTHER_UNIT.get(unit.duty, ""))
    if other is not None and case.chance(0.4, "taken_back"):
        case.act("accept_return", sender)
        yield case.after(0.2, 1.5)
        case.act("dispatch", sender, to=other)
        yield case.after(0.5, 4)
        return other
    case.act("refuse_return", sender, reason=case.one(case.sheet["refused"]))
    yield case.after(0.5, 3)
    if case.chance(0.5, "returned_again"):
        case.act("return_order", contact, **reason)
        yield case.after(1, 6)
        case.maybe_stalled(0.4)
        case.act("arbitrate", _arbiter(case, sender), decided=unit, reason=case.one(case.sheet["arbitrated"]))
        yield case.after(0.5, 3)
    return unit


def _arbiter(case: Case, sender: Acting) -> Acting:
    return case.hand(ABOVE.get(sender.role, "district_chief"))


def _lengthened(case: Case, sender: Acting, unit: Organisation) -> Story:
    if _working_hours(case, late=False)[1] < 8 or not case.chance(0.12, "lengthened"):
        return
    yield case.after(0.3, 2)
    contact = case.stage.world.of("unit_contact", unit)
    why = {"extension_reason": "parts", "extend_by": case.stage.dice.choice(["1wd", "2wd", "3wd"])}
    case.act("request_extension", contact, note=case.one(case.sheet["extension"]), **why)
    yield case.after(0.5, 3)
    case.maybe_stalled(0.3)
    if case.chance(0.85, "granted"):
        case.act("grant_extension", sender)
    else:
        case.act("refuse_extension", sender, reason="配件本地有现货，请按原时限办。")


def _listed(case: Case, sender: Acting, unit: Organisation) -> None:
    again = (case.stage.now + timedelta(days=case.stage.dice.randint(60, 150))).date()
    note = case.sheet["list_note"]
    case.act("list_long_term", sender, list_ground="planning", owner=unit, look_again_on=again, note=note)


def _paused(case: Case, sender: Acting, unit: Organisation) -> Story:
    """Seldom: nothing can be done until another matter is settled; the clock takes it up again by itself."""
    if not case.chance(0.015, "paused"):
        return
    yield case.after(0.5, 2)
    days = case.stage.dice.randint(3, 8)
    again, note = (case.stage.now + timedelta(days=days)).date(), case.sheet["pause_note"]
    contact = case.stage.world.of("unit_contact", unit)
    case.act("request_suspension", contact, suspend_ground="waits_other", resume_on=again, note=note)
    yield case.after(0.5, 3)
    case.act("grant_suspension", sender, resume_on=again)
    yield case.later(24.0 * days + 30, 24.0 * days + 40)


def _working_hours(case: Case, *, late: bool) -> tuple[float, float]:
    """How long the work takes in office hours: within the term, or beyond it."""
    pack = case.stage.world.pack
    leaf = pack.table("categories")["leaf"][case.kind["leaf"]]
    term = str(leaf.get("terms", {}).get("handle", "3wd"))
    size = float("".join(sign for sign in term if sign.isdigit()) or 3)
    unit = term.lstrip("0123456789")
    hours = size * HOURS.get(unit, 7.5) * (7.5 / 24 if unit == "h" and size >= 24 else 1)
    return (hours * 1.1, hours * 1.9) if late else (hours * 0.25, hours * 0.85)


def _worked(case: Case, unit: Organisation) -> Story:
    """The work; when it drags on, the reporter asks, and a leader may sign a supervision order."""
    late = case.chance(0.11, "late")
    yield case.after(*_working_hours(case, late=late))
    case.maybe_stalled(0.35)
    if late and case.mine and case.chance(0.4, "urged"):
        case.act("urge", case.mine, note=case.one(case.sheet["urge"]))
        yield case.after(0.5, 3)
    if late and case.chance(0.5, "supervised"):
        yield from _supervised(case, unit)
    if case.mine and case.chance(0.05, "added"):
        case.act("add", case.mine, more=case.one(case.sheet["more"]))
        yield case.after(0.3, 1)
    case.act("reply", case.stage.world.of("unit_handler", unit), **_reply(case))


def _supervised(case: Case, unit: Organisation) -> Story:
    if unit.kind not in ("department", "utility"):
        return
    signer = case.hand("district_leader" if case.chance(0.5) else "supervisor_post")
    case.act("supervise", signer, supervise_ground="late", demand=case.one(case.sheet["demand"]))
    yield case.after(3, 9)
    case.maybe_stalled(0.5)
    lead = case.stage.world.of("unit_lead", unit)
    case.act("answer_supervision", lead, supervise_reply=case.one(case.sheet["supervise_reply"]))
    yield case.after(1, 5)


def _reply(case: Case) -> dict[str, object]:
    return {
        "contacted": "talked" if case.channel != "patrol" else "no_number",
        "reply_request": case.one(case.kind["says"]),
        "reply_done": case.one(case.kind["done"]),
        "reply_result": case.one(case.kind["result"]),
        "reply_next": "再出现，点“又出现了”，直接找到我们。",
        "solved": "solved" if case.chance(0.86) else "partly",
        "after_photos": case.pictures(after=True, share=0.5),
    }


def _checked(case: Case, unit: Organisation) -> Story:
    """The grid worker looks, or the street where the matter is kept from the grid."""
    restricted = bool(case.told and case.told.matter.restricted)
    checker = case.hand("street_desk" if restricted else "grid_worker")
    yield case.after(0.5, 6)
    case.maybe_stalled(0.15)
    if not case.reworked and case.chance(0.07, "sent_back"):
        case.reworked = True
        case.act("send_back", checker, check_way="look", missing=case.one(case.sheet["missing"]))
        yield case.after(3, 14)
        case.act("reply", case.stage.world.of("unit_handler", unit), **_reply(case))
        yield case.after(0.5, 5)
    case.act("pass_check", checker, check_way="look", note=case.one(case.kind["check"]))


def _rated(case: Case, sender: Acting, unit: Organisation | None) -> Story:
    """Half of those who reported from their own phone say how it was; one in ten is not satisfied."""
    if case.mine is None or not case.chance(0.62, "rated"):
        return
    yield case.later(1, 40)
    satisfied = case.stage.dice.choices(list(RATINGS), list(RATINGS.values()))[0]
    satisfied = "bad" if case.path.get("bad") else satisfied
    bad = satisfied in ("bad", "very_bad")
    words = case.one(case.sheet["rating_bad" if bad else "rating_good"]) if bad or case.chance(0.3) else ""
    solved = "no" if bad else "partly" if satisfied == "fair" else "solved"
    said = {"was_contacted": "yes", "was_solved": solved, "satisfied": satisfied, "rating_words": words}
    case.act("rate", case.mine, **said)
    if bad:
        yield case.after(1, 10)
        yield from _looked_again(case, sender, unit)


def _looked_again(case: Case, sender: Acting, unit: Organisation | None) -> Story:
    """Not satisfied: once more where something was left undone, else a written explanation."""
    if unit is None or case.chance(0.4, "explained"):
        judge = _arbiter(case, sender) if unit is None else sender
        explanation = case.one(case.sheet["explanation"])
        case.act("explain", judge, beyond=case.stage.dice.choice(["money", "law"]), explanation=explanation)
        return
    case.reworked = True
    case.act("order_rework", sender, missing=case.one(case.sheet["missing"]))
    yield case.after(3, 14)
    case.act("reply", case.stage.world.of("unit_handler", unit), **_reply(case))
    yield from _checked(case, unit)
    yield case.after(0.5, 5)
    case.act("close", sender)

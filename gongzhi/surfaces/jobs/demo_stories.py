"""How matters go in the demonstration: well, late, back and forth, up and down, and out by another door."""

from datetime import timedelta

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.routes import Route, route
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.models import Wait
from gongzhi.surfaces.jobs.demo_case import Case
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage, Story
from gongzhi.surfaces.jobs.demo_units import answered, sent


def matter(case: Case) -> Story:
    """One matter from its report to its end, or to where it stands today."""
    kind = case.kind
    if case.channel == "patrol" and _small(case) and case.chance(0.7):
        case.solve_on_spot(case.one(case.sheet["spot_done"]))
        return
    case.report()
    if kind.get("exit"):
        yield from _elsewhere(case)
    elif case.told is not None and case.told.matter.restricted:
        yield from _at_the_street(case)
    else:
        yield from _ordinary(case)


def _route(case: Case) -> Route:
    codes = [
        one.code for one in case.stage.world.areas.values() if one.path in case.spot.grid.path and one.code
    ]
    return route(str(case.kind["leaf"]), codes, case.stage.now, case.stage.world.pack)


def _small(case: Case) -> bool:
    leaf = case.stage.world.pack.table("categories")["leaf"][case.kind["leaf"]]
    return leaf.get("answers") in ("community", "property") and not leaf.get("area_law")


def _ordinary(case: Case) -> Story:
    yield from _looked_at(case)
    if case.mine and case.chance(0.03, "withdrawn"):
        case.act("withdraw", case.mine, why_withdraw="solved")
        return
    if case.chance(0.015, "void"):
        case.act("void", case.hand("community_desk"), void_reason="test", reason=case.sheet["void_note"])
        return
    if case.chance(0.02, "declined"):
        yield from _declined(case)
        return
    case.act("accept", case.hand("community_desk"))
    yield case.after(0.1, 1.5)
    found = _route(case)
    unit = case.unit(found.unit)
    if unit is None:
        raise Ended("")
    if unit.kind == "committee":
        yield from _own_hands(case)
    elif unit.kind in ("property_company", "owners_committee"):
        yield from sent(case, case.hand("community_desk"), unit)
    else:
        yield from _raised(case, unit)


def _looked_at(case: Case) -> Story:
    """The grid worker judges; the desk may want somebody to look first; now and then nobody does anything."""
    yield case.after(0.2, 2.2)
    case.maybe_stalled(0.12)
    level = case.stage.dice.choice(["community", "street", "district"])
    if case.channel != "patrol" and case.chance(0.8):
        case.act("propose", case.hand("grid_worker"), level=level, note=case.one(case.sheet["worker_found"]))
    yield case.after(0.1, 1.4 if case.chance(0.9, "quick") else 5.0)
    if case.chance(0.08, "verified"):
        case.act("ask_verify", case.hand("community_desk"), note="地点说得不清，请去看一眼。")
        yield case.after(0.5, 3.0)
        case.act("verify", case.hand("grid_worker"), verified="there", found="到现场看过，属实。")
        yield case.after(0.2, 1.0)


def _elsewhere(case: Case) -> Story:
    yield case.after(0.3, 1.8)
    desk = case.hand("street_desk" if case.told and case.told.matter.restricted else "community_desk")
    case.act("transfer_out", desk, door=case.kind["exit"], note=case.sheet["transfer_note"])
    yield from _disagreed(case, 0.25)


def _declined(case: Case) -> Story:
    desk = case.hand("community_desk")
    case.act("decline", desk, decline_reason="litigation", door="litigation", note=case.sheet["decline_note"])
    yield from _disagreed(case, 0.4)


def _disagreed(case: Case, share: float) -> Story:
    if case.mine is None or not case.chance(share):
        return
    yield case.later(2, 30)
    case.act("disagree", case.mine, why_disagree=case.one(case.sheet["disagree"]))
    yield case.after(3, 14)
    above = "district_dispatcher" if case.told and case.told.matter.restricted else "street_dispatcher"
    case.act("uphold", case.hand(above), explanation=case.one(case.sheet["uphold"]))


def _at_the_street(case: Case) -> Story:
    """What is kept from grid and community, or is about them: the street takes it in and does it itself."""
    yield case.after(0.3, 2.0)
    case.act("accept", case.hand("street_desk"))
    yield case.after(0.2, 2.0)
    unit = case.unit(_route(case).unit)
    if unit is None:
        raise Ended("")
    if unit.kind == "team":
        yield from sent(case, case.hand("street_dispatcher"), unit)
    elif unit.kind in ("department", "utility"):
        case.act("raise_to_district", case.hand("street_dispatcher"))
        yield case.after(0.3, 2.0)
        yield from sent(case, case.hand("district_dispatcher"), unit)
    else:
        case.act("take_on", case.hand("street_dispatcher"))
        yield from answered(case, case.hand("street_dispatcher"))


def _raised(case: Case, unit: Organisation) -> Story:
    case.act("raise_to_street", case.hand("community_desk"))
    yield case.after(0.3, 2.5)
    street = case.hand("street_dispatcher")
    if unit.kind == "street_office":
        case.act("take_on", street)
        yield from answered(case, street)
    elif unit.kind == "team":
        yield from sent(case, street, unit)
    else:
        case.act("raise_to_district", street)
        yield case.after(0.3, 2.5)
        case.maybe_stalled(0.05)
        yield from sent(case, case.hand("district_dispatcher"), unit)


def _own_hands(case: Case) -> Story:
    """The community's own: the grid worker, or the desk itself."""
    if case.chance(0.65, "by_grid"):
        case.act("assign_down", case.hand("community_desk"))
        yield from answered(case, case.hand("grid_worker"))
    else:
        case.act("take_on", case.hand("community_desk"))
        yield from answered(case, case.hand("community_desk"))


def samples_seen(stage: Stage) -> Story:
    """Every other day each level looks at the samples that wait for it."""
    while True:
        yield stage.now + timedelta(days=2)
        for wait in Wait.objects.filter(what="look", ended_at=None, desk_area__isnull=False):
            hand = stage.world.hands.get((wait.desk_role, "area", wait.desk_area_id or 0))
            if hand is not None:
                actions.take(wait.matter_id, "seen_above", by=hand, at=stage.now)

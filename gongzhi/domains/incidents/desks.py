"""Desks: who is awaited. Each resolver returns a desk, or None where nothing is to be awaited."""

from gongzhi.domains.incidents.row import incident_of
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.chain import sm3
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.registry import desk
from gongzhi.kernel.telling import hours

ROAD = ["community", "street", "district"]
DESK_OF_LEVEL = {"community": "community_desk", "street": "street_desk", "district": "district_dispatcher"}
LEVEL_OF_KIND = {"committee": "community", "street_office": "street", "district_centre": "district"}
TOP = "district_chief"
PRIVATE = "private_officer"
SAMPLES = {
    "void": "void_seen_above",
    "withdraw": "withdrawn_sample",
    "self_handle": "self_solved_sample",
    "answer": "self_solved_sample",
}


def desk_at(matter: Matter, level: str) -> Desk | None:
    """The accepting desk of a level, where the matter hangs below one; the next one up where it does not.

    A private matter waits for the street's named officer only.
    """
    if matter.private and matter.street_id is not None:
        return Desk(role=PRIVATE, area_id=matter.street_id)
    for one in ROAD[ROAD.index(level) :]:
        area_id = getattr(matter, f"{one}_id")
        if area_id is not None:
            return Desk(role=DESK_OF_LEVEL[one], area_id=area_id)
    return None


def level_above(level: str) -> str | None:
    """The level above; None above the district."""
    place = ROAD.index(level)
    return ROAD[place + 1] if place + 1 < len(ROAD) else None


def above(matter: Matter, level: str) -> Desk | None:
    """The desk one level up; above the district's dispatchers sits the chief on duty."""
    higher = level_above(level)
    return desk_at(matter, higher) if higher else Desk(role=TOP, area_id=matter.district_id)


def level_of_desk(role: str) -> str:
    """The level at which a desk's role sits."""
    return next((level for level, name in DESK_OF_LEVEL.items() if name == role), "district")


def level_of_actor(deed: Deed) -> str:
    """The level at which the actor's mandate stands."""
    area = deed.by.mandate.area if deed.by.mandate else None
    return area.level if area is not None and area.level in ROAD else "community"


def organisation_level(organisation_id: int | None) -> str:
    """The level an organisation works at: committee, street office, district (one statement)."""
    kind = Organisation.objects.filter(pk=organisation_id or 0).values_list("kind", flat=True).first() or ""
    return LEVEL_OF_KIND.get(kind, "district")


def deciding_level(deed: Deed) -> str:
    """The level that decided on the matter last: who sent it, else who accepted it, else its first desk."""
    tie = deed.work.tie("sender") or deed.work.tie("acceptor")
    if tie is not None:
        return organisation_level(tie.organisation_id)
    return first_level(deed.matter)


def first_level(matter: Matter) -> str:
    """The level of the desk that first receives the matter."""
    return next((level for level in ROAD if getattr(matter, f"{level}_id") is not None), "district")


@desk("first_desk")
def first_desk(deed: Deed) -> Desk | None:
    """The accepting desk: the community's, or the level that the matter was opened at."""
    return desk_at(deed.matter, first_level(deed.matter))


@desk("grid_eyes")
def grid_eyes(deed: Deed) -> Desk | None:
    """The grid worker who looks at a resident's report; nobody where one reported it or it is kept from the grid."""
    if deed.matter.grid_id is None or deed.matter.private or deed.by.role in ("grid_worker", "grid_lead"):
        return None
    return Desk(role="grid_worker", area_id=deed.matter.grid_id)


@desk("caller")
def caller(deed: Deed) -> Desk | None:
    """Who rings back, where the reporter asked for a call: the grid worker, or the accepting desk."""
    if not deed.said.get("wants_call"):
        return None
    return grid_eyes(deed) or first_desk(deed)


@desk("ringer")
def ringer(deed: Deed) -> Desk | None:
    """Who rings to tell: the accepting desk, which hangs as high as the reporter wanted the number seen."""
    return first_desk(deed)


@desk("ringer_again")
def ringer_again(deed: Deed) -> Desk | None:
    """The same desk once more, unless it has tried as often as the pack says."""
    return ringer(deed) if tries(deed) < hours.number(deed.matter.pack, "calls", "times") else None


def tries(deed: Deed) -> int:
    """How often nobody has answered since the call was asked for, this time counted."""
    rows = Entry.objects.filter(matter=deed.matter.pk)
    asked = rows.filter(verb="ask_to_ring").order_by("-seq").values_list("seq", flat=True).first() or 0
    return rows.filter(verb="no_answer", seq__gt=asked).count() + 1


@desk("my_desk")
def my_desk(deed: Deed) -> Desk | None:
    """The desk of the actor's own level."""
    return desk_at(deed.matter, level_of_actor(deed))


@desk("my_org")
def my_org(deed: Deed) -> Desk | None:
    """The actor's own organisation; a private matter stays with the named officer."""
    if deed.matter.private:
        return my_desk(deed)
    mandate = deed.by.mandate
    return Desk(org_id=mandate.organisation_id) if mandate and mandate.organisation_id else None


@desk("above_desk")
def above_desk(deed: Deed) -> Desk | None:
    """One level above the actor."""
    return above(deed.matter, level_of_actor(deed))


@desk("below_desk")
def below_desk(deed: Deed) -> Desk | None:
    """One level below the actor, where the matter hangs there."""
    place = ROAD.index(level_of_actor(deed))
    return desk_at(deed.matter, ROAD[place - 1]) if place > 0 else None


@desk("return_judge")
def return_judge(deed: Deed) -> Desk | None:
    """Who sent it reviews a first return."""
    if incident_of(deed).returns >= 2:
        return None
    tie = deed.work.tie("sender")
    return Desk(org_id=tie.organisation_id) if tie else None


@desk("return_arbiter")
def return_arbiter(deed: Deed) -> Desk | None:
    """A second refusal is decided one level above who sent it."""
    return above(deed.matter, deciding_level(deed)) if incident_of(deed).returns >= 2 else None


@desk("checker")
def checker(deed: Deed) -> Desk | None:
    """The grid worker of the place, or the accepting desk where the matter is kept from the grid."""
    if deed.matter.grid_id is not None:
        return Desk(role="grid_worker", area_id=deed.matter.grid_id)
    tie = deed.work.tie("acceptor") or deed.work.tie("sender")
    return Desk(org_id=tie.organisation_id) if tie else first_desk(deed)


@desk("unsatisfied_judge")
def unsatisfied_judge(deed: Deed) -> Desk | None:
    """Not satisfied: the level that sent it looks again; nobody is awaited when the reporter is satisfied."""
    fine = deed.said.get("satisfied") not in ("bad", "very_bad") and deed.said.get("was_solved") != "no"
    if fine:
        return None
    tie, holder = deed.work.tie("sender"), deed.work.tie("holder")
    if tie is None or (holder is not None and holder.organisation_id == tie.organisation_id):
        return above(deed.matter, deciding_level(deed))
    return Desk(org_id=tie.organisation_id)


@desk("sampled_above")
def sampled_above(deed: Deed) -> Desk | None:
    """One in so many of what nobody else checks is looked at one level above (share: pack, ``terms.shares``)."""
    share = int(packs.load(deed.matter.pack).get(f"terms.shares.{SAMPLES[deed.action.id]}", 0))
    drawn = int(sm3(str(deed.matter.pk).encode())[:8], 16) % 100
    return above(deed.matter, deciding_level(deed)) if drawn < share else None


@desk("level_above")
def one_level_above(deed: Deed) -> Desk | None:
    """The level above the one that decided."""
    return above(deed.matter, deciding_level(deed))

"""Who stands as what towards a matter: the one mandate or tie acted as. Pure over loaded rows."""

from collections.abc import Iterable

from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Matter, Tie, Wait
from gongzhi.kernel.process.page import Action
from gongzhi.kernel.territory.models import LEVELS

ABOUT, FOLLOWER = "about", "follower"
OWN_HANDS = {"reporter": "receipt", FOLLOWER: "follower"}  # ties that a receipt proves → the kind of hand


def role_table(pack: str) -> dict[str, dict[str, object]]:
    """Roles of a pack by id: label, level, full_time, speaks, private."""
    roles: dict[str, dict[str, object]] = packs.load(pack).table("roles").get("role", {})
    return roles


def tie_table(pack: str) -> dict[str, dict[str, object]]:
    """Tie roles of a pack by id, with the mandates that speak for each."""
    ties: dict[str, dict[str, object]] = packs.load(pack).table("roles").get("tie", {})
    return ties


def approvals(pack: str) -> frozenset[str]:
    """Waits for a head's yes or no (``decisions.toml``): all that is handed over where approvals alone are."""
    return frozenset(packs.load(pack).table("decisions").get("decision", {}))


def handed_over(wait: Wait, by: Acting, pack: str) -> bool:
    """Whether a wait is part of what the mandate was given: everything at its desk, or approvals alone."""
    return by.mandate is None or not by.mandate.only or wait.what in approvals(pack)


def refused_everywhere(ties: Iterable[Tie], by: Acting) -> bool:
    """Whether the matter is about an organisation in which the actor holds any mandate, whatever they act as."""
    about = {tie.organisation_id for tie in ties if tie.role == ABOUT and tie.until is None}
    return bool(about & by.organisations)


def may_hold(matter: Matter, by: Acting, pack: str) -> bool:
    """A private matter is open only to roles that hold private kinds, and those hold nothing else.

    The reporter's own hand, the clock and a logged operator's session are not roles.
    """
    if by.mandate is None:
        return True
    return bool(role_table(pack).get(by.role, {}).get("private")) is matter.private


def open_to_all(work: Work) -> bool:
    """Whether nothing of a loaded matter is kept from anyone: no person, no complaint, nothing private or kept back."""
    matter = work.matter
    return not (matter.private or matter.about_person or matter.restricted or work.living_ties(ABOUT))


def stands_as(name: str, work: Work, by: Acting, action: Action | None = None) -> bool:
    """Whether the actor stands as ``name``: anyone, public (no staff), clock, reporter, follower, awaited, a tie, or
    a role over the area."""
    if name == "anyone":
        return by.kind in ("public", "person", "receipt", "channel")
    if name in ("clock", "operator"):
        return by.kind == name
    if name == "public":
        return by.kind == "public" and open_to_all(work)
    if name in OWN_HANDS:
        return by.kind == OWN_HANDS[name] and by.matter_id == work.matter.pk
    if name == "awaited":
        return any(at_desk(wait, by, work.matter.pack) for wait in _awaiting(work, action))
    if by.mandate is None or not _reaches(work, by, action):
        return False
    if name in tie_table(work.matter.pack):
        return any(speaks_for(tie, by, work.matter.pack) for tie in work.living_ties(name))
    return by.mandate.role == name and covers(work.matter, by)


def _reaches(work: Work, by: Acting, action: Action | None) -> bool:
    """A deputy for approvals stands nowhere but where one waits at the desk, and takes nothing but what ends it."""
    if by.mandate is None or not by.mandate.only:
        return True
    return any(at_desk(wait, by, work.matter.pack) for wait in _awaiting(work, action))


def _awaiting(work: Work, action: Action | None) -> list[Wait]:
    if action is None:
        return [wait for wait in work.open_waits() if wait.what not in work.process.blind]
    return [wait for wait in work.open_waits() if wait.what in action.ends]


def covers(matter: Matter, by: Acting) -> bool:
    """Whether the mandate's area is one of the matter's ancestors (or its own area)."""
    mandate = by.mandate
    if mandate is None or mandate.area is None:
        return False
    level = mandate.area.level
    return level in LEVELS and getattr(matter, f"{level}_id") == mandate.area_id


def speaks_for(tie: Tie, by: Acting, pack: str) -> bool:
    """Whether the mandate speaks for the organisation (or is the person) that holds a tie."""
    if by.mandate is None or by.person is None:
        return False
    if tie.person_id is not None:
        return tie.person_id in (by.person.pk, by.absent)
    speakers = tie_table(pack).get(tie.role, {}).get("speaks", [])
    own = by.mandate.organisation_id
    return own is not None and own == tie.organisation_id and by.mandate.role in list(speakers)  # type: ignore[call-overload]


def at_desk(wait: Wait, by: Acting, pack: str) -> bool:
    """Whether a wait stands at the actor's desk: the person who took it, the role over the area, the organisation.

    What the absent one took at this desk is the stand-in's as long as they stand in.
    """
    mandate = by.mandate
    if mandate is None or by.person is None or not handed_over(wait, by, pack):
        return False
    if wait.person_id is not None and (by.absent is None or wait.person_id != by.absent):
        return wait.person_id == by.person.pk
    if wait.desk_org_id is not None:
        speaks = bool(role_table(pack).get(mandate.role, {}).get("speaks"))
        return mandate.organisation_id == wait.desk_org_id and speaks
    return (
        bool(wait.desk_role)
        and desk_role_matches(wait.desk_role, mandate.role, pack)
        and (wait.desk_area_id == mandate.area_id)
    )


def desk_role_matches(desk_role: str, role: str, pack: str) -> bool:
    """Whether a role sits at a desk named by another: the desk's own role, or one that also serves it."""
    if desk_role == role:
        return True
    return desk_role in list(role_table(pack).get(role, {}).get("serves", []))  # type: ignore[call-overload]


def standing(work: Work, action: Action, by: Acting) -> str | None:
    """The first name in the action's ``by`` as which the actor stands; None when there is none."""
    return next((name for name in action.by if stands_as(name, work, by, action)), None)

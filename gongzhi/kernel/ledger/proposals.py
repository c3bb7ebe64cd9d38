"""The second hand: what one administrator proposes and another person confirms, never in one go.

Mandates over private kinds, the administrators' own mandates, stand-ins for either, and first passwords of those who
hold one. Proposing, confirming and declining are each an entry of the register of people.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from gongzhi.kernel.ledger import registers, staffing, tenure
from gongzhi.kernel.ledger.staffing import Appointment, NotAppointed
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting, current_mandates
from gongzhi.kernel.people.models import Mandate, Person, Proposal

Roles = Mapping[str, Mapping[str, Any]]
CONFIRMED, DECLINED, TAKEN_BACK = "confirmed", "declined", "taken_back"


def propose(wanted: Proposal, *, by: Acting, at: datetime) -> Proposal:
    """Keep what needs a second hand; nobody has anything from it yet. Raises :class:`NotAppointed`, NotKeeper."""
    if by.person is None:
        raise NotAppointed("要有人提出，才有人确认。")
    held = wanted.stands_in_for
    if held is None or held.person_id != by.person.pk:
        keepers.need(by, "people")
        if not keepers.reaches(by, _place(wanted)):
            raise NotAppointed("不在您管的辖区里。")
    if wanted.person_id in by.persons:
        raise NotAppointed("不能给自己授权。")
    with transaction.atomic():
        registers.hold("people")
        if _same(wanted).exists():
            raise NotAppointed("同样的事已经提出了，等安全管理员确认。")
        wanted.proposed_by, wanted.proposed_at = by.person, at
        wanted.save()
        registers.record("people", "propose", by=by, at=at, facts=_facts(wanted))
    return wanted


def open_ones(*, by: Acting) -> list[Proposal]:
    """What waits for a second hand and this hand may see, the oldest first: within its area, or proposed by itself."""
    rows = Proposal.objects.filter(outcome="").select_related(
        "person", "area", "organisation__area", "proposed_by", "stands_in_for__person"
    )
    found = list(rows.order_by("pk"))
    own = by.person.pk if by.person else 0
    if not (keepers.may(by, "people") or keepers.may(by, "confirm")):
        return [one for one in found if one.proposed_by_id == own]
    return [one for one in found if keepers.reaches(by, _place(one)) or one.kind == "password"]


def confirm(proposal_id: int, *, by: Acting, at: datetime, roles: Roles) -> str:
    """Do what was proposed, as its second hand; a first password to hand over, or "". Raises :class:`NotAppointed`,
    NotKeeper.

    Who still has the first password the first hand gave out gets a new one: else that hand could sign in as them.
    """
    keepers.need(by, "confirm")
    with transaction.atomic():
        registers.hold("people")
        one = _open(proposal_id)
        _second_hand(one, by)
        _first_hand(one, at)
        second = f"person:{one.proposed_by_id}"
        text = ""
        if one.kind == "appoint":
            staffing.appoint([_appointment(one)], by=by, at=at, roles=roles, second=second)
        elif one.kind == "password":
            text = tenure.give_password(one.person, by=by, at=at, roles=roles, second=second)
        else:
            from gongzhi.kernel.ledger import leave

            leave.stand(leave.of_proposal(one), by=by, at=at, roles=roles, second=second)
        if not text and one.person.first_password:
            text = tenure.give_password(one.person, by=by, at=at, roles=roles, second=second)
        _decide(one, CONFIRMED, by, at)
    return text


def decline(proposal_id: int, *, by: Acting, at: datetime) -> None:
    """Say no, or take back what one proposed oneself. Raises :class:`NotAppointed`, NotKeeper."""
    with transaction.atomic():
        registers.hold("people")
        one = _open(proposal_id)
        own = by.person is not None and one.proposed_by_id == by.person.pk
        if not own:
            keepers.need(by, "confirm")
            _second_hand(one, by)
        _decide(one, TAKEN_BACK if own else DECLINED, by, at)


def _open(proposal_id: int) -> Proposal:
    rows = Proposal.objects.filter(pk=proposal_id, outcome="")
    related = ("person", "proposed_by", "area", "organisation__area", "stands_in_for__person")
    found = rows.select_related(*related).first()
    if found is None:
        raise NotAppointed("这一条已经定了，或者没有这一条。")
    return found


def _second_hand(one: Proposal, by: Acting) -> None:
    own = by.persons
    if one.proposed_by_id in own:
        raise NotAppointed("提出的人不能自己确认，要另一个人来定。")
    if one.person_id in own:
        raise NotAppointed("不能给自己授权。")
    if one.stands_in_for is not None and one.stands_in_for.person_id in own:
        raise NotAppointed("这是您自己的任职，要另一个人来定。")
    if one.kind != "password" and not keepers.reaches(by, _place(one)):
        raise NotAppointed("不在您管的辖区里。")


def _first_hand(one: Proposal, at: datetime) -> None:
    """The first hand still stands: an administrator's, or that of the one who hands over their own desk."""
    first = one.proposed_by
    if one.stands_in_for is not None and one.stands_in_for.person_id == first.pk:
        return
    held = current_mandates(first, at) if first.is_active else ()
    if not any(keepers.may(Acting("person", first.name, first, row), "people") for row in held):
        raise NotAppointed("提出的人已经不管这件事了，请现在的系统管理员重新提出。")


def _decide(one: Proposal, outcome: str, by: Acting, at: datetime) -> None:
    one.outcome, one.decided_by, one.decided_at = outcome, by.person, at
    one.save(update_fields=["outcome", "decided_by", "decided_at"])
    facts = {"proposal": one.pk, "person": one.person_id, "kind": one.kind}
    registers.record("people", outcome, by=by, at=at, facts=facts)


def _appointment(one: Proposal) -> Appointment:
    assert one.since is not None
    return Appointment(
        one.person.login,
        one.person.name,
        one.role,
        one.since,
        one.area,
        one.organisation,
        until=one.until,
        phone=one.phone,
    )


def _same(wanted: Proposal) -> Any:
    rows = Proposal.objects.filter(outcome="", kind=wanted.kind, person=wanted.person)
    return rows.filter(
        Q(role=wanted.role),
        area=wanted.area,
        organisation=wanted.organisation,
        stands_in_for=wanted.stands_in_for,
    )


def _place(one: Proposal) -> Any:
    return one.area or (one.organisation.area if one.organisation else None) or _seat(one.person)


def _seat(person: Person) -> Any:
    """Where somebody works, for a proposal that names no place."""
    held = Mandate.objects.filter(person=person).select_related("area", "organisation__area").order_by("-pk")
    first = held.first()
    return (first.area or (first.organisation.area if first.organisation else None)) if first else None


def _facts(one: Proposal) -> dict[str, Any]:
    return {
        "proposal": one.pk,
        "kind": one.kind,
        "person": one.person_id,
        "role": one.role,
        "area": one.area_id,
        "organisation": one.organisation_id,
        "stands_in_for": one.stands_in_for_id,
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
    }

"""Leave and stand-in (AB岗): a desk, or its approvals alone, passes to a colleague from a day to a day, and comes back.

The stand-in holds a mandate of the same role, place and organisation that names the one it stands in for. List and
telephone follow from the mandates by themselves; nothing is switched. Part-timers never stand in for full-time posts
(hands without eyes); administrators and private kinds need a second hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from gongzhi.kernel.ledger import registers, tenure
from gongzhi.kernel.ledger.staffing import NotAppointed, needs_second
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Person, Proposal
from gongzhi.kernel.people.roster import holding

Roles = Mapping[str, Mapping[str, Any]]
LONGEST = 366  # days; a longer absence is a new mandate


@dataclass(frozen=True)
class Wanted:
    """A stand-in to be: ``mandate`` is stood in for by ``person`` from a moment to a moment (exclusive).

    ``only``: nothing but the approvals. ``phone``: the office line residents are told meanwhile.
    """

    mandate: Mandate
    person: Person
    since: datetime
    until: datetime
    only: str = ""
    phone: str = ""


def days(first: date, last: date, at: datetime) -> tuple[datetime, datetime]:
    """From the first hour of a day (now, where it is today) to the last hour of another. NotAppointed otherwise."""
    today = localtime(at).date()
    if first < today:
        raise NotAppointed(f"第一天（{first}）已经过去了，写今天或以后的日子。")
    if last < first:
        raise NotAppointed(f"最后一天（{last}）比第一天（{first}）还早。")
    if (last - first).days >= LONGEST:
        raise NotAppointed("一次最多一年。更久的，请给接手的人正式任职。")
    return max(tenure.midnight(first), at), tenure.after(last)


def stand(wanted: Wanted, *, by: Acting, at: datetime, roles: Roles, second: str = "") -> Mandate:
    """Make the stand-in's mandate; one entry in the register of people. Raises :class:`NotAppointed`, NotKeeper."""
    if not second:
        _may_hand_over(wanted.mandate, by, roles)
        if needs_second(roles.get(wanted.mandate.role, {})):
            raise NotAppointed("管理员和能看不公开事项的任职，要安全管理员一起定。")
    with transaction.atomic():
        registers.hold("people")
        _may_stand(wanted, by, at, roles)
        if not second and not keepers.may(by, "stand_in"):
            _within_own(wanted)
        row = Mandate.objects.create(
            person=wanted.person,
            role=wanted.mandate.role,
            area=wanted.mandate.area,
            organisation=wanted.mandate.organisation,
            since=wanted.since,
            until=wanted.until,
            stands_in_for=wanted.mandate,
            granted_by=by.person,
            phone=wanted.phone,
            only=wanted.only,
        )
        registers.record("people", "stand_in", by=by, at=at, facts=_facts(row, second))
    return row


def hand_over_for_good(wanted: Wanted, *, by: Acting, at: datetime, roles: Roles) -> None:
    """Let somebody stand in and end the mandate stood in for the day before (now, if it begins today), or neither.

    Raises :class:`NotAppointed`, NotKeeper.
    """
    first = localtime(wanted.since).date()
    with transaction.atomic():
        stand(wanted, by=by, at=at, roles=roles)
        gone = None if first <= localtime(at).date() else first - timedelta(days=1)
        tenure.end(wanted.mandate, gone, by=by, at=at, roles=roles)


def proposal(wanted: Wanted) -> Proposal:
    """The same as something a second hand has to confirm first."""
    held = wanted.mandate
    return Proposal(
        kind="stand_in",
        person=wanted.person,
        role=held.role,
        area=held.area,
        organisation=held.organisation,
        since=wanted.since,
        until=wanted.until,
        stands_in_for=held,
        only=wanted.only,
        phone=wanted.phone,
    )


def of_proposal(one: Proposal) -> Wanted:
    """What was proposed, to be done now."""
    assert one.stands_in_for is not None and one.since is not None and one.until is not None
    return Wanted(one.stands_in_for, one.person, one.since, one.until, one.only, one.phone)


def come_back(stand_in: Mandate, *, by: Acting, at: datetime, roles: Roles) -> None:
    """End a stand-in now, before its day. Raises :class:`NotAppointed`, NotKeeper."""
    if stand_in.stands_in_for is None or (stand_in.until is not None and stand_in.until <= at):
        raise NotAppointed("这次代岗已经结束了。")
    _may_hand_over(stand_in.stands_in_for, by, roles)
    with transaction.atomic():
        Mandate.objects.filter(pk=stand_in.pk).update(until=at)
        facts = {"mandate": stand_in.pk, "stands_in_for": stand_in.stands_in_for_id}
        registers.record("people", "come_back", by=by, at=at, facts=facts)


def running(mandates: Sequence[Mandate], at: datetime) -> list[Mandate]:
    """Stand-ins for these mandates that hold now or will, the first to begin first (one statement)."""
    rows = Mandate.objects.filter(tenure.ahead(at), stands_in_for__in=list(mandates))
    return list(rows.select_related("person", "stands_in_for__person").order_by("since", "pk"))


def may_hand_over(mandate: Mandate, by: Acting, roles: Roles) -> bool:
    """Whose leave a hand may enter: the own one, that of a desk it leads, and for the system administrator anyone's."""
    if by.person is not None and mandate.person_id == by.person.pk:
        return mandate.stands_in_for_id is None
    if keepers.may(by, "stand_in"):
        return keepers.reaches(by, _place(mandate))
    return _leads(by, mandate, roles)


def led(by: Acting, at: datetime, roles: Roles) -> list[Mandate]:
    """Mandates at the desks a head leads (its own place and organisation), whose leave the head may enter."""
    own = by.mandate
    if own is None or own.only or own.role not in heads(roles):
        return []
    near = Q(organisation=own.organisation_id) if own.organisation_id else Q(pk__in=[])
    if own.area_id:
        near |= Q(area=own.area_id)
    rows = Mandate.objects.filter(holding(at), near, stands_in_for=None, person__is_active=True)
    rows = rows.exclude(person=own.person_id).select_related("person", "area", "organisation__area")
    return [one for one in rows.order_by("area__code", "pk") if _leads(by, one, roles)]


def colleagues(mandate: Mandate, at: datetime, roles: Roles) -> list[Person]:
    """Who may stand in: a current full mandate in the same organisation or area, or at the desk above; never a
    part-timer for a full-time post (two statements).
    """
    near = Q(area=mandate.area_id) if mandate.area_id else Q(pk__in=[])
    if mandate.organisation_id:
        near |= Q(organisation=mandate.organisation_id)
    above = str(roles.get(mandate.role, {}).get("above", ""))
    if above and mandate.area is not None:
        near |= Q(role=above, area__in=[int(part) for part in mandate.area.path.split("/") if part])
    rows = Mandate.objects.filter(holding(at), near, stands_in_for=None, person__is_active=True)
    rows = rows.exclude(person=mandate.person_id).select_related("person")
    if roles.get(mandate.role, {}).get("full_time", True):
        part_time = [role for role, rule in roles.items() if not rule.get("full_time", True)]
        handless = Mandate.objects.filter(holding(at), role__in=part_time).values("person")
        rows = rows.exclude(person__in=handless)
    return list({row.person_id: row.person for row in rows.order_by("person__name", "pk")}.values())


def heads(roles: Roles) -> list[str]:
    """Roles that lead a desk: they may enter leave for it, and may hand over their approvals alone."""
    return [role for role, rule in roles.items() if rule.get("head")]


def _leads(by: Acting, mandate: Mandate, roles: Roles) -> bool:
    own = by.mandate
    if own is None or own.only or own.role not in heads(roles):
        return False
    if roles.get(mandate.role, {}).get("head") and mandate.role == own.role:
        return False
    if own.area is not None and mandate.area is not None:
        return mandate.area.path.startswith(own.area.path) and not needs_second(roles.get(mandate.role, {}))
    return own.organisation_id is not None and own.organisation_id == mandate.organisation_id


def _may_hand_over(mandate: Mandate, by: Acting, roles: Roles) -> None:
    if not may_hand_over(mandate, by, roles):
        raise keepers.NotKeeper("请假由本人、所在台的负责人或者系统管理员来办。")


def _may_stand(wanted: Wanted, by: Acting, at: datetime, roles: Roles) -> None:
    """Everything that must be true of a stand-in, looked up under the register's lock."""
    held, person = wanted.mandate, wanted.person
    if held.stands_in_for_id is not None:
        raise NotAppointed("代岗不能再转给别人，请由本人另找一位。")
    if held.until is not None and held.until <= at:
        raise NotAppointed("这个任职已经结束了。")
    if person.pk in by.persons:
        raise NotAppointed("不能给自己授权。")
    if wanted.only and held.role not in heads(roles):
        raise NotAppointed("只有负责人能只交出审批。")
    if person not in colleagues(held, at, roles):
        raise NotAppointed(f"{person.name}不在同一个单位、辖区或上一级的台，不能代这个岗。")
    _apart(person, held.role, at, roles)
    if _meeting(Mandate.objects.filter(stands_in_for=held), wanted).exists():
        raise NotAppointed("这几天已经有人代这个岗了。要换人，先结束那一次。")
    away = Mandate.objects.filter(stands_in_for__person=person, only="")
    if _meeting(away, wanted).exists():
        raise NotAppointed(f"{person.name}这几天自己也请了假，请换一位。")


def _within_own(wanted: Wanted) -> None:
    """Nobody hands over more than they hold: longer than a mandate runs is the administrator's to say."""
    ends = wanted.mandate.until
    if ends is not None and wanted.until > ends:
        raise NotAppointed(
            f"这个任职到 {localtime(ends):%Y-%m-%d %H:%M} 为止，代岗不能更久。更久的，请系统管理员来定。"
        )


def _apart(person: Person, role: str, at: datetime, roles: Roles) -> None:
    apart = set(roles.get(role, {}).get("apart", ()))
    held = Mandate.objects.filter(tenure.ahead(at), person=person).values_list("role", flat=True)
    if apart & set(held):
        raise NotAppointed(f"{person.name}：系统、安全、审计管理员不能由一个人兼，代岗也不行。")


def _meeting(rows: Any, wanted: Wanted) -> Any:
    return rows.filter(Q(until=None) | Q(until__gt=wanted.since), since__lt=wanted.until)


def _place(mandate: Mandate) -> Any:
    return mandate.area or (mandate.organisation.area if mandate.organisation else None)


def _facts(row: Mandate, second: str) -> dict[str, Any]:
    return {
        "mandate": row.pk,
        "stands_in_for": row.stands_in_for_id,
        "person": row.person_id,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "only": row.only,
        "second": second,
    }

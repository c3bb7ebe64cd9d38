"""Whom a page's ``tells`` means: the mandates that hold at a moment at the desks and organisations it names.

Those marked ``lead`` in the roles table are told where they are meant, or where nobody else sits. Stand-ins sit
where the one they stand in for sat, and have what is addressed to that one by name.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.models import Mandate
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.process.deed import Desk, Work
from gongzhi.kernel.process.desks import REPORTER, desk_above, desk_of_wait, sitting
from gongzhi.kernel.process.models import Tie, Wait
from gongzhi.kernel.process.standing import role_table, tie_table

LEAD = "lead"
NOBODYS = (REPORTER, "clock")


@dataclass(frozen=True)
class Seat:
    """Where an addressee sits: one of these roles over an area or in an organisation, or one person by name."""

    roles: frozenset[str]
    area_id: int | None = None
    org_id: int | None = None
    person_id: int | None = None
    leads: bool = False

    def holds(self, mandate: Mandate) -> bool:
        """Whether a mandate sits here."""
        if self.person_id is not None:
            return self.person_id in (mandate.person_id, _absent(mandate))
        place = mandate.area_id == self.area_id if self.area_id else mandate.organisation_id == self.org_id
        return place and mandate.role in self.roles


def _absent(mandate: Mandate) -> int | None:
    """Who is stood in for."""
    return mandate.stands_in_for.person_id if mandate.stands_in_for is not None else None


def addressees(whom: str, work: Work, entry: Entry, at: datetime) -> list[Mandate]:
    """The mandates meant by a name of ``tells``, each once (a few statements)."""
    seats = FINDERS[whom](work, entry, at)
    near, table = _mandates(seats, at), role_table(work.matter.pack)
    found: dict[int, Mandate] = {}
    for seat in seats:
        sitting = [one for one in near if seat.holds(one)]
        others = [one for one in sitting if not table.get(one.role, {}).get(LEAD)]
        found |= {one.pk: one for one in (sitting if seat.leads else others or sitting)}
    return list(found.values())


def _mandates(seats: Iterable[Seat], at: datetime) -> list[Mandate]:
    where = Q(pk__in=[])
    for seat in seats:
        if seat.person_id is not None:
            where |= Q(person=seat.person_id) | Q(stands_in_for__person=seat.person_id)
        elif seat.area_id is not None:
            where |= Q(area=seat.area_id)
        elif seat.org_id is not None:
            where |= Q(organisation=seat.org_id)
    rows = Mandate.objects.filter(holding(at), where, person__is_active=True)
    return list(rows.select_related("person", "area", "organisation", "stands_in_for").order_by("pk"))


def _at(desk: Desk, pack: str) -> Seat:
    table = role_table(pack)
    if desk.org_id is not None:
        return Seat(frozenset(one for one, row in table.items() if row.get("speaks")), org_id=desk.org_id)
    return Seat(_sitting_at(desk.role, pack), area_id=desk.area_id)


def _sitting_at(role: str, pack: str) -> frozenset[str]:
    serving = {one for one, row in role_table(pack).items() if role in list(row.get("serves", []))}  # type: ignore[call-overload]
    return frozenset({role, *serving})


def _speaking(tie: str, org_id: int | None, pack: str) -> list[Seat]:
    """Who speaks for the organisation of a tie; a machine that does is told by nobody, it asks."""
    roles = role_table(pack)
    named: Any = tie_table(pack).get(tie, {}).get("speaks", [])
    speaks = [role for role in named if not roles.get(role, {}).get("machine")]
    return [Seat(frozenset(speaks), org_id=org_id)] if org_id is not None else []


def _tied(role: str) -> Callable[[Work, Entry, datetime], list[Seat]]:
    def find(work: Work, entry: Entry, at: datetime) -> list[Seat]:
        return _speaking(role, _held_by(role, work, entry), work.matter.pack)

    return find


def _held_by(role: str, work: Work, entry: Entry) -> int | None:
    """The organisation that held a tie when the entry was written: whoever took over since is not meant."""
    rows = Tie.objects.filter(matter=work.matter, role=role, since__lte=entry.at)
    then = rows.filter(Q(until=None) | Q(until__gt=entry.at)).order_by("-pk")
    return then.values_list("organisation_id", flat=True).first()


def _holder(work: Work, entry: Entry, at: datetime) -> list[Seat]:
    """Who speaks for the holder, and those of its hands (a grid worker) who have something open on the matter."""
    holder, pack = _held_by("holder", work, entry), work.matter.pack
    if holder is None:
        return []
    hands = [_of_wait(wait, pack) for wait in work.open_waits() if wait.desk_area_id or wait.person_id]
    own = [one for one in _mandates(hands, at) if one.organisation_id == holder]
    seats = [seat for seat in hands if any(seat.holds(one) for one in own)]
    return [*_speaking("holder", holder, pack), *seats]


def _of_wait(wait: Wait, pack: str) -> Seat:
    if wait.person_id is not None:
        return Seat(frozenset(), person_id=wait.person_id)
    return _at(desk_of_wait(wait), pack)


def _meant(work: Work, entry: Entry) -> list[Wait]:
    """The waits an entry speaks of: those it opened, else the one it names, else those that are late, else all."""
    waits = [wait for wait in work.open_waits() if wait.desk_role not in NOBODYS]
    named = json.loads(entry.facts).get("wait")
    for some in (
        [wait for wait in waits if wait.opened_by_id == entry.pk],
        [wait for wait in waits if wait.what == named],
        [wait for wait in waits if wait.due_at is not None and wait.due_at <= entry.at],
    ):
        if some:
            return some
    return waits


def _awaited(work: Work, entry: Entry, at: datetime) -> list[Seat]:
    return [_of_wait(wait, work.matter.pack) for wait in _meant(work, entry)]


def _lead(work: Work, entry: Entry, at: datetime) -> list[Seat]:
    """Whoever leads at the desk or in the organisation that is awaited."""
    table, seats = role_table(work.matter.pack), []
    leads = frozenset(one for one, row in table.items() if row.get(LEAD))
    for wait in _meant(work, entry):
        roles = leads if wait.desk_org_id else leads & _sitting_at(wait.desk_role, work.matter.pack)
        seats.append(Seat(roles, wait.desk_area_id, wait.desk_org_id, leads=True))
    return seats


def _above(work: Work, entry: Entry, at: datetime) -> list[Seat]:
    """The desk that sees what is late at another: the nearest above it at which somebody sits."""
    matter = work.matter
    desks = [desk_of_wait(wait) for wait in _meant(work, entry)]
    who = sitting(at)
    higher = [desk_above(one, matter.pack, matter.district_id, who) for one in desks]
    return [_at(one, matter.pack) for one in higher if one is not None]


def _former_holder(work: Work, entry: Entry, at: datetime) -> list[Seat]:
    return _speaking("holder", json.loads(entry.facts).get("former"), work.matter.pack)


def _former_desk(work: Work, entry: Entry, at: datetime) -> list[Seat]:
    """Desks a matter was moved away from, as the entry names them (``role@area``)."""
    seats = []
    for moved in json.loads(entry.facts).get("desks", []):
        role, _, area = str(moved["was"]).partition("@")
        if area.isdigit():
            seats.append(_at(Desk(role, int(area)), work.matter.pack))
    return seats


def _supervisor(work: Work, entry: Entry, at: datetime) -> list[Seat]:
    """Who signed the supervision order last."""
    rows = Entry.objects.filter(matter=work.matter.pk, verb="supervise").order_by("-seq")
    actor = rows.values_list("actor", flat=True).first() or ""
    number = actor.partition(":")[2]
    return [Seat(frozenset(), person_id=int(number), leads=True)] if number.isdigit() else []


def _mentioned(work: Work, entry: Entry, at: datetime) -> list[Seat]:
    """Those a note names."""
    named = json.loads(entry.facts).get("mention", [])
    return [Seat(frozenset(), person_id=int(one), leads=True) for one in named]


def _assisting(work: Work, entry: Entry, at: datetime) -> list[Seat]:
    """Who speaks for each unit that assisted when the entry was written."""
    rows = Tie.objects.filter(matter=work.matter, role="assisting", since__lte=entry.at)
    units = rows.filter(Q(until=None) | Q(until__gt=entry.at)).values_list("organisation_id", flat=True)
    return [seat for unit in units for seat in _speaking("assisting", unit, work.matter.pack)]


FINDERS: dict[str, Callable[[Work, Entry, datetime], list[Seat]]] = {
    "holder": _holder,
    "sender": _tied("sender"),
    "acceptor": _tied("acceptor"),
    "asker": _tied("asker"),
    "awaited": _awaited,
    "lead": _lead,
    "above": _above,
    "former_holder": _former_holder,
    "former_desk": _former_desk,
    "supervisor": _supervisor,
    "mentioned": _mentioned,
    "assisting": _assisting,
}

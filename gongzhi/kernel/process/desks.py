"""Desks and who sits at them: which have a living mandate, and which takes over where one has none."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.process.deed import Desk
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.standing import desk_role_matches, role_table
from gongzhi.kernel.territory.models import Area

REPORTER, CLOCK = "reporter", "clock"
NO_STAFF = (REPORTER, CLOCK)  # what waits there is nobody's work in an office
Way = Mapping[str, Area | None]


@dataclass(frozen=True)
class Sitting:
    """Where somebody sits at a moment: (role, area id), and (role, organisation id)."""

    over: frozenset[tuple[str, int]]
    within: frozenset[tuple[str, int]]
    persons: frozenset[int]

    def has(self, desk: Desk, pack: str) -> bool:
        """Whether anybody sits at a desk: the role or one that also serves it, or who speaks for the organisation."""
        if desk.org_id is not None:
            roles = role_table(pack)
            return any(
                unit == desk.org_id and roles.get(role, {}).get("speaks") for role, unit in self.within
            )
        return any(
            area == desk.area_id and desk_role_matches(desk.role, role, pack) for role, area in self.over
        )


def sitting(
    at: datetime, areas: Collection[int] | None = None, organisations: Collection[int] = ()
) -> Sitting:
    """Mandates that hold at a moment: all, or those over some areas and in some organisations (one statement).

    Who holds nothing but a head's approvals does not sit there.
    """
    rows = Mandate.objects.filter(
        Q(until=None) | Q(until__gt=at), since__lte=at, person__is_active=True, only=""
    )
    if areas is not None:
        rows = rows.filter(Q(area__in=areas) | Q(organisation__in=organisations))
    found = list(rows.values_list("role", "area_id", "organisation_id", "person_id"))
    return Sitting(
        frozenset((role, area) for role, area, _, _ in found if area is not None),
        frozenset((role, unit) for role, _, unit, _ in found if unit is not None),
        frozenset(person for _, _, _, person in found),
    )


def desk_of_wait(wait: Wait) -> Desk:
    """Where a wait stands."""
    return Desk(wait.desk_role, wait.desk_area_id, wait.desk_org_id)


def climb(role: str, way: Way, pack: str) -> Iterator[Desk]:
    """The role's desk over an area's way up, then the desks above it (``above`` of the roles table), nearest first."""
    table, seen = role_table(pack), set()
    while role and role not in seen:
        seen.add(role)
        area = way.get(str(table.get(role, {}).get("level", "")))
        if area is not None:
            yield Desk(role, area.pk)
        role = str(table.get(role, {}).get("above", ""))


def nearest(role: str, way: Way, pack: str, who: Sitting) -> Desk | None:
    """The nearest desk at which somebody sits; where nobody sits anywhere, the nearest one there is."""
    desks = list(climb(role, way, pack))
    return next((desk for desk in desks if who.has(desk, pack)), desks[0] if desks else None)


def desk_above(desk: Desk, pack: str, district_id: int | None, who: Sitting) -> Desk | None:
    """The nearest desk above another at which somebody sits; above an organisation, that of its area's level."""
    from gongzhi.kernel.process.opening import way_up

    area = Area.objects.filter(pk=desk.area_id or 0).first()
    if desk.org_id is not None:
        area = Organisation.objects.select_related("area").get(pk=desk.org_id).area
    way: Way = way_up(area) if area is not None else {}
    first = desk.role or "community_desk"
    others = (one for one in climb(first, way, pack) if one != desk and who.has(one, pack))
    return next(others, Desk("district_dispatcher", district_id) if district_id else None)

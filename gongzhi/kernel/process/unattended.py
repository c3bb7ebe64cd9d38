"""Desks with open waits and nobody who holds them: listed daily to the level above, so that nothing waits unseen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.standing import desk_role_matches, role_table
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

REPORTER = "reporter"


@dataclass(frozen=True)
class EmptyDesk:
    """A desk nobody holds: its name, where it stands, how many waits are open, when the first of them is due."""

    role: str
    where: str
    waits: int
    first_due: datetime | None


def unattended(*, by: Acting, at: datetime) -> list[EmptyDesk]:
    """Desks at or below the hand's area with open waits and no living mandate (four statements; names, no matters)."""
    own = by.mandate.area if by.mandate is not None else None
    if own is None:
        return []
    pack = pack_name(own)
    rows = _desks()
    areas = Area.objects.defer("polygon").in_bulk({row["desk_area"] for row in rows if row["desk_area"]})
    organisations = Organisation.objects.select_related("area").in_bulk(
        {row["desk_org"] for row in rows if row["desk_org"]}
    )
    holders = _holders(areas, organisations, at)
    found = []
    for row in rows:
        area, organisation = areas.get(row["desk_area"]), organisations.get(row["desk_org"])
        place = area or (organisation.area if organisation else None)
        if place is None or not place.path.startswith(own.path) or _held(row, holders, pack):
            continue
        label = str(role_table(pack).get(row["desk_role"], {}).get("label", ""))
        where = organisation.name if organisation else area.name if area else ""
        found.append(EmptyDesk(label or "联络员", where, row["waits"], row["first_due"]))
    return sorted(found, key=lambda desk: (desk.first_due is None, desk.first_due, desk.where))


def _desks() -> list[dict[str, Any]]:
    rows = Wait.objects.filter(ended_at=None, person=None).exclude(desk_role=REPORTER)
    named = rows.filter(Q(desk_area__isnull=False) | Q(desk_org__isnull=False))
    desks = named.values("desk_role", "desk_area", "desk_org")
    return [dict(row) for row in desks.annotate(waits=Count("id"), first_due=Min("due_at"))]


def _holders(
    areas: Iterable[int], organisations: Iterable[int], at: datetime
) -> list[tuple[str, int | None, int | None]]:
    rows = Mandate.objects.filter(Q(area__in=list(areas)) | Q(organisation__in=list(organisations)))
    living = rows.filter(since__lte=at, person__is_active=True).filter(Q(until=None) | Q(until__gt=at))
    return list(living.values_list("role", "area", "organisation"))


def _held(row: dict[str, Any], holders: list[tuple[str, int | None, int | None]], pack: str) -> bool:
    roles = role_table(pack)
    for role, area, organisation in holders:
        if row["desk_org"] and organisation == row["desk_org"] and roles.get(role, {}).get("speaks"):
            return True
        if row["desk_area"] and area == row["desk_area"] and desk_role_matches(row["desk_role"], role, pack):
            return True
    return False

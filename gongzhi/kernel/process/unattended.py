"""Desks with open waits and nobody who holds them: listed daily to the level above, so that nothing waits unseen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.deed import Desk
from gongzhi.kernel.process.desks import NO_STAFF, sitting
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name


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
    who = sitting(at, areas, organisations)
    found = []
    for row in rows:
        area, organisation = areas.get(row["desk_area"]), organisations.get(row["desk_org"])
        place = area or (organisation.area if organisation else None)
        desk = Desk(row["desk_role"], row["desk_area"], row["desk_org"])
        if place is None or not place.path.startswith(own.path) or who.has(desk, pack):
            continue
        label = str(role_table(pack).get(row["desk_role"], {}).get("label", ""))
        where = organisation.name if organisation else area.name if area else ""
        found.append(EmptyDesk(label or "联络员", where, row["waits"], row["first_due"]))
    return sorted(found, key=lambda desk: (desk.first_due is None, desk.first_due, desk.where))


def _desks() -> list[dict[str, Any]]:
    rows = Wait.objects.filter(ended_at=None, person=None).exclude(desk_role__in=NO_STAFF)
    named = rows.filter(Q(desk_area__isnull=False) | Q(desk_org__isnull=False))
    desks = named.values("desk_role", "desk_area", "desk_org")
    return [dict(row) for row in desks.annotate(waits=Count("id"), first_due=Min("due_at"))]

"""Desks with open waits and nobody who holds them: listed daily to the level above, so that nothing waits unseen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.deed import Desk
from gongzhi.kernel.process.desks import NO_STAFF, desk_above, sitting
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


@dataclass(frozen=True)
class Orphan:
    """A desk with something to do and nobody at it: how many waits, since when, and which desk sees it."""

    desk: Desk
    waits: int
    oldest: datetime
    label: str
    seen_by: Desk | None


def orphan_desks(at: datetime) -> list[Orphan]:
    """Desks with open waits and no living mandate, the longest waiting first; each names the desk above that sees it.

    Above an organisation sits the desk of the level its area is in; what nobody above can see goes to the district's.
    """
    rows = _awaited().values("desk_role", "desk_area", "desk_org", "matter__pack", "matter__district")
    who, found = sitting(at), []
    for row in rows.annotate(n=Count("id"), oldest=Min("since")).order_by("oldest"):
        desk = Desk(row["desk_role"], row["desk_area"], row["desk_org"])
        if not who.has(desk, row["matter__pack"]):
            seen_by = desk_above(desk, row["matter__pack"], row["matter__district"], who)
            found.append(Orphan(desk, row["n"], row["oldest"], _label(desk, row["matter__pack"]), seen_by))
    return found


def _desks() -> list[dict[str, Any]]:
    """What waits at a desk and was taken by nobody, by desk."""
    named = _awaited().filter(Q(desk_area__isnull=False) | Q(desk_org__isnull=False), person=None)
    desks = named.values("desk_role", "desk_area", "desk_org")
    return [dict(row) for row in desks.annotate(waits=Count("id"), first_due=Min("due_at"))]


def _awaited() -> QuerySet[Wait]:
    """What is somebody's work in an office and not done yet."""
    return Wait.objects.filter(ended_at=None).exclude(desk_role__in=NO_STAFF)


def _label(desk: Desk, pack: str) -> str:
    """``第三网格网格员``, or the organisation's name."""
    if desk.org_id is not None:
        return str(Organisation.objects.get(pk=desk.org_id))
    area = Area.objects.filter(pk=desk.area_id or 0).values_list("name", flat=True).first() or ""
    return f"{area}{role_table(pack).get(desk.role, {}).get('label', '')}"

"""Who keeps a place: by mandate, never by log-in or position. The published number is the grid's office line."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.territory.models import Area


@dataclass(frozen=True)
class Worker:
    """What residents may know of their grid worker."""

    name: str
    post: str
    area_label: str
    phone: str
    supervision_phone: str


def holding(at: datetime, prefix: str = "") -> Q:
    """Mandates that hold at a moment; ``prefix`` reaches them from another table."""
    return Q(**{f"{prefix}since__lte": at}) & (
        Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": at})
    )


def grid_worker(grid: Area | None, at: datetime) -> Worker | None:
    """The grid worker of a grid at a moment; where somebody stands in, the stand-in and the stand-in's office line."""
    if grid is None:
        return None
    rows = Mandate.objects.filter(holding(at), area=grid, role="grid_worker", person__is_active=True)
    rows = rows.select_related("person")
    found = sorted(rows, key=lambda m: (m.stands_in_for_id is None, m.pk))
    if not found:
        return None
    stood_in = found[0].phone if found[0].stands_in_for_id else ""
    phone = stood_in or grid.phone or found[0].phone
    return Worker(found[0].person.name, "网格员", grid.name, phone, grid.supervision_phone)


OFFICES = ("committee", "street_office")


def office_line(area_id: int | None, kinds: tuple[str, ...] = OFFICES) -> str:
    """The office telephone of the organisation that stands in an area; empty where none is known."""
    rows = Organisation.objects.filter(kind__in=kinds, area=area_id, valid_to=None).exclude(phone="")
    return rows.values_list("phone", flat=True).first() or "" if area_id else ""


def office_lines(area_ids: Collection[int | None]) -> dict[int | None, str]:
    """The office telephones of many areas (one statement); an area without one is absent."""
    rows = Organisation.objects.filter(
        kind__in=OFFICES, area__in=[one for one in area_ids if one], valid_to=None
    )
    return dict(rows.exclude(phone="").order_by("-pk").values_list("area_id", "phone"))

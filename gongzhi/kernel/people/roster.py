"""Who keeps a place: by mandate, never by log-in or position. The published number is the grid's office line."""

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
    """The grid worker of a grid at a moment; the stand-in where one stands in."""
    if grid is None:
        return None
    rows = Mandate.objects.filter(holding(at), area=grid, role="grid_worker").select_related("person")
    found = sorted(rows, key=lambda m: (m.stands_in_for_id is None, m.pk))
    if not found:
        return None
    phone = grid.phone or found[0].phone
    return Worker(found[0].person.name, "网格员", grid.name, phone, grid.supervision_phone)


def office_line(area_id: int | None, kinds: tuple[str, ...] = ("committee", "street_office")) -> str:
    """The office telephone of the organisation that stands in an area; empty where none is known."""
    rows = Organisation.objects.filter(kind__in=kinds, area=area_id, valid_to=None).exclude(phone="")
    return rows.values_list("phone", flat=True).first() or "" if area_id else ""

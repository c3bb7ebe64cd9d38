"""Who is on duty: by mandate, never by log-in or position. Stand-ins count for the one they stand in for."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from gongzhi.kernel.people.models import Mandate
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area

WALKING = ("grid_worker", "grid_lead")
AT_DESKS = ("community_desk", "community_secretary")


@dataclass(frozen=True)
class Duty:
    """Names of those at a desk of the area itself, desks of communities, grids with a worker, grids without one."""

    chiefs: tuple[tuple[str, str], ...]
    communities: int
    communities_held: int
    grids: int
    grids_held: int
    vacant: tuple[Area, ...]


def duty(area: Area, at: datetime, roles: tuple[str, ...]) -> Duty:
    """The roster of an area at a moment; ``roles`` are those of the area's own desk, named (three statements).

    Mandates alone decide: who is signed in changes nothing.
    """
    day = localtime(at).date()
    rows = Mandate.objects.filter(holding(at), person__is_active=True, only="").select_related("person")
    own = rows.filter(area=area, role__in=roles).order_by("id")
    below = rows.filter(tree.subtree(area, "area__path"), role__in=WALKING + AT_DESKS)
    held = set(below.values_list("area_id", flat=True))
    inside = Area.objects.filter(tree.valid_on(day), tree.subtree(area), level__in=("community", "grid"))
    places = list(inside.defer("polygon").order_by("code", "id"))
    grids = [one for one in places if one.level == "grid"]
    communities = [one for one in places if one.level == "community"]
    return Duty(
        chiefs=tuple((one.role, one.person.name) for one in sorted(own, key=lambda m: roles.index(m.role))),
        communities=len(communities),
        communities_held=sum(one.pk in held for one in communities),
        grids=len(grids),
        grids_held=sum(one.pk in held for one in grids),
        vacant=tuple(one for one in grids if one.pk not in held),
    )

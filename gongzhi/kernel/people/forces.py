"""A neighbourhood's forces (1+1+X+Y) and the joint party committees, read from mandates and organisations; gaps told.

What makes them up is pack data (``staffing.toml``). Lists go by place; nobody is counted or compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localtime

from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area


@dataclass(frozen=True)
class Part:
    """One part of the formula in one community: who or which organisations fill it, and where it is missing."""

    sign: str
    label: str
    who: str
    mandates: tuple[Mandate, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Force:
    """What a community has, part by part; its committee's part-time members and their units."""

    community: Area
    parts: tuple[Part, ...]
    members: tuple[Mandate, ...]


@dataclass(frozen=True)
class Forces:
    """A street: its own part-time members, its communities, and the label of the formula."""

    street: Area
    label: str
    members: tuple[Mandate, ...]
    communities: tuple[Force, ...]


def look(street: Area, table: Mapping[str, Any], *, by: Acting, at: datetime) -> Forces:
    """The forces of a street at a moment (four statements). ``table`` is the pack's ``staffing``."""
    keepers.need(by, "forces")
    day = localtime(at).date()
    places = list(tree.areas(day, within=street).filter(level__in=("community", "grid")))
    communities = [one for one in places if one.level == "community"]
    held = _held(street, table, at)
    living = Q(valid_to=None) | Q(valid_to__gt=day)
    here = Q(area__in=communities) | Q(serves__in=communities) | Q(area=street)
    units = list(Organisation.objects.filter(living & here).distinct().prefetch_related("serves"))
    formula = table.get("formula", {})
    seats = {row["level"]: row["role"] for row in table.get("committee", ())}
    found = []
    for community in communities:
        grids = [one for one in places if one.level == "grid" and one.parent_id == community.pk]
        parts = [_part(row, community, grids, held, units) for row in formula.get("part", ())]
        found.append(
            Force(community, tuple(parts), tuple(held.get((seats.get("community", ""), community.pk), ())))
        )
    members = tuple(held.get((seats.get("street", ""), street.pk), ()))
    return Forces(street, str(formula.get("label", "")), members, tuple(found))


Held = Mapping[tuple[str, int], Sequence[Mandate]]


def _held(street: Area, table: Mapping[str, Any], at: datetime) -> Held:
    """Mandates of the formula's roles in a street, by role and area."""
    rows = [*table.get("formula", {}).get("part", ()), *table.get("committee", ())]
    roles = [row["role"] for row in rows if "role" in row]
    within = Mandate.objects.filter(holding(at), tree.subtree(street, "area__path"), role__in=roles)
    found: dict[tuple[str, int], list[Mandate]] = {}
    for one in within.select_related("person", "organisation", "area").order_by("area__code", "pk"):
        found.setdefault((one.role, one.area_id or 0), []).append(one)
    return found


def _part(
    row: Mapping[str, Any], community: Area, grids: Sequence[Area], held: Held, units: Iterable[Organisation]
) -> Part:
    said = (str(row["sign"]), str(row["label"]), str(row.get("who", "")))
    if "kinds" in row:
        near = tuple(one for one in units if one.kind in row["kinds"] and _for(one, community))
        return Part(*said, organisations=near)
    places = [community] if row.get("per") == "community" else list(grids)
    mandates = [one for place in places for one in held.get((row["role"], place.pk), ())]
    lacking = [place.name for place in places if row.get("needed") and not held.get((row["role"], place.pk))]
    return Part(*said, mandates=tuple(mandates), missing=tuple(lacking))


def _for(unit: Organisation, community: Area) -> bool:
    """Whether an organisation stands in a community or serves it; one of the street serves all it names none for."""
    served = {one.pk for one in unit.serves.all()}
    return unit.area_id == community.pk or community.pk in served

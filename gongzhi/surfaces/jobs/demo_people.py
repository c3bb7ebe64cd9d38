"""The demonstration's organisations, from the pack, and its people, all made up: a living hand at every desk."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongzhi.kernel.ledger.staffing import Appointment, Founding, appoint, found
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.surfaces.jobs.demo_sheets import sheet

OF_LEVEL = {"district": "district", "street": "street", "community": "community", "grid": "grid"}
STREET_DESKS = ("street_desk", "street_dispatcher", "street_leader", "private_officer")
UNITS = ("department", "utility", "team", "property_company", "owners_committee")
HOUSE_OF_ROLE = {"grid": "committee", "community": "committee", "street": "street_office"}
CENTRE = ("district_dispatcher", "district_chief")


@dataclass
class World:
    """The built place with its organisations and hands, found by where they stand."""

    district: Area
    pack: Pack
    areas: dict[int, Area] = field(default_factory=dict)
    organisations: dict[tuple[str, int], Organisation] = field(default_factory=dict)
    hands: dict[tuple[str, str, int], Acting] = field(default_factory=dict)

    def level(self, level: str) -> list[Area]:
        """The areas of one level, by code."""
        return sorted((one for one in self.areas.values() if one.level == level), key=lambda one: one.code)

    def above(self, area: Area, level: str) -> Area:
        """The area's own or higher area at a level."""
        return next(self.areas[one] for one in tree.ids_above(area) if self.areas[one].level == level)

    def unit(self, duty: str, area: Area) -> Organisation | None:
        """Who holds a duty for an area: the nearest organisation on the way up."""
        way = [one for one in reversed(tree.ids_above(area)) if (duty, one) in self.organisations]
        return self.organisations[duty, way[0]] if way else None

    def at(self, role: str, area: Area) -> Acting:
        """The hand that sits at a desk of an area."""
        return self.hands[role, "area", area.pk]

    def of(self, role: str, organisation: Organisation) -> Acting:
        """The hand of a role in an organisation; its contact where it has none of that role."""
        found = self.hands.get((role, "organisation", organisation.pk))
        return found or self.hands["unit_contact", "organisation", organisation.pk]


def world(district: Area, pack: Pack, *, by: Acting, at: datetime, since: datetime) -> World:
    """Organisations and people of a place just built."""
    made = World(district, pack)
    rows = tree.areas(since.date(), within=district).exclude(level="building")
    made.areas = {row.pk: row for row in rows} | {district.pk: district}
    if district.parent is not None:
        made.areas[district.parent.pk] = district.parent
    _organise(made, by, at)
    _staff(made, by, at, since)
    return made


def accounts() -> list[tuple[str, str, str, str]]:
    """Sign-in name, password, name, and what to try, for the one screen ``gongzhi run`` ends with."""
    people = sheet("people")
    return [(one["login"], people["password"], one["name"], one["try"]) for one in people["account"]]


def _organise(made: World, by: Acting, at: datetime) -> None:
    table = made.pack.table("organisations")["organisation"]
    estates = {
        place.area.parent_id: place.label
        for place in Place.objects.filter(tree.subtree(made.district, "area__path"), kind="estate")
        .select_related("area")
        .order_by("-id")
    }
    wanted = [
        (duty, area, founding)
        for duty, row in table.items()
        for number, area in enumerate(_places(made, row), start=1)
        if (founding := _founding(made, duty, row, area, number, estates.get(area.pk, "")))
    ]
    rows = found([founding for _, _, founding in wanted], by=by, at=at)
    made.organisations = {(duty, area.pk): row for (duty, area, _), row in zip(wanted, rows, strict=True)}


def _places(made: World, row: Mapping[str, Any]) -> list[Area]:
    return [made.district] if row["level"] == "district" else made.level(OF_LEVEL[row["level"]])


def _founding(
    made: World, duty: str, row: Mapping[str, Any], area: Area, number: int, estate: str
) -> Founding | None:
    """One organisation of the pack's table in one place; None where it has no place there (no estate in a village)."""
    if "{estate}" in row["name"] and not estate:
        return None
    if row["kind"] == "owners_committee" and number % 3:
        return None
    around = made.above(area, "community") if area.level == "grid" else area
    name = row.get(
        "towns" if area.kind == "town" else "villages" if around.kind == "villagers" else "", row["name"]
    )
    said = {"street": area.name, "community": around.name, "grid": area.name, "estate": estate, "n": number}
    short = row["short"].format(**said)
    serves = () if area == made.district else (area,)
    return Founding(
        name.format(**said), short, row["kind"], area, duty, row.get("phone", "").format(**said), serves
    )


def _staff(made: World, by: Acting, at: datetime, since: datetime) -> None:
    dice = random.Random(f"people {sheet()['seed']}")  # noqa: S311
    named = [_account(made, one, since) for one in sheet("people")["account"]]
    taken = {(one.role, _where(one)) for one in named}
    names = _names(dice)
    every = [*_seats(made, since, names), *_forces(made, since, names)]
    rest = [one for one in every if (one.role, _where(one)) not in taken]
    roles = made.pack.table("roles")["role"]
    mandates = appoint([*named, *rest], by=by, at=at, roles=roles, second="演示第二人")
    persons: dict[int, list[Mandate]] = {}
    for mandate in mandates:
        persons.setdefault(mandate.person.pk, []).append(mandate)
    for mandate in mandates:
        hand = Acting(
            kind="person",
            name=mandate.person.name,
            person=mandate.person,
            mandate=mandate,
            mandates=tuple(persons[mandate.person.pk]),
        )
        if mandate.area is not None:
            made.hands.setdefault((mandate.role, "area", mandate.area.pk), hand)
        if mandate.organisation is not None:
            made.hands.setdefault((mandate.role, "organisation", mandate.organisation.pk), hand)


def _where(one: Appointment) -> tuple[int, int]:
    return (one.area.pk if one.area else 0, one.organisation.pk if one.organisation else 0)


def _account(made: World, one: Mapping[str, Any], since: datetime) -> Appointment:
    """A demo account's seat: a level of the home, or the unit of a duty."""
    area = home(made, one["at"])
    if one["at"] in ("grid", "community", "street", "district"):
        duty = one.get("unit") or HOUSE_OF_ROLE.get(
            one["at"], "district_centre" if one["role"] in CENTRE else ""
        )
        organisation = made.unit(duty, area) if duty else None
        place: Area | None = area
    else:
        organisation, place = made.unit(one["at"], area), None
    password = sheet("people")["password"]
    return Appointment(one["login"], one["name"], one["role"], since, place, organisation, password)


def home(made: World, level: str) -> Area:
    """The demonstration's home at a level (a unit stands with its community)."""
    place = sheet("people")["home"]
    community = next(one for one in made.level("community") if one.code == place["community"])
    if level == "grid":
        grids = [one for one in made.level("grid") if one.parent_id == community.pk]
        return grids[min(place["grid"], len(grids)) - 1]
    return made.above(community, level) if level in ("street", "district") else community


def _names(dice: random.Random) -> Iterator[str]:
    people = sheet("people")
    while True:
        yield dice.choice(people["surnames"]) + dice.choice(people["given"])


def _seats(made: World, since: datetime, names: Iterator[str]) -> Iterator[Appointment]:
    """A hand for every desk: each grid, community, street, the centre, and each unit."""
    for grid in made.level("grid"):
        yield _seat("grid_worker", grid, made.unit("committee", grid), since, names)
    for community in made.level("community"):
        for role in ("community_desk", "community_secretary"):
            yield _seat(role, community, made.unit("committee", community), since, names)
    for street in made.level("street"):
        for role in STREET_DESKS:
            yield _seat(role, street, made.unit("street_office", street), since, names)
    yield _seat(
        "district_dispatcher", made.district, made.unit("district_centre", made.district), since, names, 2
    )
    for organisation in made.organisations.values():
        if organisation.kind in UNITS:
            for role in ("unit_contact", "unit_handler", "unit_lead"):
                yield _seat(role, None, organisation, since, names)


def _forces(made: World, since: datetime, names: Iterator[str]) -> Iterator[Appointment]:
    """1+1+X+Y at the home street (the rest of the district shows what is missing), and its joint committees."""
    street = home(made, "street")
    office = made.unit("street_office", street)
    utilities = [one for one in made.organisations.values() if one.kind == "utility"]
    for number, utility in enumerate(utilities[:3], start=1):
        yield _seat("street_committee_member", street, utility, since, names, number)
    for community in made.level("community"):
        if made.above(community, "street") == street:
            yield _seat("grid_adviser", community, office, since, names)
            if unit := made.unit("property", community):
                yield _seat("community_committee_member", community, unit, since, names)
    for grid in made.level("grid"):
        if made.above(grid, "street") == street:
            yield _seat("grid_lead", grid, made.unit("committee", grid), since, names)
            if unit := made.unit("property", grid):
                yield _seat("part_time_worker", grid, unit, since, names)


def _seat(
    role: str,
    area: Area | None,
    organisation: Organisation | None,
    since: datetime,
    names: Iterator[str],
    number: int = 1,
) -> Appointment:
    """Somebody made up at a desk; the sign-in name says which, and has no password."""
    where = area.code if area is not None else f"u{organisation.pk if organisation else 0}"
    phone = area.phone if area is not None else organisation.phone if organisation else ""
    return Appointment(f"{role}-{where}-{number}", next(names), role, since, area, organisation, "", phone)

"""Whom to ring: the units of a matter with their posts, and who keeps water, power, heat, lifts where it happened."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import desk
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import LEVELS, Area

TIES = {"holder": "承办", "assisting": "协办", "sender": "派出", "acceptor": "受理"}
SPEAKS = (
    *("unit_contact", "unit_lead", "community_desk", "community_secretary"),
    *("street_dispatcher", "district_dispatcher"),
)
WALKS = ("grid_worker", "grid_lead")


@dataclass(frozen=True)
class Party:
    """A unit of a matter: what it is there, its posts with names (staff only), its office line ("" if unknown)."""

    role: str
    unit: str
    people: tuple[str, ...]
    phone: str


@dataclass(frozen=True)
class Card:
    """One number to ring: for what, whose, the number."""

    label: str
    name: str
    phone: str


@dataclass
class Group:
    """The cards of one place."""

    label: str
    cards: list[Card] = field(default_factory=list)


def involved(page: Sheet, *, at: datetime) -> list[Party]:
    """The units of a matter that is read in full, with office lines (two statements)."""
    if page.level != "full":
        return []
    by_unit: dict[int, list[str]] = {}
    for role, label in TIES.items():
        for tie in page.work.living_ties(role):
            if tie.organisation_id is not None:
                by_unit.setdefault(tie.organisation_id, []).append(label)
    units = Organisation.objects.in_bulk(by_unit)
    rows = Mandate.objects.filter(holding(at), organisation__in=by_unit, role__in=SPEAKS)
    held = list(rows.select_related("person").order_by("pk"))
    roles = role_table(page.matter.pack)
    found = []
    for pk, labels in by_unit.items():
        own = [one for one in held if one.organisation_id == pk][:2]
        people = tuple(f"{roles.get(one.role, {}).get('label', '')} {one.person.name}" for one in own)
        phone = units[pk].phone or next((one.phone for one in own if one.phone), "")
        found.append(Party("、".join(labels), units[pk].name, people, phone))
    if page.worker is not None:
        grid = page.areas.get("grid")
        phone = _line(page.worker, grid)
        found.append(Party("网格员", page.worker.person.name, (), phone))
    return found


def _line(walker: Mandate, grid: Area | None) -> str:
    """The grid's office line; while somebody stands in, the stand-in's."""
    stood_in = walker.phone if walker.stands_in_for_id else ""
    return stood_in or (grid.phone if grid else "") or walker.phone


def of_matter(page: Sheet) -> list[Card]:
    """The cards of the place of a matter that is read in full, never of whom it is about (two statements)."""
    if page.level != "full" or page.matter.kind != "incident":
        return []
    about = {one.pk for one in page.about}
    return nearest(list(page.areas.values()), page.matter.pack, about, offices=False)


def nearest(
    areas: Sequence[Area], pack: str, left_out: Collection[int] = (), *, offices: bool = True
) -> list[Card]:
    """For each card the organisations of its duties that serve the most specific of these areas."""
    depth = {area.pk: LEVELS.index(area.level) for area in areas}
    served = _serving(depth, pack)
    found = []
    for row in _cards(pack):
        if row.get("office") and not offices:
            continue
        fits = [(near, one) for near, one in served if one.duty in row["duties"]]
        best = max((near for near, _ in fits), default=-1)
        found += [_card(row["label"], one) for near, one in fits if near == best and one.pk not in left_out]
    return found


def _cards(pack: str) -> Iterable[dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = packs.load(pack).table("contacts").get("card", {})
    return table.values()


def _card(label: object, one: Organisation) -> Card:
    return Card(str(label), one.name, one.phone)


def _serving(depth: dict[int, int], pack: str) -> list[tuple[int, Organisation]]:
    """Organisations with a card that stand in or serve any of the areas, with the depth of the nearest one served."""
    duties = [duty for row in _cards(pack) for duty in row["duties"]]
    rows = Organisation.objects.filter(duty__in=duties, valid_to=None)
    near = rows.filter(Q(area__in=depth) | Q(serves__in=depth)).distinct().prefetch_related("serves")
    found = []
    for one in near.order_by("pk"):
        places = [one.area_id, *(area.pk for area in one.serves.all())]
        found.append((max(depth[pk] for pk in places if pk in depth), one))
    return found


def place_of(asked: str, *, by: Acting, at: datetime) -> Area | None:
    """The area asked for (``level-id``) where it lies in the hand's own, else the hand's own; None without one."""
    own = desk.own_area(by)
    _, _, number = asked.partition("-")
    if own is None or not number.isdecimal():
        return own
    found = Area.objects.defer("polygon").filter(tree.subtree(own), pk=int(number)).first()
    return found or own


def groups(area: Area, *, at: datetime) -> list[Group]:
    """The numbers of an area: its own, then what the places one level below have of their own (six statements)."""
    pack = desk.pack_name(area)
    above = Area.objects.defer("polygon").filter(pk__in=tree.ids_above(area))
    found = [Group(area.name, nearest([one for one in above if one.level in LEVELS], pack))]
    below = list(tree.areas(localtime(at).date(), desk.BELOW.get(area.level, "none"), area))
    served = _serving({one.pk: 0 for one in below}, pack)
    labels = {duty: row["label"] for row in _cards(pack) for duty in row["duties"]}
    for place in below:
        own = [one for _, one in served if place.pk in {one.area_id, *(a.pk for a in one.serves.all())}]
        found.append(Group(place.name, [_card(labels[one.duty], one) for one in own]))
    found.insert(1, Group("网格员", _walkers([area.pk, *(one.pk for one in below)], pack, at)))
    return [one for one in found if one.cards]


def _walkers(ids: Sequence[int], pack: str, at: datetime) -> list[Card]:
    """Who walks the grids among these areas, with each grid's office line."""
    rows = Mandate.objects.filter(holding(at), area__in=ids, role__in=WALKS, area__level="grid")
    found = []
    for one in rows.select_related("person", "area").defer("area__polygon").order_by("area__code", "pk"):
        assert one.area is not None
        post = f"{one.area.name} {role_table(pack).get(one.role, {}).get('label', '')}"
        found.append(Card(post, one.person.name, _line(one, one.area)))
    return found

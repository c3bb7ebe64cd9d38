"""The long list, the listed supervisions and the hard problems: each through the gate, each a page by key."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.territory.packing import pack_name

KIND, LISTED = "incident", "long_term_listed"
PAGE = 50
AGAIN = "look_again"
LEVELS = {"community_desk": "community", "street_desk": "street", "district_dispatcher": "district"}
LEVEL_NAMES = {"community": "社区", "street": "街道", "district": "区"}
HARDLY = Q(returns__gte=2) | Q(reworks__gte=1) | Q(repeats__gte=1) | Q(disagreed=True)


@dataclass(frozen=True)
class Long:
    """One matter of the long list: who watches it, why, whose level, and when it is looked at again."""

    matter: Matter
    owner: str
    ground: str
    level: str
    again_on: date | None
    late: bool
    mine: bool
    times: int


@dataclass(frozen=True)
class LongList:
    """One page, the overdue first; ``counts`` by level, how many are overdue, and the key of the next page."""

    rows: list[Long]
    counts: dict[str, int]
    late: int
    after: str = ""

    @property
    def total(self) -> int:
        """All that is listed where the hand looks."""
        return sum(self.counts.values())


def seen(*, by: Acting, at: datetime) -> QuerySet[Incident]:
    """Incidents the hand reads in full."""
    may = gate.visible(by=by, at=at, kinds=(KIND,), levels=("full",))
    return Incident.objects.filter(matter__in=may)


def long_term(*, by: Acting, at: datetime, level: str = "", after: str = "") -> LongList:
    """The long list: those whose day has passed first, then by day (five statements whatever the rows)."""
    today = localtime(at).date()
    listed = seen(by=by, at=at).filter(matter__stage=LISTED, look_again_on__isnull=False)
    waits = Wait.objects.filter(what=AGAIN, ended_at=None, matter__in=listed.values("matter"))
    rows_of = waits.values_list("matter", "desk_role", "matter__incident__look_again_on")
    stands = [(pk, role, day) for pk, role, day in rows_of if day is not None]
    levels = {pk: LEVELS.get(role, "district") for pk, role, _ in stands}
    days = sorted((day, pk) for pk, _, day in stands if not level or levels[pk] == level)
    if after:
        days = [one for one in days if one > _key(after)]
    chosen = [pk for _, pk in days[:PAGE]]
    rows = _long(chosen, levels, by, today)
    following = days[PAGE - 1] if len(days) > PAGE else None
    counts = {one: sum(1 for name in levels.values() if name == one) for one in LEVEL_NAMES}
    late = sum(1 for _, _, day in stands if day <= today)
    return LongList(rows, counts, late, f"{following[0]}~{following[1]}" if following else "")


def _key(after: str) -> tuple[date, int]:
    day, _, pk = after.partition("~")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return date.min, 0


def _long(ids: Sequence[int], levels: Mapping[int, str], by: Acting, today: date) -> list[Long]:
    matters = Matter.objects.select_related("community", "street", "incident").in_bulk(ids)
    told = _entries(ids, ("list_long_term", "stay_listed"))
    mine = set(
        Wait.objects.filter(gate.my_desk(by), what=AGAIN, ended_at=None).values_list("matter", flat=True)
    )
    owners = {facts.get("owner") for entries in told.values() for facts in entries} - {None}
    names = {pk: one.name for pk, one in Organisation.objects.in_bulk(owners).items()}
    rows = []
    for pk in ids:
        matter, facts = matters[pk], told.get(pk, [])
        first: dict[str, Any] = next((one for one in reversed(facts) if "list_ground" in one), {})
        day = matter.incident.look_again_on
        rows.append(
            Long(
                matter,
                names.get(first.get("owner"), ""),
                choice(matter.pack, "list_ground", first.get("list_ground", "")),
                LEVEL_NAMES[levels[pk]],
                day,
                bool(day and day <= today),
                pk in mine,
                len(facts) - 1,
            )
        )
    return rows


def _entries(ids: Iterable[int], verbs: tuple[str, ...]) -> dict[int, list[dict[str, Any]]]:
    """The facts of entries of some verbs, oldest first, by matter (one statement)."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = Entry.objects.filter(matter__in=list(ids), verb__in=verbs).order_by("seq")
    for pk, facts in rows.values_list("matter", "facts"):
        found.setdefault(pk, []).append(json.loads(facts))
    return found


def choice(pack: str, name: str, value: str) -> str:
    """The label of a listed reason."""
    return str(packs.load(pack).get(f"fields.incident.{name}.choices.{value}", ""))


@dataclass(frozen=True)
class Listing:
    """One matter under listed supervision: number of the order, ground, demand, when listed, until when to answer."""

    matter: Matter
    category: str
    order: str
    ground: str
    demand: str
    at: datetime
    until: datetime | None
    holder: str = ""

    @property
    def answered(self) -> bool:
        """Whether the holder has answered and it waits to be lifted."""
        return self.until is None


def listings(*, by: Acting, at: datetime) -> list[Listing]:
    """Every listed supervision the hand reads in full, the latest first (five statements)."""
    return _listings(seen(by=by, at=at))


def posted(pack: str) -> list[Listing]:
    """What residents read of listed supervisions, where the pack publishes them: nothing private, about nobody."""
    if not packs.load(pack).get("supervision.listed.public", False):
        return []
    return _listings(Incident.objects.filter(matter__in=Matter.objects.filter(gate.public(), pack=pack)))


def _listings(rows: QuerySet[Incident]) -> list[Listing]:
    found = rows.filter(listed_entry__isnull=False).order_by("-listed_entry")
    listed = list(found.select_related("matter__community", "matter__street")[:PAGE])
    ids = [one.pk for one in listed]
    entries = Entry.objects.select_related("words").in_bulk(
        [one.listed_entry for one in listed if one.listed_entry]
    )
    waits = Wait.objects.filter(matter__in=ids, what="supervise_answer", ended_at=None)
    until = {wait.matter_id: (wait.due_at, wait.desk_org_id) for wait in waits}
    units = Organisation.objects.in_bulk({org for _, org in until.values() if org})
    return [_listing(one.matter, entries[one.listed_entry or 0], until, units) for one in listed]


def _listing(
    matter: Matter,
    entry: Entry,
    until: Mapping[int, tuple[datetime | None, int | None]],
    units: Mapping[int, Organisation],
) -> Listing:
    facts: dict[str, Any] = json.loads(entry.facts)
    words = getattr(entry, "words", None)
    due, unit = until.get(matter.pk, (None, None))
    holder = units.get(unit or 0)
    pack = packs.load(matter.pack)
    return Listing(
        matter,
        str(pack.get(f"categories.leaf.{matter.category}.label", "")),
        str(facts.get("order_no", "")),
        choice(matter.pack, "listing_ground", str(facts.get("listing_ground", ""))),
        str(json.loads(words.text).get("listed_demand", "")) if words is not None else "",
        entry.at,
        due,
        holder.name if holder is not None else "",
    )


@dataclass(frozen=True)
class Hard:
    """The classes in use with their matters, and what may be one and has no class yet."""

    classes: list[tuple[str, dict[str, Any], list[Matter]]]
    candidates: list[Matter]
    after: int = 0


def hard(*, by: Acting, at: datetime, before: int | None = None) -> Hard:
    """Matters by class, and those returned twice, reworked, come again, objected to or long listed."""
    table = classes(by)
    mine = seen(by=by, at=at).select_related("matter__community", "matter__street")
    living = Q(matter__counts=OPEN) | Q(matter__stage=LISTED)
    by_class: dict[str, list[Matter]] = {name: [] for name in table}
    for one in mine.filter(living).exclude(hard_class="").order_by("-pk")[: PAGE * 4]:
        by_class.setdefault(one.hard_class, []).append(one.matter)
    wanted = mine.filter(living & (HARDLY | Q(matter__stage=LISTED)), hard_class="")
    if before is not None:
        wanted = wanted.filter(pk__lt=before)
    found = [one.matter for one in wanted.order_by("-pk")[: PAGE + 1]]
    more = found[PAGE - 1].pk if len(found) > PAGE else 0
    shown = sorted(found[:PAGE], key=lambda matter: (matter.category, -matter.pk))
    return Hard([(name, table.get(name, {}), rows) for name, rows in by_class.items() if rows], shown, more)


def classes(by: Acting) -> dict[str, dict[str, Any]]:
    """The classes of the hand's pack, each with its way of answer."""
    mandate = by.mandate
    area = mandate.area if mandate is not None else None
    if area is None and mandate is not None and mandate.organisation is not None:
        area = mandate.organisation.area
    rows = packs.load(pack_name(area)).table("hard_classes")
    return {key: dict(row) for key, row in rows.items() if isinstance(row, Mapping)}

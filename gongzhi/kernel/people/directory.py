"""Who works here, as an administrator may look them up: names, posts, organisations; never a telephone number."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Person
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.tree import subtree

PAGE = 50


@dataclass(frozen=True)
class Sought:
    """What is looked for: part of a name or sign-in name, a role, an area (with all below), an organisation."""

    text: str = ""
    role: str = ""
    area: Area | None = None
    organisation: int = 0
    stopped: bool = False


@dataclass(frozen=True)
class Entry:
    """A person and their mandates that hold now."""

    person: Person
    mandates: tuple[Mandate, ...]


def people(
    sought: Sought, *, by: Acting, at: datetime, after: tuple[str, int] | None = None
) -> tuple[list[Entry], tuple[str, int] | None]:
    """A page of people by name, and the key the next page begins after (two statements)."""
    keepers.need(by, "see_people")
    rows = Person.objects.filter(_reach(by), is_active=not sought.stopped)
    if sought.text:
        rows = rows.filter(Q(name__contains=sought.text) | Q(login__istartswith=sought.text))
    held = _held(sought, at)
    if held is not None:
        rows = rows.filter(Exists(held.filter(person=OuterRef("pk"))))
    if after:
        rows = rows.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]))
    found = list(rows.order_by("name", "pk")[: PAGE + 1])
    more = (found[PAGE - 1].name, found[PAGE - 1].pk) if len(found) > PAGE else None
    return _with_mandates(found[:PAGE], at), more


def _held(sought: Sought, at: datetime) -> QuerySet[Mandate] | None:
    rows = Mandate.objects.filter(holding(at))
    if sought.role:
        rows = rows.filter(role=sought.role)
    if sought.area is not None:
        rows = rows.filter(
            subtree(sought.area, "area__path")
            | Q(area=None) & subtree(sought.area, "organisation__area__path")
        )
    if sought.organisation:
        rows = rows.filter(organisation=sought.organisation)
    return rows if sought.role or sought.area or sought.organisation else None


def one(person_id: int, *, by: Acting) -> Person | None:
    """A person within the hand's reach; None where there is none."""
    keepers.need(by, "see_people")
    return Person.objects.filter(_reach(by), pk=person_id).first()


def mandates_of(person: Person) -> list[Mandate]:
    """All mandates of a person, the latest first."""
    rows = Mandate.objects.filter(person=person).select_related(
        "area__parent", "organisation__area", "stands_in_for__person", "granted_by"
    )
    return list(rows.order_by("-since", "-pk"))


def sits_where(*, by: Acting, at: datetime, area: Area) -> list[Mandate]:
    """Who holds a mandate over an area itself at a moment."""
    keepers.need(by, "see_people")
    rows = Mandate.objects.filter(holding(at), area=area).select_related("person", "organisation")
    return list(rows.order_by("role", "pk"))


def _reach(by: Acting) -> Q:
    """Persons with a mandate within reach, and those without any."""
    if by.kind == "operator":
        return Q()
    theirs = Mandate.objects.filter(person=OuterRef("pk"))
    near = theirs.filter(keepers.reach(by, "area__path") | keepers.reach(by, "organisation__area__path"))
    return Q(Exists(near)) | ~Q(Exists(theirs))


def _with_mandates(found: list[Person], at: datetime) -> list[Entry]:
    rows = Mandate.objects.filter(holding(at), person__in=[one.pk for one in found])
    rows = rows.select_related("area__parent", "organisation__area", "stands_in_for__person").order_by("pk")
    held: dict[int, list[Mandate]] = {}
    for row in rows:
        held.setdefault(row.person_id, []).append(row)
    return [Entry(person, tuple(held.get(person.pk, ()))) for person in found]

"""How whistles are asked for and answered, by organisation: figures with their lists, in the tree's order, no rank.

Too many and none at all are both told. Organisations see themselves, the level above sees those below it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from gongzhi.domains.whistles.models import WhistlePart
from gongzhi.domains.whistles.queries import counting
from gongzhi.domains.whistles.queries.lists import visible
from gongzhi.kernel.indicators.figure import FEW
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.packing import pack_name

MOST = 400  # organisations on the page
ABOVE = ("street", "district")
GOOD = "good"
NONE = {"rated": 0, "good": 0}


@dataclass(frozen=True)
class Asker:
    """One who called: whistles, those found unjustified, and of how many ratings how many were good."""

    unit: Organisation
    blown: int
    unjustified: int
    rated: int
    good: int

    @property
    def shown(self) -> bool:
        """Whether there are enough ratings to show any."""
        return self.rated >= FEW


@dataclass(frozen=True)
class Unit:
    """One that was called: calls, those without a word in time, those it did not come to, those done, ratings."""

    unit: Organisation
    called: int
    unanswered: int
    absent: int
    confirmed: int
    rated: int
    good: int

    @property
    def shown(self) -> bool:
        """Whether there are enough ratings to show any."""
        return self.rated >= FEW


@dataclass(frozen=True)
class Figures:
    """Both sides, and the communities below that called nobody."""

    askers: list[Asker]
    units: list[Unit]
    silent: list[Organisation]
    days: int = counting.DAYS


def figures(*, by: Acting, at: datetime) -> Figures:
    """What this hand may see of both sides (at most seven statements)."""
    level = _level(by)
    house = by.mandate.organisation_id if by.mandate else None
    askers = _askers(by, at, house if level not in ABOVE else None)
    units = _units(by, at, house if level != "district" else None)
    silent = _silent(by, at, {one.unit.pk for one in askers}) if level in ABOVE else []
    return Figures(askers, units, silent)


def _level(by: Acting) -> str:
    area = by.mandate.area if by.mandate else None
    if area is None or area.level not in ABOVE:
        return ""
    return str(role_table(pack_name(area)).get(by.role, {}).get("level", ""))


def _askers(by: Acting, at: datetime, only: int | None) -> list[Asker]:
    rows = visible(by=by, at=at).filter(counting.since(at), counting.BLOWN)
    if only is not None:
        rows = rows.filter(whistle__asker=only)
    found = _counted(
        rows,
        "whistle__asker",
        blown=Count("pk"),
        unjustified=Count("pk", filter=Q(whistle__unjustified=True)),
    )
    marks = _marks(by, at, "asker") if found else {}
    known = _named(found)
    return [Asker(one, **found[one.pk], **marks.get(one.pk, NONE)) for one in known]


def _units(by: Acting, at: datetime, only: int | None) -> list[Unit]:
    rows = counting.parts(by=by, at=at)
    if only is not None:
        rows = rows.filter(whistle_part__unit=only)
    counts = {
        name: Count("pk", filter=which(at)) for name, which in counting.UNITS.items() if name != "called"
    }
    found = _counted(rows, "whistle_part__unit", called=Count("pk"), **counts)
    marks = _marks(by, at, "unit") if found else {}
    return [Unit(one, **found[one.pk], **marks.get(one.pk, NONE)) for one in _named(found)]


def _counted(rows: QuerySet[Any], name: str, **counts: Count) -> dict[int, dict[str, int]]:
    listed = rows.order_by().values(name).annotate(**counts)[:MOST]
    return {one.pop(name): {count: one[count] for count in counts} for one in listed}


def _marks(by: Acting, at: datetime, side: str) -> dict[int, dict[str, int]]:
    """How many ratings each has from the other side, and how many of them are good."""
    given = Q(**{f"{side}_mark__gt": ""})
    rows = WhistlePart.objects.filter(given, matter__in=counting.parts(by=by, at=at).values("pk"))
    good = Count("pk", filter=Q(**{f"{side}_mark": GOOD}))
    listed = rows.order_by().values(side).annotate(rated=Count("pk"), good=good)
    return {one[side]: {"rated": one["rated"], "good": one["good"]} for one in listed}


def _named(ids: Iterable[int]) -> list[Organisation]:
    """Organisations by where they stand and their number, never by a figure."""
    rows = Organisation.objects.filter(pk__in=list(ids)).select_related("area")
    return list(rows.order_by("area__code", "kind", "pk"))


def _silent(by: Acting, at: datetime, asked: set[int]) -> list[Organisation]:
    """Communities below this hand that called nobody: perhaps nothing was wrong, perhaps nobody dared."""
    own = by.mandate.area if by.mandate else None
    if own is None:
        return []
    rows = Organisation.objects.filter(tree.subtree(own, "area__path"), kind="committee", valid_to=None)
    return list(rows.exclude(pk__in=asked).select_related("area").order_by("area__code", "pk")[:MOST])

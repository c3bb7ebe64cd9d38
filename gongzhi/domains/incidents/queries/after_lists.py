"""The lists behind the rates: exactly the matters a part counts, and those left out, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from gongzhi.domains.incidents.models import Mark
from gongzhi.domains.incidents.queries import after_rates, scope
from gongzhi.domains.incidents.queries.after_parts import (
    HANDED,
    MEASURES,
    OPINIONS,
    conditions,
    exclusion,
    exclusions,
    held,
    touched,
)
from gongzhi.domains.incidents.queries.after_period import Period
from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.kernel import packs
from gongzhi.kernel.indicators.figure import Figure
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

PAGE = 100
BY_DESK = "answer"
OUT, UPHELD = "out.", "upheld"


@dataclass(frozen=True)
class Behind:
    """One page of the list behind a part of a rate: rows, how many there are, the key of the next page."""

    rows: list[Row]
    total: int
    after: str = ""


def matters(
    area: Area | None, part: str, period: Period, *, by: Acting, at: datetime, unit: int | None = None
) -> QuerySet[Matter]:
    """Exactly the matters a part counts, of an area or (None) of the hand's own unit. KeyError for another part."""
    here = scope.inside(area, by=by, at=at) if area is not None else after_rates.own_matters(by, at)
    pack = pack_name(area) if area is not None else pack_name(after_rates.own_unit(by).area)
    if part in packs.load(pack).table("rates")["solved_at"] and area is not None:
        levels = packs.load(pack).table("rates")["solved_at"]
        return finished(area, period, by=by, at=at).filter(at_level(part, levels))
    if part.startswith(OUT):
        return _out(here, part.removeprefix(OUT), period, pack)
    if part in HANDED:
        ties = after_rates.handed(here, period)
        ties = ties.filter(organisation=unit) if unit else ties
        ties = ties.filter(after_rates.given_back()) if part == "sent_back" else ties
        return here.filter(pk__in=ties.values("matter"))
    rows = held(here).filter(conditions(period, pack, at)[part])
    return rows if unit is None else rows.filter(Q(holding__organisation=unit or None))


def behind(
    area: Area | None,
    part: str,
    period: Period,
    *,
    by: Acting,
    at: datetime,
    unit: int | None = None,
    after: str = "",
) -> Behind:
    """One page of the list, newest first (five statements). KeyError for another part; NotYours for single answers.

    Behind what residents said stand all who were asked: who gave which answer is nobody's to see here.
    """
    if part in {MEASURES[name].value for name in OPINIONS}:
        raise NotYours("哪一件评了什么，只给定返工的那一级看。")
    found = matters(area, part, period, by=by, at=at, unit=unit)
    total = found.count()
    if after.isdecimal():
        found = found.filter(pk__lt=int(after))
    some = list(found.select_related("area", "incident").order_by("-pk")[: PAGE + 1])
    more = str(some[PAGE - 1].pk) if len(some) > PAGE else ""
    return Behind(rows_of(some[:PAGE], by, at, pictured=False), total, more)


def finished(area: Area, period: Period, *, by: Acting, at: datetime) -> QuerySet[Matter]:
    """What was closed in a period, with the verb and role of whoever wrote the result."""
    here = scope.inside(area, by=by, at=at)
    wrote = Entry.objects.filter(pk=OuterRef("incident__reply_entry"))
    closed = Q(counts="closed", closed_at__gte=period.start, closed_at__lt=period.end)
    return held(here.filter(closed)).annotate(
        wrote=Subquery(wrote.values("verb")[:1]), wrote_as=Subquery(wrote.values("role")[:1])
    )


def at_level(name: str, levels: Mapping[str, Any]) -> Q:
    """What was solved at a level of the pack: by hands in the grid, by kinds of units; the last one takes the rest."""
    before, found = Q(pk__in=[]), Q(pk__in=[])
    for one, row in levels.items():
        own = _level(row)
        found = (own if own is not None else Q()) & ~before
        if one == name:
            return found
        before |= own if own is not None else Q()
    return found


def _level(row: Mapping[str, Any]) -> Q | None:
    """The level's own condition; None where it takes whatever is left."""
    if row.get("roles"):
        on_spot = Q(wrote="self_handle", wrote_as__in=list(row["roles"]))
        return on_spot | Q(wrote=BY_DESK, wrote_as="awaited")  # given to the grid's own desk to do
    if row.get("kinds"):
        return Q(holding__organisation__kind__in=list(row["kinds"]))
    return None


def solved_at(area: Area, period: Period, *, by: Acting, at: datetime) -> list[Figure]:
    """“小事不出网格”: what was closed in a period, by the level it was solved at (one statement)."""
    levels = packs.load(pack_name(area)).table("rates")["solved_at"]
    sums = {f"n_{name}": Count("pk", filter=at_level(name, levels)) for name in levels}
    found = finished(area, period, by=by, at=at).aggregate(whole=Count("pk"), **sums)
    return [
        Figure(name, str(row["label"]), found[f"n_{name}"], found["whole"], "件办结", name)
        for name, row in levels.items()
    ]


@dataclass(frozen=True)
class Left:
    """One reason why something is not counted: in which list it stands, its words, its source, how many."""

    listing: str
    label: str
    source: str
    n: int


def left(area: Area, period: Period, *, by: Acting, at: datetime) -> list[Left]:
    """What is not counted in a period and why: by the pack's rules, and where appeals were upheld (one statement)."""
    here, pack = scope.inside(area, by=by, at=at), pack_name(area)
    rules = exclusions(pack)
    wanted = {name: exclusion(row) for name, row in rules.items()} | {UPHELD: Q(_upheld())}
    sums = {f"n_{name}": Count("pk", filter=one) for name, one in wanted.items()}
    found = touched(here, period).aggregate(**sums)
    told = [
        Left(OUT + name, str(row["label"]), str(row.get("source", "")), found[f"n_{name}"])
        for name, row in rules.items()
    ]
    return [*told, Left(OUT + UPHELD, "单位申诉成立的", "《共治设计》第8节", found[f"n_{UPHELD}"])]


def _out(here: QuerySet[Matter], name: str, period: Period, pack: str) -> QuerySet[Matter]:
    rows = touched(here, period)
    return rows.filter(Q(_upheld()) if name == UPHELD else exclusion(exclusions(pack)[name]))


def _upheld() -> Exists:
    return Exists(Mark.objects.filter(matter=OuterRef("pk"), appeal="upheld"))


def exported(period: Period, purpose: str, form: str, count: int, *, by: Acting, at: datetime) -> Entry:
    """Keep who took out which period's figures, and what for, in the access register."""
    facts = {"list": "rates", "purpose": purpose, "form": form, "rows": count, "first": str(period.first)}
    return registers.record("access", "export", by=by, at=at, facts=facts, path="list:rates")

"""Rates of a period per unit and per area, each with its fraction; the lists behind them stand in ``after_lists``.

Definitions, answers that count, weights and what is left out are the pack's (``rates.toml``). Nothing is ordered by
result: units by name, areas by the tree. What residents said is never told of fewer than five, and to the unit that
was rated only once the period is over (decision 0016).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gongzhi.domains.incidents.models import Mark
from gongzhi.domains.incidents.queries import scope
from gongzhi.domains.incidents.queries.after_few import few_left
from gongzhi.domains.incidents.queries.after_parts import (
    COUNTED,
    MEASURES,
    OPINIONS,
    conditions,
    held,
    touched,
)
from gongzhi.domains.incidents.queries.after_period import Period
from gongzhi.domains.incidents.queries.desk import own_pack
from gongzhi.kernel import packs
from gongzhi.kernel.indicators.figure import FEW, Figure, shown
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.process.standing import tie_table
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

BELOW = {
    "district": "street",
    "street": "community",
}  # a grid is one worker: no figures by grid (powers, section 2)
NOBODY = 0  # the line of what no unit holds
Sums = dict[int, Counter[str]]


@dataclass(frozen=True)
class Line:
    """The figures of a unit or an area (``pk``; 0: none), by measure. ``later``: opinions wait for the period's end."""

    pk: int
    label: str
    figures: Mapping[str, Figure]
    appeals: int = 0
    later: bool = False

    @property
    def all(self) -> list[Figure]:
        """The figures in the pack's order of measures."""
        return list(self.figures.values())


@dataclass(frozen=True)
class Table:
    """All lines of a period with their sum."""

    period: Period
    total: Line
    lines: tuple[Line, ...]


def by_unit(area: Area, period: Period, *, by: Acting, at: datetime) -> Table:
    """The rates of what hangs in an area, by the unit that holds it (five statements). NotYours elsewhere."""
    here, pack = scope.inside(area, by=by, at=at), pack_name(area)
    sums = _counted(here, "holding__organisation", period, pack, at)
    _add_handed(sums, here, "organisation", period)
    names = dict(Organisation.objects.filter(pk__in=sums).values_list("pk", "name"))
    names[NOBODY] = "还没有承办单位"
    appeals = open_appeals(here)
    lines = [_line(pk, names[pk], sums[pk], pack, appeals[pk]) for pk in sorted(sums, key=names.__getitem__)]
    telling = _telling(here, period, pack, by, at) if by.organisations & sums.keys() else set()
    total = _sum(area, sums, pack, sum(appeals.values()))
    return _guarded(period, total, lines, area, by, at, by.organisations, telling)


def by_area(area: Area, period: Period, *, by: Acting, at: datetime) -> Table:
    """The rates by street of a district, by community of a street (four statements); below there are none."""
    here, pack = scope.inside(area, by=by, at=at), pack_name(area)
    level = BELOW.get(area.level, area.level)
    sums = _counted(here, f"{level}_id", period, pack, at)
    _add_handed(sums, here, f"matter__{level}_id", period)
    rows = list(tree.areas(period.first, level, area)) if level != area.level else []
    known = {one.pk for one in rows}
    labels = {one.pk: one.name for one in rows}
    rest = {pk: sums[pk] for pk in sums if pk not in known}
    if rows and rest:
        labels[NOBODY] = f"直接在{area.name}的"
        sums[NOBODY] = sum(rest.values(), Counter())
    lines = [_line(pk, label, sums.get(pk, Counter()), pack) for pk, label in labels.items()]
    everything = {pk: row for pk, row in sums.items() if pk in labels} if rows else sums
    telling = _telling(here, period, pack, by, at)
    return _guarded(period, _sum(area, everything, pack), lines, area, by, at, frozenset(), telling)


def of_own(period: Period, *, by: Acting, at: datetime) -> Table:
    """The rates of the hand's own unit, over what it may read (five statements). NotYours without a unit."""
    unit = own_unit(by)
    here, pack = own_matters(by, at), pack_name(unit.area)
    sums = _counted(here, "holding__organisation", period, pack, at)
    _add_handed(sums, here, "organisation", period)
    line = _line(unit.pk, unit.name, sums.get(unit.pk, Counter()), pack, open_appeals(here)[unit.pk])
    quiet = not period.over(at) or unit.pk in _telling(here, period, pack, by, at)
    line = _waiting(line) if quiet else line
    return Table(period, line, (line,))


def own_unit(by: Acting) -> Organisation:
    """The unit a hand speaks for as holder. NotYours for whoever speaks for none, and for deputies."""
    unit = by.mandate.organisation if by.mandate is not None and speaks(by) else None
    if unit is None:
        raise NotYours("这里给办事的单位和管它的一级看。")
    return unit


def own_matters(by: Acting, at: datetime) -> QuerySet[Matter]:
    """What the hand may read of what its unit holds; nothing private."""
    unit = own_unit(by)
    holds = Tie.objects.filter(matter=OuterRef("pk"), role="holder", until=None, organisation=unit)
    return gate.visible(by=by, at=at, kinds=(scope.KIND,)).filter(Exists(holds), private=False)


def overseen(by: Acting) -> Area | None:
    """The area a hand oversees; None for units, which see their own figures alone."""
    try:
        return scope.own_area(by)
    except NotYours:
        return None


def speaks(by: Acting) -> bool:
    """Whether the hand speaks for a unit that may hold matters (no statement)."""
    mandate = by.mandate
    if mandate is None or mandate.organisation_id is None or not by.whole:
        return False
    return by.role in list(tie_table(own_pack(by))["holder"]["speaks"])  # type: ignore[call-overload]


def may_open(by: Acting) -> bool:
    """Whether the hand has a page of rates at all (no statement)."""
    return speaks(by) or overseen(by) is not None


def weighted(line: Line, pack: str) -> tuple[float, str] | None:
    """The weighted sum in per cent and its grade; None where a part of it has too few cases to be told as a share."""
    table = packs.load(pack).table("rates")
    weights = {name: row["weight"] for name, row in table["measure"].items() if row.get("weight")}
    shares = {name: line.figures[name].percent for name in weights}
    if not weights or any(share is None for share in shares.values()):
        return None
    value = sum((shares[name] or 0) * weight for name, weight in weights.items()) / sum(weights.values())
    grades = sorted(table.get("grade", {}).values(), key=lambda row: -row["from"])
    return round(value, 1), next((str(row["label"]) for row in grades if value >= row["from"]), "")


def open_appeals(here: QuerySet[Matter]) -> Counter[int]:
    """Appeals not decided yet, by unit (one statement)."""
    rows = Mark.objects.filter(appeal="open", matter__in=here.values("pk"))
    return Counter(rows.values_list("organisation", flat=True))


def rate(measure: str, sums: Mapping[str, int], pack: str) -> Figure:
    """One rate from counted parts: value, whole, and the list behind it; opinions of fewer than five are hidden."""
    parts = MEASURES[measure]
    label = str(packs.load(pack).get(f"rates.measure.{measure}.label", measure))
    figure = Figure(measure, label, sums.get(parts.value, 0), sums.get(parts.whole, 0), "件", parts.whole)
    return shown(figure) if measure in OPINIONS and figure.whole else figure


def _line(pk: int, label: str, sums: Mapping[str, int], pack: str, appeals: int = 0) -> Line:
    order = packs.load(pack).table("rates").get("measure", {})
    return Line(pk, label, {name: rate(name, sums, pack) for name in order if name in MEASURES}, appeals)


def _sum(area: Area, sums: Sums, pack: str, appeals: int = 0) -> Line:
    return _line(area.pk, area.name, sum(sums.values(), Counter()), pack, appeals)


def _counted(here: QuerySet[Matter], of: str, period: Period, pack: str, at: datetime) -> Sums:
    """Every part but the handed ones, by unit or area (one statement)."""
    wanted = conditions(period, pack, at)
    sums = {f"n_{name}": Count("pk", filter=wanted[name]) for name in COUNTED}
    rows = held(touched(here, period)).values(of).annotate(**sums).order_by()
    return {row[of] or NOBODY: Counter({name: row[f"n_{name}"] for name in COUNTED}) for row in rows}


def handed(here: QuerySet[Matter], period: Period) -> QuerySet[Tie]:
    """What was handed to units in a period, each once per unit; what a unit took up itself is left out."""
    own = Tie.objects.filter(
        matter=OuterRef("matter"),
        role="sender",
        organisation=OuterRef("organisation"),
        since=OuterRef("since"),
    )
    out = Mark.objects.filter(
        matter=OuterRef("matter"), organisation=OuterRef("organisation"), what="return", appeal="upheld"
    )
    since = {"since__gte": period.start, "since__lt": period.end}
    rows = Tie.objects.filter(role="holder", matter__in=here.values("pk"), **since)
    return rows.filter(~Exists(own), ~Exists(out))


def given_back() -> Exists:
    """Of what was handed over, what the unit asked to give back."""
    marks = Mark.objects.filter(
        matter=OuterRef("matter"), organisation=OuterRef("organisation"), what="return"
    )
    return Exists(marks)


def _add_handed(sums: Sums, here: QuerySet[Matter], of: str, period: Period) -> None:
    """Received and given back, by unit or area (one statement)."""
    wanted = {
        "n": Count("matter", distinct=True),
        "back": Count("matter", distinct=True, filter=Q(given_back())),
    }
    for row in handed(here, period).values(of).annotate(**wanted).order_by():
        cell = sums.setdefault(row[of] or NOBODY, Counter())
        cell["received"], cell["sent_back"] = row["n"], row["back"]


def _guarded(
    period: Period,
    total: Line,
    lines: Sequence[Line],
    area: Area,
    by: Acting,
    at: datetime,
    own: Collection[int],
    telling: Collection[int],
) -> Table:
    """The table as this hand may see it: one's own ratings after the end only, nothing found by subtraction.

    ``own``: lines of the hand's own units; ``telling``: own units that shorter periods would tell too much of.
    """
    if not period.over(at):
        lines = [_waiting(one) if one.pk in own else one for one in lines]
        total = _waiting(total) if area.level == "community" else total
    elif telling:
        lines = [_waiting(one) if one.pk in own and one.pk in telling else one for one in lines]
        total = _waiting(total)
    return Table(period, _beside(total, lines), tuple(lines))


def _waiting(line: Line) -> Line:
    """Without what residents said: it is told once the period is over."""
    quiet = {
        name: replace(one, value=0, whole=0, hidden=True) if name in OPINIONS else one
        for name, one in line.figures.items()
    }
    return replace(line, figures=quiet, later=True)


def _beside(total: Line, lines: Iterable[Line]) -> Line:
    """The sum, without an opinion from which the few hidden ones could be found by subtraction."""
    told = list(lines)
    figures = dict(total.figures)
    for name in OPINIONS:
        figure = figures.get(name)
        if figure is None or figure.hidden or not any(one.figures[name].hidden for one in told):
            continue
        rest = (figure.whole or 0) - sum(one.figures[name].whole or 0 for one in told)
        if 0 < rest < FEW:
            figures[name] = replace(figure, value=0, whole=0, hidden=True)
    return replace(total, figures=figures)


def _telling(here: QuerySet[Matter], period: Period, pack: str, by: Acting, at: datetime) -> set[int]:
    """The hand's own units of which shorter periods told one by one, taken from the whole, would tell of fewer than
    five ratings (a statement a month; none for a month)."""
    if period.kind == "month" or not by.organisations or not period.over(at):
        return set()
    holds = Tie.objects.filter(
        matter=OuterRef("pk"), role="holder", until=None, organisation__in=by.organisations
    )
    own = here.filter(Exists(holds))
    months = [_counted(own, "holding__organisation", one, pack, at) for one in period.months]
    known = {pk for sums in months for pk in sums}
    return {pk for pk in known if few_left([sums.get(pk, Counter()) for sums in months])}

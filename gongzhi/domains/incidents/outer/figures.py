"""Official rates: what the other systems' own call-backs found, each with its list; ours beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localtime

from gongzhi.domains.incidents.outer import batches
from gongzhi.domains.incidents.outer.models import OuterResult
from gongzhi.domains.incidents.outer.row import SOURCE
from gongzhi.domains.incidents.queries import rates
from gongzhi.kernel.indicators.figure import FEW, Figure, shown
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Tie

NAMES = {"contacted": "响应率", "solved": "解决率", "satisfied": "满意率"}
OURS = {"contacted": "responded", "solved": "solved", "satisfied": "satisfied"}
PAGE = 30
DAYS = (30, 7)


@dataclass(frozen=True)
class Pair:
    """One rate: the other system's own, and ours beside it."""

    name: str
    label: str
    theirs: Figure
    ours: Figure


def _results(system: str, days: int, by: Acting, at: datetime) -> QuerySet[OuterResult]:
    """Results of a period at this hand's desk; of no matter its own organisation did."""
    matters = gate.visible(by=by, at=at, kinds=("incident",), levels=("full",)).filter(source=SOURCE)
    own = Tie.objects.filter(role="holder", until=None, organisation__in=by.organisations).values("matter")
    since = localtime(at).date() - timedelta(days=days)
    rows = OuterResult.objects.filter(order__matter__in=matters, called_on__gt=since, order__system=system)
    return rows.exclude(order__in=own)


def pairs(system: str, days: int, *, by: Acting, at: datetime) -> list[Pair]:
    """The three rates of a system over a period that ends today, and ours of the same period and area."""
    area = batches.area_of(by)
    counted = {
        f"{name}_{end}": Count(
            "pk", filter=Q(**{name: "yes"} if end == "yes" else {f"{name}__in": ("yes", "no")})
        )
        for name in NAMES
        for end in ("yes", "all")
    }
    n = _results(system, days, by, at).aggregate(**counted)
    ours = {one.id: one for one in rates.rates(area, by=by, at=at, days=days).four}
    return [
        Pair(
            name,
            label,
            shown(Figure(name, label, n[f"{name}_yes"], n[f"{name}_all"], "件热线回访", name)),
            ours[OURS[name]],
        )
        for name, label in NAMES.items()
    ]


def few(name: str, system: str, days: int, *, by: Acting, at: datetime) -> bool:
    """Whether a rate stands on so few results that neither it nor its list is given (one statement)."""
    n = _results(system, days, by, at).filter(**{f"{name}__in": ("yes", "no")}).count()
    return 0 < n < FEW


def behind(
    name: str, system: str, days: int, *, by: Acting, at: datetime, after: int = 0, only_yes: bool = False
) -> tuple[Sequence[OuterResult], int]:
    """The list behind a rate: the results counted, newest first, and the key of the next page; none of a few."""
    if few(name, system, days, by=by, at=at):
        return [], 0
    rows = _results(system, days, by, at).filter(**{f"{name}__in": ("yes",) if only_yes else ("yes", "no")})
    rows = rows.filter(pk__lt=after) if after else rows
    found = list(rows.select_related("order__matter").order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0

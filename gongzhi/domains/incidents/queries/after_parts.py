"""What each part of a rate counts: numerators and denominators as conditions on matters, by the pack's answers.

Every query here stands on :func:`held`, which brings the unit that holds a matter to each row as ``holding``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from gongzhi.domains.incidents.models import CalledBack, Incident, Mark
from gongzhi.domains.incidents.queries.after_period import Period
from gongzhi.domains.incidents.queries.lists import CLOSED, ON_TIME
from gongzhi.kernel import packs
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import OPEN

RATED = ("response", "resolution", "satisfaction")
CALLED = ("called_response", "called_resolution", "called_satisfaction")
OPINIONS = (*RATED, *CALLED)  # what residents said: never shown below five, never listed by answer


@dataclass(frozen=True)
class Parts:
    """Names of a rate's numerator and denominator; ``mark``: an appeal upheld against this leaves a matter out."""

    value: str
    whole: str
    mark: str


MEASURES: dict[str, Parts] = {
    "response": Parts("responded", "asked", "rating"),
    "resolution": Parts("solved", "rated", "rating"),
    "satisfaction": Parts("satisfied", "marked", "rating"),
    "called_response": Parts("called_responded", "called_asked", "rating"),
    "called_resolution": Parts("called_solved", "called", "rating"),
    "called_satisfaction": Parts("called_satisfied", "called_marked", "rating"),
    "closing": Parts("ended", "due", ""),
    "on_time": Parts("in_time", "timed", "late"),
    "first_time": Parts("at_once", "finished", "rework"),
    "rework": Parts("reworked", "answered", "rework"),
    "returned": Parts("sent_back", "received", "return"),
    "repeat": Parts("again", "opened", ""),
}
HANDED = ("received", "sent_back")  # counted by what was handed over, see after_handed
COUNTED = tuple(
    dict.fromkeys(name for one in MEASURES.values() for name in (one.value, one.whole) if name not in HANDED)
)


def held(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """The rows, each with the unit that holds it now as ``holding__organisation`` (none: nobody holds it)."""
    holder = Q(ties__role="holder", ties__until=None)
    return rows.annotate(holding=FilteredRelation("ties", condition=holder))


def left_out(what: str) -> Q:
    """Matters on which the holder's appeal against such a mark was upheld."""
    return Q(Exists(_marks(what).filter(appeal="upheld")))


def _marks(what: str) -> QuerySet[Mark]:
    return Mark.objects.filter(
        matter=OuterRef("pk"), organisation=OuterRef("holding__organisation"), what=what
    )


def conditions(period: Period, pack: str, at: datetime) -> dict[str, Q]:
    """Each part's condition by name, over rows of :func:`held`. What is due later than ``at`` is not due yet."""
    start, end = period.start, period.end
    within = {"gte": start, "lt": end}
    base: dict[str, Q] = {
        "rated": _in("incident__rated_at", within) & ~left_out("rating"),
        "called": _in("called_back__at", within) & Q(called_back__reached=True) & ~left_out("rating"),
        "due": Q(promised_at__gte=start, promised_at__lt=min(end, at), counts__in=(OPEN, CLOSED)),
        "finished": Q(counts=CLOSED) & _in("closed_at", within) & ~left_out("rework"),
        "answered": _in("incident__result_at", within) & ~left_out("rework"),
        "opened": _in("opened_at", within),
    }
    for name, out in excluded(pack).items():
        base[name] &= ~out
    told = base | _opinions("", "incident", base["rated"], pack)
    told |= _opinions("called_", "called_back", base["called"], pack)
    ended = Q(counts=CLOSED, closed_at__lt=min(end, at))
    told["timed"] = base["due"] & ~left_out("late")
    return told | {
        "ended": base["due"] & ended,
        "in_time": told["timed"] & ended & ON_TIME,
        "at_once": base["finished"] & ~Q(Exists(_marks("rework"))),
        "reworked": base["answered"] & Q(Exists(_marks("rework"))),
        "again": base["opened"] & (Q(incident__repeats__gt=0) | Q(incident__repeat_of__isnull=False)),
    }


def _in(column: str, within: Mapping[str, datetime]) -> Q:
    return Q(**{f"{column}__{how}": moment for how, moment in within.items()})


def _opinions(prefix: str, row: str, asked: Q, pack: str) -> dict[str, Q]:
    """The three questions' parts, of the reporter's own rating or of the call-back, each from its own row."""
    contacted, solved, satisfied = (f"{row}__{name}" for name in ("was_contacted", "was_solved", "satisfied"))
    heard = asked & Q(**{f"{contacted}__in": answers(pack, "responded", "asked")})
    marked = asked & ~Q(**{satisfied: ""})
    return {
        f"{prefix}asked": heard,
        f"{prefix}responded": heard & Q(**{f"{contacted}__in": answers(pack, "responded")}),
        f"{prefix}solved": asked & Q(**{f"{solved}__in": answers(pack, "solved")}),
        f"{prefix}marked": marked,
        f"{prefix}satisfied": marked & Q(**{f"{satisfied}__in": answers(pack, "satisfied")}),
    }


def answers(pack: str, name: str, key: str = "counts") -> list[str]:
    """Which answers the pack counts as good for a question (``asked``: which count at all)."""
    return list(packs.load(pack).get(f"rates.answer.{name}.{key}", ()))


def excluded(pack: str) -> dict[str, Q]:
    """What the pack leaves out, by the denominator it is left out of."""
    found: dict[str, Q] = {}
    for row in exclusions(pack).values():
        for part in row["parts"]:
            found[part] = found.get(part, Q(pk__in=[])) | exclusion(row)
    return found


def exclusions(pack: str) -> Mapping[str, Mapping[str, Any]]:
    """The pack's rules of what is left out, by id."""
    rows: Mapping[str, Mapping[str, Any]] = packs.load(pack).table("rates").get("exclude", {})
    return rows


def exclusion(row: Mapping[str, Any]) -> Q:
    """The matters one rule of the pack leaves out: all it names must hold."""
    names = {"sources": "source__in", "stages": "stage__in", "categories": "category__in"}
    said = {column: list(row[name]) for name, column in names.items() if row.get(name)}
    return Q(**said) if said else Q(pk__in=[])


def touched(here: QuerySet[Matter], period: Period) -> QuerySet[Matter]:
    """The matters that any part of a period may count: each branch by an index of its own, where there is one."""
    start, end = period.start, period.end
    within = {"gte": start, "lt": end}
    branches: Sequence[Any] = (
        Incident.objects.filter(_in("rated_at", within)).values("pk"),
        Incident.objects.filter(_in("result_at", within)).values("pk"),
        CalledBack.objects.filter(_in("at", within)).values("pk"),
        *(
            here.filter(_in(column, within)).values("pk")
            for column in ("opened_at", "closed_at", "promised_at")
        ),
    )
    return here.filter(pk__in=branches[0].union(*branches[1:], all=True))

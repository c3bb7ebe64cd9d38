"""The hotline's hand-over sheet: what is left open, in ten lines; who left it, who took it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from gongzhi.domains.incidents.models import Call
from gongzhi.domains.incidents.queries import calls
from gongzhi.domains.incidents.queries.lists import first_due
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Person
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import OPEN

SOON = timedelta(hours=4)
LINES = 10
SHIFT = timedelta(hours=16)
ANSWER_WITHIN = 15  # seconds, GB/T 33358-2016


@dataclass(frozen=True)
class Due:
    """A matter the hotline brought in that is due soon: to be asked after, not to be done here."""

    id: int
    number: str
    title: str
    due_at: datetime


@dataclass(frozen=True)
class Sheet:
    """What is left open: calls that ring, to be rung back, matters due soon; and how the day went."""

    ringing: list[calls.Ringing]
    back: list[calls.Ringing]
    due: list[Due]
    answered: int
    in_time: int

    @property
    def counts(self) -> dict[str, int]:
        """What stands in the entry that both sign."""
        return {"ringing": len(self.ringing), "back": len(self.back), "due": len(self.due)}


@dataclass(frozen=True)
class Waiting:
    """A sheet one clerk has signed and nobody has taken yet."""

    entry_id: int
    who: str
    at: datetime
    own: bool
    counts: dict[str, int]


def sheet(*, by: Acting, at: datetime) -> Sheet:
    """What is left open now, in ten lines at most (six statements)."""
    ringing, back = calls.ringing(by=by, at=at), calls.to_ring_back(by=by, at=at)
    left = max(LINES - len(ringing) - len(back), 0)
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Call.objects.filter(area=calls.standing_area(by), answered_at__gte=midnight)
    spans = [(one.answered_at - one.rang_at).total_seconds() for one in today if one.answered_at]
    in_time = sum(1 for one in spans if one <= ANSWER_WITHIN)
    return Sheet(ringing, back, _due(by, at)[:left], len(spans), in_time)


def _due(by: Acting, at: datetime) -> list[Due]:
    rows: list[Matter] = list(
        gate.visible(by=by, at=at, kinds=("incident",))
        .filter(source="hotline", counts=OPEN, opened_at__gte=at - timedelta(days=30))
        .annotate(first=first_due())
        .filter(first__lte=at + SOON)
        .order_by("first", "pk")[:LINES]
    )
    return [Due(one.pk, one.number, one.title, one.first) for one in rows]  # type: ignore[attr-defined]


def waiting_sheet(*, by: Acting, at: datetime) -> Waiting | None:
    """The last sheet of this desk that nobody has taken (three statements)."""
    path = f"shift:{calls.standing_area(by).pk}"
    rows = Entry.objects.filter(matter=None, register="access", path=path, verb="shift_over")
    last = rows.filter(at__gt=at - SHIFT).order_by("-seq").first()
    if last is None:
        return None
    if Entry.objects.filter(matter=None, path=f"shift:{last.pk}", verb="shift_taken").exists():
        return None
    number = last.actor.partition(":")[2]
    who = Person.objects.filter(pk=int(number)).values_list("name", flat=True).first() or ""
    return Waiting(last.pk, who, last.at, last.actor == by.actor, json.loads(last.facts))

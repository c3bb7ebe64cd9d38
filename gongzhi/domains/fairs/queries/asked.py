"""What was asked at a session: how many were answered, how many registered, and the lists behind both."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils.timezone import make_aware

from gongzhi.domains.fairs.models import Fair
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.versions import pinned

PAGE = 60


@dataclass(frozen=True)
class Totals:
    """How many questions were answered on the spot and how many registered."""

    answered: int
    registered: int

    @property
    def all(self) -> int:
        """Both."""
        return self.answered + self.registered


@dataclass(frozen=True)
class Line:
    """One thing asked: a registered one with where it stands, an answered one with its question and answer."""

    id: int
    number: str
    title: str
    at: datetime
    registered: bool
    stage: str
    words: str = ""
    answer: str = ""


def asked_at(fair: Fair) -> Q:
    """What was asked at a session: that day's matters of its district that name it, private ones left out."""
    start = make_aware(datetime.combine(fair.day, time()))
    named = Q(district=fair.matter.district_id, subject=f"fair:{fair.pk}", private=False)
    return named & Q(opened_at__gte=start, opened_at__lt=start + timedelta(days=1))


def totals(fair: Fair) -> Totals:
    """How many came (one statement); sums, for who runs or reads the session."""
    kinds = list(Matter.objects.filter(asked_at(fair)).values_list("kind", flat=True))
    return Totals(kinds.count("enquiry"), kinds.count("incident"))


def lines(fair: Fair, *, by: Acting, at: datetime) -> list[Line]:
    """What was asked, newest first, as far as this hand may read it (three statements)."""
    seen = gate.visible(by=by, at=at, kinds=("enquiry", "incident"), levels=("full",))
    rows = list(seen.filter(asked_at(fair)).order_by("-pk")[:PAGE])
    asked = [one.pk for one in rows if one.kind == "enquiry"]
    entries = Entry.objects.filter(matter__in=asked, seq=1).select_related("words")
    said = {entry.matter_id: _words(entry) for entry in entries}
    return [_line(one, said.get(one.pk, {})) for one in rows]


def _words(entry: Entry) -> dict[str, str]:
    words = getattr(entry, "words", None)
    found: dict[str, str] = json.loads(words.text) if words is not None else {}
    return found


def _line(one: Matter, said: dict[str, str]) -> Line:
    stage = pinned(one.process_id).stages[one.stage].label
    registered = one.kind == "incident"
    return Line(
        one.pk,
        one.number,
        one.title,
        one.opened_at,
        registered,
        stage,
        said.get("words", ""),
        said.get("answer", ""),
    )

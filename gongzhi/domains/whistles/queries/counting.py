"""What counts for whom: of whistles for who asked, of parts for who was called; each with the list behind it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from gongzhi.domains.whistles.row import PART
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Wait

DAYS = 90
BLOWN = ~Q(stage__in=("withdrawn",))
ASKERS = {"blown": BLOWN, "unjustified": BLOWN & Q(whistle__unjustified=True)}


def since(at: datetime) -> Q:
    """Opened in the period."""
    return Q(opened_at__gte=at - timedelta(days=DAYS))


def unanswered(at: datetime) -> Q:
    """No word within the term: none yet, or only afterwards."""
    late = Wait.objects.filter(
        matter=OuterRef("pk"), what="answer", due_at__lt=Coalesce(OuterRef("whistle_part__answered_at"), at)
    )
    return Q(Exists(late))


UNITS: dict[str, Callable[[datetime], Q]] = {
    "called": lambda at: Q(),
    "unanswered": unanswered,
    "absent": lambda at: Q(stage="absent"),
    "confirmed": lambda at: Q(stage="confirmed"),
}


def parts(*, by: Acting, at: datetime) -> QuerySet[Matter]:
    """Parts of the period this hand may read, but for those that nobody had to come for."""
    rows = gate.visible(by=by, at=at, kinds=(PART,)).filter(since(at), kind=PART)
    return rows.exclude(stage="released")

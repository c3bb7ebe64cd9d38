"""How many questions of each form people answered by writing: an indicator of the system itself, never of anybody.

One row per day, form and surface, added to after the act is done and outside its transaction; a count that fails is
logged, and the act stands.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F, Sum
from django.utils.timezone import localtime

from gongzhi.kernel.indicators.models import TypedForm

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counted:
    """A form in a month: how often it was sent, and the questions shown, answered, written by hand, all together."""

    form: str
    surface: str
    sent: int
    shown: int
    answered: int
    typed: int

    @property
    def each(self) -> float:
        """Questions written by hand each time it was sent, to one decimal."""
        return round(self.typed / self.sent, 1) if self.sent else 0.0

    @property
    def shown_each(self) -> float:
        """Questions shown each time."""
        return round(self.shown / self.sent, 1) if self.sent else 0.0


def add(form: str, surface: str, shown: int, answered: int, typed: int, at: datetime) -> None:
    """Count one form that was sent (one statement, two on its first of a day)."""
    row = TypedForm.objects.filter(day=localtime(at).date(), form=form[:60], surface=surface)
    more = {"sent": 1, "shown": shown, "answered": answered, "typed": typed}
    try:
        with transaction.atomic():
            if not row.update(**{name: F(name) + n for name, n in more.items()}):
                fresh = {"day": localtime(at).date(), "form": form[:60], "surface": surface}
                _, made = TypedForm.objects.get_or_create(**fresh, defaults=more)
                if not made:
                    row.update(**{name: F(name) + n for name, n in more.items()})
    except DatabaseError:
        log.exception("a form was not counted")


def month(first: date) -> dict[tuple[str, str], Counted]:
    """Every form of a month by form and surface (one statement)."""
    last = (first + timedelta(days=31)).replace(day=1)
    rows = TypedForm.objects.filter(day__gte=first, day__lt=last).values("form", "surface").order_by("form")
    told = rows.annotate(n=Sum("sent"), s=Sum("shown"), a=Sum("answered"), t=Sum("typed"))
    return {
        (one["form"], one["surface"]): Counted(
            one["form"], one["surface"], one["n"], one["s"], one["a"], one["t"]
        )
        for one in told
    }

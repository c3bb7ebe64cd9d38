"""Periods figures are told of: a month, a quarter, a year, each from its first local moment to the next one's."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import scope

MONTHS = {"month": 1, "quarter": 3, "year": 12}
LABELS = {"month": "月", "quarter": "季", "year": "年"}
FIRST_YEAR = 2000


@dataclass(frozen=True)
class Period:
    """``kind``: month, quarter, year. ``first``: its first day. ``end`` is no longer part of it."""

    kind: str
    first: date

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return scope.bounds(self.first)[0]

    @property
    def end(self) -> datetime:
        """The moment it is over."""
        return scope.bounds(self.next.first)[0]

    @property
    def next(self) -> "Period":
        """The one after it."""
        return Period(self.kind, _later(self.first, MONTHS[self.kind]))

    @property
    def before(self) -> "Period":
        """The one before it."""
        return Period(self.kind, _later(self.first, -MONTHS[self.kind]))

    @property
    def label(self) -> str:
        """``2026 年 11 月``, ``2026 年第 4 季度``, ``2026 年``."""
        year, month = self.first.year, self.first.month
        told = {"month": f" {month} 月", "quarter": f"第 {(month + 2) // 3} 季度", "year": ""}
        return f"{year} 年{told[self.kind]}"

    @property
    def months(self) -> list["Period"]:
        """The months it is made of."""
        return [Period("month", _later(self.first, n)) for n in range(MONTHS[self.kind])]

    def over(self, at: datetime) -> bool:
        """Whether nothing more is added to it."""
        return self.end <= at


def period(kind: str, day: date) -> Period:
    """The period of a kind that holds a day. KeyError for another kind."""
    length = MONTHS[kind]
    return Period(kind, date(day.year, (day.month - 1) // length * length + 1, 1))


def now(kind: str, at: datetime) -> Period:
    """The period of a kind that runs at a moment."""
    return period(kind, localtime(at).date())


def read(kind: str, first: str, at: datetime) -> Period:
    """A period from an address; the running month where it cannot be read or lies ahead."""
    kind = kind if kind in MONTHS else "month"
    try:
        day = date.fromisoformat(first)
    except ValueError:
        return now(kind, at)
    today = localtime(at).date()
    return period(kind, day) if day.year >= FIRST_YEAR and day <= today else now(kind, at)


def _later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)

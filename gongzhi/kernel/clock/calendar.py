"""The working calendar of a place: its pack's tables, and over them the years adopted in the register.

``calendar_for(pack)`` is what every deadline is counted with; ``adopt_year`` makes a provisional year official.
The process package adds its ``recompute`` to :data:`after_adoption`: it recomputes the open waits, tells each change.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction

from gongzhi.kernel import packs
from gongzhi.kernel.clock.models import CalendarDay, CalendarYear
from gongzhi.kernel.clock.tables import Named, YearTable, calendar_of, hours, years, zone
from gongzhi.kernel.clock.workdays import CalendarError, WorkCalendar

FRESH = 60.0  # seconds a calendar is kept before files and register are looked at again

_kept: dict[str, tuple[float, WorkCalendar]] = {}


@dataclass(frozen=True)
class Adoption:
    """A year made official: for which pack, and the days on which the calendar now says something else."""

    pack: str
    year: int
    changed: tuple[date, ...]
    by: Any
    at: datetime


class Record(Protocol):
    """How an entry is written to a register's chain: ``gongzhi.kernel.ledger.registers.record``."""

    def __call__(
        self, register: str, verb: str, *, by: Any, at: datetime, facts: dict[str, Any], path: str
    ) -> Any: ...


after_adoption: list[Callable[[Adoption], None]] = []
"""Called once the adoption has committed, in the order added; the process package's ``recompute`` belongs here."""


def calendar_from_pack(pack: str, adopted: Iterable[YearTable] = ()) -> WorkCalendar:
    """A pack's calendar from its files alone, no database. Raises ``PackError`` or :class:`CalendarError`."""
    page = packs.load(pack)
    office = page.get("calendar.hours", {})
    tables = [*years(page.table("calendar")), *adopted]
    return calendar_of(tables, hours(office), zone(office))


def calendar_for(pack: str) -> WorkCalendar:
    """The calendar in force for a pack, kept for a minute (two statements when it is read again)."""
    kept = _kept.get(pack)
    if kept is None or time.monotonic() - kept[0] > FRESH:
        kept = time.monotonic(), calendar_from_pack(pack, _adopted(pack))
        _kept[pack] = kept
    return kept[1]


def calendar_with(pack: str, table: YearTable) -> WorkCalendar:
    """The calendar of a pack as it would be with one more year adopted; nothing is kept of it."""
    return calendar_from_pack(pack, [*_adopted(pack), table])


def forget() -> None:
    """Read every calendar again at its next use."""
    _kept.clear()


def adopt_year(
    pack: str,
    year: int,
    days: Mapping[date, Named],
    source: str,
    *,
    by: Any,
    at: datetime,
    record: Record,
) -> Adoption:
    """Make a year official with the days of a notice; the register of calendars gets an entry.

    ``days``: date → (worked, name), only days that depart from the week's rule. It holds for the pack and all that
    extend it, over their files. ``record`` writes the entry, in the same transaction. Raises :class:`CalendarError`.
    """
    table = YearTable(year, True, source, days)
    before = calendar_for(pack)
    with transaction.atomic():
        _store(pack, table)
        record("calendar", "adopt_year", by=by, at=at, facts=_facts(table), path=f"{pack}/{year}")
        forget()
        adoption = Adoption(pack, year, _changed(before, calendar_for(pack), year), by, at)
        transaction.on_commit(lambda: _tell(adoption))
    return adoption


def _facts(table: YearTable) -> dict[str, Any]:
    """What the register's entry holds of a year: its source and every day named."""
    named = sorted(table.days.items())
    return {
        "year": table.year,
        "source": table.source,
        "off": [str(day) for day, (worked, _) in named if not worked],
        "work": [str(day) for day, (worked, _) in named if worked],
    }


def _tell(adoption: Adoption) -> None:
    """Drop what was kept and call what follows an adoption."""
    forget()
    for follow in after_adoption:
        follow(adoption)


def _store(pack: str, table: YearTable) -> None:
    """The year's rows, replaced as a whole."""
    row, _ = CalendarYear.objects.update_or_create(
        pack=pack, year=table.year, defaults={"status": "official", "source": table.source}
    )
    row.days.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(year=row, day=day, working=worked, name=name)
        for day, (worked, name) in sorted(table.days.items())
    )


def _adopted(pack: str) -> list[YearTable]:
    """Years adopted in the register for a pack and its parents, nearer packs last."""
    line = packs.load(pack).chain
    rows = CalendarYear.objects.filter(pack__in=line).prefetch_related("days")
    return [
        YearTable(
            row.year,
            row.status == "official",
            row.source,
            {day.day: (day.working, day.name) for day in row.days.all()},
        )
        for row in sorted(rows, key=lambda row: line.index(row.pack))
    ]


def _changed(before: WorkCalendar, after: WorkCalendar, year: int) -> tuple[date, ...]:
    """Days on which two calendars disagree, in a year and the December before."""
    named = {*before.days, *after.days}
    return tuple(
        sorted(
            day
            for day in named
            if year - 1 <= day.year <= year and before.is_working(day) != after.is_working(day)
        )
    )


__all__ = [
    "Adoption",
    "CalendarError",
    "adopt_year",
    "after_adoption",
    "calendar_for",
    "calendar_from_pack",
    "calendar_with",
    "forget",
]

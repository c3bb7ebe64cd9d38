"""Calendar tables as pack data: the pack's table ``calendar``, files ``calendar/<year>.toml``, ``calendar/hours.toml``.

A year's file names only the days that depart from the week's rule, so that a nearer pack changes single days by key::

    status = "official"                       # or "provisional"
    source = "国务院办公厅……通知"
    [off]
    "2026-10-01..2026-10-07" = "国庆节"
    [work]
    2026-10-10 = "国庆节调休"                  # a day worked wins over a holiday around it

Pure. A day of the December before may stand in a year's table (a notice may borrow one).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from gongzhi.kernel.clock.workdays import DAY, SHANGHAI, CalendarError, WorkCalendar

Named = tuple[bool, str]  # worked, name of the day


@dataclass(frozen=True)
class YearTable:
    """One year as one source tells it; ``days``: each day that departs from the week's rule, worked or not, named."""

    year: int
    official: bool
    source: str
    days: Mapping[date, Named]

    def __post_init__(self) -> None:
        """Refuse a table without source, or with a day outside its year and the December before."""
        if not self.source:
            raise CalendarError(f"{self.year} 年的工作日历没有写来源。")
        for day in self.days:
            if day.year != self.year and (day.year, day.month) != (self.year - 1, 12):
                raise CalendarError(f"{self.year} 年的工作日历里有一天不在这一年：{day}。")


def years(table: Mapping[str, Any]) -> list[YearTable]:
    """Every year of a pack's ``calendar`` table. Raises :class:`CalendarError` with a sentence naming the year."""
    return [_year(int(key), says) for key, says in sorted(table.items()) if key.isdigit()]


def hours(office: Mapping[str, Any]) -> tuple[tuple[time, time], ...]:
    """Office hours of a working day from ``weekdays = [["08:30", "12:00"], …]``, local time."""
    try:
        return tuple(
            (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in office["weekdays"]
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise CalendarError(f"办公时间写得不对（{fault}）。写法：[[“08:30”, “12:00”], …]。") from fault


def zone(office: Mapping[str, Any]) -> ZoneInfo:
    """The zone days are counted in: the pack's, else Shanghai."""
    return ZoneInfo(office["timezone"]) if "timezone" in office else SHANGHAI


def calendar_of(
    tables: Iterable[YearTable], spans: tuple[tuple[time, time], ...], tz: ZoneInfo = SHANGHAI
) -> WorkCalendar:
    """One calendar from year tables: later ones over earlier ones day by day, so that a place's own days stay."""
    latest: dict[int, YearTable] = {}
    for table in tables:
        below = latest[table.year].days if table.year in latest else {}
        latest[table.year] = YearTable(table.year, table.official, table.source, {**below, **table.days})
    named = {day: told for year in sorted(latest) for day, told in latest[year].days.items()}
    return WorkCalendar(
        days={day: working for day, (working, _) in named.items()},
        official=frozenset(year for year, table in latest.items() if table.official),
        hours=spans,
        tz=tz,
        names={day: name for day, (_, name) in named.items()},
        sources={year: table.source for year, table in latest.items()},
    )


def _year(year: int, says: Mapping[str, Any]) -> YearTable:
    """One year of the table, days spelled out."""
    if says.get("status") not in ("official", "provisional"):
        raise CalendarError(f"{year} 年的工作日历：status 只能是 official 或 provisional。")
    days: dict[date, Named] = {}
    for worked, part in ((False, "off"), (True, "work")):
        for key, name in says.get(part, {}).items():
            days.update((day, (worked, name)) for day in _span(year, key))
    return YearTable(year, says["status"] == "official", says.get("source", ""), days)


def _span(year: int, key: str) -> Iterator[date]:
    """The days of ``2026-10-01`` or ``2026-10-01..2026-10-07``."""
    first, _, last = key.partition("..")
    try:
        day, end = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError as fault:
        raise CalendarError(f"{year} 年的工作日历：“{key}”不是日子，写 2026-10-01 这样。") from fault
    if end < day:
        raise CalendarError(f"{year} 年的工作日历：“{key}”倒着写了。")
    while day <= end:
        yield day
        day += DAY

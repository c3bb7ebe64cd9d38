"""Which days and hours are worked: 调休, official and provisional years, office hours. Pure: no database, no clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
NONE = timedelta(0)
FAR = timedelta(days=3660)  # how far a search for a working day goes before the calendar is called broken


class CalendarError(ValueError):
    """A calendar that can never end a term, or a table that contradicts itself."""


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Working days and office hours of one place.

    ``days``: what departs from the week's rule (True = worked). ``official``: years whose notice is adopted; any
    other year is provisional. ``hours``: office hours of a working day, in order, local time. ``names`` and
    ``sources`` are for showing why.
    """

    days: Mapping[date, bool]
    official: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    tz: ZoneInfo = SHANGHAI
    names: Mapping[date, str] = field(default_factory=dict)
    sources: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse office hours that are empty, reversed or overlapping."""
        edges = [edge for span in self.hours for edge in span]
        if not edges or any(late <= early for early, late in pairwise(edges)):
            raise CalendarError(f"办公时间写得不对：{self.hours}")

    def is_working(self, day: date) -> bool:
        """Whether the day is worked: the table's word, else Monday to Friday."""
        listed = self.days.get(day)
        return day.weekday() < 5 if listed is None else listed

    def local(self, moment: datetime) -> datetime:
        """The moment on the wall clock here, without zone. Raises ValueError for a moment without zone."""
        if moment.tzinfo is None:
            raise ValueError("a moment without time zone")
        return moment.astimezone(self.tz).replace(tzinfo=None)

    def moment(self, wall: datetime) -> datetime:
        """The moment (UTC) of a wall clock time here."""
        return wall.replace(tzinfo=self.tz).astimezone(UTC)

    @property
    def day_length(self) -> timedelta:
        """Office time of one working day."""
        return sum((_span(opens, closes) for opens, closes in self.hours), NONE)

    def spans(self, wall: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Office hours from a wall clock time on, day after day; the first one may have begun already."""
        day, last = wall.date(), wall.date() + FAR
        while day <= last:
            if self.is_working(day):
                for opens, closes in self.hours:
                    if datetime.combine(day, closes) > wall:
                        yield datetime.combine(day, opens), datetime.combine(day, closes)
            day += DAY
        raise CalendarError("工作日历里十年没有工作日")

    def next_open(self, wall: datetime) -> datetime:
        """The same time when the office is open (closing time is not), else the next opening."""
        return max(wall, next(self.spans(wall))[0])

    def shift_days(self, wall: datetime, count: int) -> datetime:
        """The same hour, ``count`` working days later."""
        day, last = wall.date(), wall.date() + FAR + count * 7 * DAY
        while count and day <= last:
            day += DAY
            count -= self.is_working(day)
        if count:
            raise CalendarError("工作日历里十年没有工作日")
        return datetime.combine(day, wall.time())

    def add_office(self, wall: datetime, amount: timedelta) -> datetime:
        """The time when ``amount`` of office time has passed; a full interval ends at its closing, not next opening."""
        if amount <= NONE:
            return wall
        for opens, closes in self.spans(wall):
            here = max(wall, opens)
            if here + amount <= closes:
                return here + amount
            amount -= closes - here
        raise CalendarError("工作日历里十年没有工作日")

    def office_time(self, start: datetime, end: datetime) -> timedelta:
        """Office time between two wall clock times; nothing if the end is not after the start."""
        total = NONE
        if end <= start:
            return total
        for opens, closes in self.spans(start):
            if opens >= end:
                break
            total += min(end, closes) - max(start, opens)
        return total

    def provisional(self, first: date, last: date) -> bool:
        """Whether a year between two days (both counted) has no official table."""
        return any(year not in self.official for year in range(first.year, last.year + 1))


def worked(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Office time between two moments, in whole seconds (0 when the end is not after the start)."""
    return int(calendar.office_time(calendar.local(start), calendar.local(end)).total_seconds())


def _span(opens: time, closes: time) -> timedelta:
    """Length of an interval within one day."""
    return datetime.combine(date.min, closes) - datetime.combine(date.min, opens)

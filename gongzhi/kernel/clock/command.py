"""``gongzhi clock "2026-09-30 10:00" 3wd``: when a term ends, day by day, and whether that may still change."""

from collections.abc import Iterator
from datetime import date, datetime

from gongzhi.kernel.clock.calendar import calendar_for, calendar_from_pack
from gongzhi.kernel.clock.speak import PROVISIONAL, term_words
from gongzhi.kernel.clock.terms import Due, Term, ends
from gongzhi.kernel.clock.workdays import DAY, WorkCalendar

SHOWN = 40  # ordinary days beyond this many are summed up, not listed


class MomentError(ValueError):
    """A start nobody can read; the message is a sentence."""


def explain(start_text: str, term_text: str, pack: str, *, database: bool = True) -> str:
    """Say in Chinese when a term ends, each day skipped or made up, and whether a year is provisional.

    ``start_text`` is local time, ``2026-09-30 10:00``. Without ``database`` years adopted in the register are not
    seen. Raises :class:`MomentError`, ``TermError``, ``PackError``, ``CalendarError``, each a sentence.
    """
    calendar = calendar_for(pack) if database else calendar_from_pack(pack)
    term = Term.parse(term_text)
    try:
        start = datetime.fromisoformat(start_text.strip())
    except ValueError as fault:
        raise MomentError(f"起算时间“{start_text}”看不懂。写法：2026-09-30 10:00。") from fault
    wall = start.replace(tzinfo=None) if start.tzinfo is None else calendar.local(start)
    due = ends(term, calendar.moment(wall), calendar)
    return "\n".join([*_head(term, wall, due, calendar), *_walk(term, wall, due, calendar)])


def _head(term: Term, wall: datetime, due: Due, calendar: WorkCalendar) -> Iterator[str]:
    """Start, term, end, and what the years rest on."""
    assert due.at is not None  # no pauses here
    end = calendar.local(due.at)
    yield f"起算  {_moment(wall)}"
    begins = calendar.next_open(wall)
    if term.unit in ("wd", "wh") and begins != wall:
        yield f"      不在办公时间，从 {_moment(begins)} 算起"
    yield f"期限  {term_words(term)}"
    yield f"到期  {_moment(end, closing=True)}{PROVISIONAL * due.provisional}"
    if term.unit == "h":
        return
    yield ""
    for year in range(wall.year, _last_day(end).year + 1):
        if year in calendar.official:
            yield f"{year} 年  正式：{calendar.sources[year]}"
        else:
            basis = calendar.sources.get(year, "没有这一年的表，按周一至周五上班算")
            yield f"{year} 年  暂定：{basis}。正式通知发布后重算，到期可能变。"


def _walk(term: Term, wall: datetime, due: Due, calendar: WorkCalendar) -> Iterator[str]:
    """The days from start to end: all of a short term, of a long one those that depart from the week's rule."""
    assert due.at is not None
    if term.unit == "h":
        return
    first, last = wall.date(), _last_day(calendar.local(due.at))
    counted = 0
    begins = calendar.next_open(wall).date()
    yield ""
    day = first
    while day <= last:
        counts = day > begins and calendar.is_working(day) if term.unit == "wd" else day > first
        counted += counts
        if (last - first).days <= SHOWN or day in calendar.days or day == last:
            yield f"{_date(day)}  {_what(day, calendar)}{_number(term, counts, counted, day == first)}"
        day += DAY


def _what(day: date, calendar: WorkCalendar) -> str:
    """Why a day is worked or not: ``国庆节放假``, ``国庆节调休上班``, ``周末休息``, ``上班``."""
    name = calendar.names.get(day, "")
    if calendar.is_working(day):
        return f"{name}上班"
    return f"{name}放假" if name else "周末休息"


def _number(term: Term, counts: bool, counted: int, begins: bool) -> str:
    """Which day of the term it is."""
    if term.unit == "wd" and counts:
        return f"，第 {counted} 个工作日"
    if term.unit == "d":
        return "，当天不计" if begins else f"，第 {counted} 天" if counted <= term.count else "，顺延"
    return ""


def _last_day(end: datetime) -> date:
    """The day an end belongs to: midnight closes the day before."""
    return (end - DAY).date() if end.time() == end.min.time() else end.date()


def _moment(wall: datetime, *, closing: bool = False) -> str:
    """``2026-10-10（周六）10:00``; as an end, midnight is 24:00 of the day before."""
    if closing and wall.time() == wall.min.time():
        return f"{_date(_last_day(wall))}24:00"
    return f"{_date(wall.date())}{wall:%H:%M}"


def _date(day: date) -> str:
    """``2026-10-10（周六）``."""
    return f"{day}（周{'一二三四五六日'[day.weekday()]}）"

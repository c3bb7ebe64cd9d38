"""How moments and time left are said, in Chinese. Pure: the same facts give the same words.

A term that runs to 24:00 is stored as the next midnight; here it is said as 24:00 of its day.
Time left is rounded down: days when there is at least one, else hours, else minutes.
"""

from datetime import datetime, time, timedelta

from gongzhi.kernel.clock.terms import Due, Term
from gongzhi.kernel.clock.workdays import DAY, NONE, SHANGHAI, WorkCalendar

PROVISIONAL = "（暂定）"
SOON = timedelta(hours=2)
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_UNIT_WORDS = {"wd": "个工作日", "wh": "工作时", "h": "小时", "d": "天"}


def term_words(term: Term) -> str:
    """A term in words: ``3 个工作日``, ``4 工作时``, ``24 小时``, ``15 天``."""
    return f"{term.count} {_UNIT_WORDS[term.unit]}"


def weekday(day: datetime) -> str:
    """``周三``."""
    return "周" + "一二三四五六日"[day.weekday()]


def moment_staff(moment: datetime, now: datetime, *, provisional: bool = False) -> str:
    """For staff: ``今天 16:26``, ``11-25（周三）10:26``, in another year ``2027-01-04（周一）10:26``."""
    wall, today, hour = _wall(moment, now)
    if wall.date() == today.date():
        said = f"今天 {hour}"
    else:
        said = f"{wall:%m-%d}（{weekday(wall)}）{hour}"
        said = said if wall.year == today.year else f"{wall.year}-{said}"
    return said + PROVISIONAL * provisional


def moment_resident(moment: datetime, now: datetime, *, provisional: bool = False) -> str:
    """For residents: ``11 月 27 日（周五）10:26``; the sentence adds ``前``. Another year is named."""
    wall, today, hour = _wall(moment, now)
    return f"{_day_words(wall, today)}{hour}" + PROVISIONAL * provisional


def moment_elder(moment: datetime, now: datetime, *, provisional: bool = False) -> str:
    """For 长辈版, by part of the day: ``11 月 27 日（周五）上午``; a term to 24:00 is said as the day alone."""
    wall, today, hour = _wall(moment, now)
    part = "" if hour == "24:00" else "上午" if wall.hour < 12 else "下午" if wall.hour < 18 else "晚上"
    return f"{_day_words(wall, today)}{part}" + PROVISIONAL * provisional


def left(
    due: Due | datetime | None, now: datetime, calendar: WorkCalendar, *, term: Term | None = None
) -> str:
    """``剩 1 个工作日``, ``今天 11:31 到期``, ``已超期 3 小时``, ``不计时``; provisional ones say ``（暂定）``.

    Counted in office time; with a ``term`` in clock hours or days of law, in plain time.
    """
    at, provisional = (due.at, due.provisional) if isinstance(due, Due) else (due, False)
    if at is None:
        return "不计时"
    if now >= at:
        return _late(_between(at, now, calendar, term), calendar, term)
    wall, today, hour = _wall(at, now)
    if wall.date() == today.date():
        return f"今天 {hour} 到期"
    rest = _between(now, at, calendar, term)
    if rest < _MINUTE:  # after hours, due at the next opening
        return f"{moment_staff(at, now)} 到期" + PROVISIONAL * provisional
    return f"剩 {_amount(rest, calendar, term, office='工作时')}" + PROVISIONAL * provisional


def left_today(due: Due, now: datetime, calendar: WorkCalendar, *, term: Term | None = None) -> str:
    """:func:`left`, and for what is due today the time left to the minute: ``今天 11:31 到期，剩 1 小时 5 分``."""
    said = left(due, now, calendar, term=term)
    if due.at is None or not said.startswith("今天"):
        return said
    hours, minutes = divmod((due.at - now) // _MINUTE, 60)
    exact = " ".join(f"{n} {word}" for n, word in ((hours, "小时"), (minutes, "分")) if n)
    return f"{said}，剩 {exact}" if exact else f"{said}，剩不到 1 分"


def paused(until: datetime | None, now: datetime) -> str:
    """``暂停到 11-24``; without a date, ``暂停``; a date in another year is named with its year."""
    if until is None:
        return "暂停"
    wall, today, _ = _wall(until, now)
    return f"暂停到 {wall:%m-%d}" if wall.year == today.year else f"暂停到 {wall:%Y-%m-%d}"


def light(
    due: Due | datetime | None,
    start: datetime,
    now: datetime,
    calendar: WorkCalendar,
    *,
    term: Term | None = None,
    ended: datetime | None = None,
    is_paused: bool = False,
) -> str:
    """``normal``, ``due_soon``, ``overdue``, ``paused``, ``done`` (in time) or ``none`` (no clock).

    Due soon: under a quarter of the term, or under 2 working hours. What ended late stays ``overdue``.
    """
    at = due.at if isinstance(due, Due) else due
    if ended is not None:
        return "done" if at is None or ended <= at else "overdue"
    if is_paused:
        return "paused"
    if at is None:
        return "none"
    if now >= at:
        return "overdue"
    rest = _between(now, at, calendar, term)
    whole = _length(term, calendar) if term else _between(start, at, calendar, None)
    return "due_soon" if rest < SOON or rest * 4 < whole else "normal"


def group(due: Due | datetime | None, now: datetime, calendar: WorkCalendar) -> str:
    """The worklist's heading: ``已超期``, ``今天到期``, ``两个工作日内``, ``往后``."""
    at = due.at if isinstance(due, Due) else due
    if at is None:
        return "往后"
    if now >= at:
        return "已超期"
    wall, today, _ = _wall(at, now)
    if wall.date() == today.date():
        return "今天到期"
    horizon = calendar.shift_days(calendar.local(now), 2).date()
    return "两个工作日内" if wall.date() <= horizon else "往后"


def _wall(moment: datetime, now: datetime) -> tuple[datetime, datetime, str]:
    """A moment and now on the wall clock, and the hour as said: midnight is 24:00 of the day before."""
    wall, today = moment.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    if wall.time() == time():
        return wall - DAY, today, "24:00"
    return wall, today, f"{wall:%H:%M}"


def _day_words(wall: datetime, today: datetime) -> str:
    """``11 月 27 日（周五）``, with the year when it is another."""
    year = "" if wall.year == today.year else f"{wall.year} 年 "
    return f"{year}{wall.month} 月 {wall.day} 日（{weekday(wall)}）"


def _between(start: datetime, end: datetime, calendar: WorkCalendar, term: Term | None) -> timedelta:
    """Time between two moments in the term's own measure: office time, or plain time for ``h`` and ``d``."""
    if term is not None and term.unit in ("h", "d"):
        return end - start
    return calendar.office_time(calendar.local(start), calendar.local(end))


def _length(term: Term, calendar: WorkCalendar) -> timedelta:
    """How long a term is, in its own measure."""
    unit = {"wd": calendar.day_length, "wh": _HOUR, "h": _HOUR, "d": DAY}[term.unit]
    return term.count * unit


def _late(over: timedelta, calendar: WorkCalendar, term: Term | None) -> str:
    """``已超期 …``; late by less than a minute that counts, ``刚超期``."""
    return f"已超期 {_amount(over, calendar, term)}" if over >= _MINUTE else "刚超期"


def _amount(length: timedelta, calendar: WorkCalendar, term: Term | None, *, office: str = "小时") -> str:
    """A length rounded down to days, else hours (of the office: ``office``), else minutes."""
    plain = term is not None and term.unit in ("h", "d")
    days = length // (DAY if plain else calendar.day_length)
    if days:
        return f"{days} {'天' if plain else '个工作日'}"
    if length >= _HOUR:
        return f"{length // _HOUR} {'小时' if plain else office}"
    return f"{max(length, NONE) // _MINUTE} 分钟"

"""Terms and when they end. Pure: the same recorded facts and the same calendar give the same deadline.

``3wd`` working days: same hour of the last one; begun outside office hours it starts at the next opening.
``2wh`` office hours. ``24h`` clock hours. ``15d`` days of law: the first is not counted, the last runs to 24:00 and
is moved past a day off (民法典 第二百零一条、第二百零三条).
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeAlias

from gongzhi.kernel.clock.workdays import DAY, NONE, CalendarError, WorkCalendar, worked

__all__ = [
    "CalendarError",
    "Due",
    "Pause",
    "Term",
    "TermError",
    "WorkCalendar",
    "ends",
    "pauses_from",
    "pauses_text",
    "recompute",
    "worked",
]

UNITS = ("wd", "wh", "h", "d")
_TERM = re.compile(r"([1-9]\d{0,3})(wd|wh|h|d)")


class TermError(ValueError):
    """A term nobody can read; the message is a sentence."""


@dataclass(frozen=True)
class Term:
    """How long something may take: a count (1–9999) of ``wd``, ``wh``, ``h`` or ``d``."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Term":
        """Read ``3wd``, ``2wh``, ``24h``, ``15d``. Raises :class:`TermError`."""
        found = _TERM.fullmatch(text.strip())
        if not found:
            raise TermError(
                f"期限“{text}”看不懂。写法：3wd（工作日）、2wh（工作时）、24h（小时）、15d（天）。"
            )
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


@dataclass(frozen=True)
class Pause:
    """A time that does not count: from, until (None = not resumed yet, no date named), and why."""

    since: datetime
    until: datetime | None
    reason: str = ""


@dataclass(frozen=True)
class Due:
    """When a term ends: a moment in UTC (None while a pause without an end runs), and whether it may still move."""

    at: datetime | None
    provisional: bool


PauseLike: TypeAlias = Pause | tuple[datetime, datetime | None, str]


def ends(term: Term, start: datetime, calendar: WorkCalendar, pauses: Iterable[PauseLike] = ()) -> Due:
    """When a term begun at ``start`` ends; pauses push it out by the time they took from it.

    Working days and hours are pushed by the office time paused, clock hours by the clock, days of law by whole days
    (a begun day counts). A pause that begins when the term is over changes nothing.
    """
    wall = calendar.local(start)
    extended = _RULES[term.unit](term, wall, calendar)
    spent = calendar.office_time if term.unit in ("wd", "wh") else _clock_time
    paused = NONE
    for since, until in _merged(pauses, wall, calendar):
        if since >= extended(paused):
            break
        if until is None:
            return Due(None, True)
        paused += spent(since, until)
    return _due(term, wall, extended(paused), calendar)


def recompute(term: str, since: datetime, pauses: str, calendar: WorkCalendar) -> Due:
    """:func:`ends` over a wait's recorded facts: its term, its start, its pauses as stored (JSON text)."""
    return ends(Term.parse(term), since, calendar, pauses_from(pauses))


def pauses_from(text: str) -> tuple[Pause, ...]:
    """Read pauses as stored on a wait: a JSON list of ``{"from", "until", "reason"}``, ISO moments with zone."""
    return tuple(
        Pause(
            datetime.fromisoformat(row["from"]),
            datetime.fromisoformat(row["until"]) if row["until"] else None,
            row.get("reason", ""),
        )
        for row in json.loads(text or "[]")
    )


def pauses_text(pauses: Iterable[Pause]) -> str:
    """Write pauses for a wait, the counterpart of :func:`pauses_from`."""
    rows = [
        {"from": p.since.isoformat(), "until": p.until and p.until.isoformat(), "reason": p.reason}
        for p in pauses
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _due(term: Term, wall: datetime, end: datetime, calendar: WorkCalendar) -> Due:
    """The end as a moment, provisional when a year that decided it has no official table."""
    last = end - timedelta(microseconds=1) if end.time() == time() else end
    if term.unit == "h":
        unsure = False
    elif (
        term.unit == "d"
    ):  # only the last day is asked whether it is worked; the year before it counts plainly
        unsure = calendar.provisional(last.date(), last.date())
    else:
        unsure = calendar.provisional(wall.date(), last.date())
    return Due(calendar.moment(end), unsure)


_Extended: TypeAlias = Callable[[timedelta], datetime]


def _working_days(term: Term, wall: datetime, calendar: WorkCalendar) -> _Extended:
    """End of a term in working days, given the office time paused: whole days keep the hour, the rest runs on."""
    plain = calendar.shift_days(calendar.next_open(wall), term.count)

    def extended(paused: timedelta) -> datetime:
        days, rest = divmod(paused, calendar.day_length)
        return calendar.add_office(calendar.shift_days(plain, days), rest)

    return extended


def _working_hours(term: Term, wall: datetime, calendar: WorkCalendar) -> _Extended:
    """End of a term in office hours, given the office time paused."""
    length = timedelta(hours=term.count)
    return lambda paused: calendar.add_office(wall, length + paused)


def _clock_hours(term: Term, wall: datetime, calendar: WorkCalendar) -> _Extended:
    """End of a term in clock hours, given the time paused."""
    return lambda paused: wall + timedelta(hours=term.count) + paused


def _law_days(term: Term, wall: datetime, calendar: WorkCalendar) -> _Extended:
    """End of a term in days of law, given the time paused: midnight after the last day."""

    def extended(paused: timedelta) -> datetime:
        last = wall.date() + (term.count - (-paused // DAY)) * DAY
        if not calendar.is_working(last):
            last = calendar.next_open(datetime.combine(last, time())).date()
        return datetime.combine(last + DAY, time())

    return extended


_RULES = {"wd": _working_days, "wh": _working_hours, "h": _clock_hours, "d": _law_days}


def _clock_time(start: datetime, end: datetime) -> timedelta:
    """Plain time between two wall clock times."""
    return end - start


def _merged(
    pauses: Iterable[PauseLike], wall: datetime, calendar: WorkCalendar
) -> list[tuple[datetime, datetime | None]]:
    """Pauses as wall clock times from the term's start on, in order, overlapping ones joined, empty ones dropped."""
    spans = []
    for pause in pauses:
        since, until = (pause.since, pause.until) if isinstance(pause, Pause) else pause[:2]
        begin, end = max(calendar.local(since), wall), until and calendar.local(until)
        if end is None or end > begin:
            spans.append((begin, end))
    spans.sort(key=lambda span: span[0])
    joined: list[tuple[datetime, datetime | None]] = []
    for begin, end in spans:
        if joined and (joined[-1][1] is None or begin <= joined[-1][1]):
            before = joined[-1][1]
            longest = None if before is None or end is None else max(before, end)
            joined[-1] = (joined[-1][0], longest)
        else:
            joined.append((begin, end))
    return joined

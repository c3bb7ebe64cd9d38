"""The light beside a deadline: which shape, in which words, how much of the term is used. Pure but for the calendar."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gongzhi.kernel.clock import speak
from gongzhi.kernel.clock.terms import Due, Term, TermError
from gongzhi.kernel.clock.workdays import WorkCalendar

KINDS = ("normal", "due_soon", "overdue", "paused", "done", "none")


class Awaited(Protocol):
    """What a light is made from: a wait's own columns."""

    term: str
    since: datetime
    due_at: datetime | None
    provisional: bool
    ended_at: datetime | None


@dataclass(frozen=True)
class Light:
    """``kind`` is one of :data:`KINDS`; ``share`` the part of the term used, 0–100, for the filling ring."""

    kind: str
    words: str
    share: int = 0


def of(
    wait: Awaited, now: datetime, calendar: WorkCalendar, *, paused_until: datetime | None = None
) -> Light:
    """The light of one wait as it stands at ``now``; ``paused_until`` where its clock stands still."""
    term = _term(wait.term)
    kind = speak.light(
        wait.due_at,
        wait.since,
        now,
        calendar,
        term=term,
        ended=wait.ended_at,
        is_paused=paused_until is not None,
    )
    if kind == "paused":
        return Light(kind, speak.paused(paused_until, now))
    if kind == "done":
        return Light(kind, "按期办结")
    if kind == "overdue" and wait.ended_at is not None:
        return Light(
            kind, speak.left(wait.due_at, wait.ended_at, calendar, term=term).replace("已超期", "超期")
        )
    words = (
        speak.left(Due(wait.due_at, wait.provisional), now, calendar, term=term) if wait.due_at else "不计时"
    )
    return Light(kind, words, share(wait.since, wait.due_at, now, calendar, term))


def share(
    since: datetime, due_at: datetime | None, now: datetime, calendar: WorkCalendar, term: Term | None
) -> int:
    """How much of a term is used, 0–100; office time unless the term runs on the wall clock."""
    if due_at is None or due_at <= since:
        return 0
    if term is not None and term.unit in ("h", "d"):
        used, whole = now - since, due_at - since
    else:
        start, end = calendar.local(since), calendar.local(due_at)
        used, whole = calendar.office_time(start, calendar.local(now)), calendar.office_time(start, end)
    return max(0, min(100, round(used / whole * 100))) if whole else 0


def _term(text: str) -> Term | None:
    try:
        return Term.parse(text)
    except TermError:
        return None

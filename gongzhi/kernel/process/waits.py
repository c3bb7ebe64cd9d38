"""Waits and their deadlines: opened, paused, extended and recomputed from recorded facts alone."""

import json
from datetime import datetime, time, timedelta
from typing import Any

from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.clock.terms import Due, Pause, Term, ends, pauses_from, pauses_text
from gongzhi.kernel.clock.workdays import WorkCalendar
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.page import Process


def term_end(
    term: str, since: datetime, pack: str, pauses: str = "[]", office: WorkCalendar | None = None
) -> Due:
    """When a term ends: ``3wd``, or ``3wd+2wd`` where an extension begins at the end of what it extends.

    Counted with the pack's calendar, or with another one (``office``) to see what would be.
    """
    calendar, rests = office or calendar_for(pack), pauses_from(pauses)
    due = Due(since, False)
    for part in term.split("+"):
        if due.at is None:
            break
        step = ends(Term.parse(part), due.at, calendar, rests)
        due = Due(step.at, due.provisional or step.provisional)
    return due


def counted(happened: datetime | None, at: datetime, pack: str) -> datetime | None:
    """When something done without signal counts as done: as the device says, within the pack's limit; else None."""
    limit = str(packs.load(pack).get("terms.happened.limit", "")) if happened is not None else ""
    if happened is None or not limit or happened > at:
        return None
    until = term_end(limit, happened, pack).at
    return happened if until is not None and at <= until else None


def set_due(wait: Wait, process: Process) -> None:
    """Compute a wait's deadline and the moment the clock next looks at it; a hand-set deadline is left alone."""
    if wait.fixed:
        wait.next_at = _next(wait, process)
        return
    if not wait.term:
        wait.due_at, wait.next_at = None, None
        return
    due = term_end(wait.term, wait.since, process.pack, wait.pauses)
    wait.due_at, wait.provisional = due.at, due.provisional
    wait.next_at = _next(wait, process)


def _next(wait: Wait, process: Process) -> datetime | None:
    """When the next step of the wait's ladder falls due; None when there is no further step."""
    if wait.due_at is None:
        return None
    steps = ladder(wait, process)
    if wait.step >= len(steps):
        return None
    after = steps[wait.step]["after"]
    return wait.due_at if after.startswith("0") else term_end(after, wait.due_at, process.pack).at


def ladder(wait: Wait, process: Process) -> tuple[dict[str, str], ...]:
    """The consequences of missing this wait, in order: a ladder of the pack, or one action by name."""
    if wait.ladder in process.ladders:
        return process.ladders[wait.ladder]
    return ({"do": wait.ladder, "after": "0h"},) if wait.ladder else ()


def step_up(wait: Wait, process: Process) -> None:
    """The clock has taken one consequence: on to the next."""
    wait.step += 1
    wait.next_at = _next(wait, process)


def pause(wait: Wait, at: datetime, reason: str, process: Process) -> None:
    """Stop the wait's clock, with its reason."""
    wait.pauses = pauses_text([*pauses_from(wait.pauses), Pause(at, None, reason)])
    set_due(wait, process)


def resume(wait: Wait, at: datetime, process: Process) -> None:
    """Start the wait's clock again; the deadline is computed from the recorded pauses."""
    rests = [p if p.until else Pause(p.since, at, p.reason) for p in pauses_from(wait.pauses)]
    if wait.fixed and wait.due_at is not None and rests and is_paused(wait):
        wait.due_at = moved(wait.due_at, rests[-1].since, at, process.pack)
    wait.pauses = pauses_text(rests)
    set_due(wait, process)


def extend(wait: Wait, term: str, process: Process) -> None:
    """Lengthen the wait's term by another; recorded in the term itself, so it can be recomputed.

    A deadline set by hand moves by the term itself: nothing recomputes it.
    """
    if wait.fixed and wait.due_at is not None:
        wait.due_at = term_end(term, wait.due_at, process.pack).at
    wait.term = f"{wait.term}+{term}" if wait.term else term
    wait.step = 0
    set_due(wait, process)


def moved(due: datetime, since: datetime, until: datetime, pack: str) -> datetime:
    """A moment put off by the office time between two others."""
    calendar = calendar_for(pack)
    spent = calendar.office_time(calendar.local(since), calendar.local(until))
    return calendar.moment(calendar.add_office(calendar.local(due), spent))


def less(end: datetime, term: str, pack: str) -> datetime:
    """The latest moment from which a term of working days, office hours or clock hours still ends by another."""
    calendar, lead = calendar_for(pack), Term.parse(term)
    wall = calendar.local(end)
    if lead.unit == "h":
        return end - timedelta(hours=lead.count)
    if lead.unit == "wh":
        return calendar.moment(_office_before(calendar, wall, timedelta(hours=lead.count)))
    day, left = wall.date(), lead.count
    while left > 0:
        day -= timedelta(days=1)
        left -= calendar.is_working(day) if lead.unit == "wd" else 1
    return calendar.moment(datetime.combine(day, wall.time()))


def _office_before(calendar: WorkCalendar, wall: datetime, amount: timedelta) -> datetime:
    """The wall clock time so much office time before another."""
    day = wall.date()
    while True:
        if calendar.is_working(day):
            for opens, closes in reversed(calendar.hours):
                start, end = datetime.combine(day, opens), min(datetime.combine(day, closes), wall)
                if end > start and end - start >= amount:
                    return end - amount
                amount -= max(end - start, timedelta(0))
        day -= timedelta(days=1)


def is_paused(wait: Wait) -> bool:
    """Whether the wait's clock stands still now."""
    rests: list[dict[str, Any]] = json.loads(wait.pauses)
    return bool(rests) and rests[-1].get("until") is None


def end_of_day(day: datetime, pack: str) -> datetime:
    """The start of office hours on a named day: when something put off to that day comes back."""
    calendar = calendar_for(pack)
    return calendar.moment(datetime.combine(calendar.local(day).date(), time(9)) - timedelta(0))


def last_pause(wait: Wait) -> datetime | None:
    """When the wait's clock last stopped; None when it never did."""
    rests = pauses_from(wait.pauses)
    return rests[-1].since if rests else None

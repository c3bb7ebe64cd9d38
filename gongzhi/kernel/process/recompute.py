"""A provisional year became official: open deadlines are computed again from their recorded facts, each change told.

Taken by the clock as the action ``recompute``. A deadline set by hand is never touched. What the resident was told
moves with it, because it is told again.
"""

import json
from datetime import datetime
from typing import Any

from gongzhi.kernel import packs
from gongzhi.kernel.clock import calendar
from gongzhi.kernel.clock.calendar import Adoption, calendar_for
from gongzhi.kernel.clock.tables import YearTable
from gongzhi.kernel.clock.terms import pauses_from
from gongzhi.kernel.clock.workdays import WorkCalendar
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import waits
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.door import take_all
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.orders import Order, Step
from gongzhi.kernel.process.registry import body

ACTION = "recompute"


def recompute(adoption: Adoption) -> int:
    """Recompute every open wait whose deadline was provisional under this pack or one that extends it.

    Returns how many matters were looked at; each has its entry.
    """
    open_ones = Wait.objects.filter(ended_at=None, provisional=True, fixed=False)
    names = set(open_ones.values_list("matter__pack", flat=True).distinct())
    under = [name for name in names if adoption.pack in packs.load(name).chain]
    matters = open_ones.filter(matter__pack__in=under).values_list("matter", flat=True).distinct()
    outcomes = take_all(
        Order(one, (Step(ACTION),), Acting.clock(), adoption.at) for one in sorted(set(matters))
    )
    return sum(bool(outcome.entries) for outcome in outcomes)


def follow_adoptions() -> None:
    """Recompute whenever a year is adopted (called once, when the application starts)."""
    if _follow not in calendar.after_adoption:
        calendar.after_adoption.append(_follow)


def _follow(adoption: Adoption) -> None:
    recompute(adoption)


@body("*", ACTION)
def again(deed: Deed) -> None:
    """Deadlines and the promise anew; the entry keeps what each was and is."""
    changed = []
    for wait in deed.work.open_waits():
        if wait.provisional and not wait.fixed:
            was = wait.due_at
            waits.set_due(wait, deed.process)
            if wait.due_at != was:
                changed.append({"wait": wait.what, "was": _said(was), "now": _said(wait.due_at)})
    deed.facts["deadlines"] = changed
    was, now = deed.matter.promised_at, promised(deed)
    if now is not None and was is not None and now != was:
        deed.matter.promised_at = now
        deed.facts |= {"was": was.isoformat(), "now": now.isoformat()}


def _said(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def promised(deed: Deed) -> datetime | None:
    """The promised moment from the ledger: the term it was promised with, and every extension and pause since.

    None where nothing was promised or a pause is no longer on record.
    """
    told: datetime | None = None
    entries = Entry.objects.filter(matter=deed.matter.pk).order_by("seq")
    rows: list[dict[str, Any]] = list(entries.values("verb", "at", "facts"))  # type: ignore[arg-type]
    for place, row in enumerate(rows):
        action, facts = deed.process.actions.get(row["verb"]), json.loads(row["facts"])
        if action is None:
            continue
        if action.promise and told is None:
            term = deed.process.term(action.promise, _category(deed, rows[place:]))
            term = term or deed.process.term("handle")
            told = waits.term_end(term, row["at"], deed.matter.pack).at if term else None
        elif told is not None and "was" in facts and "extend_by" in facts:
            told = waits.term_end(facts["extend_by"], told, deed.matter.pack).at
        elif told is not None and "was" in facts and action.resumes:
            told = _resumed(deed, told, row["at"])
    return told


def _category(deed: Deed, later: list[dict[str, Any]]) -> str:
    """The category when the promise was made: the first correction after it says what it was."""
    for row in later[1:]:
        was = json.loads(row["facts"]).get("category_was")
        if was is not None:
            return str(was)
    return deed.matter.category


def _resumed(deed: Deed, told: datetime, resumed_at: datetime) -> datetime | None:
    office = calendar_for(deed.matter.pack)
    for wait in deed.work.waits:
        for rest in pauses_from(wait.pauses):
            if rest.until == resumed_at:
                paused = office.office_time(office.local(rest.since), office.local(resumed_at))
                return office.moment(office.add_office(office.local(told), paused))
    return None


def would_move(pack: str, table: YearTable) -> tuple[int, int]:
    """How many open deadlines are provisional under a pack, and how many of them a year's table would move."""
    names: dict[str, WorkCalendar | None] = {}
    moved, seen = 0, 0
    rows = Wait.objects.filter(ended_at=None, provisional=True, fixed=False).exclude(term="")
    for wait_pack, term, since, pauses, due in rows.values_list(
        "matter__pack", "term", "since", "pauses", "due_at"
    ).iterator():
        if wait_pack not in names:
            under = pack in packs.load(wait_pack).chain
            names[wait_pack] = calendar.calendar_with(wait_pack, table) if under else None
        office = names[wait_pack]
        if office is not None:
            seen += 1
            moved += waits.term_end(term, since, wait_pack, pauses, office).at != due
    return seen, moved

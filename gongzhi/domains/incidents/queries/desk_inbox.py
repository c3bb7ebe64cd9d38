"""A hand's inbox in sentences: who did what on which matter, and what is wanted of the reader by when."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gongzhi.domains.incidents.queries.desk_lines import Names, who
from gongzhi.domains.incidents.queries.desk_rows import works_of
from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.clock.speak import left, moment_staff
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.standing import at_desk
from gongzhi.kernel.telling import inbox
from gongzhi.kernel.telling.models import InboxItem

PRIVATE = "有一件不公开的事有新情况。"
TASK = "这里有一件事要办"
NAMES_HOLDER = ("refuse_return", "arbitrate")  # verbs whose sentence has {unit}


@dataclass(frozen=True)
class Item:
    """One item: its sentence, what is wanted of the reader ("" where nothing is), when, whether it is new."""

    id: int
    sentence: str
    wanted: str
    late: bool
    number: str
    at: datetime
    new: bool


@dataclass(frozen=True)
class Inbox:
    """One page, the key after which the next begins (0 at the end), and whether other posts have something new."""

    items: list[Item]
    after: int
    elsewhere: bool


def page(*, by: Acting, at: datetime, before: int | None = None) -> Inbox:
    """What this hand was told and may still read, newest first (five statements whatever the number)."""
    rows = inbox.items(by=by, at=at, before=before, limit=inbox.PAGE + 1)
    shown, more = rows[: inbox.PAGE], len(rows) > inbox.PAGE
    works = works_of([one.matter for one in shown])
    known = _known([one.entry for one in shown], works)
    items = [
        _item(one, works[one.matter_id], level, known, by, at)
        for one in shown
        if (level := gate.level_of(works[one.matter_id], by))
    ]
    return Inbox(items, shown[-1].pk if more else 0, inbox.elsewhere(by=by, at=at))


def _known(entries: Sequence[Entry], works: Mapping[int, Work]) -> Names:
    """Who acted, by their mandates, and who holds a matter where the sentence says so (two statements at most)."""
    ids = {int(number) for one in entries if (number := one.acting_as.removeprefix("mandate:")).isdigit()}
    held = Mandate.objects.select_related("person", "organisation").in_bulk(ids) if ids else {}
    holders = {works[one.matter_id or 0].holder_id for one in entries if one.verb in NAMES_HOLDER} - {None}
    units = Organisation.objects.in_bulk([pk for pk in holders if pk]) if holders else {}
    named = {pk: str(one) for pk, one in units.items()}
    return Names({one.person_id: one.person.name for one in held.values()}, held, named)


def _item(one: InboxItem, work: Work, level: str, known: Names, by: Acting, at: datetime) -> Item:
    wanted, late = _wanted(work, by, at)
    full = level == "full" and not work.matter.private
    return Item(
        one.pk,
        _sentence(one, work, known) if full else _less(work, level),
        wanted,
        late,
        "" if level == "task" else work.matter.number,
        one.at,
        one.read_at is None,
    )


def _less(work: Work, level: str) -> str:
    """Of what is private nothing; to part-timers the place; to who reads the summary its kind."""
    matter = work.matter
    if matter.private:
        return PRIVATE
    if level == "task":
        return f"{matter.place or matter.area.name}：{TASK}。"
    label = packs.load(matter.pack).get(f"categories.leaf.{matter.category}.label", "一件事")
    return f"“{label}”有新情况。"


def _sentence(one: InboxItem, work: Work, known: Names) -> str:
    entry, matter = one.entry, work.matter
    action = work.process.actions.get(entry.verb)
    facts: Mapping[str, str] = json.loads(entry.facts)
    said = packs.load(matter.pack).get(f"texts.inbox.{entry.verb}.say", "{who}{action}：“{title}”。")
    return str(said).format(
        who=who(entry, known),
        title=matter.title,
        unit=known.organisations.get(work.holder_id or 0, "承办单位"),
        wait=work.process.waits.get(str(facts.get("wait", "")), "这一步"),
        action=action.label if action else "",
    )


def _wanted(work: Work, by: Acting, at: datetime) -> tuple[str, bool]:
    """``请签收，今天 16:26 前。`` for what stands open at the reader's desk, the first due; whether it is late."""
    mine = [wait for wait in work.open_waits() if at_desk(wait, by, work.matter.pack)]
    if not mine:
        return "", False
    wait = min(mine, key=lambda one: (one.due_at is None, one.due_at or one.since, one.pk))
    label = work.process.waits.get(wait.what, "")
    more = f"，还有 {len(mine) - 1} 步" if len(mine) > 1 else ""
    if wait.due_at is None:
        return f"请{label}{more}。", False
    if wait.due_at <= at:
        return f"请{label}，{left(wait.due_at, at, calendar_for(work.matter.pack))}{more}。", True
    return f"请{label}，{moment_staff(wait.due_at, at, provisional=wait.provisional)} 前{more}。", False


def unread(*, by: Acting, at: datetime) -> str:
    """How many items are new, as the rail says it: ``""``, ``7``, ``99+`` (one statement)."""
    return in_words(inbox.unread(by=by, at=at))


def in_words(count: int) -> str:
    """A count of new items as the rail says it."""
    return "" if not count else f"{inbox.MOST}+" if count >= inbox.MOST else str(count)

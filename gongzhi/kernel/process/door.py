"""One door for every change: web, API, clock and imports all come through here.

In order: lock, pinned process, roles, decide, check what was said, the domain's short body, stage and waits,
ledger entry, deliveries. One transaction, all or nothing.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from gongzhi.kernel.ids import new_id
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import keys
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.flush import flush, load_works
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.opening import NewMatter, begin
from gongzhi.kernel.process.orders import Also, Order, Outcome, Step
from gongzhi.kernel.process.steps import decide, perform
from gongzhi.kernel.process.verdict import NotKept, NotYours, Refusal
from gongzhi.kernel.process.versions import current, store

BATCH = 200
log = logging.getLogger(__name__)


def take(
    matter: Matter | int,
    action: str,
    *,
    by: Acting,
    at: datetime,
    seen: int | None = None,
    key: str | None = None,
    happened: datetime | None = None,
    cause: int | None = None,
    then: Sequence[tuple[str, dict[str, Any]]] = (),
    **said: Any,
) -> Entry:
    """Take one action (and, in the same click, those of ``then``). Returns its entry; raises a ``Refusal``.

    ``seen`` is the last entry number on the actor's screen; ``key`` is required from outside; ``at`` is the
    server's receipt and alone decides authority and order; ``happened`` comes from a device and is shown.
    """
    steps = (Step(action, said), *(Step(name, more) for name, more in then))
    matter_id = matter if isinstance(matter, int) else matter.pk
    order = Order(matter_id, steps, by, at, seen, key, happened, cause, entry_id=new_id())
    try:
        with _whole():
            return _once(order)
    except IntegrityError:
        again = _answered(order)
        if again is None:
            raise
        return again


@contextmanager
def _kept() -> Iterator[None]:
    """NotKept where the database cannot write, whatever the reason: the reason is for the log."""
    try:
        yield
    except OperationalError as fault:
        log.exception("the database did not write")
        raise NotKept from fault


@contextmanager
def _whole() -> Iterator[None]:
    """All or nothing."""
    with _kept(), transaction.atomic():
        yield


def _once(order: Order) -> Entry:
    if order.key and order.entry_id:
        keys.claim(order.by, order.key, order.content, order.matter_id, order.entry_id, order.at)
    outcome = _run([order])[0]
    if outcome.refusal is not None:
        raise outcome.refusal
    return outcome.entries[0]


def take_all(orders: Iterable[Order]) -> list[Outcome]:
    """The same door for many: same decide for each, rows in bulk, a few hundred a transaction, locks in id order.

    A refused order is left out and listed; the others stand. One whose key was taken gives its first answer again,
    so that a killed run continues.
    """
    todo, outcomes = sorted(orders, key=lambda order: order.matter_id), []
    for start in range(0, len(todo), BATCH):
        batch = todo[start : start + BATCH]
        try:
            outcomes += _batch(batch)
        except IntegrityError:
            if not any(order.key for order in batch):
                raise
            outcomes += _batch(batch)  # the same run elsewhere was faster: its answers are found now
    return outcomes


def _batch(orders: Sequence[Order]) -> list[Outcome]:
    with transaction.atomic():
        answered = _answered_before([order for order in orders if order.key])
        done = _run([order for order in orders if id(order) not in answered])
        keys.claim_all(
            (one.order.by, one.order.key, one.order.content, one.entries[0], one.order.at)
            for one in done
            if one.order.key and one.entries
        )
    return [*answered.values(), *done]


def _answered_before(orders: Sequence[Order]) -> dict[int, Outcome]:
    """Outcomes of orders whose key stands already, by the order's identity (at most two statements)."""
    known = keys.earlier_all([(order.by, order.key or "") for order in orders]) if orders else {}
    entries = Entry.objects.in_bulk([row.entry_id for row in known.values()]) if known else {}
    found: dict[int, Outcome] = {}
    for place, order in enumerate(orders):
        row = known.get(place)
        if row is not None and row.content_hash == order.content:
            found[id(order)] = Outcome(order, [entries[row.entry_id]])
        elif row is not None:
            found[id(order)] = Outcome(order, refusal=keys.other_content(row))
    return found


def open_matter(new: NewMatter, *, by: Acting, at: datetime, key: str | None = None) -> Matter:
    """Open a matter with its first entry. The same key and content gives the first answer again."""
    content = opening_content(new)
    try:
        with _kept():
            store(
                current(new.pack, new.kind), at
            )  # committed before: whoever else opens one now finds the page
            number = keys.next_number(_local_day(at))
        with _whole():
            if new.parent_id is not None:
                load_works([new.parent_id])
            work = begin(new, number, by=by, at=at)
            if key:
                keys.claim(by, key, content, work.matter.pk, work.entries[0].pk, at)
            flush([work])
    except IntegrityError:
        again = keys.earlier(by, key, content) if key else None
        if again is None:
            raise
        return again.matter
    return work.matter


@dataclass
class Opened:
    """What became of one opening: its work (matter, entries), or why it was refused."""

    new: NewMatter
    key: str
    work: Work | None = None
    refusal: Refusal | None = None


def open_all(news: Sequence[tuple[NewMatter, str]], *, by: Acting, at: datetime) -> list[Opened]:
    """Open many matters, each with its key: the same opening for each, rows in bulk, one transaction.

    A refused one is left out and listed; all of one process. The caller asks for keys that are not taken yet, and
    hands over a few hundred at a time. Where another run was faster the whole batch is undone (IntegrityError).
    """
    if not news:
        return []
    first = news[0][0]
    with _kept():
        store(current(first.pack, first.kind), at)
        numbers = keys.next_numbers(_local_day(at), len(news))
    done = [_begun(new, key, number, by, at) for (new, key), number in zip(news, numbers, strict=True)]
    opened = [(one, one.work) for one in done if one.work is not None]
    with _whole():
        flush([work for _, work in opened])
        keys.claim_all((by, one.key, opening_content(one.new), work.entries[0], at) for one, work in opened)
    return done


def rehearse(new: NewMatter, *, by: Acting, at: datetime) -> Refusal | None:
    """Why a matter could not be opened so; nothing is written."""
    return _begun(new, "", "", by, at).refusal


def _begun(new: NewMatter, key: str, number: str, by: Acting, at: datetime) -> Opened:
    try:
        return Opened(new, key, begin(new, number, by=by, at=at))
    except Refusal as refusal:
        return Opened(new, key, refusal=refusal)


def opening_content(new: NewMatter) -> str:
    """Mark of what a matter is opened with, against which the same key is held."""
    return keys.content_hash(
        {"kind": new.kind, "area": str(new.area.pk), "category": new.category, **new.said, **new.meant}
    )


def _run(orders: Sequence[Order]) -> list[Outcome]:
    also = {id(order): order.further() for order in orders}
    named = [one.matter_id for further in also.values() for one in further]
    works = _locked([*(order.matter_id for order in orders), *named])
    outcomes, touched = [], []
    for order in orders:
        outcome = Outcome(order)
        outcomes.append(outcome)
        work = works.get(order.matter_id)
        if work is None:
            outcome.refusal = NotYours("没有这件事。", hidden=True)
            continue
        if order.check is not None and not order.check(work):
            continue
        try:
            outcome.entries = _take_steps(work, order)
            touched += [work, *_beside(works, also[id(order)], order, outcome.entries[0])]
        except Refusal as refusal:
            outcome.refusal = refusal
            works[order.matter_id] = (
                _locked([order.matter_id], works)[order.matter_id] if len(orders) > 1 else work
            )
    flush(list({work.matter.pk: work for work in touched}.values()))
    return outcomes


def _locked(ids: Sequence[int], beside: dict[int, Work] | None = None) -> dict[int, Work]:
    """Matters under lock, each knowing the others."""
    works = load_works(ids)
    for work in works.values():
        work.beside = works if beside is None else beside
    return works


def _beside(works: dict[int, Work], also: Sequence[Also], order: Order, cause: Entry) -> list[Work]:
    """Write an act down on its further matters, all decided before one is taken: all of it stands, or none.

    The house does this, caused by the act's entry; whether the hand may touch them is the act's own guard.
    """
    for one in also:
        if one.matter_id not in works:
            raise NotYours("没有这件事。", hidden=True)
        if one.step is not None:
            decide(works[one.matter_id], one.step.action, Acting.clock(), order.at, one.step.said)
    same = replace(order, by=Acting.clock(), entry_id=None, wait_id=None, cause=cause.pk)
    touched = []
    for one in also:
        if one.step is not None:
            perform(works[one.matter_id], one.step.action, same, one.step.said, None)
            touched.append(works[one.matter_id])
    return touched


def _take_steps(work: Work, order: Order) -> list[Entry]:
    entries: list[Entry] = []
    for step in order.steps:
        seen = order.seen if not entries else None
        entries += perform(work, step.action, order, step.said, seen)
    return entries


def _answered(order: Order) -> Entry | None:
    if not order.key:
        return None
    first = keys.earlier(order.by, order.key, order.content)
    return Entry.objects.get(pk=first.entry_id) if first else None


def _local_day(at: datetime) -> date:
    return timezone.localtime(at).date()

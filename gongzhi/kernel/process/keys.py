"""Idempotency keys and short daily numbers: what must hold once, whoever sends it five times."""

import os
import threading
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from gongzhi.kernel.ledger.chain import canonical, sm3
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import IdempotencyKey
from gongzhi.kernel.process.verdict import OtherContent

BLOCK = 20
_lock = threading.Lock()
_blocks: dict[tuple[int, Any, date], list[int]] = {}


def content_hash(said: dict[str, Any]) -> str:
    """Mark of what was said, so that the same key with other content is noticed.

    It outlives words that were deleted, so it is made under a key outside the database: nobody tries words against it.
    """
    told = sm3(
        canonical({key: _plain(value) for key, value in said.items()}).encode("utf-8", "surrogatepass")
    )
    return secrets.derive("said", told)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, str | int | float | bool | None):
        return value
    return str(getattr(value, "digest", None) or getattr(value, "pk", None) or value)


def channel(by: Acting) -> str:
    """Keys are unique per channel and actor."""
    return by.name[:24] if by.kind in ("public", "channel") else by.kind


def earlier(by: Acting, key: str, content: str) -> IdempotencyKey | None:
    """The first answer to this key, if there was one. Other content under the same key is refused, not lost."""
    rows = IdempotencyKey.objects.filter(channel=channel(by), actor=by.actor, key=named(key))
    found = rows.select_related("matter").first()
    if found is not None and found.content_hash != content:
        raise other_content(found)
    return found


def stands(by: Acting, key: str) -> bool:
    """Whether something was sent with this key before (one statement)."""
    rows = IdempotencyKey.objects.filter(channel=channel(by), actor=by.actor, key=named(key))
    return rows.exists()


def other_content(found: IdempotencyKey) -> OtherContent:
    """The refusal of a key that stands for something else."""
    return OtherContent(
        "这张表已经送出过一次，内容和这次不一样。要另报一件，还是补充到上一件？", matter=found.matter_id
    )


def earlier_all(sent: Sequence[tuple[Acting, str]]) -> dict[int, IdempotencyKey]:
    """The first answers to many keys, by the place of the sending in the list (one statement)."""
    wanted = {(channel(by), by.actor, named(key)): place for place, (by, key) in enumerate(sent)}
    rows = IdempotencyKey.objects.filter(key__in={name for _, _, name in wanted})
    found = {(row.channel, row.actor, row.key): row for row in rows}
    return {place: found[name] for name, place in wanted.items() if name in found}


def claim_all(taken: Iterable[tuple[Acting, str, str, Entry, datetime]]) -> None:
    """Write many keys in their acts' own transaction: hand, key, content, entry, moment (one statement)."""
    rows = [
        IdempotencyKey(
            channel=channel(by),
            actor=by.actor,
            key=named(key),
            content_hash=content,
            matter_id=entry.matter_id or 0,
            entry_id=entry.pk,
            at=at,
        )
        for by, key, content, entry, at in taken
    ]
    if rows:
        IdempotencyKey.objects.bulk_create(rows)


def claim(by: Acting, key: str, content: str, matter_id: int, entry_id: int, at: datetime) -> None:
    """Write the key in the act's own transaction; the unique index decides who was first."""
    IdempotencyKey.objects.create(
        channel=channel(by),
        actor=by.actor,
        key=named(key),
        content_hash=content,
        matter_id=matter_id,
        entry_id=entry_id,
        at=at,
    )


def named(key: str) -> str:
    """Keys are stored as digests: whoever reads the table cannot send in somebody's name."""
    return sm3(key.encode())


def digest_for(matter_id: int) -> str:
    """The stored digest of the key a matter was opened with; empty where it had none."""
    rows = IdempotencyKey.objects.filter(matter=matter_id).order_by("entry_id")
    return rows.values_list("key", flat=True).first() or ""


def next_number(day: date) -> str:
    """The next short number of a day, ``261120-0009``; blocks are reserved outside the transaction."""
    name = (os.getpid(), connection.settings_dict["NAME"], day)  # a forked process reserves its own
    with _lock:
        block = _blocks.setdefault(name, [])
        if not block:
            first = _reserve(day)
            block.extend(range(first, first + BLOCK))
        return f"{day:%y%m%d}-{block.pop(0):04d}"


def next_numbers(day: date, count: int) -> list[str]:
    """As many numbers of a day in one block of their own (one statement, outside the transaction)."""
    first = _reserve(day, count)
    return [f"{day:%y%m%d}-{number:04d}" for number in range(first, first + count)]


def forget_blocks() -> None:
    """Drop numbers reserved and not used (a test has emptied the database)."""
    with _lock:
        _blocks.clear()


def _reserve(day: date, count: int = BLOCK) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_numberblock (day, next) VALUES (%s, %s) "
            "ON CONFLICT (day) DO UPDATE SET next = kernel_numberblock.next + %s RETURNING next",
            [day.isoformat() if connection.vendor == "sqlite" else day, count + 1, count],
        )
        return int(cursor.fetchone()[0]) - count

"""Hash chains: what is hashed, in which order, and how the next entry hangs on the last (SM3, GB/T 32905)."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from gongzhi.kernel.ledger.models import Entry, Words

SALT_BYTES = 32


def sm3(data: bytes) -> str:
    """SM3 digest as 64 hexadecimal digits."""
    return hashlib.new("sm3", data).hexdigest()


def canonical(value: Any) -> str:
    """Canonical JSON text: sorted keys, no spaces, Chinese as is. Hashed as stored."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def stamp(moment: datetime | None) -> str:
    """A moment as it is hashed: UTC with six decimals of a second; empty when there is none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if moment else ""


def chain_name(matter_id: int | None, register: str) -> str:
    """``m:<matter id>`` or ``r:<register>``."""
    return f"m:{matter_id}" if matter_id is not None else f"r:{register}"


def hashed_text(fields: Iterable[str]) -> bytes:
    """The bytes that are hashed: the fields, one a line (canonical JSON and codes hold no raw line break)."""
    return "\n".join(fields).encode()


def entry_fields(entry: Entry) -> list[str]:
    """The fields of an entry in the order in which they are hashed; the previous hash is the last of them."""
    return [
        chain_name(entry.matter_id, entry.register),
        str(entry.seq),
        stamp(entry.at),
        stamp(entry.happened),
        entry.actor,
        entry.acting_as,
        entry.role,
        entry.for_whom,
        entry.verb,
        entry.path,
        entry.before,
        entry.after,
        entry.facts,
        entry.words_seal,
        str(entry.cause_id or ""),
        entry.prev,
    ]


def close(entry: Entry) -> Entry:
    """Give a finished entry its hash."""
    entry.hash = sm3(hashed_text(entry_fields(entry)))
    return entry


def words_for(entry: Entry, said: dict[str, str]) -> Words | None:
    """What a person wrote, salted; its seal goes into the entry. None when nothing was written."""
    if not said:
        return None
    salt, text = secrets.token_bytes(SALT_BYTES), canonical(said)
    entry.words_seal = sm3(salt + text.encode())
    return Words(entry_id=entry.id, salt=salt, text=text)

"""63-bit, time-ordered identifiers made by the application.

Layout, most significant first: 41 bits milliseconds since 2020-01-01 UTC, 10 bits worker, 12 bits sequence.
PostgreSQL can partition by range of the id itself; every foreign key stays one column.
"""

import os
import threading
import time
from datetime import UTC, datetime
from typing import Any

from django.db import models

EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
WORKER_BITS = 10
SEQUENCE_BITS = 12
SEQUENCE_MAX = (1 << SEQUENCE_BITS) - 1

LONGEST = 19  # digits of the largest id
LARGEST = (1 << 63) - 1

_lock = threading.Lock()
_last_ms = 0
_sequence = 0


def _worker() -> int:
    """This process's number, 0..1023: the setting GONGZHI_WORKER, else the process id."""
    return int(os.environ.get("GONGZHI_WORKER", os.getpid())) & ((1 << WORKER_BITS) - 1)


def new_id() -> int:
    """A new identifier: grows with time, unique in this process and, by worker number, across processes."""
    global _last_ms, _sequence
    with _lock:
        now = max(int(time.time() * 1000) - EPOCH_MS, _last_ms)
        if now == _last_ms:
            _sequence += 1
            if _sequence > SEQUENCE_MAX:
                now, _sequence = now + 1, 0
        else:
            _sequence = 0
        _last_ms = now
        return (now << (WORKER_BITS + SEQUENCE_BITS)) | (_worker() << SEQUENCE_BITS) | _sequence


def moment_of(identifier: int) -> datetime:
    """The moment (UTC, millisecond) at which an identifier was made."""
    ms = (identifier >> (WORKER_BITS + SEQUENCE_BITS)) + EPOCH_MS
    return datetime.fromtimestamp(ms / 1000, tz=UTC)


def first_id(moment: datetime) -> int:
    """The lowest identifier that can have been made at or after a moment: bounds a search by time."""
    ms = int(moment.timestamp() * 1000) - EPOCH_MS
    return max(ms, 0) << (WORKER_BITS + SEQUENCE_BITS)


class IdField(models.BigIntegerField):
    """Primary key filled by :func:`new_id`; on SQLite the row id itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", new_id)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        """``integer`` on SQLite makes the key an alias of the row id; elsewhere bigint."""
        if connection.vendor == "sqlite":
            return "integer"
        return str(super().db_type(connection))

    def rel_db_type(self, connection: Any) -> str:
        """Type of a column that points here."""
        return "integer" if connection.vendor == "sqlite" else "bigint"


def whole(said: str) -> int | None:
    """The number said in plain digits, as far as a row's id goes; None for anything else (``²`` is a digit, too)."""
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST else None
    return number if number is not None and number <= LARGEST else None

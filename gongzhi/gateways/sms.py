"""Text messages out. ``send`` is called from deliveries: at least once, so the key makes it once.

The setting ``SMS_GATEWAY`` names a class with the one method of :class:`Carrier`; without it the local fake below
keeps what would have been sent in ``DATA/outbox/sms.jsonl`` (mode 0600, numbers masked).
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from gongzhi.kernel import packs
from gongzhi.kernel.datafolder import private_folder
from gongzhi.kernel.packs.keeping import kept
from gongzhi.kernel.people.phones import mask_phone

LONGEST = 500  # characters: eight parts of 67, what carriers take as one message


class NotSent(Exception):
    """The carrier did not take it. The delivery is tried again with back-off, and is seen on the page of stuck ones."""


class Carrier(Protocol):
    """What a real gateway offers."""

    def send(self, to_phone: str, text: str, key: str) -> str:
        """Hand over one message and return the carrier's number for it. The same key is sent once. NotSent."""


@dataclass(frozen=True)
class Message:
    """One message as the fake keeps it: when, masked number, text, the delivery's key."""

    at: str
    to: str
    text: str
    key: str


def send(to_phone: str, text: str, key: str) -> str:
    """Send a text to a number in full; ``key`` is the delivery's own. Returns the carrier's number. NotSent."""
    if not to_phone or not text.strip():
        raise NotSent("no number or nothing to say")
    if len(text) > LONGEST:
        raise NotSent(f"{len(text)} characters, {LONGEST} at most")
    return carrier().send(to_phone, text, key)


def carrier() -> Carrier:
    """The gateway in use."""
    named = getattr(settings, "SMS_GATEWAY", "")
    chosen: Any = import_string(named)() if named else Fake()
    return chosen


class Fake:
    """Keeps what would have been sent, one JSON object a line, each synced to the disk before it counts as sent."""

    def send(self, to_phone: str, text: str, key: str) -> str:
        """Append the message unless its key is there already; its line number."""
        with _outbox() as file:
            before = [json.loads(line) for line in file]
            known = next((at for at, message in enumerate(before, 1) if message["key"] == key), None)
            if known is not None:
                return str(known)
            at = datetime.now(UTC).isoformat(timespec="seconds")
            message = Message(at, mask_phone(to_phone), text, key)
            file.write(json.dumps(message.__dict__, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
            return str(len(before) + 1)


def sent(limit: int = 50) -> list[Message]:
    """The last messages of the fake, newest first (for the page that shows the outbox, and for tests)."""
    try:
        lines = outbox_path().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Message(**json.loads(line)) for line in reversed(lines[-limit:])]


def sweep(at: datetime) -> int:
    """Remove what the fake kept as long ago as the common pack says; how many messages went."""
    before = kept(packs.load("cn"), "messages").before(at)
    with _outbox() as file:
        lines = list(file)
        staying = [line for line in lines if datetime.fromisoformat(json.loads(line)["at"]) > before]
        if len(staying) < len(lines):
            os.ftruncate(file.fileno(), 0)
            file.writelines(staying)  # the file is opened for appending: written from its new beginning
    return len(lines) - len(staying)


def outbox_path() -> Path:
    """``DATA/outbox/sms.jsonl``."""
    return private_folder("outbox") / "sms.jsonl"


@contextmanager
def _outbox() -> Iterator[IO[str]]:
    """The file for reading and appending, held by one process at a time."""
    handle = os.open(outbox_path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file

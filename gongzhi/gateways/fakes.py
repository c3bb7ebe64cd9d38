"""The local fakes: what would have been sent, one JSON object a line in ``DATA/outbox/<channel>.jsonl``, masked.

Only a demonstration has them (and the tests). Mode 0600; a message counts as sent once it is on the disk.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.module_loading import import_string

from gongzhi.kernel import packs
from gongzhi.kernel.datafolder import private_folder
from gongzhi.kernel.packs import keeping
from gongzhi.kernel.telling.channels import CHANNELS, FAKE, OFF, ON, Letter, NotSent


@dataclass(frozen=True)
class Message:
    """One message as a fake keeps it: when, masked address, text, the sending's key, and a subject if it has one."""

    at: str
    to: str
    text: str
    key: str
    subject: str = ""


def state(setting: str) -> str:
    """``on`` where the setting names a gateway, ``fake`` in a demonstration, else ``off``."""
    if getattr(settings, setting, ""):
        return ON
    return FAKE if settings.GATEWAY_FAKES else OFF


def carry(
    channel: str, label: str, setting: str, mask: Callable[[str], str], letter: Letter, key: str
) -> str:
    """Hand a letter to the gateway the setting names, else to the fake. Returns its number. NotSent where it is off."""
    if named := getattr(settings, setting, ""):
        return str(import_string(named)().send(letter.to, letter.text, key))
    if not settings.GATEWAY_FAKES:
        raise NotSent(f"{label}没有接通")
    return keep(channel, Message(_now(), mask(letter.to), letter.text, key, letter.subject))


def keep(channel: str, message: Message) -> str:
    """Append a message unless its key is there already; its line number."""
    with _outbox(channel) as file:
        before = [json.loads(line) for line in file]
        known = next((at for at, one in enumerate(before, 1) if one["key"] == message.key), None)
        if known is not None:
            return str(known)
        file.write(json.dumps(message.__dict__, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
        return str(len(before) + 1)


def kept(channel: str, limit: int = 50) -> list[Message]:
    """The last messages of a fake, newest first."""
    try:
        lines = path_of(channel).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Message(**json.loads(line)) for line in reversed(lines[-limit:])]


def sweep(at: datetime) -> int:
    """Remove what the fakes kept as long ago as the common pack says; how many messages went."""
    before = keeping.kept(packs.load("cn"), "messages").before(at)
    return sum(_sweep(name, before) for name in CHANNELS)


def _sweep(channel: str, before: datetime) -> int:
    with _outbox(channel) as file:
        lines = list(file)
        staying = [line for line in lines if datetime.fromisoformat(json.loads(line)["at"]) > before]
        if len(staying) < len(lines):
            os.ftruncate(file.fileno(), 0)
            file.writelines(staying)  # the file is opened for appending: written from its new beginning
    return len(lines) - len(staying)


def path_of(channel: str) -> Path:
    """``DATA/outbox/sms.jsonl``."""
    return private_folder("outbox") / f"{channel}.jsonl"


@contextmanager
def _outbox(channel: str) -> Iterator[IO[str]]:
    """The file for reading and appending, held by one process at a time."""
    handle = os.open(path_of(channel), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

"""The journal of deletions: what was removed, kept apart from the database, so that a restored backup forgets it again.

One line of JSON per deletion in ``DATA/deletions.jsonl`` (or where the setting ``DELETIONS`` says): ids and digests,
never content; each line holds the hash of the one before (SM3). It is on the disk before the rows go: a crash between
the two leaves a line too many, which asks again for what somebody had asked for, and never a deletion too few.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from gongzhi.kernel.datafolder import data_folder, fsync_folder
from gongzhi.kernel.ledger.chain import canonical, sm3, stamp

WORDS, FILES, CONTACT = "words", "files", "contact"
TAIL = 1 << 16  # bytes read from the end to find the last line


class JournalBroken(Exception):
    """The journal was changed, cut or is not one; the message is a sentence."""


@dataclass(frozen=True)
class Deletion:
    """What was removed of one matter: ids of entries (words), digests (files) or ids of receipts (contact)."""

    what: str
    matter: int
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A deletion as it stands in the journal: its number from 1, its moment (UTC, as hashed), its hash."""

    number: int
    at: str
    deletion: Deletion
    hash: str


def journal() -> Path:
    """Where the journal lies."""
    return Path(getattr(settings, "DELETIONS", "") or data_folder() / "deletions.jsonl")


def append(deletions: Iterable[Deletion], at: datetime) -> None:
    """Add deletions to the journal, on the disk before this returns. Call it before the rows are removed."""
    wanted = [one for one in deletions if one.ids]
    if not wanted:
        return
    with _locked() as handle:
        number, previous, end = _last(handle)
        text = ""
        for one in wanted:
            number += 1
            line, previous = _line(number, stamp(at), one, previous)
            text += line
        os.ftruncate(handle, end)  # what a crash has left half-written was never acknowledged
        os.pwrite(handle, text.encode(), end)
        os.fsync(handle)


def read(path: Path) -> list[Line]:
    """Every line of a journal, checked. Raises :class:`JournalBroken`; a file that is not there is empty."""
    if not path.exists():
        return []
    lines, previous = [], ""
    for count, text in enumerate(path.read_bytes().splitlines(keepends=True), start=1):
        if not text.endswith(b"\n"):
            break  # half-written at a crash
        line, expected = _parsed(text, count, previous, path)
        if line.number != count or line.hash != expected:
            raise JournalBroken(f"删除日志 {path} 第 {count} 行对不上：它被改过，或者前面少了一行。")
        lines.append(line)
        previous = line.hash
    return lines


def by_matter(lines: Sequence[Line]) -> dict[int, dict[str, set[str]]]:
    """What is to be gone, per matter and kind."""
    found: dict[int, dict[str, set[str]]] = {}
    for line in lines:
        one = line.deletion
        found.setdefault(one.matter, {}).setdefault(one.what, set()).update(one.ids)
    return found


def _line(number: int, at: str, one: Deletion, previous: str) -> tuple[str, str]:
    """A line as it is written, and its hash."""
    told = {"n": number, "at": at, "what": one.what, "matter": str(one.matter), "ids": list(one.ids)}
    own = sm3(f"{previous}\n{canonical(told)}".encode())
    return canonical({**told, "hash": own}) + "\n", own


def _parsed(text: bytes, count: int, previous: str, path: Path) -> tuple[Line, str]:
    """A line as it says, and the hash it should have."""
    try:
        said = json.loads(text)
        deletion = Deletion(said["what"], int(said["matter"]), tuple(said["ids"]))
        line = Line(said["n"], said["at"], deletion, said["hash"])
    except (ValueError, KeyError, TypeError) as fault:
        raise JournalBroken(f"删除日志 {path} 第 {count} 行读不懂。") from fault
    return line, _line(line.number, line.at, deletion, previous)[1]


@contextmanager
def _locked() -> Iterator[int]:
    path = journal()
    fresh = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if fresh:
            fsync_folder(path.parent)
        yield handle
    finally:
        os.close(handle)


def _last(handle: int) -> tuple[int, str, int]:
    """Number and hash of the last whole line, and where it ends."""
    size, span = os.fstat(handle).st_size, TAIL
    while True:
        start = max(0, size - span)
        tail = os.pread(handle, size - start, start)
        end = tail.rfind(b"\n")
        begin = tail.rfind(b"\n", 0, max(end, 0))
        if begin >= 0 or start == 0:
            break
        span *= 4
    if end < 0:
        return 0, "", 0
    said = json.loads(tail[begin + 1 : end])
    return said["n"], said["hash"], start + end + 1

"""A few children that re-encode photos, kept warm, replaced when they die, never waited for too long."""

import json
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

SCRIPT = Path(__file__).with_name("reencode.py")
CHILDREN = 2  # at once in this process; further photos wait their turn
PATIENCE = 20.0  # seconds on the wall for one photo
PHOTOS_PER_CHILD = 200  # then a fresh one: what a decoder leaks goes with it
WAIT_FOR_TURN = 60.0  # seconds


class ChildDied(Exception):
    """The child ended in the middle: killed from outside, or by its own limits."""


class Busy(Exception):
    """No child came free in a minute."""


@dataclass(frozen=True)
class Reencoded:
    """What came back: header as :mod:`reencode` writes it, the photo and its thumbnail (empty when not ok)."""

    header: dict[str, Any]
    full: bytes
    thumb: bytes


class Child:
    """One running ``reencode.py``: no environment, its own session, ended by the end of its input."""

    def __init__(self) -> None:
        self.done = 0
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )

    @property
    def usable(self) -> bool:
        """Alive and not yet worn."""
        return self.process.poll() is None and self.done < PHOTOS_PER_CHILD

    def ask(self, data: bytes, format_: str) -> Reencoded:
        """One photo through the child. ChildDied when it ends or takes longer than PATIENCE."""
        self.done += 1
        alarm = threading.Timer(PATIENCE, self.process.kill)
        alarm.start()
        try:
            return self._exchange(data, format_)
        except (OSError, struct.error, ValueError) as cause:
            self.end()
            raise ChildDied(str(cause)) from cause
        finally:
            alarm.cancel()

    def _exchange(self, data: bytes, format_: str) -> Reencoded:
        """Frame out, frame in; a short read means the child is gone."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise ChildDied("no pipes")
        words = json.dumps({"format": format_, "bytes": len(data)}).encode()
        stdin.write(struct.pack(">I", len(words)) + words)
        stdin.write(data)
        stdin.flush()
        header = json.loads(_exactly(stdout, struct.unpack(">I", _exactly(stdout, 4))[0]))
        full = _exactly(stdout, header.get("full", 0))
        return Reencoded(header, full, _exactly(stdout, header.get("thumb", 0)))

    def end(self) -> None:
        """Kill, close both ends and collect the child."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # unsent bytes of a dead child
                    continue
        self.process.wait()


class Pool:
    """Seats for children, filled when first needed."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.seats: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(CHILDREN):
            self.seats.put(None)

    @contextmanager
    def seat(self) -> Iterator[Child]:
        """A child for one photo; its seat is free again afterwards, with or without it. Busy."""
        try:
            child = self.seats.get(timeout=WAIT_FOR_TURN)
        except queue.Empty as cause:
            raise Busy from cause
        try:
            if child is None or not child.usable:
                if child is not None:
                    child.end()
                child = None
                child = Child()
            yield child
        finally:
            self.seats.put(child)


_pool: Pool | None = None
_making = threading.Lock()


def reencode(data: bytes, format_: str) -> Reencoded:
    """Re-encode one upload; a child killed in the middle is replaced and the photo tried once more.

    ChildDied when the second one died too (a bomb that reaches the limits), Busy, OSError when no child starts.
    """
    for last in (False, True):
        with _current_pool().seat() as child:
            try:
                return child.ask(data, format_)
            except ChildDied:
                if last:
                    raise
    raise AssertionError("unreachable")


def _current_pool() -> Pool:
    """This process's pool (a forked server process makes its own)."""
    global _pool
    with _making:
        if _pool is None or _pool.owner != os.getpid():
            _pool = Pool()
        return _pool


def _exactly(stream: IO[bytes], count: int) -> bytes:
    """``count`` bytes, or struct.error when the stream ends before."""
    data = stream.read(count)
    if len(data) != count:
        raise struct.error("short read")
    return data

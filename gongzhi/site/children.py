"""A supervised child process: forked from the loaded supervisor, started again when it dies, asked before it is made
to stop.

Forking keeps a start short: everything is imported once, and the children share its memory. The supervisor has one
thread and closes its database connections before each fork.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.context import ForkProcess
from pathlib import Path

ROLL_OVER = 20 * 1024 * 1024  # bytes of log after which the file is set aside at the next start
SETTLED = 60.0  # seconds of life after which a child's deaths are forgotten
SET_DEATH_SIGNAL, SET_NAME = 1, 15  # prctl


class Child:
    """One process of ours with its log file; ``work`` runs in it until it ends or SIGTERM comes."""

    def __init__(self, name: str, work: Callable[[], None], log: Path) -> None:
        self.name, self.work, self.log = name, work, log
        self.process: ForkProcess | None = None
        self.started = 0.0
        self.deaths = 0
        self.again_at = 0.0

    def start(self) -> None:
        """Fork the process into a group of its own, its words going to the log file."""
        from django.db import connections

        connections.close_all()
        gc.collect()
        gc.freeze()
        if self.log.exists() and self.log.stat().st_size > ROLL_OVER:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.process = multiprocessing.get_context("fork").Process(target=self._live, args=(os.getpid(),))
        self.process.start()
        self.started = time.monotonic()

    def _live(self, parent: int) -> None:
        os.setsid()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, signal.SIG_DFL)
        _call_the_system(f"gongzhi-{self.name}")
        if os.getppid() != parent:
            os._exit(1)
        handle = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(handle, stream.fileno())
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        self.work()

    def ended(self) -> bool:
        """Whether the process is gone."""
        return self.process is not None and not self.process.is_alive()

    def watch(self) -> None:
        """Start the process again when it died: at once, then after 1, 3, 7 … at most 30 seconds."""
        now = time.monotonic()
        if not self.ended():
            if now - self.started > SETTLED:
                self.deaths = 0
            return
        if not self.again_at:
            self.again_at = now + min(30, 2**self.deaths - 1)
            self.deaths += 1
            status = self.process.exitcode if self.process else "?"
            print(f"gongzhi: the {self.name} process ended ({status}) and is started again", file=sys.stderr)
        if now >= self.again_at:
            self.again_at = 0.0
            self.start()

    def ask_to_stop(self) -> None:
        """SIGTERM to the process, which stops its own children."""
        if self.process is not None and self.process.is_alive():
            self.process.terminate()

    def stopped(self, within: float) -> None:
        """Wait for the end; after ``within`` seconds the whole group is killed."""
        if self.process is None or self.process.pid is None:
            return
        self.process.join(within)
        if self.process.is_alive():
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.join()

    def last_words(self) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def _call_the_system(name: str) -> None:
    """On Linux: show a name of our own, and get SIGTERM when the parent dies, so that nothing outlives kill -9."""
    if sys.platform == "linux":
        control = ctypes.CDLL(None).prctl
        control(SET_NAME, name.encode()[:15], 0, 0, 0)
        control(SET_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)

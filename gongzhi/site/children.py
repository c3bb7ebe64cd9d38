"""A supervised child process: started again when it dies, asked to stop before it is made to."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROLL_OVER = 20 * 1024 * 1024  # bytes of log after which the file is set aside at the next start
SETTLED = 60.0  # seconds of life after which a child's deaths are forgotten


class Child:
    """One process of ours with its log file."""

    def __init__(self, name: str, words: list[str], log: Path) -> None:
        self.name, self.words, self.log = name, words, log
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.deaths = 0
        self.again_at = 0.0

    def start(self) -> None:
        """Start the process in a group of its own, its words going to the log file."""
        if self.log.exists() and self.log.stat().st_size > ROLL_OVER:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self.started = time.monotonic()

    def ended(self) -> bool:
        """Whether the process is gone."""
        return self.process is not None and self.process.poll() is not None

    def watch(self) -> None:
        """Start the process again when it died: at once, then after 1, 2, 4 … at most 30 seconds."""
        now = time.monotonic()
        if not self.ended():
            if now - self.started > SETTLED:
                self.deaths = 0
            return
        if not self.again_at:
            self.again_at = now + min(30, 2**self.deaths - 1)
            self.deaths += 1
            status = self.process.returncode if self.process else "?"
            print(f"gongzhi: the {self.name} process ended ({status}) and is started again", file=sys.stderr)
        if now >= self.again_at:
            self.again_at = 0.0
            self.start()

    def ask_to_stop(self) -> None:
        """SIGTERM to the process, which stops its own children."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stopped(self, within: float) -> None:
        """Wait for the end; after ``within`` seconds the whole group is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def _die_with_parent() -> None:
    """Ask Linux for SIGTERM when the parent dies, so that nothing stays behind after kill -9."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)

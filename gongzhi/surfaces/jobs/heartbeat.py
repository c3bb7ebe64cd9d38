"""The sign of life of the jobs loop: a small file in the data folder, written after every round."""

import json
import os
import time
from pathlib import Path

from django.conf import settings

LATE = 60.0  # seconds without a round before the jobs count as stopped


def _file() -> Path:
    return Path(settings.DATA) / "jobs.heartbeat"


def beat(rounds: dict[str, str]) -> None:
    """Note that a round has just ended, and how each job came out ("ok", or the type of its error)."""
    fresh = _file().with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({"at": time.time(), "pid": os.getpid(), "jobs": rounds}))
    fresh.replace(_file())


def state(now: float | None = None) -> str:
    """ "ok", "late" (no round for a minute), "failing" (a job ended in an error) or "never"."""
    try:
        said = json.loads(_file().read_text())
    except (OSError, ValueError):
        return "never"
    if (time.time() if now is None else now) - said["at"] > LATE:
        return "late"
    return "ok" if all(outcome == "ok" for outcome in said["jobs"].values()) else "failing"

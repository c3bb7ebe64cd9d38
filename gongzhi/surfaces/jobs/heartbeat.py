"""The sign of life of the jobs loop: a small file in the data folder, written after every round."""

import json
import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings

LATE = 60.0  # seconds without a round before the jobs count as stopped


def _file() -> Path:
    return Path(settings.DATA) / "jobs.heartbeat"


def beat(rounds: dict[str, str], last: dict[str, float] | None = None) -> None:
    """Note that a round has just ended, how each job came out ("ok", or the type of its error), when it last began."""
    fresh = _file().with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({"at": time.time(), "pid": os.getpid(), "jobs": rounds, "last": last or {}}))
    fresh.replace(_file())


def last() -> dict[str, Any]:
    """What the last round left: ``at`` (seconds), ``jobs`` and ``last`` by name; empty when there was none."""
    try:
        said: dict[str, Any] = json.loads(_file().read_text())
    except (OSError, ValueError):
        return {}
    return said


def state(now: float | None = None) -> str:
    """ "ok", "late" (no round for a minute), "failing" (a job ended in an error) or "never"."""
    said = last()
    if not said:
        return "never"
    if (time.time() if now is None else now) - said["at"] > LATE:
        return "late"
    return "ok" if all(outcome == "ok" for outcome in said["jobs"].values()) else "failing"

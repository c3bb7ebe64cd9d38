"""The jobs: what runs by the clock, round after round, beside the web server.

Each job finds its own work and does it exactly once even when two loops run at the same time; a job that fails is
logged and tried again in the next round, and never stops the others.
"""

import logging
import signal
import threading
import time
from datetime import datetime

from django.db import close_old_connections, connections
from django.utils import timezone

from gongzhi.surfaces.jobs import heartbeat
from gongzhi.surfaces.jobs.roster import JOBS, Job

log = logging.getLogger("gongzhi.jobs")
PAUSE = 2.0  # seconds between rounds
AGAIN = 60.0  # seconds after which a failed job is tried again
NIGHT = (
    5 * 3600
)  # seconds from UTC's midnight back to the hour at which daily jobs run: 03:00 in Asia/Shanghai


def once(name: str, at: datetime | None = None) -> int:
    """Run one job now; gives back how many things were done."""
    return JOBS[name].run(at or timezone.now())


def every_job_once(at: datetime | None = None) -> dict[str, str]:
    """Run all jobs now, in order; per job "ok" or the type of its error."""
    return {name: _try(job, at or timezone.now()) for name, job in JOBS.items()}


def _try(job: Job, at: datetime) -> str:
    close_old_connections()
    began = time.monotonic()
    try:
        count = job.run(at)
    except Exception as failure:  # a job must never stop the others
        log.exception("job failed", extra={"job": job.name})
        connections.close_all()
        return type(failure).__name__
    if count:
        spent = round((time.monotonic() - began) * 1000, 1)
        log.info("job done", extra={"job": job.name, "count": count, "ms": spent})
    return "ok"


def _due(job: Job, last: float | None, now: float, failed: bool = False) -> bool:
    """Jobs of an hour or more keep to the full hour, daily ones to the night; the others to their interval.

    One that failed is tried again after a minute, so that a key or a disk that is back is noticed soon.
    """
    if last is None or (failed and now - last >= AGAIN):
        return True
    if job.every < 3600:
        return now - last >= job.every
    return (now + NIGHT) // job.every > (last + NIGHT) // job.every


def forever() -> None:
    """Round after round until SIGTERM or SIGINT; the job at work is finished first."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    last: dict[str, float] = {}
    outcomes: dict[str, str] = {}
    while not stop.is_set():
        for name, job in JOBS.items():
            now = time.time()
            if not stop.is_set() and _due(job, last.get(name), now, outcomes.get(name, "ok") != "ok"):
                last[name] = now
                outcomes[name] = _try(job, timezone.now())
        heartbeat.beat(outcomes, last)
        stop.wait(PAUSE)

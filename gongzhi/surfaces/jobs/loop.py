"""The jobs: what runs by the clock, round after round, beside the web server.

Each job finds its own work and does it exactly once even when two loops run at the same time; a job that fails is
logged and tried again in the next round, and never stops the others.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.db import close_old_connections, connections
from django.utils import timezone

from gongzhi.surfaces.jobs import heartbeat

log = logging.getLogger("gongzhi.jobs")
PAUSE = 2.0  # seconds between rounds


@dataclass(frozen=True)
class Job:
    """A job: where its function stands, how often it runs (seconds), and what it does in words."""

    name: str
    module: str
    function: str
    every: float
    does: str
    tells_time: bool = True

    def run(self, at: datetime) -> int:
        """Do what is due at ``at``; gives back how many things were done."""
        work: Callable[..., int | None] = getattr(import_module(self.module), self.function)
        return (work(at=at) if self.tells_time else work()) or 0


JOBS = {
    job.name: job
    for job in [
        Job("tick", "gongzhi.kernel.process.tick", "tick", 5, "act on every wait that is due"),
        Job(
            "deliver",
            "gongzhi.kernel.process.deliver",
            "deliver",
            2,
            "hand entries to those who follow them",
        ),
        Job(
            "fold", "gongzhi.kernel.indicators.fold", "fold", 10, "fold counted changes into roll-ups", False
        ),
        Job("rehome", "gongzhi.kernel.process.rehome", "rehome", 3600, "move what stands where nobody sits"),
        Job("orphans", "gongzhi.kernel.process.rehome", "list_orphans", 3600, "list desks where nobody sits"),
        Job("seal", "gongzhi.kernel.ledger.seal", "seal", 3600, "seal the heads of all chains"),
        Job(
            "retention",
            "gongzhi.domains.incidents.retention",
            "delete_due",
            3600,
            "delete what is kept long enough",
        ),
        Job("drafts", "gongzhi.surfaces.portal.drafts", "sweep", 3600, "remove drafts nobody sent", False),
    ]
}


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


def _due(job: Job, last: float | None, now: float) -> bool:
    """Jobs of an hour or more keep to the full hour; the others to their interval."""
    if last is None:
        return True
    return now // job.every > last // job.every if job.every >= 3600 else now - last >= job.every


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
            if not stop.is_set() and _due(job, last.get(name), now):
                last[name] = now
                outcomes[name] = _try(job, timezone.now())
        heartbeat.beat(outcomes)
        stop.wait(PAUSE)

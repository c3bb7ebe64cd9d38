"""Which jobs there are: each finds its own work and does it exactly once, however many loops run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

DAY = 86400


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
            "gongzhi.kernel.telling.post",
            "deliver",
            2,
            "hand entries to those who follow them, and messages to their gateways",
        ),
        Job("digest", "gongzhi.kernel.telling.digest", "plan", 60, "one message a day to who wants one"),
        Job(
            "daily-sheet",
            "gongzhi.domains.incidents.queries.records_daily",
            "plan",
            60,
            "tell heads of a street that the daily sheet stands ready",
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
        Job(
            "calls",
            "gongzhi.domains.incidents.calls",
            "sweep",
            300,
            "end calls nobody hung up, let numbers go",
        ),
        Job("mail_in", "gongzhi.gateways.mail_in", "run", 60, "take in mail, answer what became a report"),
        Job(
            "enquiries",
            "gongzhi.domains.fairs.retention",
            "delete_due",
            3600,
            "delete old questions and answers",
        ),
        Job(
            "voices",
            "gongzhi.domains.responsibilities.retention",
            "delete_due",
            DAY,
            "delete what was written in reviews long ago",
        ),
        Job("codes", "gongzhi.kernel.process.phone_codes", "sweep", 3600, "remove phone codes that are over"),
        Job(
            "outbox", "gongzhi.gateways.fakes", "sweep", DAY, "remove what the fakes would have sent long ago"
        ),
        Job("told", "gongzhi.kernel.telling.inbox", "sweep", 3600, "remove what was told long ago"),
        Job("drafts", "gongzhi.surfaces.portal.drafts", "sweep", 3600, "remove drafts nobody sent", False),
        Job("learn", "gongzhi.domains.incidents.learn", "asked", 30, "learn suggestions anew where asked"),
        Job("learn-nightly", "gongzhi.domains.incidents.learn", "nightly", DAY, "learn suggestions anew"),
        Job("outer", "gongzhi.surfaces.jobs.outer_work", "start", 2, "take sheets of other systems in"),
        Job("sweep", "gongzhi.surfaces.jobs.sweep", "sweep", DAY, "remove files no matter names"),
    ]
}

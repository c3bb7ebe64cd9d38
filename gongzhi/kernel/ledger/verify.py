"""``gongzhi ledger verify``: whether the ledger is as it was written, and if not, what was changed, removed, inserted.

Every entry's hash and link, every head, every seal, every word and file is looked at. What was done before the last
seal, even behind the triggers and with correct hashes, is named; of what came after, the chain alone is witness.
"""

import time
from datetime import datetime
from pathlib import Path

from gongzhi.kernel.ledger import verify_chains, verify_seals, verify_words
from gongzhi.kernel.ledger.findings import Fault, Report

__all__ = ["Fault", "Report", "verify"]


def verify(against: str | Path | None = None, *, at: datetime | None = None, contents: bool = True) -> Report:
    """Check the whole ledger; ``against`` is the JSON of a seal kept elsewhere, ``at`` the present moment.

    Without ``contents`` attachments are only looked for. Reads only; memory grows with the number of sealed heads.
    """
    began, report = time.monotonic(), Report()
    sealed = verify_seals.load(report, at)
    verify_chains.check(sealed, report)
    verify_seals.name_missing(sealed, report)
    verify_seals.name_suspects(sealed, report)
    verify_words.check(report, contents=contents)
    if against:
        verify_seals.against(against, report)
    report.seconds = time.monotonic() - began
    return report

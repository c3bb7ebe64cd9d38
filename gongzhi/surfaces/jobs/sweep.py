"""Once a day: what nobody needs any more leaves the disk and the search index."""

from datetime import datetime, timedelta

from gongzhi.kernel.ledger import files
from gongzhi.kernel.ledger.models import Attachment, Paper
from gongzhi.kernel.process import search

LEFT_ALONE = timedelta(days=2)  # a draft keeps a photo for a day before its report stands


def sweep(at: datetime) -> int:
    """Remove files no attachment names, and every trace of removed words from the search index; how many files went."""
    gone = files.sweep_orphans(_standing, at - LEFT_ALONE)
    search.settle()
    return len(gone)


def _standing(digests: list[str]) -> set[str]:
    """Which of these digests an attachment or a paper still names (two statements)."""
    found = set[str]()
    for table in (Attachment, Paper):
        found |= set(
            table.objects.filter(digest__in=digests, removed_at=None).values_list("digest", flat=True)
        )
    return found

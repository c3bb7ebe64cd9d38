"""Pictures and voice notes, through the gate like everything else."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gongzhi.domains.incidents.queries.desk_secrets import kept_from_units
from gongzhi.kernel.ledger import files
from gongzhi.kernel.models import Attachment
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate

EVIDENCE = "appeal"  # between the unit and the level above


PICTURED = ("photo", "video")  # what has a thumbnail


@dataclass(frozen=True)
class Opened:
    """A file that may be shown: where it lies and what it is."""

    path: Path
    media_type: str


def attachment(pk: int, *, by: Acting, at: datetime, small: bool = False) -> Opened | None:
    """A picture or voice note of a matter the actor may read in full; None answers as if it did not exist.

    The holder of a matter whose reporter asked for secrecy does not get the reporter's pictures (powers §3).
    """
    row = Attachment.objects.filter(pk=pk, removed_at=None).select_related("entry").first()
    found = gate.one(row.matter_id, by=by, at=at) if row is not None else None
    if row is None or found is None or found[1] not in ("full", "own"):
        return None
    if row.entry.verb == EVIDENCE and found[1] != "full":
        return None
    work, _ = found
    if row.entry.verb in ("report", "add", "again") and keeps_words_from(work.matter.pk, by, work.holder_id):
        return None
    path = files.open_file(row.digest, size="thumb" if small and row.kind in PICTURED else "full")
    return Opened(Path(path), "image/jpeg" if small and row.kind in PICTURED else row.media_type)


def keeps_words_from(matter_id: int, by: Acting, holder_id: int | None) -> bool:
    """Whether the reporter asked that the unit which does the work does not see words, pictures and number."""
    own = by.mandate.organisation if by.mandate else None
    if own is None or own.pk != holder_id or own.kind in ("committee", "street_office", "district_centre"):
        return False
    return matter_id in kept_from_units([matter_id])

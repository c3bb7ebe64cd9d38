"""The session's own row during an action: read once, written once."""

from gongzhi.domains.fairs.models import Fair
from gongzhi.kernel.process.deed import Deed


def fair_of(deed: Deed) -> Fair:
    """The session of the matter under lock (one statement the first time)."""
    kept: Fair | None = getattr(deed.work, "fair", None)
    if kept is None:
        kept = Fair(matter_id=deed.matter.pk) if deed.work.new else Fair.objects.get(pk=deed.matter.pk)
        deed.work.fair = kept  # type: ignore[attr-defined]
    return kept


def keep(deed: Deed, row: Fair) -> None:
    """Save the row with the kernel's."""
    deed.after_rows(lambda: row.save(force_insert=row._state.adding))

"""The notice's own row during an action: read once, written once."""

from gongzhi.domains.outreach.models import Notice
from gongzhi.kernel.process.deed import Deed


def notice_of(deed: Deed) -> Notice:
    """The notice of the matter under lock (one statement the first time)."""
    kept: Notice | None = getattr(deed.work, "notice", None)
    if kept is None:
        kept = Notice(matter_id=deed.matter.pk) if deed.work.new else Notice.objects.get(pk=deed.matter.pk)
        deed.work.notice = kept  # type: ignore[attr-defined]
    return kept


def keep(deed: Deed, row: Notice) -> None:
    """Save the row with the kernel's."""
    deed.after_rows(lambda: row.save(force_insert=row._state.adding))

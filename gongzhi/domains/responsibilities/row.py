"""The responsibility's own row during an action: read once, written once."""

from gongzhi.domains.responsibilities.models import Responsibility
from gongzhi.kernel.process.deed import Deed


def row_of(deed: Deed) -> Responsibility:
    """The row of the matter under lock (one statement the first time)."""
    kept: Responsibility | None = getattr(deed.work, "responsibility", None)
    if kept is None:
        new = deed.work.new
        kept = (
            Responsibility(matter_id=deed.matter.pk) if new else Responsibility.objects.get(pk=deed.matter.pk)
        )
        deed.work.responsibility = kept  # type: ignore[attr-defined]
    return kept


def keep(deed: Deed, **changed: object) -> None:
    """Change the row; it is saved with the kernel's."""
    row = row_of(deed)
    for name, value in changed.items():
        setattr(row, name, value)
    deed.after_rows(lambda: row.save(force_insert=row._state.adding))

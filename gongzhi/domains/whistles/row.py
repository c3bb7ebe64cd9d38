"""The rows of a whistle and of a part during an action: read once, written once."""

from gongzhi.domains.whistles.models import Whistle, WhistlePart
from gongzhi.kernel.process.deed import Deed

KIND, PART = "whistle", "whistle_part"
EMERGENCY = "emergency"


def whistle_of(deed: Deed) -> Whistle:
    """The whistle of the matter under lock (one statement the first time)."""
    kept: Whistle | None = getattr(deed.work, "whistle", None)
    if kept is None:
        new = deed.work.new
        kept = Whistle(matter_id=deed.matter.pk) if new else Whistle.objects.get(pk=deed.matter.pk)
        deed.work.whistle = kept  # type: ignore[attr-defined]
    return kept


def part_of(deed: Deed) -> WhistlePart:
    """The part of the matter under lock (one statement the first time)."""
    kept: WhistlePart | None = getattr(deed.work, "whistle_part", None)
    if kept is None:
        new = deed.work.new
        kept = WhistlePart(matter_id=deed.matter.pk) if new else WhistlePart.objects.get(pk=deed.matter.pk)
        deed.work.whistle_part = kept  # type: ignore[attr-defined]
    return kept


def keep(deed: Deed, row: Whistle | WhistlePart) -> None:
    """Save the row with the kernel's."""
    deed.after_rows(lambda: row.save(force_insert=row._state.adding))


def own_house(deed: Deed) -> int | None:
    """The organisation of the mandate acted as."""
    return deed.by.mandate.organisation_id if deed.by.mandate else None

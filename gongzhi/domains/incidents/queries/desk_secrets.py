"""Who may read the reporter's own words, and who the single rating (powers, section 3)."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Receipt
from gongzhi.kernel.process.standing import at_desk, stands_as

FROM_UNITS = ("community_only", "sealed_from_grid")
HANDLING = ("holder", "awaited", "assisting")  # stand there to do the work, not to judge it


def secret_receipts(ids: Iterable[int]) -> QuerySet[Receipt]:
    """Receipts of these matters whose reporter asked to be kept from whoever does the work."""
    return Receipt.objects.filter(matter__in=list(ids), who_may_see__in=FROM_UNITS)


def kept_from_units(ids: Iterable[int]) -> set[int]:
    """Of these matters, those whose reporter asked to be kept from whoever does the work (one statement)."""
    return set(secret_receipts(ids).values_list("matter", flat=True))


def asked_secrecy(work: Work, kept: Collection[int] | None = None) -> bool:
    """Whether the reporter asked to be kept from the neighbourhood or the unit, or the matter complains of somebody.

    ``kept`` is :func:`kept_from_units` of a whole page; without it the one matter is looked up.
    """
    matter = work.matter
    if matter.restricted or matter.private or work.living_ties("about"):
        return True
    return matter.pk in (kept_from_units([matter.pk]) if kept is None else kept)


def reads_words(work: Work, by: Acting, kept: Collection[int] | None = None) -> bool:
    """Whether this hand may read the original words and photos. Where secrecy was asked, a unit that only handles
    the matter gets the desk's summary instead."""
    return not handles_only(work, by) or not asked_secrecy(work, kept)


def handles_only(work: Work, by: Acting) -> bool:
    """Whether this hand stands here to do the work and for nothing else."""
    desks = [name for name in work.process.sees.get("full", ()) if name not in HANDLING]
    return not any(stands_as(name, work, by) for name in desks)


def sees_rating(work: Work, by: Acting) -> bool:
    """Whether this hand decides on rework: the single rating goes there, never to the unit that did the work."""
    holder = work.tie("holder")
    if holder is not None and holder.organisation_id in by.organisations:
        return False
    judges = [wait for wait in work.waits if wait.what == "judge_rating"]
    return stands_as("sender", work, by) or any(at_desk(wait, by, work.matter.pack) for wait in judges)


def rings_back(work: Work, by: Acting) -> bool:
    """Whether this hand may ring to ask if it was done well: never the unit that did it, never the grid."""
    if by.mandate is None or (by.mandate.area is not None and by.mandate.area.level == "grid"):
        return False
    return work.holder_id is None or work.holder_id not in by.organisations

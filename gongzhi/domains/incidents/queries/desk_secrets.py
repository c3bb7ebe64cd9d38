"""Who may read the reporter's own words, and who the single rating (powers, section 3). Pure over loaded rows."""

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.standing import at_desk, stands_as

HANDLING = ("holder", "awaited", "assisting")  # stand there to do the work, not to judge it


def asked_secrecy(work: Work) -> bool:
    """Whether the reporter asked to be kept from the neighbourhood, or the matter complains of an organisation."""
    return work.matter.restricted or work.matter.private or bool(work.living_ties("about"))


def reads_words(work: Work, by: Acting) -> bool:
    """Whether this hand may read the original words and photos. Where secrecy was asked, a unit that only handles
    the matter gets the desk's summary instead."""
    if not asked_secrecy(work):
        return True
    desks = [name for name in work.process.sees.get("full", ()) if name not in HANDLING]
    return any(stands_as(name, work, by) for name in desks)


def sees_rating(work: Work, by: Acting) -> bool:
    """Whether this hand decides on rework: the single rating goes there, never to the unit that did the work."""
    holder = work.tie("holder")
    if holder is not None and holder.organisation_id in by.organisations:
        return False
    judges = [wait for wait in work.waits if wait.what == "judge_rating"]
    return stands_as("sender", work, by) or any(at_desk(wait, by, work.matter.pack) for wait in judges)

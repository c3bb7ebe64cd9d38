"""What the actions on a session and on an enquiry change, in the same transaction."""

from gongzhi.domains.fairs.queries.asked import totals
from gongzhi.domains.fairs.row import fair_of, keep
from gongzhi.kernel.process import erase
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import body


@body("fair", "announce")
def announced(deed: Deed) -> None:
    """Day, hours and where the words stand."""
    row, said = fair_of(deed), deed.said
    row.day, row.hours, row.said = said["day"], said["hours"], deed.entry.pk
    deed.matter.title = said["title"]
    deed.matter.place = said["spot"]
    keep(deed, row)


@body("fair", "end")
def ended(deed: Deed) -> None:
    """How many were answered and registered stands from now on."""
    row = fair_of(deed)
    found = totals(row)
    row.answered, row.registered = found.answered, found.registered
    deed.facts |= {"answered": found.answered, "registered": found.registered}
    keep(deed, row)


@body("fair", "publish")
def published(deed: Deed) -> None:
    """Where the words of the results stand."""
    row = fair_of(deed)
    row.results = deed.entry.pk
    keep(deed, row)


@body("enquiry", "remove_words")
def remove_words(deed: Deed) -> None:
    """Question and answer go; the chain stays whole."""
    erase.words(deed)

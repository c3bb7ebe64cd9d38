"""What the actions on a responsibility change in its own row, in the same transaction."""

from datetime import datetime, time, timedelta

from django.utils.timezone import make_aware

from gongzhi.domains.responsibilities.row import keep, row_of
from gongzhi.kernel.process import erase
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import body

RESPONSIBILITY = "responsibility"


@body(RESPONSIBILITY, "raise_need")
def raise_need(deed: Deed) -> None:
    """Its kind, where its words stand, and what it was drawn from."""
    said = deed.said
    count = str(said.get("drawn_count", ""))
    keep(
        deed,
        kind=said["need_kind"],
        said=deed.entry.pk,
        drawn_leaf=said.get("drawn_leaf", ""),
        drawn_count=int(count) if count.isdecimal() else 0,
    )


@body(RESPONSIBILITY, "open_review")
def open_review(deed: Deed) -> None:
    """Residents are asked to the end of the last day; the community stands behind it."""
    _sent(deed)
    last = deed.said["until_day"]
    keep(deed, until_on=last)
    deed.said["until_day"] = make_aware(datetime.combine(last + timedelta(days=1), time()))


@body(RESPONSIBILITY, "say")
def say(deed: Deed) -> None:
    """One more in the totals; nobody's name anywhere."""
    row, stance = row_of(deed), deed.said["stance"]
    keep(deed, **{stance: getattr(row, stance) + 1})


@body(RESPONSIBILITY, "assign")
def assign(deed: Deed) -> None:
    """Who is asked to promise."""
    _sent(deed)
    deed.set_tie("holder", deed.said["to"].pk)


@body(RESPONSIBILITY, "not_ours")
def not_ours(deed: Deed) -> None:
    """Nobody's again."""
    deed.end_ties("holder")


@body(RESPONSIBILITY, "promise")
def promise(deed: Deed) -> None:
    """The promise and its day."""
    keep(deed, promise=deed.entry.pk, done_by=deed.said["done_by"])


@body(RESPONSIBILITY, "not_done")
def not_done(deed: Deed) -> None:
    """A new day for the same promise."""
    keep(deed, done_by=deed.said["done_by"])


@body(RESPONSIBILITY, "report_done")
def report_done(deed: Deed) -> None:
    """Where the result stands."""
    keep(deed, result=deed.entry.pk)


@body(RESPONSIBILITY, "set_aside")
def set_aside(deed: Deed) -> None:
    """Where the reason stands."""
    keep(deed, ended=deed.entry.pk)


@body(RESPONSIBILITY, "forget_voices")
def forget_voices(deed: Deed) -> None:
    """What residents wrote in the review goes; the totals stay."""
    erase.only_words(deed, ("say",))


def _sent(deed: Deed) -> None:
    """The acting organisation answers for the list."""
    deed.set_tie("sender", deed.by.mandate.organisation_id if deed.by.mandate else None)

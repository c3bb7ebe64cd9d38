"""Whether the clerk has the reporter of a matter on the line. Each answers yes, or no with a sentence."""

from gongzhi.domains.incidents.queries import calls
from gongzhi.domains.incidents.queries.desk_secrets import FROM_UNITS
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.models import Receipt
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict


@guard("on_the_line")
def on_the_line(deed: Deed) -> Verdict:
    """A call of this clerk lasts, and its number is one the reporter left, not kept from the desk (two statements)."""
    call = calls.on_the_line(by=deed.by, at=deed.at)
    number = calls.number_of(call) if call is not None else ""
    rows = calls.own_receipts(number).filter(matter=deed.matter.pk) if number else Receipt.objects.none()
    if number and not deed.matter.restricted and rows.exclude(who_may_see__in=FROM_UNITS).exists():
        return YES
    return Denied(
        "这个号码没有在通话，或者这件事不是来电人报的。", "《权责与防护》第2节：来电人的事只在通话时看"
    )


@guard("caller_once_a_term")
def caller_once_a_term(deed: Deed) -> Verdict:
    """By telephone or by hand, the reporter urges once a term."""
    since = min((wait.since for wait in deed.work.open_waits()), default=deed.at)
    urged = Entry.objects.filter(matter=deed.matter.pk, verb__in=("caller_urge", "urge"), at__gte=since)
    urged = urged.exclude(verb="urge", actor__startswith="person:")
    return Denied("这一段时间里已经催过一次，对方收到了。") if urged.exists() else YES

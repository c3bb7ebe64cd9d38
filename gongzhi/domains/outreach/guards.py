"""Whether a notice may be written or go out as it stands. Each answers yes, or no with a sentence."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils.timezone import localtime

from gongzhi.domains.outreach.desks import needs_second
from gongzhi.domains.outreach.row import notice_of
from gongzhi.kernel import packs
from gongzhi.kernel.clock.terms import Term
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.people.personal import identity_numbers, mobile_numbers
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict
from gongzhi.kernel.territory.models import Area

RULE = "个人信息保护法第二十五条：不得公开个人信息，取得单独同意的除外"
IDENTITY = "里面有身份证号，不能贴出去，请删掉。"


def mobile(number: str) -> str:
    """The sentence about a mobile number, masked."""
    return f"{number[:3]}****{number[-4:]} 不是办公电话。删掉它，或者点一下“办公用的，本人知道要公开”。"


def office_lines(numbers: list[str]) -> set[str]:
    """Those of some numbers that are the office line of an area or an organisation (two statements)."""
    areas = Area.objects.filter(Q(phone__in=numbers) | Q(supervision_phone__in=numbers))
    units = Organisation.objects.filter(phone__in=numbers)
    return {*areas.values_list("phone", flat=True), *units.values_list("phone", flat=True)}


@guard("nothing_personal")
def nothing_personal(deed: Deed) -> Verdict:
    """No identity number, and no mobile number unless it is an office line."""
    text = " ".join(str(deed.said.get(name, "")) for name in ("title", "text"))
    if identity_numbers(text):
        return Denied(IDENTITY, RULE)
    numbers = mobile_numbers(text)
    numbers = mobile_numbers(text, office_lines(numbers)) if numbers else []
    if numbers and not deed.said.get("office_line"):
        return Denied(mobile(numbers[0]), RULE)
    return YES


@guard("reason_names_nobody")
def reason_names_nobody(deed: Deed) -> Verdict:
    """What residents read about a withdrawal names no number either."""
    text = str(deed.said.get("withdraw_reason", ""))
    if identity_numbers(text) or mobile_numbers(text):
        return Denied("原因居民会看到，里面不写号码。", RULE)
    return YES


@guard("ends_after_it_begins")
def ends_after_it_begins(deed: Deed) -> Verdict:
    """The last day is not before the first, nor past."""
    until, begins = deed.said.get("until_day"), deed.said.get("from_day")
    today = localtime(deed.at).date()
    if until is not None and until < max(begins or today, today):
        return Denied("“到哪天止”要在今天或以后，也不能早于“从哪天起”。")
    return YES if until is None else _not_too_long(deed, until)


@guard("still_runs")
def still_runs(deed: Deed) -> Verdict:
    """Its last day has not passed, and is not beyond the longest a notice hangs."""
    until = deed.said.get("until_day") or notice_of(deed).until_on
    if until < localtime(deed.at).date():
        return Denied("“到哪天止”已经过了，请先改日期。")
    return _not_too_long(deed, until)


def _not_too_long(deed: Deed, until: date) -> Verdict:
    """The pack's longest time (``post_longest``), counted from today."""
    days = Term.parse(packs.load(deed.matter.pack).get("terms.term.post_longest.length")).count
    if until <= localtime(deed.at).date() + timedelta(days=days):
        return YES
    return Denied(f"“到哪天止”太远了，一张通知最多贴 {days} 天。", "方案：一张通知最长贴多久")


@guard("second_hand")
def second_hand(deed: Deed) -> Verdict:
    """Where the pack asks for a second hand, whoever wrote the words as they stand does not publish them."""
    row = notice_of(deed)
    wrote = Entry.objects.filter(pk=row.said).values_list("actor", "role").first()
    if wrote is None or wrote[0] != deed.by.actor or not needs_second(row.kind, wrote[1], deed.matter.pack):
        return YES
    return Denied("这一种要由另一位看过再发。", "方案：邻里通知的种类")

"""Whether a session may be announced or begin. Each answers yes, or no with a sentence."""

from django.utils.timezone import localtime

from gongzhi.domains.fairs.row import fair_of
from gongzhi.kernel.people.personal import identity_numbers, mobile_numbers
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict


@guard("fair_names_nobody")
def fair_names_nobody(deed: Deed) -> Verdict:
    """Where, when and why it does not take place are read by everybody."""
    text = " ".join(str(deed.said.get(name, "")) for name in ("spot", "hours", "reason"))
    if identity_numbers(text) or mobile_numbers(text):
        return Denied("居民都会看到，里面不写身份证号、手机号。")
    return YES


@guard("fair_ahead")
def fair_ahead(deed: Deed) -> Verdict:
    """Its day is today or to come."""
    day = deed.said.get("day")
    if day is None or day >= localtime(deed.at).date():
        return YES
    return Denied("“哪一天”要在今天或以后。")


@guard("fair_today")
def fair_today(deed: Deed) -> Verdict:
    """It begins on its day."""
    day = fair_of(deed).day
    if day == localtime(deed.at).date():
        return YES
    return Denied(f"定的是 {day.month} 月 {day.day} 日，当天才能开场。")

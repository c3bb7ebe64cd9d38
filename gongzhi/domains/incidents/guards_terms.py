"""Guards over the time that may be asked for: no longer at once than the pack says."""

from datetime import timedelta

from django.utils.timezone import localtime

from gongzhi.kernel import packs
from gongzhi.kernel.clock.speak import term_words
from gongzhi.kernel.clock.terms import Term
from gongzhi.kernel.process import waits
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict


def _longest(deed: Deed, name: str) -> tuple[str, str]:
    """The pack's longest term of a name: its length, and the rule in words."""
    row = packs.load(deed.matter.pack).table("terms")["term"][name]
    return str(row["length"]), f"方案：{row['label']} {term_words(Term.parse(row['length']))}"


@guard("extension_in_bounds")
def extension_in_bounds(deed: Deed) -> Verdict:
    """What is asked for at once ends no later than the longest extension would (``extend_longest``)."""
    asked = deed.said.get("extend_by")
    if asked is None:
        return YES
    longest, rule = _longest(deed, "extend_longest")
    ends, most = (waits.term_end(one, deed.at, deed.matter.pack).at for one in (asked, longest))
    if ends is None or most is None or ends > most:
        return Denied("“延长多久”超过了一次能延的。真要更久，请申请挂起或者列入长期办理。", rule)
    return YES


@guard("suspension_in_bounds")
def suspension_in_bounds(deed: Deed) -> Verdict:
    """The day it goes on lies ahead, and within the longest suspension (``suspend_longest``)."""
    day, today = deed.said.get("resume_on"), localtime(deed.at).date()
    if day is None:
        return YES
    longest, rule = _longest(deed, "suspend_longest")
    if day <= today:
        return Denied("“几号恢复”要在今天以后。", rule)
    if day > today + timedelta(days=Term.parse(longest).count):
        return Denied("“几号恢复”太远了。真要更久，请列入长期办理。", rule)
    return YES

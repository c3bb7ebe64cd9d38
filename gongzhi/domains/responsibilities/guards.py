"""Whether a need may be put before the residents, promised or published as it stands."""

from datetime import timedelta

from django.utils.timezone import localtime

from gongzhi.kernel import packs
from gongzhi.kernel.clock.speak import term_words
from gongzhi.kernel.clock.terms import Term
from gongzhi.kernel.people.personal import identity_numbers, mobile_numbers
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict

RULE = "个人信息保护法第二十五条：不得公开个人信息，取得单独同意的除外"


@guard("review_long_enough")
def review_long_enough(deed: Deed) -> Verdict:
    """Residents have at least the pack's days (``review_posting``), counted from tomorrow."""
    day = deed.said.get("until_day")
    if day is None:
        return YES
    row = packs.load(deed.matter.pack).table("terms")["term"]["review_posting"]
    shortest = Term.parse(str(row["length"]))
    if day >= localtime(deed.at).date() + timedelta(days=shortest.count):
        return YES
    return Denied(f"请居民评议至少 {shortest.count} 天。", f"方案：{row['label']} {term_words(shortest)}")


@guard("promise_ahead")
def promise_ahead(deed: Deed) -> Verdict:
    """The promised day lies ahead."""
    day = deed.said.get("done_by")
    late = day is not None and day <= localtime(deed.at).date()
    return Denied("“哪天以前”要在今天以后。") if late else YES


def _names_nobody(deed: Deed, *names: str) -> Verdict:
    text = " ".join(str(deed.said.get(name, "")) for name in names)
    if identity_numbers(text) or mobile_numbers(text):
        return Denied("居民都会看到，里面不写身份证号、手机号。", RULE)
    return YES


@guard("promise_names_nobody")
def promise_names_nobody(deed: Deed) -> Verdict:
    """A promise is read by everybody."""
    return _names_nobody(deed, "promise_words")


@guard("result_names_nobody")
def result_names_nobody(deed: Deed) -> Verdict:
    """So is a result."""
    return _names_nobody(deed, "result_text")


@guard("aside_names_nobody")
def aside_names_nobody(deed: Deed) -> Verdict:
    """And why something is not on the list."""
    return _names_nobody(deed, "aside_reason")


@guard("voice_names_nobody")
def voice_names_nobody(deed: Deed) -> Verdict:
    """Nobody needs a number to be heard."""
    verdict = _names_nobody(deed, "voice_words")
    return Denied("不用写手机号、身份证号，删掉再送出。") if isinstance(verdict, Denied) else YES

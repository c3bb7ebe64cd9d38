"""Guards of what follows a closing: who may be rung, and what may be appealed against, until when, by whom decided."""

from datetime import datetime, timedelta

from django.utils.timezone import localtime

from gongzhi.domains.incidents.models import Mark
from gongzhi.domains.incidents.row import incident_of
from gongzhi.kernel import packs
from gongzhi.kernel.clock.speak import term_words
from gongzhi.kernel.clock.terms import Term
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.models import Receipt
from gongzhi.kernel.process import waits
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict

KEPT_CLOSE = ("none", "community_only")  # nobody above the community may see the number
JUDGING = ("order_rework", "explain", "refuse_return", "arbitrate", "send_back")
NO_MARK = {
    "rework": "这件没有要求过本单位返工。",
    "return": "本单位没有退回过这件。",
    "rating": "这件没有给居民书面解释，不能就评价申诉。单位看不到单件的评价。",
    "late": "这件没有超过答应居民的时间。",
}


@guard("may_call_back")
def may_call_back(deed: Deed) -> Verdict:
    """Nobody is rung who rated, left no number or asked not to be; no private kind, no order of another system."""
    matter = deed.matter
    if matter.private or matter.source in packs.load(matter.pack).get("call_back.never", ()):
        return Denied("这一类不回访。", "方案：回访怎么抽")
    if incident_of(deed).rated_at is not None or deed.work.open_waits("call_back_result"):
        return Denied("居民已经评价过，或者已经在等回访。")
    receipt = Receipt.objects.filter(matter=matter.pk, tie__role="reporter").exclude(phone_enc=None).first()
    if receipt is None or receipt.who_may_see in KEPT_CLOSE or receipt.told_by == "none":
        return Denied("反映人没有留号码，或者不愿意接电话。")
    return YES


@guard("call_again_in_bounds")
def call_again_in_bounds(deed: Deed) -> Verdict:
    """The day agreed on lies ahead, and not too far (``call_again_longest``)."""
    day, today = deed.said.get("call_again_on"), localtime(deed.at).date()
    if day is None:
        return YES
    row = packs.load(deed.matter.pack).table("terms")["term"]["call_again_longest"]
    if today < day <= today + timedelta(days=Term.parse(row["length"]).count):
        return YES
    words = term_words(Term.parse(row["length"]))
    return Denied("“约好哪天再打”要在今天以后，不能太远。", f"方案：{row['label']} {words}")


@guard("no_open_appeal")
def no_open_appeal(deed: Deed) -> Verdict:
    """One appeal at a time."""
    return Denied("已经申诉，等上一级定。") if deed.work.open_waits("judge_appeal") else YES


@guard("mark_stands")
def mark_stands(deed: Deed) -> Verdict:
    """There is such a mark against the unit, not appealed against before, and the term has not run out."""
    about = deed.said.get("appeal_about")
    if about is None:
        return YES
    row = Mark.objects.filter(matter=deed.matter.pk, organisation=deed.work.holder_id, what=about).first()
    if row is not None and row.appeal:
        return Denied("对这一项已经申诉过一次。")
    since = late_since(deed) if about == "late" else row.at if row is not None else None
    if since is None:
        return Denied(NO_MARK[about])
    term = packs.load(deed.matter.pack).table("terms")["term"]["appeal_within"]
    end = waits.term_end(term["length"], since, deed.matter.pack).at
    if end is not None and deed.at > end:
        return Denied(
            "申诉的期限已经过了。", f"方案：{term['label']} {term_words(Term.parse(term['length']))}"
        )
    return YES


def late_since(deed: Deed) -> datetime | None:
    """When it became known that it was late: the result after the promise, or the promise missed; None: in time."""
    promised, result = deed.matter.promised_at, incident_of(deed).result_at
    if promised is None:
        return None
    done = result or (deed.matter.closed_at if deed.matter.counts != OPEN else None)
    if done is None:
        return promised if deed.at > promised else None
    return done if done > promised else None


@guard("ground_fits")
def ground_fits(deed: Deed) -> Verdict:
    """The ground is one the pack knows against such a mark."""
    about, ground = deed.said.get("appeal_about"), deed.said.get("appeal_ground")
    if about is None or ground is None:
        return YES
    row = packs.load(deed.matter.pack).table("appeals")["appeal"][ground]
    return (
        YES
        if about in row["against"]
        else Denied(f"“{row['label']}”不能用来申诉这一项。", "方案：考评申诉的理由")
    )


@guard("not_the_judge")
def not_the_judge(deed: Deed) -> Verdict:
    """Who ordered the rework, explained or refused the return does not decide on the appeal against it."""
    hands = [f"person:{pk}" for pk in deed.by.persons]
    judged = Entry.objects.filter(matter=deed.matter.pk, verb__in=JUDGING, actor__in=hands)
    return Denied("这一项是您定的，请别人来定申诉。") if judged.exists() else YES

"""Guards of desk against desk: assisting units, listed supervision, the long list, canned texts, links, papers."""

import re
from datetime import timedelta

from django.db.models import Q
from django.utils.timezone import localtime

from gongzhi.domains.incidents import routes
from gongzhi.domains.incidents.desks import level_of_actor
from gongzhi.domains.incidents.row import incident_of
from gongzhi.kernel import packs
from gongzhi.kernel.clock.speak import term_words
from gongzhi.kernel.clock.terms import Term
from gongzhi.kernel.ids import whole
from gongzhi.kernel.ledger.models import Paper
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.people.personal import identity_numbers, mobile_numbers
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.models import Link, Matter
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.standing import ABOUT
from gongzhi.kernel.process.verdict import YES, Denied, Verdict
from gongzhi.kernel.telling import colleagues

BLANK = re.compile(r"〔[^〕]*〕")
ANSWERS = ("reply_done", "done_on_spot", "explanation", "note")
NO_SUCH = "没有这个编号的事，或者不归您看。"


@guard("may_assist")
def may_assist(deed: Deed) -> Verdict:
    """Assisting units are sent to along the same order lines; none is the lead, none is complained of."""
    units = deed.said.get("assisting", [])
    lead = deed.said.get("to")
    lead_id = lead.pk if lead is not None else deed.work.holder_id
    for unit in units:
        refused = _assists_not(deed, unit, lead_id)
        if refused is not None:
            return refused
    return YES


def _assists_not(deed: Deed, unit: Organisation, lead_id: int | None) -> Denied | None:
    if unit.pk == lead_id:
        return Denied(f"{unit.name}是主办，不用再选作协办。")
    if deed.action.id == "add_assist" and unit.pk in _tied(deed, "assisting"):
        return Denied(f"{unit.name}已经在协办。")
    if unit.pk in _tied(deed, ABOUT):
        return Denied(f"{unit.name}是被反映的一方，不能协办。", "《权责与防护》第1节")
    own = deed.by.mandate.organisation if deed.by.mandate else None
    pack = packs.load(deed.matter.pack)
    verdict = routes.may_order(own.kind if own else "", level_of_actor(deed), unit.kind, pack)
    return verdict if isinstance(verdict, Denied) else None


def _tied(deed: Deed, role: str) -> set[int | None]:
    return {tie.organisation_id for tie in deed.work.living_ties(role)}


@guard("has_assisting")
def has_assisting(deed: Deed) -> Verdict:
    """Somebody assists."""
    return YES if _tied(deed, "assisting") else Denied("这件事没有协办单位。")


@guard("assists_here")
def assists_here(deed: Deed) -> Verdict:
    """Who is dropped was assisting."""
    there = _tied(deed, "assisting")
    strange = [one.name for one in deed.said.get("assist_out", []) if one.pk not in there]
    return Denied(f"{strange[0]}没有在协办。") if strange else YES


@guard("not_listed")
def not_listed(deed: Deed) -> Verdict:
    """Listed once, until it is lifted."""
    return YES if incident_of(deed).listed_entry is None else Denied("已经挂牌，摘牌以后才能再挂。")


@guard("listed")
def listed(deed: Deed) -> Verdict:
    """It is listed now."""
    return Denied("这件事没有挂牌。") if incident_of(deed).listed_entry is None else YES


@guard("supervision_answered")
def supervision_answered(deed: Deed) -> Verdict:
    """Lifted only once the holder has answered in writing."""
    waits = deed.work.open_waits("supervise_answer")
    return Denied("承办单位还没有书面答复，答复了才能摘牌。") if waits else YES


@guard("names_nobody")
def names_nobody(deed: Deed) -> Verdict:
    """What is published about a listing carries no identity or mobile number."""
    text = str(deed.said.get("listed_demand", ""))
    found = identity_numbers(text) or mobile_numbers(text)
    return Denied("挂牌要求会公开，里面不写号码。") if found else YES


@guard("look_again_in_bounds")
def look_again_in_bounds(deed: Deed) -> Verdict:
    """The day lies ahead and within the pack's longest (``look_again_longest``)."""
    day, today = deed.said.get("look_again_on"), localtime(deed.at).date()
    if day is None:
        return YES
    row = packs.load(deed.matter.pack).table("terms")["term"]["look_again_longest"]
    longest = Term.parse(str(row["length"]))
    rule = f"方案：{row['label']} {term_words(longest)}"
    if day <= today:
        return Denied("“几号再看”要在今天以后。", rule)
    if day > today + timedelta(days=longest.count):
        return Denied("“几号再看”太远了。先列到近一点的日子，到时再看。", rule)
    return YES


@guard("edited")
def edited(deed: Deed) -> Verdict:
    """A ready phrase alone is no answer to a resident, and one with a blank left is not finished."""
    blank = next((found.group() for text in deed.words.values() if (found := BLANK.search(text))), "")
    if blank:
        return Denied(f"短语里的空还没填：{blank}。填上再送出。")
    table = packs.load(deed.matter.pack).table("canned").get("canned", {})
    ready = {phrase for row in table.values() for phrase in row.get("phrases", ())}
    bare = any(deed.words.get(name, "").strip() in ready for name in ANSWERS if name in deed.words)
    return Denied("只选短语不够：再加一张照片、一段语音，或写一句。") if bare else YES


@guard("mentioned_may_read")
def mentioned_may_read(deed: Deed) -> Verdict:
    """Whoever is to be told may read the matter now: picked from the list, or named in the words by @."""
    picked, typed = deed.said.get("mention", []), colleagues.at_signs(str(deed.said.get("note", "")))
    if not picked and not typed:
        return YES
    known = colleagues.who(deed.work, by=deed.by, at=deed.at)
    strange = [one.name for one in picked if one.pk not in {row.person_id for row in known}]
    strange += [said for said in typed if colleagues.meant(said, known) is None]
    if strange:
        return Denied(f"“{strange[0][:4]}”看不到这件事，或者没有这个人，提醒不了。")
    return YES


@guard("link_found")
def link_found(deed: Deed) -> Verdict:
    """The other end stands, may be read by this hand, and is not linked already."""
    said = deed.said.get("link_number")
    if not said:
        return YES
    pk = Matter.objects.filter(number=str(said)).values_list("pk", flat=True).first()
    if pk is None or gate.one(pk, by=deed.by, at=deed.at) is None:
        return Denied(NO_SUCH)
    if pk == deed.matter.pk:
        return Denied("这就是本件。")
    pair = Q(one=pk, other=deed.matter.pk) | Q(one=deed.matter.pk, other=pk)
    if Link.objects.filter(pair, until=None).exists():
        return Denied("这两件已经关联了。")
    deed.work.link_other = pk  # type: ignore[attr-defined]
    return YES


@guard("linked_here")
def linked_here(deed: Deed) -> Verdict:
    """The link is one of this matter, and the hand may read its other end."""
    found = str(deed.said.get("linked", ""))
    if not found:
        return YES
    row = Link.objects.filter(pk=whole(found) or 0, until=None).first()
    ends = {row.one_id, row.other_id} if row is not None else set()
    if deed.matter.pk not in ends:
        return Denied(NO_SUCH)
    other = next(iter(ends - {deed.matter.pk}))
    return YES if gate.one(other, by=deed.by, at=deed.at) is not None else Denied(NO_SUCH)


@guard("paper_here")
def paper_here(deed: Deed) -> Verdict:
    """The paper is one of this matter and still there."""
    said = str(deed.said.get("paper", ""))
    if not said:
        return YES
    rows = Paper.objects.filter(pk=whole(said) or 0, matter=deed.matter, removed_at=None)
    return YES if rows.exists() else Denied("没有这份材料，或者已经撤下。")


@guard("not_this_class")
def not_this_class(deed: Deed) -> Verdict:
    """Classed anew only as something else."""
    said = deed.said.get("hard_class")
    same = bool(said) and said == incident_of(deed).hard_class
    return Denied("已经是这一类。") if same else YES

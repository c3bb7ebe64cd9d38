"""Guards: conditions that process pages name in ``needs``. Each says, in a sentence, what is missing."""

from gongzhi.domains.incidents import routes
from gongzhi.domains.incidents.desks import level_of_actor, level_of_desk
from gongzhi.domains.incidents.row import incident_of
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.standing import at_desk
from gongzhi.kernel.process.verdict import YES, Denied, Verdict

DESK_WAITS = ("accept", "file", "dispatch")
LEVEL_LABEL = {"community": "社区", "street": "街道", "district": "区指挥中心"}
SMALL = ("community", "property", "grid", "")


def _said_no(condition: bool, reason: str, rule: str = "") -> Verdict:
    return Denied(reason, rule) if condition else YES


@guard("at_my_desk")
def at_my_desk(deed: Deed) -> Verdict:
    """The matter waits for a decision at the actor's desk."""
    waits = [wait for wait in deed.work.open_waits() if wait.what in DESK_WAITS]
    if any(at_desk(wait, deed.by, deed.matter.pack) for wait in waits):
        return YES
    where = LEVEL_LABEL[level_of_desk(waits[0].desk_role)] if waits else ""
    return Denied(f"这件事现在在{where}手里。" if where else "这件事现在没有等派遣。")


@guard("has_grid")
def has_grid(deed: Deed) -> Verdict:
    """The matter stands in a grid that may see it."""
    return _said_no(deed.matter.grid_id is None, "这件事不经过网格（反映人要求保密，或还没定到网格）。")


@guard("small_matter")
def small_matter(deed: Deed) -> Verdict:
    """Solved on the spot: only what the grid or community answers for."""
    leaf = packs.load(deed.matter.pack).get(f"categories.leaf.{deed.matter.category}", {})
    if leaf.get("answers", "") in SMALL:
        return routes.community_may_answer(deed.matter.category, packs.load(deed.matter.pack))
    return Denied("这一类由部门办，请研判上报。")


@guard("desk_above")
def desk_above(deed: Deed) -> Verdict:
    """There is a level above the actor's."""
    return _said_no(level_of_actor(deed) == "district", "已经到区指挥中心了。")


@guard("came_from_below")
def came_from_below(deed: Deed) -> Verdict:
    """The matter hangs below the actor's level, so it can go back down."""
    below = {"street": deed.matter.community_id, "district": deed.matter.street_id}
    return _said_no(below.get(level_of_actor(deed)) is None, "这件事没有经过下一级，退不下去。")


@guard("may_order")
def may_order(deed: Deed) -> Verdict:
    """Order lines (派遣关系): whether this level may send to that organisation."""
    target = deed.said.get("to")
    if target is None:
        return YES
    own = deed.by.mandate.organisation if deed.by.mandate else None
    return routes.may_order(
        own.kind if own else "",
        level_of_actor(deed),
        target.kind,
        packs.load(deed.matter.pack),
        deed.matter.category,
    )


@guard("community_may_answer")
def community_may_answer(deed: Deed) -> Verdict:
    """A community is never the answering party for law enforcement, demolition, fire …; a refused push is its right."""
    target = deed.said.get("to")
    own = deed.by.mandate.organisation if deed.by.mandate else None
    answering = target if deed.action.id == "dispatch" else own
    if answering is None or answering.kind != "committee":
        return YES
    return routes.community_may_answer(deed.matter.category, packs.load(deed.matter.pack))


@guard("within_power")
def within_power(deed: Deed) -> Verdict:
    """Powers handed down and taken back: whether the organisation holds the power today."""
    target = deed.said.get("to")
    if target is None:
        return YES
    return routes.within_power(
        target.kind, deed.matter.category, deed.at.date(), packs.load(deed.matter.pack)
    )


@guard("no_open_extension")
def no_open_extension(deed: Deed) -> Verdict:
    """One request at a time."""
    return _said_no(bool(deed.work.open_waits("judge_extension")), "已经申请延期，正在审。")


@guard("no_open_suspension")
def no_open_suspension(deed: Deed) -> Verdict:
    """One request at a time."""
    return _said_no(bool(deed.work.open_waits("judge_suspension")), "已经申请暂缓，正在审。")


@guard("no_open_supervision")
def no_open_supervision(deed: Deed) -> Verdict:
    """One supervision order at a time."""
    return _said_no(bool(deed.work.open_waits("supervise_answer")), "已经督办，正在等书面答复。")


@guard("no_open_return")
def no_open_return(deed: Deed) -> Verdict:
    """One return at a time."""
    open_ones = deed.work.open_waits("judge_return") or deed.work.open_waits("arbitrate")
    return _said_no(bool(open_ones), "已经提出退回，正在审。")


@guard("not_arbitrated")
def not_arbitrated(deed: Deed) -> Verdict:
    """What was arbitrated is carried out."""
    return _said_no(incident_of(deed).arbitrated, "归属已由上一级裁定，请办理；有困难可以申请延期。")


def own_work_of(deed: Deed) -> bool:
    """Whether the unit that sent the matter is the one that does it."""
    holder, sender = deed.work.tie("holder"), deed.work.tie("sender")
    return holder is not None and sender is not None and holder.organisation_id == sender.organisation_id


@guard("own_work")
def own_work(deed: Deed) -> Verdict:
    """Done by the level that holds it: the reporter's answer is the check."""
    return _said_no(not own_work_of(deed), "这件事是派给您单位的，办结后要核查。")


@guard("others_work")
def others_work(deed: Deed) -> Verdict:
    """Done by another organisation: an independent check follows."""
    return _said_no(own_work_of(deed), "自己办的事，由居民自己说办好没有。")


@guard("not_own_work")
def not_own_work(deed: Deed) -> Verdict:
    """Nobody returns what they gave themselves."""
    return _said_no(own_work_of(deed), "这件事是本单位自己接的。")


@guard("before_due")
def before_due(deed: Deed) -> Verdict:
    """Asked before the end."""
    late = [wait for wait in deed.work.open_waits("handle") if wait.due_at and wait.due_at <= deed.at]
    return _said_no(bool(late), "延期要在到期前提出，现在已经超期。可以请上一级协调。")


@guard("not_others_work")
def not_others_work(deed: Deed) -> Verdict:
    """A community does not end or shelve another unit's work."""
    holder = deed.work.tie("holder")
    own = deed.by.mandate.organisation if deed.by.mandate else None
    others = holder is not None and own is not None and holder.organisation_id != own.pk
    return _said_no(bool(others and own and own.kind == "committee"), "别的单位在办的事，由派出的那一级定。")


@guard("independent")
def independent(deed: Deed) -> Verdict:
    """Who did it does not check or close it, nor who stands in for them, nor anyone of the same organisation."""
    holder = deed.work.tie("holder")
    same = holder is not None and holder.organisation_id in deed.by.organisations
    if same:
        return Denied("办这件事的单位不能自己核查、结案。")
    return _said_no(_did_it(deed), "您经手办过这件事，请别人来核查。")


def _did_it(deed: Deed) -> bool:
    person = deed.by.person
    if person is None:
        return False
    doing = Entry.objects.filter(matter=deed.matter.pk, verb__in=("reply", "answer", "self_handle"))
    hands = [f"person:{one}" for one in (person.pk, deed.by.absent) if one is not None]
    return doing.filter(actor__in=hands).exists()


@guard("children_closed")
def children_closed(deed: Deed) -> Verdict:
    """All parallel work is done before the parent closes."""
    open_ones = deed.matter.children.filter(counts="open").exclude(kind="mend").count()
    return _said_no(open_ones > 0, f"还有 {open_ones} 件子事项没有办完。")


@guard("not_rated")
def not_rated(deed: Deed) -> Verdict:
    """Once a round."""
    return _said_no(incident_of(deed).rated_at is not None, "这一次已经评价过了。")


@guard("first_rework")
def first_rework(deed: Deed) -> Verdict:
    """Rework once; after that a written explanation."""
    return _said_no(incident_of(deed).reworks >= 1, "已经返工过一次。还办不到的，请书面解释或列入长期办理。")


@guard("has_holder")
def has_holder(deed: Deed) -> Verdict:
    """Somebody did it before and takes it up again."""
    nobody = (
        "这件事没有承办单位，请重新报一件。"
        if deed.by.kind == "receipt"
        else "还没有承办单位，急的话先催办。"
    )
    return _said_no(deed.work.tie("holder") is None, nobody)


@guard("something_said")
def something_said(deed: Deed) -> Verdict:
    """At least a word, a photo or a voice note."""
    empty = not deed.said and deed.entry.matter_id is not None
    return _said_no(empty, "写一句，或者加一张照片、一段语音。")


@guard("disagree_once")
def disagree_once(deed: Deed) -> Verdict:
    """“我不同意” goes up once."""
    return _said_no(incident_of(deed).disagreed, "上一级已经重新看过一次。")


@guard("once_a_term")
def once_a_term(deed: Deed) -> Verdict:
    """A reporter urges once a term; the levels above as they see fit."""
    if deed.by.kind != "receipt":
        return YES
    waits = deed.work.open_waits()
    since = min((wait.since for wait in waits), default=deed.at)
    urged = Entry.objects.filter(matter=deed.matter.pk, verb="urge", actor=deed.by.actor, at__gte=since)
    return _said_no(urged.exists(), "这一段时间里已经催过一次，对方收到了。")


@guard("has_someone_to_urge")
def has_someone_to_urge(deed: Deed) -> Verdict:
    """Something is awaited from somebody other than the reporter."""
    awaited: list[Wait] = [wait for wait in deed.work.open_waits() if wait.what != "rate"]
    return _said_no(not awaited, "现在没有等谁办。")


@guard("may_supervise")
def may_supervise(deed: Deed) -> Verdict:
    """A leader supervises along an order line over the holder; never a street a district department, never a person."""
    holder, own = deed.work.tie("holder"), deed.by.mandate.organisation if deed.by.mandate else None
    if holder is None or holder.organisation_id is None:
        return Denied("还没有承办单位，急的话先催办。")
    kind = Organisation.objects.filter(pk=holder.organisation_id).values_list("kind", flat=True).first() or ""
    if deed.by.role == "street_leader" and kind not in ("committee", "street_office", "property_company"):
        return Denied("街道不能督办区直单位。可以“报请区里督办”，由区领导签发。", "派遣关系")
    return _said_no(own is not None and own.pk == holder.organisation_id, "不能督办自己的单位。")


@guard("no_open_ring")
def no_open_ring(deed: Deed) -> Verdict:
    """One call tells all that has happened since the last."""
    return _said_no(bool(deed.work.open_waits("ring")), "已经有一个电话在等着打。")


@guard("ringing")
def ringing(deed: Deed) -> Verdict:
    """A call waits to be made."""
    return _said_no(not deed.work.open_waits("ring"), "现在没有电话要打。")


@guard("not_asked_yet")
def not_asked_yet(deed: Deed) -> Verdict:
    """One request for supervision at a time."""
    return _said_no(bool(deed.work.open_waits("consider")), "已经报请，等区里定。")

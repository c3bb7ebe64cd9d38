"""Merging two matters that are one, and gathering many under one cause: guards, bodies, what else is locked."""

from django.db.models import Q

from gongzhi.domains.incidents.bodies import INCIDENT, own_organisation
from gongzhi.domains.incidents.desks import above, deciding_level
from gongzhi.domains.incidents.guards import at_my_desk
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries.joined import as_open, met, survivor
from gongzhi.domains.incidents.row import incident_of, keep
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Deed, Desk, Work
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.process.orders import Also, Order, Step
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.registry import body, desk, further, guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict

DECIDES = ("sender", "acceptor")
SENT = ("sender", "holder")


def target_of(deed: Deed) -> Work | None:
    """The matter named by ``into``, locked with this one."""
    number = deed.said.get("into")
    return next((one for one in deed.work.beside.values() if one.matter.number == number), None)


@guard("decides_here")
def decides_here(deed: Deed) -> Verdict:
    """It waits for a decision at the actor's desk, or the actor sent or accepted it."""
    return YES if deed.role in DECIDES else at_my_desk(deed)


@guard("not_a_cause")
def not_a_cause(deed: Deed) -> Verdict:
    """A matter under which others are gathered goes nowhere else."""
    if not incident_of(deed).cause_kind:
        return YES
    return Denied("这件是主件，别的事归在它下面。要并，把别的并进来。")


@guard("one_with_target")
def one_with_target(deed: Deed) -> Verdict:
    """The other one is there for this hand, open, of the same openness, about the same organisations."""
    if not deed.said.get("into"):
        return YES
    target = target_of(deed)
    if target is None or gate.level_of(target, deed.by) != "full":
        return Denied(f"没有编号是{deed.said['into']}的事，或者不归您看。")
    if target.matter.pk == deed.matter.pk:
        return Denied("不能并到它自己。")
    return _open(target) and _same_kind(deed.work, target)


def _open(target: Work) -> Verdict:
    matter = target.matter
    if matter.stage in ("merged", "gathered"):
        ahead = survivor(matter)
        return Denied(f"{matter.number}已经并到{ahead.number if ahead else '另一件'}，请直接并到那一件。")
    return YES if matter.counts == OPEN else Denied(f"{matter.number}已经办完了，并不进去。")


def _same_kind(work: Work, target: Work) -> Verdict:
    one, other = work.matter, target.matter
    if one.private or other.private:
        return Denied("不公开的事不能合并。")
    if not as_open(work, target):
        return Denied("两件能给谁看不一样（有一件要求保密，或者是对人、对单位有意见），不能并。")
    return YES


@guard("target_is_cause")
def target_is_cause(deed: Deed) -> Verdict:
    """Others are gathered only under a matter marked as their cause."""
    if not deed.said.get("into"):
        return YES
    target = target_of(deed)
    marked = target is not None and Incident.objects.filter(pk=target.matter.pk).exclude(cause_kind="")
    return YES if marked and marked.exists() else Denied("那一件还没有定为主件。先在那一件上点“定为主件”。")


@guard("open_to_all")
def open_to_all(deed: Deed) -> Verdict:
    """What anyone may see: no complaint, nothing about a neighbour, nothing kept from the neighbourhood."""
    return YES if gate.is_public(deed.work) else Denied("这件事不公开，不能让别人跟着看。")


@guard("may_be_followed")
def may_be_followed(deed: Deed) -> Verdict:
    """Anyone may see it, and it goes on by itself."""
    if deed.matter.stage == "gathered":
        return Denied("这件随另一件办，请跟着那一件看。")
    return open_to_all(deed)


@guard("somebody_follows")
def somebody_follows(deed: Deed) -> Verdict:
    """Beside the reporter somebody else is in it."""
    return YES if met([deed.matter.pk])[deed.matter.pk] > 1 else Denied("没有别人跟着看这件事。")


@guard("not_said_after")
def not_said_after(deed: Deed) -> Verdict:
    """Once for each merging."""
    rows = Entry.objects.filter(matter=deed.matter.pk, verb__in=("merge", "say_after")).order_by("-seq")
    last = rows.values_list("verb", flat=True).first()
    return Denied("您已经说过了。") if last == "say_after" else YES


@guard("survivor_done")
def survivor_done(deed: Deed) -> Verdict:
    """What it was merged into is done: only then the reporter can say whether it helped."""
    ahead = survivor(deed.matter)
    return YES if ahead is not None and ahead.counts == "closed" else Denied("并到的那一件还没有办完。")


@further("merge", "gather")
def named(order: Order) -> list[Also]:
    """The matter it goes to is locked with it; a merge is written down there too (one statement)."""
    step = order.steps[0]
    into = str(step.said.get("into", "")).strip()
    rows = Matter.objects.filter(Q(number=into, kind=INCIDENT) | Q(pk=order.matter_id))
    numbers = dict(rows.values_list("pk", "number"))
    own = numbers.pop(order.matter_id, "")
    return [Also(pk, Step("absorb", {"merged": own}) if step.action == "merge" else None) for pk in numbers]


@further("unmerge", "reopen")
def taken_out(order: Order) -> list[Also]:
    """What it was merged into is told that it goes on by itself again (one statement)."""
    rows = Incident.objects.filter(pk=order.matter_id, merged_into__isnull=False)
    named = rows.values_list("merged_into", "matter__number").first()
    return [Also(named[0] or 0, Step("let_go", {"merged": named[1]}))] if named else []


@body(INCIDENT, "merge")
def merge(deed: Deed) -> None:
    """It ends here; the deciding level is kept, so that “我不同意” finds the one above it."""
    target = target_of(deed)
    assert target is not None, "guarded by one_with_target"
    keep(deed, merged_into_id=target.matter.pk)
    if deed.work.tie("acceptor") is None:
        deed.set_tie("acceptor", own_organisation(deed))


@body(INCIDENT, "gather")
def gather(deed: Deed) -> None:
    """It waits for its cause; what was promised for that holds here where nothing was promised yet."""
    target = target_of(deed)
    assert target is not None, "guarded by one_with_target"
    keep(deed, cause_id=target.matter.pk)
    if deed.work.tie("acceptor") is None:
        deed.set_tie("acceptor", own_organisation(deed))
    promised = target.matter.promised_at
    if deed.matter.promised_at is None and promised is not None:
        deed.matter.promised_at = promised
        deed.facts["promised"] = promised.isoformat()


@body(INCIDENT, "unmerge", "reopen")
def by_itself(deed: Deed) -> None:
    """It goes on by itself again."""
    if incident_of(deed).merged_into_id is not None:
        keep(deed, merged_into_id=None)


@body(INCIDENT, "ungather", "release")
def out_of_the_cause(deed: Deed) -> None:
    """It goes on by itself again."""
    keep(deed, cause_id=None)


@body(INCIDENT, "mark_cause")
def mark_cause(deed: Deed) -> None:
    """Whoever reports the same near it reads of it before sending."""
    keep(deed, cause_kind=deed.said["cause_kind"])


@body(INCIDENT, "settle")
def settle(deed: Deed) -> None:
    """Done with its cause: who did that answers for it here too, and its reporter rates it."""
    for role, name in (("holder", "settled_by"), ("sender", "sent_by")):
        if name in deed.said:
            deed.set_tie(role, deed.said[name].pk)
    keep(deed, solved="solved", reply_entry=deed.entry.pk, result_at=deed.counted)


@body(INCIDENT, "mark_repeat")
def mark_repeat(deed: Deed) -> None:
    """Which closed one it repeats: the same place and kind, whoever reported either."""
    earlier = Matter.objects.filter(number=deed.said["repeat_of"], kind=INCIDENT).values_list("pk", flat=True)
    keep(deed, repeat_of_id=earlier.first())


@desk("unsolved_above")
def unsolved_above(deed: Deed) -> Desk | None:
    """Not solved for this reporter: whoever sent the surviving matter looks again, else the level above."""
    if deed.said.get("was_solved") != "no":
        return None
    ahead = survivor(deed.matter)
    ties = dict(
        Tie.objects.filter(matter=ahead, until=None, role__in=SENT).values_list("role", "organisation")
    )
    sender = ties.get("sender")
    if sender is None or sender == ties.get("holder"):
        return above(deed.matter, deciding_level(deed))
    return Desk(org_id=sender)

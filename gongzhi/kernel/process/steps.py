"""Performing one action on a matter under lock: decide (pure), body, stage, waits, entry, deliveries."""

from datetime import date, datetime
from typing import Any

from gongzhi.kernel.ids import new_id
from gongzhi.kernel.ledger.chain import canonical, close, words_for
from gongzhi.kernel.ledger.models import Attachment, Delivery, Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import fields, registry, waits
from gongzhi.kernel.process.deed import Deed, Desk, Work
from gongzhi.kernel.process.desks import NO_STAFF
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.orders import Order
from gongzhi.kernel.process.page import Action, Ask, Opening, Process
from gongzhi.kernel.process.standing import at_desk, may_hold, refused_everywhere, role_table, standing
from gongzhi.kernel.process.verdict import Denied, NotNow, NotYet, NotYours, SayMore, SomeoneWasFaster

TOLD_BY = ("accept", "reconsider")  # waits whose term is told to the resident
ATTACHED = (
    "photo",
    "voice",
    "video",
)  # what residents may see beside an entry; staff's papers are kept apart
GONE = "没有这件事，或者不归您看。"


def perform(work: Work, name: str, order: Order, said: dict[str, Any], seen: int | None) -> list[Entry]:
    """Take one action and those the same hand does with it (``also``). Returns their entries, in order."""
    deed = decide(work, name, order.by, order.at, said, seen)
    awaited = next((wait for wait in work.open_waits() if wait.pk == order.wait_id), None)
    if order.entry_id and order.entry_id not in {entry.pk for entry in work.entries}:
        deed.entry.id = order.entry_id
    if awaited is not None:
        deed.facts |= {"wait": awaited.what, "due": awaited.due_at and awaited.due_at.isoformat()}
    finish(deed, happened=order.happened, cause=order.cause, files=said)
    if awaited is not None and awaited.ended_at is None:
        waits.step_up(awaited, work.process)
    entries = [deed.entry]
    for more in deed.action.also:
        entries += perform(work, more, order, said, None)
    return entries


def decide(
    work: Work, name: str, by: Acting, at: datetime, said: dict[str, Any], seen: int | None = None
) -> Deed:
    """Whether the action may be taken now by this hand. Raises, in order: not yours, faster, not now, not yet, more."""
    action = work.process.actions.get(name) or of_the_kernel(name, work.process)
    role = None
    if (
        action is not None
        and not refused_everywhere(work.ties, by)
        and may_hold(work.matter, by, work.matter.pack)
    ):
        role = standing(work, action, by)
    was_awaited = action is not None and "awaited" in action.by and can_see(work, by)
    if (role is not None or was_awaited) and seen is not None and _moved_since(work, seen):
        raise SomeoneWasFaster("您看的时候，有人先动了这件事。您写的还在，没有送出。", seen=seen)
    if action is None or role is None or not action.from_:
        raise NotYours(f"{action.label}：不归您。" if action else GONE, hidden=not can_see(work, by))
    if work.matter.stage not in action.from_ and action.from_:
        stage = work.process.stages[work.matter.stage].label
        raise NotNow(f"{action.label}：现在是“{stage}”，做不了这一步。")
    cleaned = fields.clean(action, work.process, said)
    deed = Deed(work, action, by, at, role, Entry(id=new_id()), cleaned.values, cleaned.words, cleaned.facts)
    for guard in action.needs:
        verdict = registry.GUARDS[guard.lstrip("~")](deed)
        if isinstance(verdict, Denied):
            raise NotYet(f"{action.label}：{verdict.reason}", rule=verdict.rule, shape=guard.startswith("~"))
    if cleaned.errors:
        raise SayMore(cleaned.errors)
    return deed


def of_the_kernel(name: str, process: Process) -> Action | None:
    """What every process has without saying so: an operator carries its matters over to a newer page, or removes again
    what a restored backup has brought back."""
    stages = tuple(process.stages)
    if name == "erase_again":
        return Action(name, "再次删除", from_=stages, by=("operator",), quiet=True)
    if name != "move":
        return None
    asks = (Ask("to_process", True), Ask("to_stage", True))
    return Action("move", "换流程版本", from_=stages, by=("operator",), asks=asks, quiet=True)


def can_see(work: Work, by: Acting) -> bool:
    """Whether the actor may read the matter at all; otherwise a refusal answers as if it did not exist."""
    from gongzhi.kernel.process.gate import level_of

    return level_of(work, by) is not None


def _moved_since(work: Work, seen: int) -> bool:
    if seen >= work.matter.seq:
        return False
    newer = Entry.objects.filter(matter=work.matter.pk, seq__gt=seen).values_list("verb", flat=True)
    return any(not _quiet(work, verb) for verb in newer)


def _quiet(work: Work, verb: str) -> bool:
    action = work.process.actions.get(verb)
    return action is not None and action.quiet


def finish(deed: Deed, *, happened: datetime | None, cause: int | None, files: dict[str, Any]) -> None:
    """Body, stage, waits, entry and deliveries of a decided action."""
    work, action = deed.work, deed.action
    deed.before = work.matter.stage if not work.new or work.entries else ""
    deed.done_at = waits.counted(happened, deed.at, work.matter.pack)
    body = registry.BODIES.get((work.process.name, action.id)) or registry.BODIES.get(("*", action.id))
    if body is not None:
        body(deed)
    _change_stage(deed)
    opened = [wait for opening in action.opens for wait in open_waits(deed, opening)]
    decision = next((wait.due_at for wait in opened if wait.what in TOLD_BY), None)
    if decision is not None:
        deed.facts["told"] = decision.isoformat()
    _pause_and_resume(deed)
    if action.promise:
        promise(deed)
    _write(deed, happened, cause, files)


def _change_stage(deed: Deed) -> None:
    work, action = deed.work, deed.action
    after = action.to or work.matter.stage
    if action.each and not all_have(deed):
        after = work.matter.stage
    moves = after != work.matter.stage
    stays = {*action.keeps, *work.process.lasting}
    for wait in work.open_waits():
        if _ends(deed, wait) or (moves and wait.what not in stays):
            deed.end(wait)
    if moves or work.new:
        work.matter.stage = after
        counts = work.process.stages[after].counts
        work.matter.closed_at = (
            deed.at if counts != "open" and work.matter.counts == "open" else work.matter.closed_at
        )
        if counts == "open":
            work.matter.closed_at = None
        work.matter.counts = counts


def _ends(deed: Deed, wait: Wait) -> bool:
    """Whether the action ends a wait. Whoever is awaited ends what stands at their own desk only."""
    if wait.what not in deed.action.ends:
        return False
    return deed.role != "awaited" or at_desk(wait, deed.by, deed.matter.pack)


def all_have(deed: Deed) -> bool:
    """Whether every living holder of the tie named by ``each`` has taken this action since the stage began."""
    matter, role = deed.matter, deed.action.each
    rows = (
        Entry.objects.filter(matter=matter.pk)
        .order_by("-seq")
        .values_list("verb", "before", "after", "facts")
    )
    holders = {tie.organisation_id for tie in deed.work.living_ties(role)}
    own = deed.by.mandate.organisation_id if deed.by.mandate else None
    deed.facts["party"] = own
    done = {own}
    for verb, before, after, facts in rows:
        if before != after and after == matter.stage:
            break
        if verb == deed.action.id:
            done.add(_party(facts))
    return holders <= done


def _party(facts: str) -> int | None:
    import json

    found: int | None = json.loads(facts).get("party")
    return found


def desks_of(deed: Deed, name: str) -> list[Desk]:
    """The desks a page names: an organisation just said, a registered resolver, a tie, or a role over the area."""
    if name in deed.said:
        return [Desk(org_id=deed.said[name].pk)]
    if name in registry.DESKS:
        found = registry.DESKS[name](deed)
        return [] if found is None else [found] if isinstance(found, Desk) else list(found)
    if name in NO_STAFF:
        return [Desk(role=name)]
    tie = deed.work.tie(name)
    if tie is not None:
        return [Desk(org_id=tie.organisation_id)]
    level = role_table(deed.matter.pack).get(name, {}).get("level")
    area_id = getattr(deed.matter, f"{level}_id", None) if level else None
    return [Desk(role=name, area_id=area_id)] if area_id else []


def open_waits(deed: Deed, opening: Opening) -> list[Wait]:
    """Open a wait at each desk with its deadline; nothing is opened where the name resolves to none."""
    return [_open_wait(deed, opening, desk) for desk in desks_of(deed, opening.desk)]


def _open_wait(deed: Deed, opening: Opening, desk: Desk) -> Wait:
    wait = Wait(
        id=new_id(),
        matter_id=deed.matter.pk,
        what=opening.wait,
        desk_role=desk.role,
        desk_area_id=desk.area_id,
        desk_org_id=desk.org_id,
        since=deed.at,
        ladder=opening.overdue,
        opened_by_id=deed.entry.pk,
    )
    _set_term(wait, deed, opening.term)
    waits.set_due(wait, deed.process)
    deed.work.waits.append(wait)
    return wait


def _set_term(wait: Wait, deed: Deed, spec: str) -> None:
    if spec.startswith("="):
        named, _, otherwise = spec[1:].partition("|")
        moment = deed.said.get(named) or (registry.DUES[named](deed) if named in registry.DUES else None)
        if moment is not None:
            wait.fixed, wait.due_at = True, _moment(moment, deed.matter.pack)
            return
        spec = otherwise
    wait.term = deed.process.term(spec, deed.matter.category)


def _moment(said: Any, pack: str) -> datetime:
    if isinstance(said, datetime):
        return said
    day: date = said
    return waits.end_of_day(datetime(day.year, day.month, day.day, 12).astimezone(), pack)


def _pause_and_resume(deed: Deed) -> None:
    for wait in deed.work.open_waits():
        if wait.what in deed.action.pauses:
            waits.pause(wait, deed.at, deed.action.id, deed.process)
        if wait.what in deed.action.resumes:
            waits.resume(wait, deed.at, deed.process)


def promise(deed: Deed) -> None:
    """What the resident is told: set once, from the process's term; moved later only by what is told to them."""
    term = deed.process.term(deed.action.promise, deed.matter.category) or deed.process.term("handle")
    if term and deed.matter.promised_at is None:
        deed.matter.promised_at = waits.term_end(term, deed.at, deed.matter.pack).at
        deed.facts["promised"] = deed.matter.promised_at and deed.matter.promised_at.isoformat()


def _write(deed: Deed, happened: datetime | None, cause: int | None, files: dict[str, Any]) -> None:
    work, entry, matter = deed.work, deed.entry, deed.matter
    entry.matter_id, entry.seq, entry.at, entry.happened = matter.pk, matter.seq + 1, deed.at, happened
    entry.actor, entry.acting_as, entry.for_whom = deed.by.actor, deed.by.acting_as, deed.by.for_whom
    entry.role, entry.verb, entry.path = deed.role, deed.action.id, matter.area.path
    entry.before, entry.after, entry.cause_id = deed.before, matter.stage, cause
    attachments = _attach(deed, files)
    words = words_for(entry, deed.words)
    if words is not None:
        work.words.append(words)
    if attachments:
        deed.facts["files"] = [one.digest for one in attachments]
    entry.facts, entry.prev = canonical(deed.facts), matter.head
    close(entry)
    matter.seq, matter.head = entry.seq, entry.hash
    work.entries.append(entry)
    work.attachments += attachments
    work.deliveries += [Delivery(entry=entry, follower=name, next_at=deed.at) for name in _followers(deed)]


def _attach(deed: Deed, files: dict[str, Any]) -> list[Attachment]:
    rows = []
    for name in (ask.name for ask in deed.action.asks):
        stored = deed.said.get(name) if name in deed.said else None
        for one in stored if isinstance(stored, list | tuple) else [stored]:
            if one is not None and hasattr(one, "digest") and one.kind in ATTACHED:
                rows.append(_attachment(deed, one))
    return rows


def _attachment(deed: Deed, stored: Any) -> Attachment:
    return Attachment(
        matter_id=deed.matter.pk,
        entry=deed.entry,
        kind=stored.kind,
        digest=stored.digest,
        media_type=stored.media_type,
        bytes=stored.bytes,
        width=stored.width,
        height=stored.height,
    )


def _followers(deed: Deed) -> list[str]:
    tells = [f"tell:{kind}" for kind in dict.fromkeys([*deed.action.tells, *deed.tells])]
    return ["seal", *tells, *registry.FOLLOWS.get((deed.process.name, deed.action.id), [])]

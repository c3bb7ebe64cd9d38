"""What a desk may do next with a matter: the likeliest act, the others, those of one click, and why not the rest."""

from dataclasses import dataclass, field
from datetime import datetime

from gongzhi.domains.incidents.outer.row import BY_SHEET
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.domains.incidents.queries.desk_strip import in_order
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import fields, registry
from gongzhi.kernel.process.deed import Deed, Work
from gongzhi.kernel.process.page import Action, Process
from gongzhi.kernel.process.possible import Asked, Possible, possible
from gongzhi.kernel.process.standing import at_desk, covers, role_table, tie_table
from gongzhi.kernel.process.verdict import YES, Denied
from gongzhi.kernel.process.versions import current

ROAD = ("grid", "community", "street", "district")
JOIN = "."
FOR_HANDS = ("tick_off", "assist_done", "assist_refuse")  # what those who see only the task may do


@dataclass(frozen=True)
class Act:
    """Something this hand may do in one click: one action, or two joined (``accept.raise_to_street``).

    ``side``: an act beside the road (a note, a correction), never the likeliest.
    """

    id: str
    label: str
    chain: tuple[str, ...]
    asks: tuple[Asked, ...]
    hint: str = ""
    grave: bool = False
    side: bool = False


@dataclass(frozen=True)
class Not:
    """Something that cannot be done now: what, why, and the rule it stands on."""

    label: str
    why: str
    rule: str = ""


@dataclass
class Acts:
    """``now`` in order of likelihood, the first is the form that stands open; ``not_yet`` is told before ``rest``."""

    now: list[Act] = field(default_factory=list)
    not_yet: list[Not] = field(default_factory=list)
    rest: list[Not] = field(default_factory=list)

    def find(self, name: str) -> Act | None:
        """The act of an id, where this hand may take it now."""
        return next((act for act in self.now if act.id == name), None)


def acts(page: Sheet, *, by: Acting, at: datetime) -> Acts:
    """What may be done with the matter of a page: all where it is read in full, one's own part where only the task."""
    if page.level not in ("full", "task"):
        return Acts()
    work = page.work
    found = {one.action: one for one in possible(work, by=by, at=at) if not _on_its_row(work, one.action)}
    order = in_order(work.process, "action", found)
    single = [_single(found[name], work.process) for name in order if found[name].allowed]
    joined, forbidden = _joined(work, single, by, at)
    out = Acts(now=_ranked(page, [*single, *joined], by), not_yet=forbidden)
    if page.level == "task":
        return Acts(now=[one for one in out.now if one.id in FOR_HANDS])
    for name in order:
        one = found[name]
        if one.state == "not_yet":
            out.not_yet.append(Not(one.label, one.why, one.rule))
        elif one.state in ("not_now", "not_yours"):
            out.rest.append(_not(one, work))
    out.not_yet, out.rest = _merged(out.not_yet), _merged(out.rest)
    out.rest.sort(key=lambda one: one.why.startswith("不归您"))
    return out


def _on_its_row(work: Work, name: str) -> bool:
    """Whether an act belongs to one link or paper of the page, or to another system's sheet, and is taken there."""
    if name in BY_SHEET:
        return True
    specs = fields.specs(work.process)
    return any(specs.get(ask.name, {}).get("type") == "row" for ask in work.process.actions[name].asks)


def _merged(found: list[Not]) -> list[Not]:
    """What cannot be done for the same reason stands on one line."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for one in found:
        by_reason.setdefault((one.why, one.rule), []).append(one.label)
    return [Not("、".join(dict.fromkeys(labels)), why, rule) for (why, rule), labels in by_reason.items()]


def _single(one: Possible, process: Process) -> Act:
    action = process.actions[one.action]
    side = action.quiet and not action.ends and not action.to
    return Act(one.action, one.label, (one.action,), one.fields, one.hint, one.grave, side)


def _not(one: Possible, work: Work) -> Not:
    if one.state == "not_now":
        return Not(one.label, one.why)
    action = work.process.actions[one.action]
    roles, ties = role_table(work.matter.pack), tie_table(work.matter.pack)
    named = [str({**roles, **ties}[name]["label"]) for name in action.by if name in roles or name in ties]
    return Not(one.label, f"不归您，归{'、'.join(named[:3])}。" if named else "不归您。")


def _joined(work: Work, single: list[Act], by: Acting, at: datetime) -> tuple[list[Act], list[Not]]:
    """Acts of the same click: one that leaves the matter at the actor's own desk, with the one that follows.

    Where a rule forbids what follows (a push on a community), the rule is told beside them.
    """
    joined, forbidden = [], []
    for act in single:
        stage, waiting = _left_at_my_desk(work.process, work.process.actions[act.id])
        if not waiting or act.grave:
            continue
        for name in in_order(work.process, "action", work.process.actions):
            if name in BY_SHEET:
                continue
            more = work.process.actions[name]
            if stage not in more.from_ or not _follows(work, more, waiting, by):
                continue
            no = _denied(work, more, by, at)
            if no is None:
                joined.append(_join(work.process, act, more))
            elif no.rule:
                forbidden.append(Not(more.label, no.reason, no.rule))
    return joined, forbidden


def _left_at_my_desk(process: Process, action: Action) -> tuple[str, set[str]]:
    """The stage an act (with what it carries) leaves, and the waits it leaves at the actor's own desk."""
    stage, waiting = action.to, set[str]()
    for step in [action, *(process.actions[name] for name in action.also)]:
        stage = step.to or stage
        waiting -= set(step.ends)
        waiting |= {opening.wait for opening in step.opens if opening.desk == "my_desk"}
    return stage, waiting


def _follows(work: Work, action: Action, waiting: set[str], by: Acting) -> bool:
    mine = by.role in action.by and covers(work.matter, by)
    moves = bool(waiting & set(action.ends)) or bool(action.to and not waiting & set(action.keeps))
    return mine and moves and not action.grave and "at_my_desk" in action.needs and not action.quiet


def _denied(work: Work, action: Action, by: Acting, at: datetime) -> Denied | None:
    """What, apart from the desk it stands at (which the first act of the click changes), speaks against an action."""
    deed = Deed(work, action, by, at, by.role, Entry(), {})
    for name in action.needs:
        verdict = YES if name == "at_my_desk" or name.startswith("~") else registry.GUARDS[name](deed)
        if isinstance(verdict, Denied):
            return verdict
    return None


def _join(process: Process, act: Act, more: Action) -> Act:
    second = _asked(more, process)
    told = {one.name for one in second}
    asks = (*(one for one in act.asks if one.name not in told), *second)
    between = "，" if more.label.startswith("我") else "并"
    return Act(
        f"{act.id}{JOIN}{more.id}", f"{act.label}{between}{more.label}", (act.id, more.id), asks, more.hint
    )


def _asked(action: Action, process: Process) -> list[Asked]:
    table = fields.specs(process)
    told = [(ask, table.get(ask.name, {"type": "text", "label": ask.name})) for ask in action.asks]
    return [Asked(ask.name, spec, ask.required, fields.choices(spec, process)) for ask, spec in told]


def _ranked(page: Sheet, found: list[Act], by: Acting) -> list[Act]:
    """The likeliest first: what ends the wait due first at this desk, in the way the routing points."""
    work = page.work
    waits = [wait for wait in work.open_waits() if at_desk(wait, by, work.matter.pack)]
    waits.sort(key=lambda wait: (wait.what == "call", wait.due_at is None, wait.due_at or wait.since))
    awaited = [wait.what for wait in waits]
    order = {act.id: n for n, act in enumerate(found)}

    def rank(act: Act) -> tuple[int, ...]:
        first, last = work.process.actions[act.chain[0]], work.process.actions[act.chain[-1]]
        explicit = [awaited.index(what) for what in first.ends if what in awaited]
        by_moving = [n for n, what in enumerate(awaited) if first.to and what not in first.keeps]
        nearness = min(explicit or by_moving, default=len(awaited) + 1)
        told = _against_route(page, act, last, by)
        return (int(act.grave), int(act.side), nearness, told, int(not explicit), order[act.id])

    return sorted(found, key=rank)


def _against_route(page: Sheet, act: Act, last: Action, by: Acting) -> int:
    """0 where the act goes where the routing points: up where a level above sends, else out or down."""
    if page.route is None or not page.route.level or by.mandate is None:
        return 0 if len(act.chain) == 1 else 1
    area = by.mandate.area
    own = area.level if area is not None and area.level in ROAD else "community"
    up = ROAD.index(page.route.level) > ROAD.index(own)
    if up:
        return 0 if last.id.startswith("raise_to") else 1 if len(act.chain) == 1 else 2
    if page.route.unit == "committee" and own == "community":
        own_hands = "assign_down" if page.matter.grid_id else "take_on"
        return 0 if last.id == own_hands else 1
    return 0 if last.id == "dispatch" else 1


def declared(page: Sheet, name: str) -> Act | None:
    """An act as the process page declares it, whether or not it may be taken now; None where it names no action."""
    process, chain = page.work.process, tuple(name.split(JOIN))
    if (
        not chain
        or len(chain) > 2
        or any(one not in process.actions or not process.actions[one].from_ for one in chain)
    ):
        return None
    first = process.actions[chain[0]]
    act = Act(first.id, first.label, (first.id,), tuple(_asked(first, process)), first.hint, first.grave)
    return act if len(chain) == 1 else _join(process, act, process.actions[chain[1]])


def may_ask_to_mend(page: Sheet, by: Acting) -> bool:
    """Whether this desk may ask those a complaint is about to mend or explain."""
    if page.level != "full" or page.sealed or not page.about:
        return False
    asking = current(page.matter.pack, "mend").actions["ask"]
    return by.role in asking.by and page.stage.counts == "open"

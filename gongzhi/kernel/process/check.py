"""Faults of a process page, as sentences. What passes here can be run by anyone of the house without reading code."""

from typing import Any

from gongzhi.kernel.clock.terms import Term, TermError
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.process import registry
from gongzhi.kernel.process.page import LITERAL_TERM, Action, Opening, Process, compile_page

SPECIAL = {"anyone", "public", "clock", "operator", "awaited", "reporter", "follower"}
NEVER_BY_CLOCK = {"supervise", "supervise_listed"}
TOLD = {
    *("reporter", "holder", "sender", "acceptor", "asker", "awaited", "lead", "above", "former_holder"),
    *("supervisor", "assisting"),
}
ACTION_KEYS = {
    *("label", "from", "to", "by", "asks", "needs", "opens", "ends", "keeps", "pauses", "resumes", "promise"),
    *("also", "tells", "each", "quiet", "grave", "hint", "source"),
}


def check(raw: dict[str, Any], pack: Pack) -> list[str]:
    """Faults of one merged page in Chinese sentences; empty when it can be run."""
    name = raw.get("name", "？")
    unknown = [
        f"流程“{name}”的动作“{key}”里写了“{extra}”，系统不认识这一项。"
        for key, action in raw.get("action", {}).items()
        for extra in sorted(set(action) - ACTION_KEYS)
    ]
    if unknown:
        return unknown
    try:
        process = compile_page(raw, pack)
    except (KeyError, TypeError, AttributeError) as fault:
        return [f"流程“{name}”写得不全：缺少“{str(fault).strip(chr(39))}”。"]
    roles, ties = set(pack.table("roles").get("role", {})), set(pack.table("roles").get("tie", {}))
    faults = _stages(process)
    for action in process.actions.values():
        faults += _action(action, process, roles | ties | SPECIAL, pack)
        for opening in action.opens:
            faults += _opening(action, opening, process, roles | ties)
    faults += _waits(process)
    return faults + _sees(process, roles | ties | SPECIAL)


def _sees(process: Process, names: set[str]) -> list[str]:
    """Levels name roles; ``anyone`` names the stages in which a matter is posted to everyone."""
    faults = [
        f"“{process.name}”的 [sees] 里有角色“{role}”，角色表里没有。"
        for level, roles in process.sees.items()
        for role in roles
        if level != "anyone" and role not in names
    ]
    posted = process.sees.get("anyone", ())
    faults += [
        f"“{process.name}”的 [sees] 让谁都能看环节“{one}”，没有这个环节。"
        for one in posted
        if one not in process.stages
    ]
    if posted and process.private:
        faults.append(f"“{process.name}”是不公开的事，[sees] 里不能有 anyone。")
    return faults


def _stages(process: Process) -> list[str]:
    if process.start not in process.stages:
        return [f"流程“{process.label}”从“{process.start}”开始，可是没有这个环节。"]
    reached = {process.start} | {a.to for a in process.actions.values() if a.to}
    faults = [
        f"环节“{stage.label}”（{key}）没有一个动作能走到。"
        for key, stage in process.stages.items()
        if key not in reached
    ]
    for key, stage in process.stages.items():
        leaving = [a for a in process.taken_from(key) if a.to and a.to != key]
        if stage.counts == "open" and not leaving:
            faults.append(f"环节“{stage.label}”（{key}）走进去就出不来：没有离开它的动作。")
        if stage.counts not in ("open", "closed", "no_result"):
            faults.append(
                f"环节“{stage.label}”的 counts 写成“{stage.counts}”，只能是 open、closed、no_result。"
            )
    return faults


def _action(action: Action, process: Process, names: set[str], pack: Pack) -> list[str]:
    say = f"动作“{action.label}”（{action.id}）"
    faults = [
        f"{say}里的环节“{s}”没有定义。" for s in {*action.from_, action.to} - {""} - set(process.stages)
    ]
    faults += [f"{say}交给“{name}”来做，角色表里没有这个角色。" for name in action.by if name not in names]
    faults += [
        f"{say}要求条件“{need}”，系统里没有这个条件。"
        for need in action.needs
        if need.lstrip("~") not in registry.GUARDS
    ]
    table = pack.table("fields").get(process.name, {})
    faults += [f"{say}要填“{ask.name}”，字段表里没有。" for ask in action.asks if ask.name not in table]
    faults += [f"{say}连带“{more}”，没有这个动作。" for more in action.also if more not in process.actions]
    faults += [f"{say}要告诉“{who}”，不知道是谁。" for who in action.tells if who not in TOLD]
    if not action.by:
        faults.append(f"{say}没有写谁能做。")
    if action.id in NEVER_BY_CLOCK and "clock" in action.by:
        faults.append(f"{say}不能由时钟来做：督办要有具名的人。")
    for wait in (*action.ends, *action.keeps, *action.pauses, *action.resumes):
        if wait not in process.waits:
            faults.append(f"{say}提到待办“{wait}”，[wait] 里没有。")
    return faults


def _opening(action: Action, opening: Opening, process: Process, names: set[str]) -> list[str]:
    say = f"动作“{action.label}”打开的待办“{opening.wait}”"
    faults = []
    if opening.wait not in process.waits:
        faults.append(f"{say}在 [wait] 里没有名字。")
    asked = {ask.name for ask in action.asks}
    if opening.desk not in names | asked | set(registry.DESKS) | {"reporter", "clock"}:
        faults.append(f"{say}放在“{opening.desk}”的台上，没有这个台。")
    if opening.term and not opening.overdue:
        faults.append(f"{say}有期限，没有写超期以后怎么办（overdue）。")
    if opening.overdue and opening.overdue not in process.ladders:
        late = process.actions.get(opening.overdue)
        if late is None or "clock" not in late.by:
            faults.append(f"{say}超期以后“{opening.overdue}”，既不是催办阶梯，也不是时钟能做的动作。")
    return faults + _term(opening.term, say, process, asked)


def _term(term: str, say: str, process: Process, asked: set[str]) -> list[str]:
    if term.startswith("="):
        named, _, otherwise = term[1:].partition("|")
        missing = (
            []
            if named in asked or named in registry.DUES
            else [f"{say}的期限取“{named}”，这个动作没有问它。"]
        )
        return missing + (_term(otherwise, say, process, asked) if otherwise else [])
    if not term or term.startswith("@"):
        return []
    if LITERAL_TERM.match(term) or term not in process.terms:
        try:
            Term.parse(term.split("+")[0])
        except TermError as fault:
            return [f"{say}的期限“{term}”不在期限表里。{fault}"]
        return [f"{say}的期限“{term}”直接写了数字，没有来源。请写进期限表，在这里写它的名字。"]
    return []


def _waits(process: Process) -> list[str]:
    opened = {opening.wait for _, opening in process.openings()}
    ended = {wait for action in process.actions.values() for wait in action.ends}
    faults = [
        f"待办“{process.waits[w]}”（{w}）打开以后没有动作能了结它。"
        for w in sorted(opened - ended)
        if w in process.waits
    ]
    return faults + [
        f"待办“{label}”（{wait}）从来不会打开。"
        for wait, label in process.waits.items()
        if wait not in opened
    ]

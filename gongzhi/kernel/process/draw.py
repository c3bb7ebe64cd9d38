"""A process drawn from its page: stages as boxes, actions as arrows, in Mermaid; and its actions as a table."""

from gongzhi.kernel.packs import Pack, load
from gongzhi.kernel.process.page import Process, read


def draw(process: Process) -> str:
    """The drawing as Mermaid text. Actions of the same way are joined; those that stay are left to the table."""
    lines = ["stateDiagram-v2", f"    [*] --> {process.start}"]
    lines += [f'    state "{stage.label}" as {key}' for key, stage in process.stages.items()]
    ways: dict[tuple[str, str], list[str]] = {}
    for action in process.actions.values():
        for stage in action.from_:
            if action.to and action.to != stage:
                ways.setdefault((stage, action.to), []).append(action.label)
    lines += [f"    {before} --> {after}: {'、'.join(labels)}" for (before, after), labels in ways.items()]
    lines += [f"    {key} --> [*]" for key, stage in process.stages.items() if stage.counts != "open"]
    return "\n".join(lines) + "\n"


def table(process: Process, pack: Pack) -> str:
    """The actions as a Markdown table: who, from where, to where, what is asked, what it opens."""
    roles = {**pack.table("roles").get("role", {}), **pack.table("roles").get("tie", {})}
    rows = ["| 动作 | id | 谁 | 从 | 到 | 要说 | 条件 | 打开的待办 |", "|---|---|---|---|---|---|---|---|"]
    for action in process.actions.values():
        who = "、".join(str(roles.get(name, {}).get("label", SPECIAL.get(name, name))) for name in action.by)
        before = "、".join(process.stages[stage].label for stage in action.from_) or "—"
        after = process.stages[action.to].label if action.to else "不变"
        opens = "；".join(f"{process.waits[o.wait]}（{o.term or '不计时'}）" for o in action.opens) or "—"
        asks = "、".join(ask.name + ("" if ask.required else "?") for ask in action.asks) or "—"
        needs = "、".join(action.needs) or "—"
        rows.append(
            f"| {action.label} | `{action.id}` | {who} | {before} | {after} | {asks} | {needs} | {opens} |"
        )
    return "\n".join(rows) + "\n"


SPECIAL = {
    "anyone": "任何人",
    "clock": "时钟",
    "operator": "运维",
    "awaited": "轮到的台",
    "reporter": "反映人",
    "follower": "跟着看的人",
    "public": "居民",
}


def page(pack_name: str, name: str) -> str:
    """One process as a Markdown page: drawing and table."""
    pack = load(pack_name)
    process = read(pack, name)
    return f"# {process.label}（{pack.label}）\n\n```mermaid\n{draw(process)}```\n\n{table(process, pack)}"

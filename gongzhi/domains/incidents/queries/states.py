"""The five plain states and the side ends, as residents are told them; and what kind of thing a matter is."""

from gongzhi.kernel import packs
from gongzhi.kernel.models import Matter

STATES = ["已提交", "已受理", "处理中", "已办结", "请您评价"]
SIDES = {
    "不归这里管": "not_ours",
    "并到另一件": "joined",
    "先停一停": "paused",
    "一时办不了": "later",
    "解释过了": "explained",
}


def kind_of(matter: Matter) -> str:
    """What kind of thing it is, in the pack's word."""
    return str(packs.load(matter.pack).get(f"categories.leaf.{matter.category}.label", "一件事"))


def state_of(stage: str, resident: str, rated: bool) -> int:
    """Which of the five plain states, 1–5; what is done waits for a rating until there is one."""
    if stage in ("resolved", "closed") and not rated:
        return len(STATES)
    return min(STATES.index(resident) + 1, 4) if resident in STATES else 3


def side_of(stage: str, resident: str) -> str:
    """Which side end, empty on the straight road."""
    return "withdrawn" if stage == "withdrawn" else SIDES.get(resident, "")

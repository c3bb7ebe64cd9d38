"""The strip of stages over a matter's page, read from the process. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongzhi.kernel import packs
from gongzhi.kernel.process.page import Action, Process

SIDE_TAGS = ("pause", "void")


@dataclass(frozen=True)
class Step:
    """A stage on the strip: ``past``, ``now`` or ``next``."""

    label: str
    state: str


def strip(process: Process, now: str, visited: list[str]) -> list[Step]:
    """The stages of the main road from the page, the present one marked; a detour stands where the road was left."""
    road, stages = main_road(process), process.stages
    furthest = max((road.index(stage) for stage in visited if stage in road), default=0)
    if now in road:
        place = road.index(now)
        return [Step(stages[one].label, _state(n, place)) for n, one in enumerate(road)]
    steps = [Step(stages[one].label, "past") for one in road[: furthest + 1]]
    rest = road[furthest + 1 :] if stages[now].counts == "open" else []
    return [*steps, Step(stages[now].label, "now"), *(Step(stages[one].label, "next") for one in rest)]


def _state(place: int, now: int) -> str:
    return "past" if place < now else "now" if place == now else "next"


def main_road(process: Process) -> list[str]:
    """The stages every matter passes when nothing goes wrong, in the page's order; detours are left out."""
    order = in_order(process, "stage", process.stages)
    carried = {more for action in process.actions.values() for more in action.also}
    road: list[str] = []
    for stage in order:
        if process.stages[stage].tag in SIDE_TAGS or process.stages[stage].counts == "no_result":
            continue
        if _on_road(process, stage, order, road, carried):
            road.append(stage)
    return road


def in_order(process: Process, part: str, found: Iterable[str]) -> list[str]:
    """Stage or action ids in the order in which the pack's page tells them; those it no longer has come last."""
    try:
        told = list(packs.load(process.pack).process(process.name).get(part, {}))
    except (packs.PackError, KeyError):
        told = []
    place = {one: n for n, one in enumerate(told)}
    return sorted(found, key=lambda one: place.get(one, len(place)))


def _on_road(process: Process, stage: str, order: list[str], road: list[str], carried: set[str]) -> bool:
    """A stage is entered from an earlier one, and is left forward by an act that its predecessor cannot skip to."""
    if stage == process.start:
        return True
    place = {one: n for n, one in enumerate(order)}
    actions = process.actions.values()
    into = [a for a in actions if a.to == stage and set(a.by) != {"clock"}]
    if not any(place[one] < place[stage] for a in into for one in a.from_):
        return False
    if process.stages[stage].counts != "open":
        return True
    out = [
        a
        for a in actions
        if stage in a.from_ and a.to and place[a.to] > place[stage] and _goes_on(process, a)
    ]
    return any(road[-1] not in a.from_ and a.id not in carried for a in out)


def _goes_on(process: Process, action: Action) -> bool:
    return process.stages[action.to].counts != "no_result"

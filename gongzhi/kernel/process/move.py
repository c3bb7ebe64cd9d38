"""Carrying running matters over to today's page of their process, by a stage map, as an action of a named operator."""

from datetime import datetime

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.door import take_all
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.kernel.process.orders import Order, Outcome, Step
from gongzhi.kernel.process.page import Process
from gongzhi.kernel.process.registry import body
from gongzhi.kernel.process.versions import current, pinned, store


class CannotMove(ValueError):
    """What the map leaves open, in sentences."""


def move(pack: str, name: str, stages: dict[str, str], *, by: Acting, at: datetime) -> list[Outcome]:
    """Move every open matter of a process that runs on an older page. A killed run is continued by running again.

    ``stages`` maps stages that are gone to stages of today's page; one that is still there needs no line.
    Raises :class:`CannotMove` before anything is written.
    """
    target = current(pack, name)
    digest = store(target, at)
    running = Matter.objects.filter(pack=pack, kind=name, counts="open").exclude(process=digest)
    rows = list(running.order_by("pk").values_list("pk", "stage"))
    faults = _faults(target, {stage for _, stage in rows}, stages, [pk for pk, _ in rows])
    if faults:
        raise CannotMove("\n".join(faults))
    orders = [
        Order(pk, (Step("move", {"to_process": digest, "to_stage": stages.get(stage, stage)}),), by, at)
        for pk, stage in rows
    ]
    return take_all(orders)


def _faults(target: Process, found: set[str], stages: dict[str, str], ids: list[int]) -> list[str]:
    lost = sorted(stage for stage in found if stages.get(stage, stage) not in target.stages)
    faults = [f"环节“{stage}”在新的流程里没有，请写它搬到哪里：--map {stage}=新环节" for stage in lost]
    awaited = set(Wait.objects.filter(matter__in=ids, ended_at=None).values_list("what", flat=True))
    faults += [
        f"待办“{what}”还开着，新的流程里没有它，请先办完或在方案里留着。"
        for what in sorted(awaited - set(target.waits))
    ]
    return faults


@body("*", "move")
def carry_over(deed: Deed) -> None:
    """The matter stands on the new page, in the stage the map says; what is awaited on it stays awaited."""
    matter, target = deed.matter, pinned(deed.said["to_process"])
    matter.process_id, matter.stage = target.digest, deed.said["to_stage"]
    matter.counts = target.stages[matter.stage].counts

"""Orders of the hotline at the demonstration's home: taken over, answered, returned, called back."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.outer import answers, batches, columns, marks, work
from gongzhi.domains.incidents.outer.models import OuterOrder
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.jobs.demo_people import home
from gongzhi.surfaces.jobs.demo_sheets import sheet
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage, Story

SYSTEM = "hotline"


def set_out(stage: Stage) -> int:
    """Put the hotline's sheets into the queue; how many orders there are."""
    said = sheet("outer")
    stage.begin(stage.last - timedelta(hours=said["hours"]), _orders(said))
    return len(said["order"])


def _orders(said: dict[str, Any]) -> Any:
    def story(stage: Stage) -> Story:
        by = stage.world.at("district_dispatcher", stage.world.district)
        rows = [_cells(one, number, stage) for number, one in enumerate(said["order"], start=1)]
        _taken_in(_sheet(said["head"], rows), said["name"], columns.ORDERS, by, stage.now)
        for number, one in enumerate(said["order"], start=1):
            stage.begin(stage.now + timedelta(minutes=20 * number), _done(one, _number(number, stage)))
        yield stage.now + timedelta(hours=said["back_after"])
        _given(stage)
        yield stage.now + timedelta(hours=2)
        results = [
            [_number(n, stage), *one["result"]]
            for n, one in enumerate(said["order"], start=1)
            if "result" in one
        ]
        _taken_in(_sheet(said["result_head"], results), said["result_name"], columns.RESULTS, by, stage.now)

    return story


def _given(stage: Stage) -> None:
    """The first half of what is due goes back; the rest waits to be tried."""
    by = stage.world.at("district_dispatcher", stage.world.district)
    for pile in answers.piles(stage.world.pack.name, by=by, at=stage.now):
        for part in answers.due(pile.system, pile.shape, by=by, at=stage.now):
            marks.given(part[: len(part) // 2 + 1], by=by, at=stage.now)


def _cells(one: dict[str, Any], number: int, stage: Stage) -> Sequence[str]:
    limit = stage.calendar.local(stage.last + timedelta(days=one.get("days", 3)))
    place = home(stage.world, "community").name
    said = {"limit": f"{limit:%Y-%m-%d} 16:00", "area": place, "number": _number(number, stage)}
    return [str(cell).format(**said) for cell in one["cells"]]


def _number(number: int, stage: Stage) -> str:
    return f"RX{stage.calendar.local(stage.last):%y%m%d}{number:04d}"


def _done(one: dict[str, Any], number: str) -> Any:
    """What becomes of one order; each step is somebody's, at their desk."""

    def story(stage: Stage) -> Story:
        order = OuterOrder.objects.select_related("matter").filter(system=SYSTEM, number=number).first()
        unit = stage.world.unit(one["unit"], home(stage.world, "community")) if one.get("unit") else None
        if order is None:
            raise Ended(f"order {number} was not taken over")
        centre = stage.world.at("district_dispatcher", stage.world.district)
        for step in one.get("steps", []):
            by = (
                centre if step.get("by") == "centre" or unit is None else stage.world.of("unit_contact", unit)
            )
            more: dict[str, Any] = {"to": unit.pk} if step["do"] == "dispatch" and unit is not None else {}
            try:
                take(order.matter, step["do"], by=by, at=stage.now, **step.get("said", {}), **more)
            except Refusal as refusal:
                raise Ended(f"order {number} {step['do']}: {refusal.sentence}") from refusal
            yield stage.now + timedelta(minutes=25)

    return story


def _taken_in(data: bytes, name: str, kind: str, by: Acting, at: datetime) -> None:
    batch = batches.receive(name, data, kind=kind, system=SYSTEM, by=by, at=at)
    work.step(batch, at)
    batches.confirm(batch, by=by, at=at)
    batch.refresh_from_db()
    work.step(batch, at)


def _sheet(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode("gb18030")

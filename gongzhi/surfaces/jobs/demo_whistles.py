"""Two whistles at the demonstration's home: one under way, one followed to its end and rated by both sides."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from gongzhi.domains.whistles.actions import Asked, ask, take
from gongzhi.kernel.models import Matter
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.jobs.demo_people import home
from gongzhi.surfaces.jobs.demo_sheets import sheet
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage, Story


def set_out(stage: Stage) -> int:
    """Put every whistle's story into the queue; how many matters they make."""
    rows = sheet("whistles")["whistle"]
    for row in rows:
        stage.begin(stage.office_hours_ago(timedelta(hours=row["hours"])), _story(row))
    return sum(1 + len(row["units"]) for row in rows)


def _story(row: dict[str, Any]) -> Any:
    def story(stage: Stage) -> Story:
        try:
            yield from _played(stage, row)
        except Refusal as refusal:
            raise Ended(f"whistle {row['place']}: {refusal.sentence}") from refusal

    return story


def _played(stage: Stage, row: dict[str, Any]) -> Iterator[datetime]:
    """Asked by the grid, passed on, approved, called; then as far as the row goes."""
    said = {name: row[name] for name in ("whistle_kind", "need", "tried")}
    units = [stage.world.unit(duty, home(stage.world, "grid")) for duty in row["units"]]
    named = [one for one in units if one is not None]
    whistle = Asked(
        {**said, "wanted": [one.pk for one in named]}, area=home(stage.world, "grid"), place=row["place"]
    )
    key = f"{stage.dice.getrandbits(128):032x}"
    matter = ask(whistle, by=_hand(stage, "grid_worker"), at=stage.now, key=key)
    yield stage.now + timedelta(minutes=12)
    take(matter, "pass_on", by=_hand(stage, "community_secretary"), at=stage.now)
    yield stage.now + timedelta(minutes=9)
    take(matter, "approve", by=_hand(stage, "street_leader"), at=stage.now)
    yield stage.now + timedelta(minutes=6)
    centre = _hand(stage, "district_dispatcher")
    take(matter, "call", by=centre, at=stage.now, units=[one.pk for one in named])
    for unit, road in zip(named, row["road"], strict=True):
        yield from _part(stage, row, matter, unit, road)
    if row["ends"]:
        desk = _hand(stage, "community_secretary")
        take(matter, "finish", by=desk, at=stage.now, result=row["ends"])


def _part(
    stage: Stage, row: dict[str, Any], matter: Matter, unit: Organisation, road: list[str]
) -> Iterator[datetime]:
    """One organisation's part, as far as its road is laid."""
    part = Matter.objects.get(parent=matter, ties__role="holder", ties__organisation=unit)
    own, desk, worker = (
        stage.world.of("unit_contact", unit),
        _hand(stage, "community_desk"),
        _hand(stage, "grid_worker"),
    )
    hands: dict[str, Acting] = {
        **dict.fromkeys(("answer_come", "work_done", "rate_asker", "not_mine"), own),
        **dict.fromkeys(("confirm", "rate_unit"), desk),
        "arrived": worker,
    }
    for action in road:
        yield stage.now + timedelta(minutes=7)
        take(part, action, by=hands[action], at=stage.now, **row["said"].get(action, {}))


def _hand(stage: Stage, role: str) -> Acting:
    level = str(stage.world.pack.table("roles")["role"][role]["level"])
    return stage.world.at(role, home(stage.world, level))

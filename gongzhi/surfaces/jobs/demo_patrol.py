"""Patrols at the demonstration's home: two routes, walked on their days, something found, one under way at the end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from gongzhi.domains.incidents.actions import Report, report
from gongzhi.domains.patrols import actions
from gongzhi.domains.patrols.actions import Planned
from gongzhi.domains.patrols.points import Told
from gongzhi.domains.patrols.queries import planning, walking
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.jobs.demo_people import home
from gongzhi.surfaces.jobs.demo_sheets import sheet
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage, Story

SAID = "{}有一块松了，踩上去会响"


def set_out(stage: Stage) -> int:
    """Put every route's story into the queue; how many there are."""
    rows = sheet("patrols")["route"]
    for row in rows:
        stage.begin(max(stage.first, stage.last - timedelta(days=row["began"])), _story(row))
    return len(rows)


def _story(row: dict[str, Any]) -> Any:
    def story(stage: Stage) -> Story:
        grid = home(stage.world, "grid")
        try:
            laid = actions.plan(_planned(stage, row, grid), by=_desk(stage), at=stage.now, key=_key(stage))
        except Refusal as refusal:
            raise Ended(f"route {row['name']}: {refusal.sentence}") from refusal
        reasons = [*row["left"]]
        while True:
            yield _next_walk(stage)
            by = stage.world.at("grid_worker", grid)
            lines, _ = walking.listed(open_only=True, by=by, at=stage.now)
            for line in lines:
                if line.patrol.route_id == laid.pk:
                    _walk(stage, line.patrol.pk, reasons.pop() if reasons else "")

    return story


def _next_walk(stage: Stage) -> datetime:
    """Mid-morning of the next day."""
    local = stage.calendar.local(stage.now)
    return stage.calendar.moment(
        (local + timedelta(days=1)).replace(hour=10, minute=stage.dice.randint(5, 50))
    )


def _planned(stage: Stage, row: dict[str, Any], grid: Area) -> Planned:
    houses = planning.inside(grid, stage.now)[1:]
    points = _points(row["points"], grid, houses)
    day = (stage.calendar.local(stage.now) + timedelta(days=1)).date()
    return Planned(grid, row["name"], points, day, row["days"], row["weekdays"])


def _points(rows: Sequence[Sequence[str]], grid: Area, houses: Sequence[Area]) -> list[Told]:
    told = []
    for n, (label, look) in enumerate(rows):
        house = houses[n % len(houses)] if houses and "{}" in label else None
        name = house.name if house is not None else "小区"
        area = house or grid
        where = (area.lat, area.lon) if house is not None else (None, None)
        told.append(Told(label.format(name), look, area.pk, *where))
    return told


def _walk(stage: Stage, patrol_id: int, left: str) -> None:
    """All points but the last in order; the reason for the last, or something found there."""
    by = stage.world.at("grid_worker", home(stage.world, "grid"))
    found = walking.walk(patrol_id, by=by, at=stage.now)
    if found is None or not found.left:
        return
    *first, last = found.left
    if first:
        stops = ",".join(str(one.stop.n) for one in first)
        actions.take(patrol_id, "clear", by=by, at=stage.now, key=_key(stage), stops=stops)
    if not left and stage.dice.random() < 0.4:
        area = last.stop.area
        words = SAID.format(last.stop.label)
        made = Report(area=area, words=words, category="", place=last.stop.label, channel="patrol")
        told = report(made, by=by, at=stage.now, key=_key(stage))
        actions.found(patrol_id, last.stop.n, told.matter.pk, by=by, at=stage.now, key=_key(stage))
    elif not left:
        actions.take(
            patrol_id, "clear", by=by, at=stage.now, key=_key(stage), stops=str(last.stop.n)
        )  # fmt: skip
    said: dict[str, Any] = {"left_reason": left} if left else {}
    actions.take(patrol_id, "finish", by=by, at=stage.now, key=_key(stage), **said)


def _desk(stage: Stage) -> Any:
    return stage.world.at("community_desk", home(stage.world, "community"))


def _key(stage: Stage) -> str:
    return f"{stage.dice.getrandbits(128):032x}"

"""The demonstration: a real county, made-up people, and ninety days of plausible matters through the real actions.

Everything comes from ``packs/demo.toml`` and the sheets beside it; the same seed makes the same days.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongzhi.kernel import packs
from gongzhi.kernel.indicators import fold
from gongzhi.kernel.models import Matter
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.secrets import format_code
from gongzhi.kernel.territory import place, tree
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.surfaces.jobs import (
    demo_after,
    demo_doors,
    demo_duty,
    demo_near,
    demo_notices,
    demo_open311,
    demo_outer,
    demo_patrol,
    demo_people,
    demo_records,
    demo_stories,
    demo_whistles,
)
from gongzhi.surfaces.jobs.demo_case import CHANNELS, Case, place_spot
from gongzhi.surfaces.jobs.demo_people import World, home
from gongzhi.surfaces.jobs.demo_sheets import sheet
from gongzhi.surfaces.jobs.demo_stage import Stage, Story

__all__ = ["Demonstration", "accounts", "build"]

accounts = demo_people.accounts

HOURS_OF_DAY = {
    7: 4,
    8: 9,
    9: 11,
    10: 10,
    11: 7,
    12: 5,
    13: 4,
    14: 7,
    15: 8,
    16: 7,
    17: 8,
    18: 9,
    19: 8,
    20: 6,
    21: 3,
}
QUICKLY = timedelta(hours=2.5)  # of office time in which a staged matter comes to where it stands
LONG_AGO = timedelta(hours=9)  # of office time for those that are to be late
PACE = 0.12
WEEKEND = 0.7  # of a working day's matters
AT_HOME, ON_HOME_STREET, IN_A_VILLAGE = (
    6.0,
    2.2,
    0.35,
)  # how often a grid is chosen, beside 1 for a grid in town


@dataclass(frozen=True)
class Demonstration:
    """What was loaded, as a sentence; ``refused`` lists what the door said no to (a fault in a story)."""

    place: str
    matters: int
    days: int
    receipt: str
    refused: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.place}已造出 {self.days} 天里的 {self.matters} 件事（演示）。{self.receipt}"


@transaction.atomic
def build(at: datetime | None = None, days: int | None = None) -> Demonstration:
    """Load the demonstration into an empty database: place, organisations, people, matters up to ``at``.

    One transaction: a run that is killed leaves nothing half-loaded, and the next start begins anew.
    """
    said, last = sheet(), at or timezone.now()
    days = days or int(said["days"])
    first = last - timedelta(days=days)
    summary, world = _world(said, first)
    stage = Stage(world, first, last, random.Random(f"{said['seed']} {days}"))  # noqa: S311
    places = _printed(world)
    _invite(stage, places, round(int(said["matters"]) * days / int(said["days"])))
    _set_out(stage, places[home(world, "grid").pk])
    demo_notices.set_out(stage)
    demo_doors.set_out(stage)
    demo_near.set_out(stage)
    demo_patrol.set_out(stage)
    demo_open311.set_out(stage)
    demo_whistles.set_out(stage)
    demo_duty.set_out(stage)
    demo_outer.set_out(stage)
    demo_records.set_out(stage)
    stage.begin(first, demo_stories.samples_seen)
    demo_after.set_out(stage)
    stage.play()
    fold.fold(last)
    return Demonstration(
        summary.sentence(), Matter.objects.count(), days, _receipt(stage), tuple(stage.refused)
    )


def _world(said: dict[str, Any], first: datetime) -> tuple[place.Summary, World]:
    """The place with its organisations and people, standing for a while when the play begins."""
    by, since = Acting.operator("演示", "装入演示数据"), first - timedelta(days=400)
    summary = place.build(
        said["division"], said["pack"], by=by, at=first, phones=said.get("phone"), since=since.date()
    )
    pack = packs.load(said["pack"])
    people_since = first - timedelta(days=300)
    return summary, demo_people.world(summary.district, pack, by=by, at=first, since=people_since)


def _invite(stage: Stage, places: dict[int, list[Place]], wanted: int) -> int:
    """Put every matter's story into the queue: more in town, more at the demo accounts' home, more lately."""
    grids = stage.world.level("grid")
    weights = [_weight(stage.world, grid) for grid in grids]
    for moment in sorted(_moments(stage, wanted)):
        grid = stage.dice.choices(grids, weights)[0]
        kind = _kind(stage, moment, stage.world.above(grid, "community"))
        stage.begin(moment, _opening(kind, grid, places.get(grid.pk, [])))
    return wanted


def _opening(kind: dict[str, Any], grid: Area, places: Sequence[Place]) -> Any:
    def story(stage: Stage) -> Story:
        channel = stage.dice.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        own = kind.get("about") or kind.get("exit")
        spot = place_spot(stage, str(kind["where"]), grid, places)
        return demo_stories.matter(Case(stage, kind, spot, "portal" if own else channel))

    return story


def _set_out(stage: Stage, places: Sequence[Place]) -> int:
    """What waits at the home of the demo accounts: a matter before each step that somebody may try."""
    kinds = {str(kind["leaf"]): kind for kind in sheet("matters")["kind"]}
    grid = home(stage.world, "grid")
    begins = {late: stage.office_hours_ago(LONG_AGO if late else QUICKLY) for late in (True, False)}
    for one in sheet("matters")["staged"]:
        late = "late" in one["path"]
        stage.begin(begins[late], _staged(one, kinds[one["leaf"]], grid, places))
        begins[late] += timedelta(minutes=stage.dice.randint(1, 4), seconds=stage.dice.randrange(60))
    return len(sheet("matters")["staged"])


def _staged(one: dict[str, Any], kind: dict[str, Any], grid: Area, places: Sequence[Place]) -> Any:
    def story(stage: Stage) -> Story:
        spot = place_spot(stage, str(kind["where"]), grid, places)
        path = dict.fromkeys(one["path"], True) | {"staged": True}
        return demo_stories.matter(Case(stage, kind, spot, path=path, stop=tuple(one["stop"]), pace=PACE))

    return story


def _receipt(stage: Stage) -> str:
    """Number and query code of a matter in hand, for whoever wants to follow one."""
    number, digits = stage.receipts[-len(sheet("matters")["staged"])] if stage.receipts else ("", "")
    return f"查进度可以试：编号 {number}，查询码 {format_code(digits)}。" if digits else ""


def _printed(world: World) -> dict[int, list[Place]]:
    """Buildings and known places, by the grid they stand in."""
    rows = Place.objects.filter(tree.subtree(world.district, "area__path"), kind__in=("building", "facility"))
    found: dict[int, list[Place]] = {}
    for row in rows.select_related("area").order_by("id"):
        grid = row.area.parent_id if row.area.level == "building" else row.area_id
        found.setdefault(grid or 0, []).append(row)
    return found


def _weight(world: World, grid: Area) -> float:
    community = world.above(grid, "community")
    if community == home(world, "community"):
        return AT_HOME
    if community.kind.startswith("villagers"):
        return IN_A_VILLAGE
    return ON_HOME_STREET if world.above(grid, "street") == home(world, "street") else 1.0


def _kind(stage: Stage, moment: datetime, community: Area) -> dict[str, Any]:
    """A kind that happens there and in that month, by weight."""
    month = stage.calendar.local(moment).month
    village = community.kind.startswith("villagers")
    kinds = [
        kind
        for kind in sheet("matters")["kind"]
        if (kind["where"] == "village") == village and month in kind.get("months", [month])
    ]
    return stage.dice.choices(kinds, [kind["weight"] for kind in kinds])[0]


def _moments(stage: Stage, wanted: int) -> Iterator[datetime]:
    """When matters are reported: fewer at week-ends, somewhat more lately, at the hours people write."""
    first = stage.calendar.local(stage.first).date()
    days = (stage.calendar.local(stage.last).date() - first).days + 1
    every = [first + timedelta(days=number) for number in range(days)]
    weights = [
        (1.0 if stage.calendar.is_working(day) else WEEKEND) * (0.6 + 0.9 * number / days)
        for number, day in enumerate(every)
    ]
    found = 0
    while found < wanted:
        day = stage.dice.choices(every, weights)[0]
        hour = stage.dice.choices(list(HOURS_OF_DAY), list(HOURS_OF_DAY.values()))[0]
        wall = datetime(
            day.year, day.month, day.day, hour, stage.dice.randrange(60), stage.dice.randrange(60)
        )
        moment = stage.calendar.moment(wall)
        if stage.first < moment < stage.last - timedelta(minutes=5):
            found += 1
            yield moment

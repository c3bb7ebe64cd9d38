"""The same thing reported twice at the demonstration's home: lamps alike, one burst pipe for many, a lamp again."""

from datetime import timedelta
from math import cos, radians
from typing import Any

from gongzhi.domains.incidents import actions, me_too
from gongzhi.domains.incidents.actions import Contact, Report, Reported
from gongzhi.domains.incidents.near import DEGREE
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.jobs.demo_people import home
from gongzhi.surfaces.jobs.demo_sheets import sheet
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage, Story

SOON, LATER = timedelta(minutes=20), timedelta(hours=2, minutes=20)


def set_out(stage: Stage) -> int:
    """Put every report's story into the queue; how many there are."""
    rows, causes = sheet("near")["told"], list[str]()
    for row in rows:
        stage.begin(stage.last - timedelta(hours=row["hours"]), _story(row, causes))
    return len(rows)


def _story(row: dict[str, Any], causes: list[str]) -> Any:
    def story(stage: Stage) -> Story:
        try:
            told = _told(stage, row)
            for _ in range(row["also"]):
                key = f"{stage.dice.getrandbits(128):032x}"
                me_too.me_too(told.matter.number, "", by=Acting.public("portal"), at=stage.now, key=key)
            yield stage.now + (timedelta(hours=row["solved"]) if "solved" in row else SOON)
            _then(stage, row, told, causes)
            if row.get("gather"):
                yield stage.now + LATER
                into = causes[0]
                actions.take(told.matter.pk, "gather", by=_desk(stage), at=stage.now, into=into)
        except Refusal as refusal:
            raise Ended(f"{row['words']}: {refusal.sentence}") from refusal

    return story


def _then(stage: Stage, row: dict[str, Any], told: Reported, causes: list[str]) -> None:
    """Solved on the spot, or accepted and marked as the cause of others."""
    matter, by = told.matter.pk, _desk(stage)
    if "solved" in row:
        actions.take(matter, "self_handle", by=by, at=stage.now, done_on_spot=row["done"])
    if "cause" in row:
        causes.append(told.matter.number)
        actions.take(matter, "accept", by=by, at=stage.now)
        actions.take(matter, "mark_cause", by=by, at=stage.now, cause_kind=row["cause"])
        actions.take(matter, "tell_all", by=by, at=stage.now, public_words=row["say"])


def _told(stage: Stage, row: dict[str, Any]) -> Reported:
    grid = home(stage.world, "grid")
    point = None
    if grid.lat is not None and grid.lon is not None:
        point = (grid.lat, grid.lon + row["aside"] / (DEGREE * cos(radians(grid.lat))))
    said = Report(
        area=grid,
        words=row["words"],
        category=row["leaf"],
        place=row["place"],
        point=point,
        point_source="map",
        contact=Contact(row["phone"], "all", told_by="sms"),
    )
    key = f"{stage.dice.getrandbits(128):032x}"
    return actions.report(said, by=Acting.public("portal"), at=stage.now, key=key)


def _desk(stage: Stage) -> Acting:
    return stage.world.at("community_desk", home(stage.world, "community"))

"""At the doors of the demonstration: sessions in the square, a call that rings, one to ring back, a letter."""

from datetime import timedelta
from typing import Any

from gongzhi.domains.fairs.actions import Announced, Answered, announce, answer, take
from gongzhi.domains.incidents import calls, mails
from gongzhi.domains.incidents.mails import Came
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.jobs.demo_people import home
from gongzhi.surfaces.jobs.demo_sheets import sheet
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage, Story


def set_out(stage: Stage) -> int:
    """Put every door's story into the queue; how many matters they are."""
    rows = sheet("doors")
    count = 0
    for row in rows["fair"]:
        asked = row.get("asked", [])
        begins = (
            stage.last - timedelta(days=3) if row["days"] > 0 else stage.last + timedelta(days=row["days"])
        )
        stage.begin(max(begins, stage.first + timedelta(minutes=5)), _fair(row))
        count += 1 + len(asked)
    for row in rows["call"]:
        stage.begin(stage.last - timedelta(minutes=row["minutes"]), _call(row))
    for row in rows["letter"]:
        stage.begin(stage.last - timedelta(hours=row["hours"]), _letter(row))
    return count


def _fair(row: dict[str, Any]) -> Any:
    def story(stage: Stage) -> Story:
        area, by = home(stage.world, "community"), _desk(stage)
        day = (
            stage.calendar.local(stage.last) if row["days"] > 0 else stage.calendar.local(stage.now)
        ).date()
        day += timedelta(days=max(row["days"], 0))
        said = Announced(area, row["title"], row["spot"], day, row["hours"], text=row["text"])
        try:
            matter = announce(said, by=by, at=stage.now, key=_key(stage))
            if row["days"] > 0:
                return
            take(matter, "begin", by=_desk(stage), at=stage.now)
            for words, told in row["asked"]:
                question = Answered(area, words, told, "fair", "", matter.pk)
                answer(question, by=_desk(stage), at=stage.now, key=_key(stage))
            take(matter, "end", by=_desk(stage), at=stage.now)
            yield stage.now + timedelta(days=1)
            take(matter, "publish", by=_desk(stage), at=stage.now, text=row["results"])
        except Refusal as refusal:
            raise Ended(f"fair {row['title']}: {refusal.sentence}") from refusal

    return story


def _call(row: dict[str, Any]) -> Any:
    def story(stage: Stage) -> Story:
        by = stage.world.at("hotline_clerk", home(stage.world, "district"))
        if "note" not in row:
            calls.ring(row["number"], "", by=by, at=stage.now)
            return
        call = calls.begin(row["number"], by=by, at=stage.now)
        yield stage.now + timedelta(minutes=3)
        until = stage.last + timedelta(hours=2)
        calls.close(call.pk, "enquiry", by=by, at=stage.now, ring_back=until, note=row["note"])

    return story


def _letter(row: dict[str, Any]) -> Any:
    def story(stage: Stage) -> Story:
        mails.take_in(Came("<demo-letter@example.cn>", "", row["words"], why=row["why"]), at=stage.now)
        yield from ()

    return story


def _desk(stage: Stage) -> Acting:
    return stage.world.at("community_desk", home(stage.world, "community"))


def _key(stage: Stage) -> str:
    return f"{stage.dice.getrandbits(128):032x}"

"""Notices at the demonstration's home: written, read by a second hand, sent out; one still waits for the desk."""

from datetime import date, timedelta
from typing import Any

from gongzhi.domains.outreach.actions import Written, take, write
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.jobs.demo_people import home
from gongzhi.surfaces.jobs.demo_sheets import sheet
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage, Story


def set_out(stage: Stage) -> int:
    """Put every notice's story into the queue; how many there are."""
    rows = sheet("notices")["notice"]
    for row in rows:
        stage.begin(stage.last - timedelta(hours=row["hours"]), _story(row))
    return len(rows)


def _story(row: dict[str, Any]) -> Any:
    def story(stage: Stage) -> Story:
        area = home(stage.world, row["where"])
        today = stage.calendar.local(stage.last).date()
        first, last = (today + timedelta(days=row[name]) for name in ("from", "until"))
        days = {"from": _said(first), "until": _said(last)}
        written = Written(
            area,
            row["kind"],
            row["title"].format(**days),
            row["text"].strip(),
            from_day=first,
            until_day=last,
        )
        try:
            matter = write(
                written, by=_hand(stage, row["by"]), at=stage.now, key=f"{stage.dice.getrandbits(128):032x}"
            )
            if not row["publish"]:
                return
            yield stage.now + timedelta(minutes=20)
            take(matter, "publish", by=_hand(stage, row["publish"]), at=stage.now)
        except Refusal as refusal:
            raise Ended(f"notice {row['title']}: {refusal.sentence}") from refusal

    return story


def _hand(stage: Stage, role: str) -> Any:
    level = str(stage.world.pack.table("roles")["role"][role]["level"])
    return stage.world.at(role, home(stage.world, level))


def _said(day: date) -> str:
    return f"{day.month} 月 {day.day} 日"

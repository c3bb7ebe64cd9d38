"""Another system beside the demonstration: it reports by Open311, and the unit that does the work writes back by it."""

from datetime import timedelta

from gongzhi.domains.incidents.actions import Report, report, take
from gongzhi.kernel.ledger import channel_register
from gongzhi.kernel.ledger.channel_register import Wanted
from gongzhi.kernel.models import Matter, Organisation
from gongzhi.kernel.people import channel_keys
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.channel_keys import KeyHand
from gongzhi.kernel.people.models import ChannelKey
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.jobs.demo_people import home
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage, Story

NAME, CHANNEL, DUTY = "路灯平台（演示）", "open311", "municipal_works"
SAID = ("东门口第二根灯杆不亮，杆号 LD-2071", "路灯平台报警：这一排第 3 盏白天常亮")
WRITTEN = "已经派班组去看，灯头坏了，要等配件。"
DAYS, HOUR = 4, 10  # so many days before the end, at ten


def set_out(stage: Stage) -> int:
    """Put the story into the queue; how many matters it opens."""
    wall = stage.calendar.local(stage.last - timedelta(days=DAYS)).replace(hour=HOUR, minute=12)
    stage.begin(max(stage.calendar.moment(wall), stage.first + timedelta(hours=1)), _story)
    return len(SAID)


def _story(stage: Stage) -> Story:
    grid = home(stage.world, "grid")
    unit = stage.world.unit(DUTY, stage.world.district)
    if unit is None:
        raise Ended("open311: nobody holds the lamps")
    hand = _key(stage, unit)
    try:
        first, *_ = [
            report(
                Report(grid, said, "lamp", "lamp", "东门口", channel=CHANNEL),
                by=hand.channel,
                at=stage.now,
                key=f"{stage.dice.getrandbits(128):032x}",
            ).matter
            for said in SAID
        ]
        yield stage.after(1, 2)
        _send(stage, first, unit)
        yield stage.after(1, 2)
        _write_back(stage, first, hand)
    except Refusal as refusal:
        raise Ended(f"open311: {refusal.sentence}") from refusal


def _key(stage: Stage, unit: Organisation) -> KeyHand:
    by, until = Acting.operator("演示", "发钥匙"), stage.last + timedelta(days=365)
    wanted = Wanted(NAME, CHANNEL, unit, stage.world.district, ChannelKey.VERBS, 600, until)
    text = channel_register.give(wanted, by=by, at=stage.now)
    hand = channel_keys.bearer(text, CHANNEL, stage.now)
    if hand is None:
        raise Ended("open311: the key does not hold")
    return hand


def _send(stage: Stage, matter: Matter, unit: Organisation) -> None:
    """Up the levels and out to the unit, as any lamp goes."""
    community, street, district = (home(stage.world, level) for level in ("community", "street", "district"))
    desk, dispatcher = (
        stage.world.at("community_desk", community),
        stage.world.at("street_dispatcher", street),
    )
    take(matter, "accept", by=desk, at=stage.now)
    take(matter, "raise_to_street", by=desk, at=stage.now)
    take(matter, "raise_to_district", by=dispatcher, at=stage.now)
    centre = stage.world.at("district_dispatcher", district)
    take(matter, "dispatch", by=centre, at=stage.now, to=unit.pk)


def _write_back(stage: Stage, matter: Matter, hand: KeyHand) -> None:
    by = hand.unit(stage.now)
    if by is None:
        raise Ended("open311: the key writes nothing back")
    note = [("note", {"note": WRITTEN})]
    take(matter, "sign_in", by=by, at=stage.now, key=f"{stage.dice.getrandbits(128):032x}", then=note)

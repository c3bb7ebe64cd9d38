"""The clock: every overdue wait is acted on, once, oldest first, whoever sits or does not sit at its desk."""

import json
from collections import Counter
from datetime import timedelta

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel import packs
from gongzhi.kernel.models import Delivery, Entry, Mandate, Matter, Wait
from gongzhi.kernel.process import tick as clockwork
from gongzhi.kernel.process.registry import GUARDS
from gongzhi.kernel.process.tick import tick
from gongzhi.kernel.process.versions import current
from tests.cast import MORNING, Cast, clock
from tests.kernel.test_fold import in_threads

LATE = clock("2026-11-20 11:30")


def by_the_clock(*verbs: str) -> list[Entry]:
    rows = Entry.objects.filter(actor="clock").order_by("id")
    return list(rows.filter(verb__in=verbs) if verbs else rows)


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_act_on_every_due_wait_once(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(clockwork, "BATCH", 7)
    for minute in range(30):
        cast.snap(at=MORNING + timedelta(minutes=minute))
    due = Wait.objects.filter(next_at__lte=LATE, ended_at=None)
    wanted = set(due.values_list("pk", flat=True))
    assert len(wanted) == 30
    acted = in_threads(lambda: tick(LATE), lambda: tick(LATE))
    assert sum(acted) == len(wanted)
    assert Counter(entry.matter_id for entry in by_the_clock()) == dict.fromkeys(
        Matter.objects.values_list("pk", flat=True), 1
    )
    assert {entry.verb for entry in by_the_clock()} == {"remind"}
    assert set(Wait.objects.filter(pk__in=wanted).values_list("step", flat=True)) == {1}
    assert tick(LATE) == 0


@pytest.mark.django_db(transaction=True)
def test_two_clocks_that_slept_climb_every_rung_once(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(clockwork, "BATCH", 7)
    for minute in range(30):
        cast.snap(at=MORNING + timedelta(minutes=minute))
    in_threads(lambda: tick(clock("2026-11-24 18:00")), lambda: tick(clock("2026-11-24 18:00")))
    climbed = Counter((entry.matter_id, entry.verb, entry.facts) for entry in by_the_clock())
    assert set(climbed.values()) == {1}
    assert Counter(verb for _, verb, _ in climbed) == {"remind": 60, "raise": 60}


@pytest.mark.django_db
def test_the_oldest_come_first(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(clockwork, "BATCH", 3)
    told = [cast.snap(at=clock(f"2026-11-20 09:{minute:02}")) for minute in (40, 10, 30, 0, 50, 20)]
    assert tick(clock("2026-11-20 15:00"), limit=3) == 3
    assert {entry.matter_id for entry in by_the_clock()} == {
        told[3].matter.pk,
        told[1].matter.pk,
        told[5].matter.pk,
    }


@pytest.mark.django_db
def test_a_desk_where_nobody_sits_is_reminded_all_the_same(cast: Cast) -> None:
    Mandate.objects.filter(role__in=("community_desk", "community_secretary")).update(until=MORNING)
    told = cast.snap(at=MORNING + timedelta(minutes=1))
    assert tick(LATE) == 1
    entry = by_the_clock()[0]
    assert (entry.matter_id, json.loads(entry.facts)["wait"]) == (told.matter.pk, "accept")
    assert Delivery.objects.filter(entry=entry, follower="tell:awaited").exists()


def in_hand(cast: Cast) -> Matter:
    """A lamp dispatched to a department and signed for."""
    lamp = cast.snap().matter
    take(lamp, "accept", by=cast.desk(), at=clock("2026-11-20 09:10"))
    take(lamp, "raise_to_street", by=cast.desk(), at=clock("2026-11-20 09:20"))
    take(lamp, "raise_to_district", by=cast.dispatcher(), at=clock("2026-11-20 09:30"))
    take(lamp, "dispatch", by=cast.centre(), at=clock("2026-11-20 10:00"), to=cast.organisations["works"].pk)
    take(lamp, "sign_in", by=cast.works(), at=clock("2026-11-20 10:30"))
    return lamp


@pytest.mark.django_db
def test_a_missed_end_is_reminded_then_nudged_then_raised(cast: Cast) -> None:
    lamp = in_hand(cast)
    wait = Wait.objects.get(matter=lamp, what="handle")
    assert wait.due_at is not None
    tick(wait.due_at - timedelta(minutes=1))
    assert by_the_clock() == []
    climbed = []
    for _ in range(3):
        wait.refresh_from_db()
        assert wait.next_at is not None
        climbed.append(wait.next_at)
        assert tick(wait.next_at) == 1
        assert tick(wait.next_at) == 0
    assert [entry.verb for entry in by_the_clock()] == ["remind", "nudge", "raise"]
    assert climbed[0] == wait.due_at and climbed == sorted(set(climbed))
    followers = [
        set(Delivery.objects.filter(entry=one).values_list("follower", flat=True)) for one in by_the_clock()
    ]
    assert (
        followers[0] >= {"tell:awaited"} and followers[1] >= {"tell:lead"} and followers[2] >= {"tell:above"}
    )
    wait.refresh_from_db()
    assert wait.next_at is None and wait.ended_at is None, "the wait stays on the list until somebody acts"


@pytest.mark.django_db
def test_a_clock_that_slept_climbs_the_whole_ladder_once(cast: Cast) -> None:
    in_hand(cast)
    tick(clock("2027-01-15 10:00"))
    verbs = Counter(entry.verb for entry in by_the_clock())
    assert verbs == {"remind": 1, "nudge": 1, "raise": 1}


@pytest.mark.django_db
def test_one_broken_matter_stops_nobody_elses_clock(cast: Cast, monkeypatch) -> None:
    broken = cast.snap().matter
    others = [cast.snap().matter.pk for _ in range(3)]
    ladder = "broken"
    Wait.objects.filter(matter=broken, what="accept").update(ladder=ladder)
    page = current("cn", "incident")
    monkeypatch.setitem(page.ladders, ladder, ({"do": "archive", "after": "0h"},))
    monkeypatch.setitem(page.ladders, "desk", ({"do": "remind", "after": "0h"},))
    monkeypatch.setattr(clockwork, "pinned", lambda digest: page)
    monkeypatch.setitem(GUARDS, "bang", lambda deed: 1 / 0)
    actions = page.actions["archive"]
    monkeypatch.setattr("gongzhi.kernel.process.flush.pinned", lambda digest: page)
    object.__setattr__(actions, "needs", ("bang",))
    object.__setattr__(actions, "from_", ("submitted",))
    try:
        assert tick(LATE) == 3
    finally:
        object.__setattr__(actions, "needs", ())
        object.__setattr__(actions, "from_", ("resolved", "closed"))
    assert {entry.matter_id for entry in by_the_clock("remind")} == set(others)
    assert Wait.objects.get(matter=broken, what="accept").next_at == LATE + timedelta(hours=1)


@pytest.mark.parametrize("pack", ["cn", "shuangluan"])
def test_no_page_lets_the_clock_supervise(pack: str) -> None:
    for name in packs.load(pack).processes:
        page = current(pack, name)
        clocked = {action.id for action in page.actions.values() if "clock" in action.by}
        assert not any("supervise" in action for action in clocked)
        laddered = {step["do"] for steps in page.ladders.values() for step in steps}
        assert laddered <= {"remind", "nudge", "raise"}
        direct = {
            opening.overdue for _, opening in page.openings() if opening.overdue not in page.ladders
        } - {""}
        assert direct <= clocked

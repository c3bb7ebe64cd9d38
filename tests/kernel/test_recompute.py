"""A provisional year becomes official: open deadlines follow, the promise with them, and each change is told."""

import json
from datetime import date, datetime

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.clock import calendar
from gongzhi.kernel.clock.calendar import adopt_year
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.models import CalendarYear, Delivery, Entry, Matter, Wait
from gongzhi.kernel.people.acting import Acting
from tests.cast import Cast, clock, fresh

pytestmark = pytest.mark.django_db
NOTICE = clock("2026-12-31 15:00")
LONG_NEW_YEAR = {date(2027, 1, day): (False, "元旦") for day in (1, 2, 3, 4, 5)} | {
    date(2027, 1, 9): (True, "调休")
}


@pytest.fixture(autouse=True)
def the_packs_own_calendar():
    calendar.forget()
    yield
    calendar.forget()


def adopt(capture) -> None:
    by = Acting.operator("测试", "通知下来了")
    with capture(execute=True):
        adopt_year(
            "cn", 2027, LONG_NEW_YEAR, "国办发明电〔2026〕1号", by=by, at=NOTICE, record=registers.record
        )


def in_hand(cast: Cast) -> Matter:
    lamp = cast.snap(at=clock("2026-12-30 09:00")).matter
    take(lamp, "accept", by=cast.desk(), at=clock("2026-12-30 09:10"))
    take(lamp, "raise_to_street", by=cast.desk(), at=clock("2026-12-30 09:20"))
    take(lamp, "raise_to_district", by=cast.dispatcher(), at=clock("2026-12-30 09:30"))
    take(lamp, "dispatch", by=cast.centre(), at=clock("2026-12-30 10:00"), to=cast.organisations["works"].pk)
    take(lamp, "sign_in", by=cast.works(), at=clock("2026-12-30 10:30"))
    return lamp


def handle(lamp: Matter) -> Wait:
    return Wait.objects.get(matter=lamp, what="handle")


def test_open_deadlines_and_the_promise_follow_and_are_told(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    lamp = in_hand(cast)
    before, promised = handle(lamp), fresh(lamp).promised_at
    assert before.provisional and before.due_at is not None and promised is not None
    adopt(django_capture_on_commit_callbacks)
    after, entry = handle(lamp), Entry.objects.get(matter=lamp, verb="recompute")
    assert not after.provisional and after.due_at is not None and after.due_at > before.due_at
    assert after.next_at == after.due_at
    facts = json.loads(entry.facts)
    assert [row["wait"] for row in facts["deadlines"]] == ["handle"]
    assert datetime.fromisoformat(facts["deadlines"][0]["now"]) == after.due_at
    assert (datetime.fromisoformat(facts["was"]), fresh(lamp).promised_at) == (
        promised,
        datetime.fromisoformat(facts["now"]),
    )
    followers = set(Delivery.objects.filter(entry=entry).values_list("follower", flat=True))
    assert followers >= {"tell:awaited", "tell:reporter"}


def test_an_extension_granted_before_is_counted_again(cast: Cast, django_capture_on_commit_callbacks) -> None:
    lamp = in_hand(cast)
    said = {"extension_reason": "parts", "extend_by": "2wd", "note": "停产"}
    take(lamp, "request_extension", by=cast.works(), at=clock("2026-12-30 14:00"), **said)
    take(lamp, "grant_extension", by=cast.centre(), at=clock("2026-12-30 15:00"))
    adopt(django_capture_on_commit_callbacks)
    twin = cast.snap(at=clock("2026-12-30 09:00")).matter
    take(twin, "accept", by=cast.desk(), at=clock("2026-12-30 09:10"))
    take(twin, "raise_to_street", by=cast.desk(), at=clock("2026-12-30 09:20"))
    take(twin, "raise_to_district", by=cast.dispatcher(), at=clock("2026-12-30 09:30"))
    take(twin, "dispatch", by=cast.centre(), at=clock("2026-12-30 10:00"), to=cast.organisations["works"].pk)
    take(twin, "request_extension", by=cast.works(), at=clock("2026-12-30 14:00"), **said)
    take(twin, "grant_extension", by=cast.centre(), at=clock("2026-12-30 15:00"))
    assert fresh(lamp).promised_at == fresh(twin).promised_at, "as if the notice had always been out"
    assert handle(lamp).due_at == handle(twin).due_at


def test_a_deadline_set_by_hand_stays(cast: Cast, django_capture_on_commit_callbacks) -> None:
    lamp = in_hand(cast)
    by_hand = clock("2027-01-08 10:00")
    said = {"supervise_ground": "late", "demand": "书面答复", "answer_by": by_hand.isoformat()}
    take(lamp, "supervise", by=cast.leader(), at=clock("2026-12-30 11:00"), **said)
    adopt(django_capture_on_commit_callbacks)
    assert Wait.objects.get(matter=lamp, what="supervise_answer").due_at == by_hand


def test_what_is_not_provisional_is_left_alone(cast: Cast, django_capture_on_commit_callbacks) -> None:
    early = cast.snap().matter
    adopt(django_capture_on_commit_callbacks)
    assert not Entry.objects.filter(matter=early, verb="recompute").exists()
    assert CalendarYear.objects.get(year=2027).status == "official"

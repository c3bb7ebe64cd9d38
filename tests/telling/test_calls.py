"""Who asked to be rung is rung: a call waits at the desk that may see the number, with what to say, and it ends."""

from datetime import timedelta

import pytest

from gongzhi.domains.incidents.actions import Contact, Reported, take
from gongzhi.gateways import sms
from gongzhi.kernel.models import Matter, Wait
from gongzhi.kernel.process.verdict import NotYours, Refusal
from tests.cast import Cast, clock, fresh
from tests.telling.telling import NINE, post, told_of
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
RING = Contact(phone="13812341234", told_by="call")


def asked(cast: Cast, contact: Contact = RING, **more: object) -> Reported:
    sms.outbox_path().unlink(missing_ok=True)
    return cast.snap(contact=contact, **more)


def calls(matter: Matter) -> list[tuple[str, int | None]]:
    rows = Wait.objects.filter(matter=matter, what="ring", ended_at=None)
    return [(one.desk_role, one.desk_area_id) for one in rows]


def accepted(cast: Cast, told: Reported) -> None:
    take(told.matter, "accept", by=cast.desk(NINE), at=NINE)
    post(NINE)


def test_a_step_to_be_told_opens_a_call_and_sends_no_text(cast: Cast) -> None:
    told = asked(cast)
    post(clock("2026-11-20 08:53"))
    assert calls(told.matter) == [], "the receipt has told what was just reported"
    accepted(cast, told)
    assert calls(told.matter) == [("community_desk", cast.areas["community"].pk)] and sms.sent() == []
    assert told_of(cast, told.matter, "ask_to_ring") == {"desk"}


def test_who_wants_texts_is_not_rung(cast: Cast) -> None:
    told = cast.snap()
    accepted(cast, told)
    assert calls(told.matter) == []


def test_the_next_step_waits_for_the_same_call_and_the_call_survives_the_stages(cast: Cast) -> None:
    told = asked(cast, said="楼里有老鼠", category="pests")
    accepted(cast, told)
    later = NINE + timedelta(minutes=30)
    take(told.matter, "take_on", by=cast.desk(later), at=later)
    post(later)
    assert len(calls(told.matter)) == 1 and fresh(told).stage == "in_progress"


def test_the_desk_rings_says_what_stands_there_and_is_done(cast: Cast, sit: Sit, hour: Clock) -> None:
    told = asked(cast)
    accepted(cast, told)
    desk = sit("desk")
    assert told.matter.number in desk.page()
    page = desk.page(f"m/{told.matter.pk}/do/rang/")
    assert "受理了" in page and 'value="tell_result" checked' in page, (
        "what to say, and what the number is for"
    )
    assert desk.take(told.matter, "rang", ring_said="受理了，周四前答复您。").status_code == 302
    assert calls(told.matter) == []
    by = cast.reporter(told)
    assert fresh(told).entries.filter(verb="rang").exists() and by.matter_id == told.matter.pk


def test_nobody_answers_and_after_three_times_it_ends(cast: Cast) -> None:
    told = asked(cast)
    accepted(cast, told)
    for n in range(1, 4):
        at = NINE + timedelta(hours=n)
        take(told.matter, "no_answer", by=cast.desk(at), at=at)
        assert len(calls(told.matter)) == (1 if n < 3 else 0), n
    with pytest.raises(Refusal):
        take(told.matter, "no_answer", by=cast.desk(at), at=at)


def test_only_the_desk_that_has_to_ring_ticks_it_off(cast: Cast) -> None:
    told = asked(cast)
    accepted(cast, told)
    for name in ("works", "other_desk", "outsider", "worker", "part_timer"):
        with pytest.raises(NotYours):
            take(told.matter, "rang", by=cast.acting(name, NINE), at=NINE)
    take(told.matter, "rang", by=cast.desk(NINE), at=NINE)
    assert calls(told.matter) == []


def test_where_the_number_is_kept_from_the_community_the_street_rings(cast: Cast) -> None:
    kept = Contact(phone="13812341234", told_by="call", who_may_see="sealed_from_grid")
    told = asked(cast, kept, keep_out=True)
    take(told.matter, "accept", by=cast.street_desk(NINE), at=NINE)
    post(NINE)
    assert calls(told.matter) == [("street_desk", cast.areas["street"].pk)]


def test_a_reporter_who_removes_the_number_is_not_rung(cast: Cast) -> None:
    told = asked(cast)
    accepted(cast, told)
    take(told.matter, "forget_contact", by=cast.reporter(told), at=NINE)
    assert calls(told.matter) == []

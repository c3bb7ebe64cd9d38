"""The hotline's desk: the caller's own matters while the call lasts, nothing afterwards, nothing for anyone else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gongzhi.domains.incidents import calls as desk
from gongzhi.domains.incidents.actions import Contact, take
from gongzhi.domains.incidents.me_too import me_too
from gongzhi.domains.incidents.models import Call
from gongzhi.domains.incidents.queries import calls, shift
from gongzhi.domains.incidents.queries.looks import looks
from gongzhi.kernel.models import Entry, Matter, Person, Receipt, Tie
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotNow, NotYet, NotYours, SayMore
from tests.api.asking import spoken_by
from tests.cast import MORNING, Cast, fresh, key, mandate
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
MINE, OTHER = "13812341234", "13900000000"
LATER = MORNING + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _limits() -> None:
    limits.forget()


def begin(cast: Cast, number: str = MINE) -> Call:
    return desk.begin(number, by=cast.hotline(), at=MORNING)


def seen(cast: Cast, call: Call) -> list[str]:
    return [one.number for one in calls.window(call.pk, by=cast.hotline(), at=LATER).rows]


def handed(cast: Cast, name: str, said: dict[str, str]) -> Any:
    machine = spoken_by(cast, name, ("call",))
    body = json.dumps(said)
    return machine.client.post(
        "/api/v1/calls", body, content_type="application/json", headers=machine.headers
    )


def second_clerk(cast: Cast) -> None:
    cast.people["second"] = Person.objects.create_user("second", None, name="许小曼")
    mandate(cast, "second", "hotline_clerk", "district", "centre")


def test_the_clerk_sees_the_callers_open_matters_and_no_one_elses(cast: Cast) -> None:
    mine, other = cast.snap().matter, cast.snap(contact=Contact(phone=OTHER, told_by="sms")).matter
    assert seen(cast, begin(cast)) == [mine.number]
    looked = looks(mine)
    assert [(one.what, one.purpose) for one in looked] == [("看了办到哪一步", "来电查询")]
    assert looks(other) == []


def test_the_window_is_shut_when_the_call_ends_and_the_number_gone(cast: Cast, sit: Sit, hour: Clock) -> None:
    cast.snap()
    clerk = sit("hotline")
    call = desk.begin(MINE, by=cast.hotline(hour.now), at=hour.now)
    assert "138****1234" in clerk.page(f"hotline/{call.pk}/")
    assert clerk.status(f"hotline/{call.pk}/close/", {"outcome": "enquiry"}) == 302
    row = Call.objects.get()
    assert row.number_enc is None and row.closed_at is not None
    assert clerk.status(f"hotline/{call.pk}/") == 404
    with pytest.raises(NotYours):
        calls.window(call.pk, by=cast.hotline(), at=hour.now)


def test_nobody_but_the_clerk_on_the_line_gets_the_window(cast: Cast, sit: Sit) -> None:
    cast.snap()
    second_clerk(cast)
    call = begin(cast)
    for name in ("second", "desk", "centre", "worker", "outsider"):
        with pytest.raises(NotYours):
            calls.window(call.pk, by=cast.acting(name), at=LATER)
    assert sit("desk").status("hotline/") == 403 and sit("outsider").status(f"hotline/{call.pk}/") in (
        403,
        404,
    )


def test_what_is_kept_secret_is_one_neutral_line(cast: Cast) -> None:
    cast.snap(contact=Contact(phone=MINE, who_may_see="sealed_from_grid", told_by="sms"))
    cast.snap(contact=Contact(phone=MINE, who_may_see="community_only", told_by="sms"))
    danger = cast.snap("老公打我，现在还在砸门", category="").matter
    assert danger.private
    call = begin(cast)
    window = calls.window(call.pk, by=cast.hotline(), at=LATER)
    assert window.rows == [] and window.kept_back == 3 and call.looked == 0


def test_a_complaint_about_the_clerks_own_house_leaves_no_trace(cast: Cast) -> None:
    matter = cast.snap().matter
    Tie.objects.create(matter=matter, role="about", organisation=cast.organisations["centre"], since=MORNING)
    window = calls.window(begin(cast).pk, by=cast.hotline(), at=LATER)
    assert window.rows == [] and window.kept_back == 0


def test_what_was_closed_long_ago_is_not_shown(cast: Cast) -> None:
    old, new = cast.snap().matter, cast.snap().matter
    Matter.objects.filter(pk=old.pk).update(counts="closed", closed_at=MORNING - timedelta(days=31))
    Matter.objects.filter(pk=new.pk).update(counts="closed", closed_at=MORNING - timedelta(days=29))
    assert seen(cast, begin(cast)) == [new.number]


def test_the_clerk_urges_and_adds_as_the_caller_said_and_never_rates(cast: Cast) -> None:
    matter, by = cast.snap().matter, cast.hotline()
    with pytest.raises(NotYet):
        take(matter, "caller_add", by=by, at=LATER, key=key(), more="楼道也黑")
    begin(cast)
    take(matter, "caller_add", by=by, at=LATER, key=key(), more="楼道也黑")
    take(matter, "caller_urge", by=by, at=LATER, key=key())
    with pytest.raises(NotYet):
        take(matter, "caller_urge", by=by, at=LATER, key=key())
    for act in ("rate", "withdraw", "again", "disagree"):
        with pytest.raises(NotYours):
            take(fresh(matter), act, by=by, at=LATER, key=key())
    other = cast.snap(contact=Contact(phone=OTHER, told_by="sms")).matter
    with pytest.raises(NotYet):
        take(other, "caller_urge", by=by, at=LATER, key=key())


def test_who_only_follows_a_matter_is_not_its_reporter_on_the_line(cast: Cast) -> None:
    matter, by = cast.snap().matter, cast.hotline()
    me_too(matter.number, OTHER, by=Acting.public("portal"), at=MORNING, key=key())
    call = begin(cast, OTHER)
    window = calls.window(call.pk, by=by, at=LATER)
    assert window.rows == [] and window.kept_back == 0 and call.looked == 0
    for act, said in (("caller_urge", {}), ("caller_add", {"more": "灯早就好了，不用来"})):
        with pytest.raises(NotYet):
            take(matter, act, by=by, at=LATER, key=key(), **said)


def test_urging_for_the_caller_stays_within_fourteen_statements(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    matter, by = cast.snap().matter, cast.hotline()
    begin(cast)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        take(matter, "caller_urge", by=by, at=LATER, key=key())


def test_one_call_at_a_time_and_a_number_that_is_one(cast: Cast) -> None:
    with pytest.raises(SayMore):
        begin(cast, "1381234")
    begin(cast, "")
    with pytest.raises(NotNow):
        begin(cast)


def test_the_exchange_hands_over_a_call_once_and_one_clerk_takes_it(cast: Cast) -> None:
    second_clerk(cast)
    said = {"number": MINE, "call_id": "pbx-1"}
    first, again = handed(cast, "hotline", said), handed(cast, "hotline", said)
    assert first.status_code == 201 and again.json()["id"] == first.json()["id"]
    assert MINE not in first.content.decode() and Call.objects.count() == 1
    assert handed(cast, "desk", {**said, "call_id": "2"}).status_code in (403, 404)
    row = Call.objects.get()
    now = row.rang_at + timedelta(seconds=8)
    desk.answer(row.pk, by=cast.hotline(), at=now)
    with pytest.raises(NotNow):
        desk.answer(row.pk, by=cast.acting("second"), at=now)


def test_a_promise_to_ring_back_keeps_the_number_until_it_is_done(cast: Cast) -> None:
    call, by = begin(cast), cast.hotline()
    until = LATER + timedelta(hours=1)
    desk.close(call.pk, "enquiry", by=by, at=LATER, ring_back=until, note="问供热几时来")
    assert [one.note for one in calls.to_ring_back(by=by, at=LATER)] == ["问供热几时来"]
    desk.answer(call.pk, by=by, at=LATER + timedelta(minutes=20))
    desk.close(call.pk, "enquiry", by=by, at=LATER + timedelta(minutes=25))
    row = Call.objects.get()
    assert row.number_enc is None and row.note_enc is None and row.rung_back_at is not None
    assert calls.to_ring_back(by=by, at=LATER) == []


def test_what_nobody_hung_up_is_over_and_kept_numbers_go(cast: Cast) -> None:
    cast.snap()
    call = begin(cast)
    assert desk.sweep(MORNING + timedelta(hours=3)) == 1
    assert Call.objects.get().number_enc is None
    with pytest.raises(NotYours):
        calls.window(call.pk, by=cast.hotline(), at=MORNING + timedelta(hours=3))


def test_ringing_back_hours_later_the_line_stays_open_while_they_talk(cast: Cast) -> None:
    call, by, evening = begin(cast), cast.hotline(), MORNING + timedelta(hours=5)
    desk.close(call.pk, "enquiry", by=by, at=LATER, ring_back=evening, note="问供热几时来")
    desk.answer(call.pk, by=by, at=evening)
    assert desk.sweep(evening + timedelta(minutes=3)) == 0
    assert calls.window(call.pk, by=by, at=evening + timedelta(minutes=4)).masked == "138****1234"
    assert desk.sweep(evening + timedelta(hours=2)) == 1


def test_two_clerks_sign_the_hand_over(cast: Cast) -> None:
    second_clerk(cast)
    by = cast.hotline()
    desk.close(begin(cast).pk, "enquiry", by=by, at=LATER, ring_back=LATER + timedelta(hours=1))
    desk.hand_over(by=by, at=LATER, lines=shift.sheet(by=by, at=LATER).counts)
    waiting = shift.waiting_sheet(by=cast.acting("second"), at=LATER)
    assert waiting is not None and waiting.counts["back"] == 1
    with pytest.raises(NotYours):
        desk.take_over(waiting.entry_id, by=by, at=LATER)
    desk.take_over(waiting.entry_id, by=cast.acting("second"), at=LATER)
    assert shift.waiting_sheet(by=by, at=LATER) is None
    assert set(Entry.objects.filter(verb__startswith="shift").values_list("verb", flat=True)) == {
        "shift_over",
        "shift_taken",
    }


def test_report_while_talking(cast: Cast, sit: Sit, hour: Clock) -> None:
    clerk = sit("hotline")
    call = desk.begin(OTHER, by=cast.hotline(hour.now), at=hour.now)
    at = f"hotline/{call.pk}/"
    looked = clerk.client.post(f"/desk/{at}", {"do": "look", "words": "楼上半夜吵得睡不着"}).content.decode()
    assert "邻居半夜吵，能不能罚" in looked and "一般几点响" in looked
    danger = clerk.client.post(f"/desk/{at}", {"do": "typing", "words": "屋里煤气味好大"}).json()
    assert "请他先挂了去打 <b>119</b>" in danger["brought"]
    said = {"do": "report", "words": "路灯不亮", "place": "柳岸社区", "key": key()}
    assert clerk.client.post(f"/desk/{at}", {**said, "place": ""}).status_code == 422
    done = clerk.client.post(f"/desk/{at}", {**said, "area": cast.areas["community"].pk, "consent": "yes"})
    assert done.status_code == 302
    matter = Matter.objects.get()
    assert matter.source == "hotline" and Receipt.objects.get().phone_enc is not None
    page = clerk.page(at)
    assert matter.number in page and "来电催办" in page


def test_a_question_answered_at_once_is_an_enquiry_closed_by_its_answer(
    cast: Cast, sit: Sit, hour: Clock
) -> None:
    clerk = sit("hotline")
    call = desk.begin("", by=cast.hotline(hour.now), at=hour.now)
    said = {"do": "answer", "words": "医保断缴了怎么办", "card": "insurance", "key": key()}
    without = clerk.client.post(f"/desk/hotline/{call.pk}/", said)
    assert without.status_code == 422 and "写一句怎么答的" in without.content.decode()
    assert clerk.status(f"hotline/{call.pk}/", {**said, "answer": "打 12393 问"}) == 302
    matter = Matter.objects.get()
    assert (matter.kind, matter.stage, matter.counts) == ("enquiry", "answered", "closed")
    assert (
        matter.title == "咨询：医保能不能报、怎么参保"
        and Client().get(f"/desk/m/{matter.pk}/").status_code == 302
    )


def test_an_expired_card_is_marked_and_not_read_out(cast: Cast, sit: Sit, hour: Clock) -> None:
    assert "2026-10-31 到期，先别念" in sit("hotline").page("hotline/knowledge/")

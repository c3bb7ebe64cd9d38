"""What leaves the house: in hours, gathered, once, each channel for itself, and never as if it had gone."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.queries import desk_watch
from gongzhi.gateways import fakes, sms
from gongzhi.kernel.ids import new_id
from gongzhi.kernel.models import Delivery, Sending, Tie
from gongzhi.kernel.telling import channels, sendings
from gongzhi.kernel.telling.channels import CHANNELS, Letter
from gongzhi.kernel.telling.post import deliver
from tests.cast import MORNING, Cast, build, clock
from tests.stories.eyes import make
from tests.telling.telling import NINE, post, to_the_works, wants

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    for name in CHANNELS:
        fakes.path_of(name).unlink(missing_ok=True)
    yield


def texts(channel: str = "sms") -> list[str]:
    return [one.text for one in fakes.kept(channel)]


def states() -> list[str]:
    return list(Sending.objects.order_by("pk").values_list("state", flat=True))


class TestResidents:
    def test_several_steps_within_minutes_are_one_text(self, cast: Cast) -> None:
        told = cast.snap()
        post(clock("2026-11-20 08:53"))
        to_the_works(cast, told)
        post(NINE)
        assert len(texts()) == 2 and "已交区市政中心办理" in texts()[0]
        assert sorted(states()) == ["done", "done", "joined"]

    def test_a_step_just_after_a_text_waits_a_few_minutes(self, cast: Cast) -> None:
        told = cast.snap()
        post(clock("2026-11-20 09:20"))
        take(told.matter, "accept", by=cast.desk(NINE), at=NINE + SOON)
        assert post(NINE + SOON) and len(texts()) == 1
        post(NINE + timedelta(minutes=6))
        assert len(texts()) == 2 and "已受理" in texts()[0]

    def test_at_night_nobody_is_woken(self, cast: Cast) -> None:
        cast.snap(at=clock("2026-11-20 22:10"))
        post(clock("2026-11-20 22:11"))
        post(clock("2026-11-21 07:59"))
        assert texts() == []
        post(clock("2026-11-21 08:00"))
        assert len(texts()) == 1

    def test_an_emergency_is_told_at_night_and_says_nothing(self, cast: Cast) -> None:
        matter = make(cast, "danger")
        post(clock("2026-11-20 23:30"))
        [text] = texts()
        assert matter.number in text and "打" not in text

    def test_a_number_removed_meanwhile_gets_nothing(self, cast: Cast) -> None:
        told = cast.snap(at=clock("2026-11-20 22:10"))
        deliver(clock("2026-11-20 22:11"))
        take(told.matter, "forget_contact", by=cast.reporter(told), at=clock("2026-11-20 22:20"))
        post(clock("2026-11-21 08:00"))
        assert texts() == [] and states() == ["done"]

    def test_nor_one_removed_while_others_are_sent(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        night, eight = clock("2026-11-20 22:10"), clock("2026-11-21 08:00")
        first, second = cast.snap(at=night), cast.snap(at=night)
        deliver(clock("2026-11-20 22:11"))
        real, waiting = CHANNELS["sms"], [second]

        def slow(letter: Letter, key: str) -> str:
            sent.append(key)
            return real.send(letter, key)

        def write(one: Sending, at: datetime) -> Letter | None:
            found = told_writer(one, at)
            if waiting:  # somebody takes their number away while the first text is on its way
                take(waiting.pop().matter, "forget_contact", by=cast.reporter(second), at=at)
            return found

        sent, told_writer = list[str](), channels.WRITERS["told"]
        monkeypatch.setitem(CHANNELS, "sms", replace(real, send=slow))
        monkeypatch.setitem(channels.WRITERS, "told", write)
        post(eight)
        assert len(sent) == 1 and first.matter.number in texts()[0]

    def test_a_carriers_fault_keeps_no_number_and_no_words(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cast.snap()

        def quotes(letter: Letter, key: str) -> str:
            raise fault

        monkeypatch.setitem(CHANNELS, "sms", replace(CHANNELS["sms"], send=quotes))
        fault: Exception = ConnectionError("https://sms.example.cn/?to=13812341234&text=您反映的路灯")
        post(NINE)
        assert Sending.objects.get().error == "ConnectionError"
        fault = channels.NotSent("号码 13812341234 停机，代码 E17")
        post(NINE + timedelta(hours=1))
        assert Sending.objects.get().error == "号码 … 停机，代码 E17"


class TestStaff:
    def test_an_emergency_goes_at_once_to_who_chose_a_channel(self, cast: Cast) -> None:
        wants(cast, "private_officer", "wechat")
        wants(cast, "dispatcher", "mail")
        matter = make(cast, "danger")
        from gongzhi.kernel.process.tick import tick

        tick(clock("2026-11-20 12:30"))
        post(clock("2026-11-20 12:31"))
        [text] = texts("wechat")
        assert "不公开的急事" in text and matter.number not in text and matter.title not in text
        assert texts("mail") == [], "whoever may not read it is told nothing, by no channel"

    def test_what_is_no_emergency_stays_in_the_inbox(self, cast: Cast) -> None:
        wants(cast, "works", "mail")
        to_the_works(cast)
        post(NINE)
        assert texts("mail") == []


class TestChannels:
    def test_a_channel_that_is_off_sends_nothing_and_says_so(self, cast: Cast) -> None:
        cast.snap()
        with override_settings(GATEWAY_FAKES=False):
            post(NINE)
            assert channels.states() == {"sms": "off", "mail": "off", "wechat": "off"}
        assert states() == ["unsent"] and texts() == []
        [row] = desk_watch.stuck(by=cast.centre(NINE), at=NINE)
        assert row.way == "短信" and row.why == "短信没有接通，没有发" and row.halted
        desk_watch.try_again(row.kind, row.id, by=cast.centre(NINE), at=NINE)
        post(NINE + SOON)
        assert states() == ["done"] and len(texts()) == 1

    def test_only_the_keepers_see_what_is_stuck(self, cast: Cast) -> None:
        from gongzhi.kernel.process.verdict import NotYours

        with pytest.raises(NotYours):
            desk_watch.stuck(by=cast.works(NINE), at=NINE)
        assert desk_watch.stuck(by=cast.centre(NINE), at=NINE) == []

    def test_of_what_is_about_their_own_house_the_keepers_find_no_trace(self, cast: Cast) -> None:
        matter = cast.snap().matter
        Delivery.objects.filter(entry__matter=matter).update(state="stuck", tries=7)
        assert {one.number for one in desk_watch.stuck(by=cast.centre(NINE), at=NINE)} == {matter.number}
        centre = cast.organisations["centre"]
        Tie.objects.create(id=new_id(), matter=matter, role="about", organisation=centre, since=MORNING)
        assert desk_watch.stuck(by=cast.centre(NINE), at=NINE) == []

    def test_a_gateway_that_does_not_answer_keeps_nobody_elses_post(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def silent(letter: Letter, key: str) -> str:
            time.sleep(0.5)
            return key

        monkeypatch.setattr(channels, "ANSWERS_WITHIN", 0.05)
        monkeypatch.setitem(CHANNELS, "sms", replace(CHANNELS["sms"], send=silent))
        wants(cast, "works", "mail")
        to_the_works(cast)
        cast.snap()
        from gongzhi.kernel.telling import digest

        digest.plan(NINE)
        before = Sending.objects.filter(channel="sms").count()
        post(NINE)
        assert before == 0 and len(texts("mail")) == 1
        waiting = Sending.objects.filter(channel="sms", state="pending")
        assert waiting.count() >= 2 and sum(one.tries for one in waiting) <= 2, "the rest waits untried"
        monkeypatch.undo()
        post(NINE + timedelta(minutes=7))
        assert not Sending.objects.filter(channel="sms", state="pending").exists() and texts()

    def test_a_refusal_is_tried_again_and_then_stands_with_its_reason(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuses(letter: Letter, key: str) -> str:
            raise channels.NotSent("余额不足")

        monkeypatch.setitem(CHANNELS, "sms", replace(CHANNELS["sms"], send=refuses))
        cast.snap()
        at = NINE
        for _ in range(9):
            post(at)
            at += timedelta(days=1)
        assert states() == ["stuck"]
        [row] = desk_watch.stuck(by=cast.centre(at), at=at)
        assert row.why == "余额不足" and row.tries == 7

    def test_mail_goes_through_the_backend_with_the_key_as_its_number(self, settings, mailoutbox) -> None:
        settings.MAIL_URL, settings.MAIL_FROM = "smtp://mail.example.cn", "gongzhi@example.cn"
        CHANNELS["mail"].send(Letter("a@example.cn", "今天到期 2 件。", "今天的事"), "digest:1:2026-11-20")
        [mail] = mailoutbox
        assert mail.to == ["a@example.cn"] and mail.subject == "今天的事"
        assert mail.extra_headers["Message-ID"] == "<digest.1.2026-11-20@example.cn>"
        assert texts("mail") == []


@pytest.mark.django_db(transaction=True)
def test_two_rounds_of_the_post_at_once_send_each_message_once() -> None:
    cast = build()
    for _ in range(6):
        cast.snap(at=clock("2026-11-20 06:50"))
    deliver(clock("2026-11-20 07:00"))
    assert Sending.objects.filter(state="pending").count() == 6
    at, faults = clock("2026-11-20 09:00"), []

    def round_of_post() -> None:
        try:
            sendings.work_off(at)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    hands = [threading.Thread(target=round_of_post) for _ in range(2)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    assert faults == [] and set(states()) == {"done"}
    assert len(sms.sent()) == 6 and {one.tries for one in Sending.objects.all()} == {0}


def test_a_message_planned_twice_is_one(cast: Cast) -> None:
    told = cast.snap(at=clock("2026-11-20 06:50"))
    deliver(clock("2026-11-20 07:00"))
    [row] = Sending.objects.all()
    again = Sending(
        key=row.key,
        kind="told",
        channel="sms",
        receipt=row.receipt,
        entry=row.entry,
        born_at=NINE,
        next_at=NINE,
    )
    sendings.plan([again])
    assert Sending.objects.count() == 1 and told.matter.pk == row.entry.matter_id

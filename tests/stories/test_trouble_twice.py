"""Sent twice, sent at once, sent from an old page, sent while the clock goes backwards: once, and nothing is lost."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel import ids, packs
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Entry, IdempotencyKey, Matter, Receipt, Wait, Words
from gongzhi.kernel.people import limits
from gongzhi.kernel.process.tick import tick
from gongzhi.kernel.telling.post import deliver
from tests.api.asking import spoken_by
from tests.cast import MORNING, Cast, clock, fresh, key
from tests.kernel.test_fold import in_threads
from tests.portal.steps import WORDS, key_of, reach_contact
from tests.workbench.sitting import Clock, Desk, hour

__all__ = ["hour"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_counted() -> None:
    limits.forget()


@pytest.fixture
def desk(cast: Cast, hour: Clock) -> Desk:
    return Desk(cast, "desk")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def verbs(matter: Matter) -> list[str]:
    return list(Entry.objects.filter(matter=matter).order_by("seq").values_list("verb", flat=True))


@pytest.mark.django_db(transaction=True)
class TestOneRequestSentFiveTimesAtOnce:
    def test_at_the_portal_is_one_matter_and_five_receipts_of_it(self, cast: Cast) -> None:
        first = Client()
        one = reach_contact(first, cast.areas["grid"].pk)

        def press() -> str:
            browser = Client()
            browser.cookies = first.cookies.copy()
            answer = browser.post("/report/contact/", {"key": one, "phone": "13812341234"})
            assert answer.status_code == 302 and answer.url == "/report/sent/", text(answer)[:400]
            return Matter.objects.get().number if Matter.objects.count() == 1 else ""

        assert len(set(in_threads(*[press] * 5))) == 1
        assert Receipt.objects.count() == IdempotencyKey.objects.count() == 1
        assert verbs(Matter.objects.get()) == ["report"] and Words.objects.count() == 1

    def test_by_machine_is_one_answer(self, cast: Cast) -> None:
        said, one = {"words": WORDS, "code": "LA3B7K2M"}, str(uuid.uuid4())

        def press() -> str:
            answer = Client().post("/api/v1/reports", said, headers={"Idempotency-Key": one})
            assert answer.status_code == 201, text(answer)
            return text(answer)

        assert len(set(in_threads(*[press] * 5))) == 1 and Matter.objects.count() == 1

    def test_an_act_at_the_desk_is_one_entry(self, cast: Cast, desk: Desk) -> None:
        lamp = cast.snap().matter
        form = {"seen": 1, "key": "c" * 32, "note": "属实"}

        def press() -> int:
            browser = Client()
            browser.cookies = desk.client.cookies.copy()
            return int(browser.post(f"/desk/m/{lamp.pk}/do/accept/", form).status_code)

        assert set(in_threads(*[press] * 5)) == {302}
        assert verbs(lamp) == ["report", "accept", "file"]


@pytest.mark.django_db(transaction=True)
class TestTwoPeopleAtOnce:
    def test_one_acts_the_other_reads_who_was_faster_and_keeps_the_words(
        self, cast: Cast, desk: Desk
    ) -> None:
        lamp, other = cast.snap().matter, Desk(cast, "secretary")

        def press(hand: Desk, act: str, note: str) -> Any:
            form = {
                "seen": 1,
                "key": key(),
                "note": note,
                "decline_reason": "not_here",
                "door": next(iter(packs.load("cn").table("exits")["exit"])),
            }
            return hand.client.post(f"/desk/m/{lamp.pk}/do/{act}/", form)

        answers = in_threads(
            lambda: press(desk, "accept", "我受理的话"), lambda: press(other, "decline", "我不受理的话")
        )
        statuses = [one.status_code for one in answers]  # type: ignore[attr-defined]
        assert sorted(statuses) == [302, 409]
        slow = text(answers[statuses.index(409)])
        assert "刚刚动了这件事" in slow and ("我受理的话", "我不受理的话")[statuses.index(409)] in slow
        assert verbs(lamp) in (["report", "accept", "file"], ["report", "decline"])
        assert verify().sound

    def test_by_machine_too(self, cast: Cast) -> None:
        lamp = cast.snap().matter
        hands = [spoken_by(cast, "desk"), spoken_by(cast, "secretary")]
        answers = in_threads(*[lambda hand=hand: hand.act(lamp, "accept", 1) for hand in hands])
        bodies = sorted((one.status_code, one.json().get("code", "")) for one in answers)  # type: ignore[attr-defined]
        assert bodies == [(200, ""), (409, "someone_was_faster")]
        assert verbs(lamp) == ["report", "accept", "file"]


class TestAClockSetBack:
    def test_acts_keep_their_order_and_the_chain_stays_sound(self, cast: Cast) -> None:
        lamp = cast.snap(at=clock("2026-11-20 09:00")).matter
        take(lamp, "accept", by=cast.desk(), at=clock("2026-11-20 09:30"))
        back = clock("2026-11-19 08:00")
        take(lamp, "raise_to_street", by=cast.desk(), at=back, seen=3, note="钟拨回去了")
        take(lamp, "raise_to_district", by=cast.dispatcher(), at=back, seen=4)
        rows = Entry.objects.filter(matter=lamp).order_by("seq")
        assert [one.seq for one in rows] == [1, 2, 3, 4, 5] and verbs(lamp)[-1] == "raise_to_district"
        assert len({one.pk for one in rows}) == 5 and verify().sound
        assert not Wait.objects.filter(matter=lamp, ended_at=None, due_at__lt=back).exists()

    def test_pages_of_it_are_read_as_ever(self, cast: Cast, hour: Clock, desk: Desk) -> None:
        lamp = cast.snap(at=clock("2026-11-20 09:00")).matter
        hour.set("2026-11-18 22:00")
        assert desk.take(lamp, "accept", note="照常").status_code == 302
        assert "照常" in desk.matter(lamp) and lamp.number in desk.page("all/")
        assert Desk(cast, "dispatcher").client.get("/command/").status_code == 200

    def test_the_clock_acts_on_nothing_twice(self, cast: Cast) -> None:
        for _ in range(3):
            cast.snap()
        late = clock("2026-11-20 11:30")
        assert tick(late) == 3
        for at in (MORNING - timedelta(days=2), MORNING, late - timedelta(minutes=1), late):
            assert tick(at) == 0
        assert Entry.objects.filter(actor="clock").count() == 3
        deliver(late)
        assert deliver(MORNING - timedelta(days=1)) == 0

    def test_numbers_and_identifiers_are_given_once(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        day = [cast.snap(at=clock(text)).matter for text in ("2026-11-20 09:00", "2026-11-19 09:00") * 15]
        assert len({one.number for one in day}) == 30
        now = ids.time.time()
        first = [ids.new_id() for _ in range(100)]
        monkeypatch.setattr(ids.time, "time", lambda: now - 86_400)
        second = [ids.new_id() for _ in range(100)]
        assert len({*first, *second}) == 200 and sorted(second) == second and min(second) > max(first)

    def test_a_mandate_that_has_not_begun_then_gives_nothing(self, cast: Cast) -> None:
        with pytest.raises(AssertionError, match="no mandate"):
            cast.acting("desk", clock("2024-01-01 08:00"))


class TestTheBackButton:
    def test_the_same_page_sent_again_leads_to_its_answer(self, cast: Cast, client: Client) -> None:
        one = reach_contact(client, cast.areas["grid"].pk)
        said = {"key": one, "who_may_see": "all", "phone": "13812341234"}
        for _ in range(2):
            assert client.post("/report/contact/", said).url == "/report/sent/"
        assert client.post("/report/", {"key": one, "words": WORDS}).url == "/report/sent/"
        assert Matter.objects.count() == 1

    def test_other_words_in_the_same_form_are_a_choice(self, cast: Cast, client: Client) -> None:
        one = reach_contact(client, cast.areas["grid"].pk)
        client.post("/report/contact/", {"key": one})
        answer = client.post("/report/", {"key": one, "words": "井盖也松了"})
        page = text(answer)
        assert answer.status_code == 409 and "算新的一件" in page and "补充到刚才那件" in page
        number = Matter.objects.get().number
        adding = client.get(f"/follow/{number}/add/?words=井盖也松了")
        assert "井盖也松了" in text(adding)
        said = {"key": key_of(adding), "seen": fresh(Matter.objects.get()).seq, "words": "井盖也松了"}
        assert client.post(f"/follow/{number}/add/", said).status_code == 302
        assert Matter.objects.count() == 1 and Words.objects.filter(text__contains="井盖也松了").exists()
        fresh_key = key_of(answer)
        client.post("/report/", {"key": fresh_key, "words": "井盖也松了"})
        client.post("/report/where/", {"key": fresh_key, "area": cast.areas["grid"].pk})
        client.post("/report/contact/", {"key": fresh_key})
        assert Matter.objects.count() == 2

    def test_another_number_in_the_same_form_is_no_silence(self, cast: Cast, client: Client) -> None:
        one = reach_contact(client, cast.areas["grid"].pk)
        client.post("/report/contact/", {"key": one, "who_may_see": "all", "phone": "13812341234"})
        answer = client.post("/report/contact/", {"key": one, "who_may_see": "all", "phone": "13900001111"})
        assert answer.status_code == 409 and "13900001111" in text(answer)
        assert "算新的一件" in text(answer) and Matter.objects.count() == 1

    def test_another_place_in_the_same_form_is_no_silence(self, cast: Cast, client: Client) -> None:
        one = reach_contact(client, cast.areas["grid"].pk)
        client.post("/report/contact/", {"key": one})
        answer = client.post(
            "/report/where/",
            {"key": one, "by": "map", "area": cast.areas["next_grid"].pk, "place_words": "西门外"},
        )
        assert answer.status_code == 409 and "西门外" in text(answer) and Matter.objects.count() == 1

    def test_an_act_from_an_old_page_is_told(self, cast: Cast, desk: Desk) -> None:
        told = cast.snap()
        assert desk.take(told.matter, "accept", key=key()).status_code == 302
        answer = desk.take(told.matter, "accept", seen=1, note="又写了一段")
        assert answer.status_code == 409 and "又写了一段" in text(answer)

"""The one door: once however often it is sent, all or nothing, and nobody overrides what they have not seen."""

from datetime import datetime
from typing import Any

import pytest

from gongzhi.domains.incidents.actions import Contact, Report, report, take
from gongzhi.kernel.models import Entry, IdempotencyKey, Matter, Receipt, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import take_all
from gongzhi.kernel.process.orders import Order, Step
from gongzhi.kernel.process.verdict import (
    NotYours,
    OtherContent,
    SayMore,
    SomeoneWasFaster,
)
from tests.cast import Cast, clock, fresh, key
from tests.kernel.pact import draft, pacts
from tests.kernel.test_fold import in_threads

pytestmark = pytest.mark.django_db
NINE, TEN = clock("2026-11-20 09:00"), clock("2026-11-20 10:00")
__all__ = ["pacts"]


def verbs(matter: Matter) -> list[str]:
    return list(Entry.objects.filter(matter=matter).order_by("seq").values_list("verb", flat=True))


class TestOneKey:
    def test_gives_the_first_answer_again_though_the_stage_has_moved(self, cast: Cast) -> None:
        lamp, one = cast.snap().matter, key()
        first = take(lamp, "accept", by=cast.desk(), at=NINE, seen=1, key=one)
        assert take(lamp, "accept", by=cast.desk(), at=TEN, seen=1, key=one) == first
        assert verbs(lamp) == ["report", "accept", "file"]

    def test_with_other_content_is_told_and_writes_nothing(self, cast: Cast) -> None:
        lamp, one = cast.snap().matter, key()
        take(lamp, "accept", by=cast.desk(), at=NINE, key=one, note="属实")
        with pytest.raises(OtherContent) as refusal:
            take(lamp, "accept", by=cast.desk(), at=NINE, key=one, note="不属实")
        assert "另报一件，还是补充到上一件" in refusal.value.sentence
        assert refusal.value.more["matter"] == lamp.pk and verbs(lamp) == ["report", "accept", "file"]

    def test_is_not_used_up_by_a_refusal(self, cast: Cast) -> None:
        lamp, one = cast.snap().matter, key()
        with pytest.raises(SayMore):
            take(lamp, "decline", by=cast.desk(), at=NINE, key=one)
        assert not IdempotencyKey.objects.filter(entry_id__isnull=True).exists()
        take(lamp, "accept", by=cast.desk(), at=NINE, key=one)
        assert verbs(lamp)[-1] == "file"

    def test_of_another_hand_is_another_key(self, cast: Cast) -> None:
        one, lamp, other = key(), cast.snap().matter, cast.snap().matter
        take(lamp, "propose", by=cast.worker(), at=NINE, key=one, level="street")
        take(other, "accept", by=cast.desk(), at=NINE, key=one)
        assert verbs(lamp)[-1] == "propose" and verbs(other)[-1] == "file"

    @pytest.mark.parametrize(
        "changed",
        [
            {"words": "井盖也松了"},
            {"contact": Contact(phone="13900001111", told_by="sms")},
            {"contact": Contact(phone="13812341234", told_by="sms", who_may_see="community_only")},
            {"keep_out": True},
            {"about": ("property_company",)},
            {"point": (40.951, 117.751)},
        ],
        ids=["words", "number", "who may see", "kept out", "about", "point"],
    )
    def test_of_a_report_loses_nothing_that_was_changed(self, cast: Cast, changed: dict[str, Any]) -> None:
        one = key()
        said = {
            "area": cast.areas["grid"],
            "words": "路灯不亮",
            "category": "lamp",
            "contact": Contact(phone="13812341234", told_by="sms"),
        }
        first = report(Report(**said), by=Acting.public(), at=NINE, key=one)
        again = report(Report(**said), by=Acting.public(), at=TEN, key=one)
        assert (again.matter, again.token, again.digits) == (first.matter, first.token, first.digits)
        with pytest.raises(OtherContent):
            report(Report(**{**said, **changed}), by=Acting.public(), at=TEN, key=one)
        assert Matter.objects.count() == Receipt.objects.count() == 1

    def test_tells_nobody_else_the_number_that_was_left(self, cast: Cast) -> None:
        cast.snap()
        assert "13812341234" not in str(list(IdempotencyKey.objects.values_list("content_hash", flat=True)))


@pytest.mark.django_db(transaction=True)
def test_five_hands_with_one_key_make_one_entry(cast: Cast) -> None:
    lamp, one = cast.snap().matter, key()
    send = lambda: take(lamp, "accept", by=cast.desk(), at=NINE, seen=1, key=one).pk  # noqa: E731
    assert len(set(in_threads(*[send] * 5))) == 1
    assert verbs(lamp) == ["report", "accept", "file"]


class TestManyAtOnce:
    def test_one_refused_is_left_out_and_named_the_others_stand(self, cast: Cast) -> None:
        lamps = [cast.snap().matter for _ in range(4)]
        take(lamps[1], "accept", by=cast.desk(), at=NINE)
        elsewhere = cast.snap(area=cast.areas["other_community"]).matter
        orders = [
            Order(one.pk, (Step("accept"), Step("raise_to_street")), cast.desk(), NINE)
            for one in [*lamps, elsewhere]
        ]
        refused = {one.order.matter_id: one.refusal for one in take_all(orders) if one.refusal}
        assert {pk: type(why) for pk, why in refused.items()} == {
            lamps[1].pk: NotYours,
            elsewhere.pk: NotYours,
        }
        for lamp in (lamps[0], lamps[2], lamps[3]):
            assert verbs(lamp) == ["report", "accept", "file", "raise_to_street"]
        assert verbs(lamps[1]) == ["report", "accept", "file"] and verbs(elsewhere) == ["report"]

    def test_a_second_step_refused_takes_the_first_back(self, cast: Cast) -> None:
        lamp, other = cast.snap().matter, cast.snap().matter
        orders = [
            Order(lamp.pk, (Step("accept"), Step("dispatch", {"to": "0"})), cast.desk(), NINE),
            Order(other.pk, (Step("accept"),), cast.desk(), NINE),
        ]
        outcomes = take_all(orders)
        assert [bool(one.refusal) for one in outcomes] == [True, False]
        assert verbs(lamp) == ["report"] and fresh(lamp).stage == "submitted"
        assert Wait.objects.filter(matter=lamp, ended_at=None, what="accept").exists()
        assert verbs(other) == ["report", "accept", "file"]

    def test_each_carries_its_key_so_that_a_killed_run_continues(self, cast: Cast) -> None:
        lamps = [cast.snap().matter for _ in range(3)]
        orders = [Order(one.pk, (Step("accept"),), cast.desk(), NINE, key=f"run-{one.pk}") for one in lamps]
        first = [one.entries[0].pk for one in take_all(orders[:2])]
        again = take_all(orders)
        assert all(one.refusal is None for one in again)
        assert [one.entries[0].pk for one in again[:2]] == first
        assert all(verbs(one) == ["report", "accept", "file"] for one in lamps)


class TestWhatWasSeen:
    def test_an_older_screen_is_told_somebody_was_faster(self, cast: Cast) -> None:
        lamp = cast.snap().matter
        take(lamp, "accept", by=cast.desk(), at=NINE, seen=1)
        for act in (
            "accept",
            "decline",
            "raise_to_street",
        ):  # the first two were awaited here until a moment ago
            with pytest.raises(SomeoneWasFaster) as refusal:
                take(lamp, act, by=cast.secretary(), at=TEN, seen=1)
            assert "您写的还在" in refusal.value.sentence
        assert verbs(lamp) == ["report", "accept", "file"]

    def test_an_older_screen_of_who_may_not_read_it_is_told_nothing(self, cast: Cast) -> None:
        lamp = cast.snap().matter
        take(lamp, "accept", by=cast.desk(), at=NINE)
        with pytest.raises(NotYours) as refusal:
            take(lamp, "accept", by=cast.other_desk(), at=TEN, seen=1)
        assert refusal.value.more["hidden"]

    def test_a_quiet_entry_makes_no_screen_old(self, cast: Cast, pacts: None) -> None:
        pact = draft(cast, "works")
        take(pact, "note", by=cast.desk(), at=NINE)
        take(pact, "sign", by=cast.works(), at=TEN, seen=1)
        assert verbs(pact) == ["draft", "note", "sign"]

    def test_a_future_screen_is_no_way_around(self, cast: Cast) -> None:
        lamp = cast.snap().matter
        take(lamp, "accept", by=cast.desk(), at=NINE, seen=99)
        with pytest.raises(NotYours):
            take(lamp, "accept", by=cast.desk(), at=NINE, seen=99)


def test_what_breaks_in_the_middle_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lamp, one = cast.snap().matter, key()
    before = _picture(lamp)

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("a body that breaks")

    monkeypatch.setattr("gongzhi.kernel.process.flush._waits", broken)
    with pytest.raises(OSError):
        take(lamp, "accept", by=cast.desk(), at=NINE, key=one)
    monkeypatch.undo()
    assert _picture(lamp) == before
    take(lamp, "accept", by=cast.desk(), at=NINE, key=one)


def _picture(matter: Matter) -> tuple[Any, ...]:
    row = fresh(matter)
    open_waits: list[tuple[str, datetime | None]] = list(
        Wait.objects.filter(matter=matter).order_by("pk").values_list("what", "ended_at")
    )
    return row.stage, row.seq, row.head, verbs(matter), open_waits, IdempotencyKey.objects.count()

"""What nobody else checks is seen above by sample, and a street asks the district to supervise."""

import pytest

from gongzhi.domains.incidents import desks
from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Wait
from gongzhi.kernel.process.verdict import NotYet, NotYours
from tests.cast import Cast, clock, fresh, key

pytestmark = pytest.mark.django_db
NINE = clock("2026-11-20 09:00")
TEN = clock("2026-11-20 10:00")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every matter is drawn into the sample."""
    monkeypatch.setattr(desks, "sm3", lambda _: "0" * 64)


@pytest.fixture
def never_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "sm3", lambda _: "ffffffff")


def test_a_void_is_seen_one_level_above_and_can_be_taken_up_again(cast: Cast, drawn: None) -> None:
    told = cast.snap("测试一下")
    take(told.matter, "void", by=cast.desk(), at=NINE, void_reason="test", reason="群里有人试手")
    look = Wait.objects.get(matter=told.matter, what="look", ended_at=None)
    assert (look.desk_role, look.desk_area_id) == ("street_desk", cast.areas["street"].pk)
    with pytest.raises(NotYours):
        take(told.matter, "take_up_again", by=cast.desk(), at=TEN, note="自己看自己")
    take(told.matter, "take_up_again", by=cast.street_desk(), at=TEN, note="不是测试，路灯真不亮")
    assert fresh(told).stage == "filed"


def test_a_withdrawal_is_seen_above_too(cast: Cast, drawn: None) -> None:
    told = cast.snap()
    take(told.matter, "withdraw", by=cast.reporter(told), at=NINE, key=key())
    take(told.matter, "seen_above", by=cast.street_desk(), at=TEN)
    assert not Wait.objects.filter(matter=told.matter, what="look", ended_at=None).exists()


def test_what_is_not_drawn_awaits_nobody(cast: Cast, never_drawn: None) -> None:
    told = cast.snap("测试一下")
    take(told.matter, "void", by=cast.desk(), at=NINE, void_reason="test", reason="群里有人试手")
    assert not Wait.objects.filter(matter=told.matter, what="look").exists()


def test_a_street_asks_the_district_to_supervise_and_a_leader_signs(cast: Cast) -> None:
    told = cast.snap()
    take(told.matter, "accept", by=cast.desk(), at=NINE, then=[("raise_to_street", {})])
    take(told.matter, "raise_to_district", by=cast.dispatcher(), at=NINE)
    take(told.matter, "dispatch", by=cast.centre(), at=NINE, to=cast.organisations["works"].pk)
    with pytest.raises(NotYet) as refusal:
        take(
            told.matter,
            "supervise",
            by=cast.street_leader(),
            at=TEN,
            supervise_ground="late",
            demand="三天内修好",
        )
    assert "报请区里督办" in refusal.value.sentence
    take(told.matter, "ask_supervision", by=cast.street_leader(), at=TEN, note="老人摔过一次")
    take(
        told.matter, "supervise", by=cast.leader(), at=TEN, supervise_ground="influence", demand="三天内修好"
    )
    waits = set(Wait.objects.filter(matter=told.matter, ended_at=None).values_list("what", flat=True))
    assert "supervise_answer" in waits and "consider" not in waits
    take(told.matter, "answer_supervision", by=cast.works(), at=TEN, supervise_reply="明天换灯头")

"""Who was called: coming, or not; whose matter it is; ratings both ways; what was not justified."""

from datetime import timedelta

import pytest

from gongzhi.domains.whistles.actions import record_arrivals, take
from gongzhi.domains.whistles.models import Whistle, WhistlePart
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Wait
from gongzhi.kernel.process.tick import tick
from gongzhi.kernel.process.verdict import NotYet, NotYours
from tests.cast import Cast, clock, fresh, key
from tests.whistles.blowing import (
    LATER,
    called,
    joined_by,
    part,
    tell,
    worked,
)

pytestmark = pytest.mark.django_db


class TestComing:
    def test_three_come_do_their_parts_and_both_sides_rate(self, cast: Cast) -> None:
        joined_by(cast, "fire", "区消防大队")
        matter = called(cast, "works", "law", "fire")
        parts = [worked(cast, matter, name) for name in ("works", "law")]
        with pytest.raises(NotYet) as early:
            take(matter, "finish", by=cast.desk(), at=LATER, result="通道清空")
        assert "还有 1 家" in early.value.sentence
        parts.append(worked(cast, matter, "fire"))
        at = LATER + timedelta(hours=2)
        take(matter, "finish", by=cast.desk(), at=at, result="三家都来了，通道清空")
        assert fresh(matter).counts == "closed"
        for one, name in zip(parts, ("works", "law", "fire"), strict=True):
            take(one, "rate_unit", by=cast.secretary(), at=at, unit_mark="good")
            take(one, "rate_asker", by=cast.acting(name), at=at, asker_mark="fair", mark_words="地点说得清")
        marks = set(WhistlePart.objects.values_list("unit_mark", "asker_mark"))
        assert marks == {("good", "fair")}
        assert verify().sound

    def test_several_arrive_with_one_tap_and_the_refused_are_listed(self, cast: Cast) -> None:
        matter = called(cast, "works", "law")
        ids = [one.pk for one in matter.children.all()]
        same = key()
        outcomes = record_arrivals([*ids, cast.snap().matter.pk], by=cast.worker(), at=LATER, key=same)
        assert [one.refusal is None for one in outcomes].count(True) == 2
        again = record_arrivals(ids, by=cast.worker(), at=LATER, key=same)
        assert all(one.refusal is None for one in again)
        assert set(WhistlePart.objects.values_list("arrived_at", flat=True)) == {LATER}

    @pytest.mark.parametrize("who", ["works", "law", "centre", "neighbour", "part_timer"])
    def test_nobody_but_who_called_records_an_arrival(self, cast: Cast, who: str) -> None:
        one = part(called(cast, "works", "law"), cast, "works")
        with pytest.raises(NotYours):
            take(one, "arrived", by=cast.acting(who), at=LATER)

    def test_a_department_does_not_confirm_its_own_work(self, cast: Cast) -> None:
        one = part(called(cast, "works"), cast, "works")
        take(one, "answer_come", by=cast.works(), at=LATER)
        take(one, "work_done", by=cast.works(), at=LATER, done_words="拖走了")
        with pytest.raises(NotYours):
            take(one, "confirm", by=cast.works(), at=LATER)
        take(one, "not_done", by=cast.desk(), at=LATER, missing="还有一辆")
        assert fresh(one).stage == "on_site"

    def test_who_did_not_come_is_told_after_the_time(self, cast: Cast) -> None:
        at = clock("2026-11-20 10:00")
        matter = called(cast, "works", say={"meet_at": at})
        one = part(matter, cast, "works")
        with pytest.raises(NotYet):
            take(one, "no_show", by=cast.worker(), at=at - timedelta(minutes=1))
        take(one, "no_show", by=cast.worker(), at=at + timedelta(minutes=30))
        assert (fresh(one).stage, fresh(one).counts) == ("absent", "no_result")
        take(matter, "finish", by=cast.desk(), at=at + timedelta(hours=1), result="没有来，另报")

    def test_taken_back_nobody_has_to_come(self, cast: Cast) -> None:
        matter = called(cast, "works", "law")
        take(matter, "withdraw", by=cast.desk(), at=LATER, reason="车主自己挪走了")
        tell(LATER)
        assert set(matter.children.values_list("stage", flat=True)) == {"released"}

    def test_once_somebody_came_it_is_followed_to_the_end(self, cast: Cast) -> None:
        matter = called(cast, "works", "law")
        take(part(matter, cast, "works"), "arrived", by=cast.worker(), at=LATER)
        with pytest.raises(NotYet):
            take(matter, "withdraw", by=cast.desk(), at=LATER, reason="不用了")

    def test_nobody_rates_twice_or_when_it_has_lapsed(self, cast: Cast) -> None:
        matter = called(cast, "works")
        one = worked(cast, matter, "works")
        take(one, "rate_unit", by=cast.desk(), at=LATER, unit_mark="poor")
        with pytest.raises(NotYet):
            take(one, "rate_unit", by=cast.desk(), at=LATER, unit_mark="good")
        tick(clock("2026-12-20 10:00"))
        with pytest.raises(NotYet):
            take(one, "rate_asker", by=cast.works(), at=clock("2026-12-20 10:01"), asker_mark="good")
        assert WhistlePart.objects.get(pk=one.pk).asker_mark == ""


class TestNotMine:
    REFUSAL = {"reason": "归城管执法局", "basis": "三定方案第三条"}

    def test_who_called_looks_at_it_and_agrees(self, cast: Cast) -> None:
        matter = called(cast, "works")
        one = part(matter, cast, "works")
        take(one, "not_mine", by=cast.works(), at=LATER, **self.REFUSAL)
        assert (
            Wait.objects.get(matter=one, what="judge_not_mine").desk_org_id == cast.organisations["centre"].pk
        )
        with pytest.raises(NotYours):
            take(one, "agree", by=cast.desk(), at=LATER)
        take(one, "agree", by=cast.centre(), at=LATER)
        assert fresh(one).stage == "released"

    def test_the_second_time_the_level_above_decides_and_that_holds(self, cast: Cast) -> None:
        one = part(called(cast, "works"), cast, "works")
        take(one, "not_mine", by=cast.works(), at=LATER, **self.REFUSAL)
        due = one.waits.get(what="answer").due_at
        with pytest.raises(NotYet):
            take(one, "not_mine", by=cast.works(), at=LATER, **self.REFUSAL)
        take(one, "insist", by=cast.centre(), at=LATER, reason="路面归你们")
        take(one, "not_mine", by=cast.works(), at=LATER, **self.REFUSAL)
        wait = Wait.objects.get(matter=one, what="rule_not_mine")
        assert (wait.desk_role, wait.desk_area_id) == ("district_chief", cast.areas["district"].pk)
        assert not Wait.objects.filter(matter=one, what="judge_not_mine", ended_at=None).exists()
        with pytest.raises(NotYours):
            take(one, "rule", by=cast.centre(), at=LATER, reason="定了")
        take(one, "rule", by=cast.chief(), at=LATER, reason="按三定方案归市政")
        assert one.waits.get(what="answer").due_at == due
        with pytest.raises(NotYet) as refusal:
            take(one, "not_mine", by=cast.works(), at=LATER, **self.REFUSAL)
        assert "上一级已经定了" in refusal.value.sentence


class TestFinding:
    def test_the_centre_finds_it_unjustified_and_the_chief_takes_it_back(self, cast: Cast) -> None:
        matter = called(cast, "works")
        take(matter, "find_unjustified", by=cast.centre(), at=LATER, reason="社区自己能办")
        with pytest.raises(NotYet):
            take(matter, "find_unjustified", by=cast.centre(), at=LATER, reason="又一次")
        take(matter, "clear", by=cast.chief(), at=LATER, reason="补了材料，该吹")
        assert not Whistle.objects.get(pk=matter.pk).unjustified

    @pytest.mark.parametrize("who", ["works", "desk", "street_leader"])
    def test_neither_the_called_nor_the_asker_finds(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            take(called(cast, "works"), "find_unjustified", by=cast.acting(who), at=LATER, reason="不该吹")

    def test_the_clock_reminds_and_raises_and_never_supervises(self, cast: Cast) -> None:
        matter = called(cast, "works")
        for day in (23, 24, 25, 26, 27):
            tick(clock(f"2026-11-{day} 16:00"))
        verbs = set(part(matter, cast, "works").entries.values_list("verb", flat=True))
        assert {"remind", "raise"} <= verbs and "supervise" not in verbs

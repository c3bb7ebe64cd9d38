"""Texts that say much the same, found without word spaces; two merges that cross, on the database that serves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.near import box, metres
from gongzhi.kernel.models import Matter
from gongzhi.kernel.process.alike import likeness
from gongzhi.kernel.process.verdict import Refusal
from tests.cast import Cast, clock
from tests.kernel.test_fold import in_threads
from tests.near.lamps import reported, verbs

ALIKE = [
    ("3号楼东边的路灯不亮了", "3号楼东边路灯不亮"),
    ("3号楼東邊的路燈不亮了", "3号楼东边的路灯不亮了"),
    ("家里停水了，一滴水没有", "停水了！家里一滴水没有，啥时候来"),
    ("楼道堆满杂物过不去人", "楼道堆满了杂物，过不去人"),
]
OTHER = [
    ("3号楼东边的路灯不亮了", "井盖松动，车压上去响"),
    ("家里停水了，一滴水没有", "家里暖气不热，一摸冰凉"),
    ("灯坏了", "门口垃圾好几天没人收，招苍蝇，气味大，老人受不了，盼着快点来人看看"),
]
TEXT = st.text(alphabet="路灯不亮了水管爆停电暖气楼道3号。，abc ", max_size=40)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_thing_said_twice(one: str, other: str) -> None:
    assert likeness(one, other) >= 0.45


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_things(one: str, other: str) -> None:
    assert likeness(one, other) < 0.45


@given(TEXT, TEXT)
def test_even_handed_and_bounded(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


@given(st.floats(20, 50), st.floats(80, 130), st.floats(-0.002, 0.002), st.floats(-0.002, 0.002))
def test_the_box_holds_everything_within_reach(lat: float, lon: float, up: float, aside: float) -> None:
    south, north, west, east = box((lat, lon), 250)
    there = (lat + up, lon + aside)
    if metres((lat, lon), there) <= 249.9:
        assert south <= there[0] <= north and west <= there[1] <= east


@pytest.mark.django_db(transaction=True)
def test_two_merges_that_cross_leave_one_standing(cast: Cast) -> None:
    one, other = reported(cast), reported(cast)
    at, said = clock("2026-11-20 10:00"), list[str]()

    def merge(what: Matter, into: Matter) -> None:
        try:
            take(what, "merge", by=cast.desk(), at=at, into=into.number)
        except Refusal as refusal:
            said.append(refusal.sentence)

    in_threads(lambda: merge(one.matter, other.matter), lambda: merge(other.matter, one.matter))
    stages = sorted(Matter.objects.values_list("stage", flat=True))
    assert stages == ["merged", "submitted"]
    assert len(said) == 1 and ("已经并到" in said[0] or "已合并" in said[0])
    assert sorted([*verbs(one), *verbs(other)]) == ["absorb", "merge", "report", "report"]

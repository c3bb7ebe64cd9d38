"""Whom to ring: every unit of a matter, the nearest keeper of water, lift, property; my own area and no other."""

import re

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Organisation
from tests.cast import Cast
from tests.stories.eyes import KINDS, SAID, make, settled
from tests.workbench.sitting import Clock, Desk, Sit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _numbers(cast: Cast) -> None:
    rows = Organisation.objects
    rows.create(
        name="区供水公司", kind="utility", duty="water", area=cast.areas["district"], phone="0000-101"
    )
    rows.create(name="柳岸泵房", kind="utility", duty="water", area=cast.areas["community"], phone="0000-102")
    rows.create(
        name="望山泵房", kind="utility", duty="water", area=cast.areas["other_community"], phone="0000-103"
    )
    rows.filter(pk=cast.organisations["property"].pk).update(phone="0000-104")
    rows.filter(pk=cast.organisations["works"].pk).update(phone="0000-105")


def test_the_nearest_one_that_serves_the_place_is_dialled_with_one_tap(cast: Cast, sit: Sit) -> None:
    page = sit("desk").matter(cast.snap().matter)
    assert 'href="tel:0000-102"' in page and 'href="tel:0000-104"' in page
    assert "区供水公司" not in page and "望山泵房" not in page
    other = cast.snap(area=cast.areas["other_community"]).matter
    street = sit("dispatcher").matter(other)
    assert "望山泵房" in street and "柳岸泵房" not in street and "安居物业" not in street


def test_every_unit_of_a_matter_stands_there_with_post_and_number(cast: Cast, sit: Sit, hour: Clock) -> None:
    matter = cast.snap().matter
    take(matter, "accept", by=cast.desk(), at=hour.now)
    take(matter, "raise_to_street", by=cast.desk(), at=hour.now)
    take(matter, "raise_to_district", by=cast.dispatcher(), at=hour.now)
    take(matter, "dispatch", by=cast.centre(), at=hour.now, to=cast.organisations["works"].pk)
    page = sit("desk").matter(matter)
    who = page[page.index('id="who"') : page.index('id="cards"')]
    for said in (
        "承办",
        "区市政中心",
        "单位联络员 周大勇",
        "单位负责人 秦书林",
        "tel:0000-105",
        "派出",
        "受理",
        "周海燕",
    ):
        assert said in who, said


@pytest.mark.parametrize("name", ["outsider", "other_desk", "neighbour"])
def test_a_stranger_gets_no_number_of_the_matter(cast: Cast, sit: Sit, name: str) -> None:
    assert sit(name).status(f"m/{cast.snap().matter.pk}/") == 404


def test_those_it_is_about_are_not_offered_to_be_rung(cast: Cast, sit: Sit) -> None:
    page = sit("street_desk").matter(make(cast, "company"))
    assert "tel:0000-104" not in page


def test_a_summary_or_a_task_comes_without_the_units(cast: Cast, sit: Sit) -> None:
    page = sit("part_timer").matter(cast.snap().matter)
    assert 'id="who"' not in page and "tel:" not in page


class TestMyArea:
    def test_a_community_finds_its_own_and_its_grids(self, cast: Cast, sit: Sit) -> None:
        page = sit("secretary").page("contacts/")
        for said in ("柳岸社区常用电话", "柳岸泵房", "安居物业公司", "第一网格", "周海燕", "柳岸街道办事处"):
            assert said in page, said
        assert "望山泵房" not in page

    def test_nobody_reaches_into_anothers_area(self, cast: Cast, sit: Sit) -> None:
        other = cast.areas["other_community"]
        page = sit("secretary").page(f"contacts/?area=community-{other.pk}")
        assert "柳岸社区常用电话" in page and "望山" not in page
        assert "望山泵房" in sit("dispatcher").page(f"contacts/?area=community-{other.pk}")

    @pytest.mark.parametrize("name", ["secretary", "dispatcher", "centre", "part_timer", "works", "outsider"])
    def test_no_matter_leaves_a_trace_there(self, cast: Cast, hour: Clock, name: str) -> None:
        client = Desk(cast, name).client
        before = settled(client.get("/desk/contacts/"))
        for kind in KINDS:
            make(cast, kind)
        after = settled(client.get("/desk/contacts/"))
        count = re.compile(r'<span class="rail__count">\d+</span>')
        assert count.sub("", before) == count.sub("", after) and SAID not in after

"""Whether a place is covered: sizes warn, gaps are named until somebody fills them."""

from typing import Any

import pytest

from gongzhi.kernel import packs
from gongzhi.kernel.models import Area, Organisation
from gongzhi.kernel.people import coverage
from tests.cast import MORNING, Cast

pytestmark = pytest.mark.django_db


def look(cast: Cast) -> coverage.Coverage:
    return coverage.look(cast.areas["district"], MORNING, packs.load("cn").table("territory"))


def branch(cast: Cast, name: str, *serves: str, **more: Any) -> None:
    row = Organisation.objects.create(name=name, kind="party_branch", area=cast.areas[serves[0]], **more)
    row.serves.set([cast.areas[one] for one in serves])


def test_a_grid_without_a_branch_is_named_until_it_has_one(cast: Cast) -> None:
    assert any("3 个网格没有党支部或党小组：第一网格" in gap for gap in look(cast).gaps)
    branch(cast, "第一网格党支部", "grid")
    branch(cast, "二、十网格联合党支部", "next_grid", "tenth_grid")
    assert not any("党支部" in gap for gap in look(cast).gaps)


def test_a_branch_that_ended_covers_nothing(cast: Cast) -> None:
    branch(cast, "旧的联合党支部", "grid", "next_grid", "tenth_grid", valid_to=MORNING.date())
    assert any("3 个网格没有党支部" in gap for gap in look(cast).gaps)


def test_a_community_outside_the_right_size_is_a_reminder_and_no_gap(cast: Cast) -> None:
    Area.objects.filter(pk=cast.areas["community"].pk).update(households=4000, kind="residents")
    found = look(cast)
    assert any("柳岸社区" in said and "4000 户" in said for said in found.sizes)
    assert not any("4000" in gap for gap in found.gaps)

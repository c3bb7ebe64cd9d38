"""关注: one's own mark on a matter; it opens nothing, and what may no longer be read is no longer found."""

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Mandate, Watched
from tests.cast import Cast, clock
from tests.workbench.sitting import Clock, Sit

pytestmark = pytest.mark.django_db
TAB = "?tab=watch"


def test_followed_it_stands_under_its_tab_until_it_is_taken_off(cast: Cast, sit: Sit) -> None:
    matter = cast.snap(place="西门").matter
    desk = sit("desk")
    assert "西门" not in desk.page(TAB) and "还没有关注的事" in desk.page(TAB)
    desk.status(f"m/{matter.pk}/follow/", {"follow": "1"})
    desk.status(f"m/{matter.pk}/follow/", {"follow": "1"})
    assert Watched.objects.count() == 1
    assert "西门" in desk.page(TAB) and "关注 <small>1</small>" in desk.page()
    assert "已关注" in desk.matter(matter) and "西门" not in sit("secretary").page(TAB)
    desk.status(f"m/{matter.pk}/follow/", {})
    assert "西门" not in desk.page(TAB)


@pytest.mark.parametrize("name", ["outsider", "other_desk", "neighbour", "works"])
def test_a_stranger_cannot_follow_what_they_cannot_read(cast: Cast, sit: Sit, name: str) -> None:
    matter = cast.snap().matter
    assert sit(name).status(f"m/{matter.pk}/follow/", {"follow": "1"}) == 404
    assert not Watched.objects.exists()


def test_who_loses_the_right_to_read_no_longer_finds_it(cast: Cast, sit: Sit, hour: Clock) -> None:
    matter = cast.snap(place="西门").matter
    take(matter, "accept", by=cast.desk(), at=hour.now)
    desk, street = sit("desk"), sit("dispatcher")
    for one in (desk, street):
        one.status(f"m/{matter.pk}/follow/", {"follow": "1"})
    Mandate.objects.filter(person=cast.people["desk"]).update(
        area=cast.areas["other_community"], organisation=cast.organisations["other_committee"]
    )
    for path in (TAB, "?tab=done", ""):
        page = desk.page(path)
        assert "西门" not in page and "关注 <small>1" not in page and "已办 <small>1" not in page
    assert "西门" in street.page(TAB)


def test_what_turns_out_to_be_about_the_committee_leaves_its_desk(cast: Cast, sit: Sit) -> None:
    matter = cast.snap(place="西门").matter
    desk = sit("secretary")
    desk.status(f"m/{matter.pk}/follow/", {"follow": "1"})
    matter.ties.create(
        role="about", organisation=cast.organisations["committee"], since=clock("2026-11-20 09:30")
    )
    assert "西门" not in desk.page(TAB) and "关注 <small>0</small>" in desk.page(TAB)
    assert desk.status(f"m/{matter.pk}/follow/", {"follow": "1"}) == 404


def test_a_part_timer_follows_the_task_and_sees_no_more(cast: Cast, sit: Sit) -> None:
    matter = cast.snap("张家门口的路灯不亮", place="西门").matter
    clerk = sit("part_timer")
    clerk.status(f"m/{matter.pk}/follow/", {"follow": "1"})
    assert matter.number in clerk.page(TAB) and "张家" not in clerk.page(TAB)

"""Searching tells nobody what was written where they may not read it; what a list shows anyway finds as ever."""

from datetime import timedelta

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Matter
from tests.api.asking import spoken_by
from tests.cast import MORNING, Cast
from tests.stories.eyes import FOR_COMMUNITY
from tests.workbench.conftest import hour, sit
from tests.workbench.sitting import Desk, Sit

pytestmark = pytest.mark.django_db
__all__ = ["hour", "sit"]
WRITTEN = "李大爷家401的灯一直不亮"


def found(desk: Desk, matter: Matter, text: str) -> bool:
    """Whether the list, the file and the other system find it by a text: all three or none."""
    page = desk.page(f"all/?q={text}")
    sent = desk.client.post(f"/desk/export/?tab=all&q={text}", {"purpose": "meeting", "form": "csv"})
    file = b"".join(sent.streaming_content).decode()
    said = {f"/desk/m/{matter.pk}/" in page, matter.place in file}
    assert len(said) == 1, text
    return said.pop()


def lamp(cast: Cast, **more: object) -> Matter:
    return cast.snap(WRITTEN, place="北门", **more).matter


def test_a_part_timer_finds_by_place_and_kind_and_by_no_word(cast: Cast, sit: Sit) -> None:
    matter, desk = lamp(cast), sit("part_timer")
    assert not any(found(desk, matter, text) for text in ("李大", "大爷", "401", "一直不亮"))
    assert found(desk, matter, "北门") and found(desk, matter, "路灯")
    assert found(sit("desk"), matter, "李大爷") and not found(sit("outsider"), matter, "北门")


def test_a_unit_finds_by_words_only_where_no_secrecy_was_asked(cast: Cast, sit: Sit) -> None:
    plain, secret = lamp(cast), lamp(cast, contact=FOR_COMMUNITY)
    for matter in (plain, secret):
        at = MORNING + timedelta(minutes=20)
        take(matter, "accept", by=cast.desk(at), at=at, summary="北门的灯")
        take(matter, "raise_to_street", by=cast.desk(at), at=at)
        take(matter, "raise_to_district", by=cast.dispatcher(at), at=at)
        take(matter, "dispatch", by=cast.centre(at), at=at, to=cast.organisations["works"].pk)
    page = sit("works").page("all/?q=李大爷")
    assert f"/desk/m/{plain.pk}/" in page and f"/desk/m/{secret.pk}/" not in page
    page = sit("works").page("all/?q=北门")
    assert f"/desk/m/{plain.pk}/" in page and f"/desk/m/{secret.pk}/" in page
    page = sit("centre").page("all/?q=李大爷")
    assert f"/desk/m/{plain.pk}/" in page and f"/desk/m/{secret.pk}/" in page


def test_another_system_finds_no_more_than_its_hand(cast: Cast) -> None:
    matter = lamp(cast)

    def ids(name: str, text: str) -> list[str]:
        return [one["id"] for one in spoken_by(cast, name).get("/matters", q=text).json()["items"]]

    assert ids("desk", "李大爷") == ids("part_timer", "北门") == [str(matter.pk)]
    assert ids("part_timer", "李大爷") == ids("outsider", "北门") == []


def test_who_reads_a_place_to_the_street_narrows_no_further(cast: Cast, sit: Sit) -> None:
    matter, grid = lamp(cast), cast.areas["grid"].pk
    for name, may in (("hotline", False), ("desk", True), ("part_timer", True)):
        desk = sit(name)
        found = [
            f"/desk/m/{matter.pk}/" in desk.page(f"all/?area={one}")
            for one in (
                f"street-{cast.areas['street'].pk}",
                f"grid-{grid}",
                f"grid-{cast.areas['next_grid'].pk}",
            )
        ]
        assert found == [True, may, False], name
    assert f"/desk/m/{matter.pk}/" in sit("desk").page(f"?area=grid-{grid}")

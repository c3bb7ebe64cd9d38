"""A notice on every surface: in each cell one who must find it and one who must not."""

from typing import Any

import pytest
from django.test import Client

from gongzhi.domains.outreach.actions import Written, take, write
from gongzhi.kernel.models import Matter
from gongzhi.kernel.people import limits
from tests.cast import MORNING, Cast, key
from tests.stories.eyes import LISTS, Eye, neighbour, settled
from tests.workbench.sitting import Clock, hour

__all__ = ["hour"]
pytestmark = pytest.mark.django_db
TITLE = "绿皮水箱清洗"
WRITES = ("worker", "desk", "secretary", "street_desk", "dispatcher", "street_leader")
NOT_THEIRS = ("neighbour", "part_timer", "other_desk", "private_officer", "works", "outsider")


@pytest.fixture(autouse=True)
def eleven(hour: Clock, cast: Cast) -> None:
    limits.forget()
    hour.set("2026-11-20 11:00")


def draft(cast: Cast, area: str = "grid") -> Matter:
    said = Written(cast.areas[area], "repair", TITLE, "周一上午清洗水箱。", "2026-11-23")
    return write(said, by=cast.desk(), at=MORNING, key=key())


def sent(cast: Cast, area: str = "grid") -> Matter:
    matter = draft(cast, area)
    take(matter, "publish", by=cast.desk(), at=MORNING)
    return matter


def everywhere(eye: Eye, matter: Matter) -> str:
    """All that a hand's lists and the notice's own addresses give it."""
    own = [eye.client.get(f"/desk/{way}/{matter.pk}/") for way in ("m", "notices")]
    own.append(eye.client.get(f"/desk/notices/{matter.pk}/print/"))
    machine: Any = eye.machine.get(f"/matters/{matter.pk}")
    return " ".join([*eye.pages().values(), *(one.content.decode() for one in own), machine.content.decode()])


@pytest.mark.parametrize("name", WRITES)
def test_a_draft_is_found_by_who_writes_here(cast: Cast, name: str) -> None:
    matter, eye = draft(cast), Eye(cast, name)
    assert TITLE in eye.page("/desk/notices/") and TITLE in eye.page(f"/desk/notices/{matter.pk}/")


@pytest.mark.parametrize("name", NOT_THEIRS)
def test_the_others_find_no_trace_of_it_on_their_desks_and_read_it_as_residents(
    cast: Cast, name: str
) -> None:
    hidden, eye = draft(cast), Eye(cast, name)
    matter = sent(cast)
    found = everywhere(eye, matter) + eye.page(f"/desk/notices/{hidden.pk}/")
    assert TITLE not in found and matter.number not in found and hidden.number not in found
    assert TITLE in eye.client.get(f"/n/{matter.number}/").content.decode()
    assert eye.client.get(f"/n/{hidden.number}/").status_code == 404


def test_residents_of_the_place_find_it_and_those_of_another_do_not(cast: Cast) -> None:
    matter = sent(cast)
    for path in ("/", "/notices/"):
        assert TITLE in neighbour(cast, "grid").get(path).content.decode()
        for area in ("next_grid", "other_community"):
            assert TITLE not in neighbour(cast, area).get(path).content.decode()
    assert Client().get(f"/n/{matter.number}/").status_code == 200


def test_no_figure_counts_a_notice(cast: Cast) -> None:
    eye, at_home = Eye(cast, "dispatcher"), neighbour(cast)
    figures = [f"/figures/{cast.areas['community'].pk}/{one}/" for one in ("closed", "on_time", "satisfied")]
    pages = ("/command/", "/command/live/", *(f"/command/list/?which={one}" for one in LISTS))

    def seen() -> list[str]:
        return [*(settled(at_home.get(path)) for path in figures), *(eye.page(path) for path in pages)]

    before = seen()
    take(sent(cast), "end", by=cast.desk(), at=MORNING)
    assert seen() == before

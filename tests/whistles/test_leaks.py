"""A whistle on every surface: in each cell one who must find it and one who must not."""

import pytest
from django.test import Client

from gongzhi.domains.whistles.actions import take
from gongzhi.domains.whistles.queries import figures
from gongzhi.kernel.models import Matter, Tie
from gongzhi.kernel.people import limits
from gongzhi.kernel.process.verdict import NotYours
from tests.cast import MORNING, Cast
from tests.stories.eyes import LISTS, Eye, neighbour, public_pages, settled
from tests.whistles.blowing import LATER, NEED, asked, called, part, tell
from tests.workbench.sitting import Clock, hour

__all__ = ["hour"]
pytestmark = pytest.mark.django_db
SEES = ("worker", "desk", "secretary", "dispatcher", "street_leader", "centre", "chief", "works")
NOT_THEIRS = ("neighbour", "part_timer", "other_desk", "private_officer", "law", "outsider")


@pytest.fixture(autouse=True)
def eleven(hour: Clock, cast: Cast) -> None:
    limits.forget()
    hour.set("2026-11-20 11:00")


def everywhere(eye: Eye, matter: Matter, one: Matter) -> str:
    """All that a hand's lists and the whistle's own addresses give it."""
    ways = [f"/desk/{way}/{row.pk}/" for way in ("m", "whistles") for row in (matter, one)]
    ways += [f"/desk/whistles/?tab={tab}" for tab in ("todo", "open", "ours", "over")]
    ways += ["/desk/whistles/figures/", f"/desk/whistles/{matter.pk}/do/note/"]
    machine = [eye.machine.get(f"/matters/{row.pk}").content.decode() for row in (matter, one)]
    pages = [eye.client.get(way, follow=True).content.decode() for way in ways]
    return " ".join([*eye.pages().values(), *pages, *machine])


@pytest.mark.parametrize("name", SEES)
def test_it_is_found_by_who_asks_decides_and_comes(cast: Cast, name: str) -> None:
    matter, eye = called(cast, "works"), Eye(cast, name)
    assert NEED in eye.page(f"/desk/whistles/{matter.pk}/")
    assert matter.title in eye.page("/desk/whistles/?tab=open")


@pytest.mark.parametrize("name", NOT_THEIRS)
def test_the_others_find_no_trace(cast: Cast, name: str) -> None:
    matter = called(cast, "works")
    found = everywhere(Eye(cast, name), matter, part(matter, cast, "works"))
    assert NEED not in found and matter.number not in found and matter.title not in found


def test_whoever_the_matter_is_about_finds_nothing_though_it_stands_in_their_place(cast: Cast) -> None:
    matter = called(cast, "works")
    for row in (matter, part(matter, cast, "works")):
        Tie.objects.create(
            matter=row, role="about", organisation=cast.organisations["street_office"], since=MORNING
        )
    found = everywhere(Eye(cast, "dispatcher"), matter, part(matter, cast, "works"))
    assert NEED not in found and matter.number not in found


@pytest.mark.parametrize("name", ["neighbour", "other_desk"])
def test_the_form_takes_nothing_over_from_a_matter_that_is_not_theirs(cast: Cast, name: str) -> None:
    told = cast.snap()
    answer = Eye(cast, name).client.get(f"/desk/whistles/ask/?from={told.matter.pk}")
    assert answer.status_code == 404 and told.matter.title not in answer.content.decode()


def test_whoever_a_matter_is_about_calls_nobody_to_it_and_counts_nothing_of_it(cast: Cast) -> None:
    told = cast.snap()
    about = {"role": "about", "since": MORNING}
    Tie.objects.create(matter=told.matter, organisation=cast.organisations["committee"], **about)
    with pytest.raises(NotYours):
        asked(cast, "desk", told)
    matter = called(cast, "works")
    for row in (matter, part(matter, cast, "works")):
        Tie.objects.create(matter=row, organisation=cast.organisations["centre"], **about)
    found = figures.figures(by=cast.chief(), at=LATER)
    assert found.askers == [] and found.units == []


def test_a_department_that_comes_reads_nothing_of_the_matter_it_came_for(cast: Cast) -> None:
    told = cast.snap("3 号楼王奶奶家门口的灯")
    matter = called(cast, "works", incident=told)
    client = Eye(cast, "works").client
    assert "王奶奶" not in client.get(f"/desk/whistles/{matter.pk}/").content.decode()
    assert client.get(f"/desk/m/{told.matter.pk}/").status_code == 404


def test_residents_read_that_departments_were_asked_and_nothing_more(cast: Cast) -> None:
    told = cast.snap()
    matter = called(cast, "works", incident=told)
    tell(LATER)
    phone = Client()
    own = phone.get(f"/f/{told.token}", follow=True).content.decode()
    assert "已请几个部门一起来看。" in own
    assert "区市政中心" not in own and matter.number not in own and NEED not in own
    assert matter.number not in " ".join(public_pages(cast).values())


def test_no_figure_of_matters_counts_a_whistle(cast: Cast) -> None:
    eye, at_home = Eye(cast, "dispatcher"), neighbour(cast)
    shown = [f"/figures/{cast.areas['community'].pk}/{one}/" for one in ("closed", "on_time", "satisfied")]
    pages = ("/command/", "/command/live/", *(f"/command/list/?which={one}" for one in LISTS))

    def seen() -> list[str]:
        return [*(settled(at_home.get(path)) for path in shown), *(eye.page(path) for path in pages)]

    before = seen()
    take(called(cast, "works"), "withdraw", by=cast.desk(), at=LATER, reason="不用了")
    tell(LATER)
    assert seen() == before

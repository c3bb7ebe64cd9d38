"""附近同类 at the desk: what it finds, what it hides, merging several with one click, repeats with their lists."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import near_desk, repeats
from gongzhi.domains.incidents.reactions_near import closed_before
from gongzhi.kernel.models import Matter
from gongzhi.kernel.process import gate
from tests.cast import Cast, fresh
from tests.kernel.test_budgets import Counted
from tests.near.lamps import POINT, reported, verbs

pytestmark = pytest.mark.django_db


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.people[name])
    return client


def now() -> dict[str, object]:
    return {"at": timezone.now()}


def test_three_reports_of_one_lamp_become_one(cast: Cast) -> None:
    one, *others = (
        reported(cast, said=said, **now())
        for said in (
            "3号楼东边的路灯不亮了",
            "三号楼东边路灯不亮了，晚上看不见",
            "東邊的路燈不亮了，老人摔跤",
        )
    )
    client = signed_in(cast, "desk")
    page = client.get(f"/desk/m/{one.matter.pk}/near/").content.decode()
    assert page.count('name="one"') == 2 and "文字很像" in page and "老人摔跤" in page
    chosen = re.findall(r'name="one" value="([\d.]+)"', page)
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    told = client.post(f"/desk/m/{one.matter.pk}/near/", {"one": chosen, "key": key}).content.decode()
    assert "并进来 2 件" in told
    assert {fresh(each).stage for each in others} == {"merged"} and verbs(one).count("absorb") == 2
    panel = client.get(f"/desk/m/{one.matter.pk}/").content.decode()
    assert "3 人遇到" in panel
    gone = client.get(f"/desk/m/{others[0].matter.pk}/").content.decode()
    assert "已并到" in gone and one.matter.number in gone


def test_nothing_chosen_is_told(cast: Cast) -> None:
    one, _ = reported(cast, **now()), reported(cast, **now())
    answer = signed_in(cast, "desk").post(f"/desk/m/{one.matter.pk}/near/", {})
    assert answer.status_code == 422 and "还没有选" in answer.content.decode()


def test_who_may_not_read_finds_no_page_and_merges_nothing(cast: Cast) -> None:
    one, other = reported(cast, **now()), reported(cast, **now())
    for name in ("outsider", "other_desk", "neighbour"):
        client = signed_in(cast, name)
        assert client.get(f"/desk/m/{one.matter.pk}/near/").status_code == 404
        said = {"one": [f"{other.matter.pk}.1"]}
        assert client.post(f"/desk/m/{one.matter.pk}/near/", said).status_code == 404
    assert fresh(other).stage == "submitted"


def test_the_list_reads_no_more_for_fifty_than_for_five(cast: Cast) -> None:
    one, *_ = (reported(cast, **now()) for _ in range(6))
    work = gate.load(Matter.objects.get(pk=one.matter.pk))
    incident = Incident.objects.get(pk=one.matter.pk)
    with Counted(8):
        near_desk.near_rows(work, incident, by=cast.desk(), at=timezone.now())
    for _ in range(20):
        reported(cast, **now())
    with Counted(8):
        assert len(near_desk.near_rows(work, incident, by=cast.desk(), at=timezone.now())) == 25


def test_repeats_are_counted_with_their_list(cast: Cast) -> None:
    first, again, third = (reported(cast, **now()) for _ in range(3))
    Incident.objects.filter(pk=again.matter.pk).update(repeat_of=first.matter)
    by, at = cast.desk(), timezone.now()
    with Counted(8):
        (line,) = repeats.counted(30, "kind", by=by, at=at)
    assert (line.key, line.repeats, line.of) == ("lamp", 1, 3)
    assert [row.matter for row in repeats.listed(30, "kind", "lamp", by=by, at=at)] == [again.matter]
    assert repeats.counted(30, "kind", by=cast.other_desk(), at=at) == []
    assert third.matter.number not in signed_in(cast, "desk").get("/desk/repeats/?of=lamp").content.decode()
    page = signed_in(cast, "desk").get("/desk/repeats/?of=lamp").content.decode()
    assert again.matter.number in page
    community = signed_in(cast, "desk").get(f"/desk/repeats/?by=community&of={cast.areas['community'].pk}")
    assert again.matter.number in community.content.decode()
    for odd in ("?by=x&of=1", "?by=community&of=abc", "?days=7", "?of=lamp&before=abc"):
        assert signed_in(cast, "desk").get(f"/desk/repeats/{odd}").status_code == 200


def test_a_complaint_is_repeated_by_complaints_alone(cast: Cast) -> None:
    """Who was complained of may get the next one to do: its page must not tell that there was a complaint."""
    at, here = timezone.now(), {"point": POINT, "point_source": "map"}
    early = cast.snap(at=at - timedelta(days=3), about=("property",), **here).matter
    Matter.objects.filter(pk=early.pk).update(counts="closed", closed_at=at - timedelta(days=1))
    kept_out, again = cast.snap(at=at, keep_out=True, **here), cast.snap(at=at, about=("property",), **here)
    assert closed_before(fresh(kept_out)) is None
    assert closed_before(fresh(again)) == early

"""A code at the door, scanned or typed: the place is filled in, what hangs there is shown, an ended one says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gongzhi.domains.outreach.actions import Written, take, write
from gongzhi.kernel.models import Matter, Place
from gongzhi.kernel.territory import place_codes, place_register
from tests.cast import MORNING, Cast, key
from tests.portal.steps import key_of
from tests.workbench.sitting import Clock, hour

__all__ = ["hour"]
pytestmark = pytest.mark.django_db
CODE = "LA3B7K2M"


def hung(cast: Cast, title: str, area: str = "building", who: str = "desk") -> Matter:
    said = Written(cast.areas[area], "outage", title, "请提前接水。", "2026-11-30")
    matter = write(said, by=cast.acting(who), at=MORNING, key=key())
    take(matter, "publish", by=cast.acting("street_desk"), at=MORNING)
    return matter


@pytest.fixture(autouse=True)
def ten(hour: Clock, cast: Cast) -> None:
    cast.areas["grid"].phone = "0000-0000-154"
    cast.areas["grid"].save(update_fields=["phone"])


def test_scanned_the_report_opens_with_the_place_the_number_and_what_hangs_there(cast: Cast) -> None:
    hung(cast, "3 号楼停水")
    hung(cast, "别处停水", "next_grid")
    hung(cast, "望山停水", "other_community", "street_desk")
    client = Client()
    page = client.get(f"/p/{CODE}", follow=True).content.decode()
    assert "3 号楼" in page and 'href="tel:0000-0000-154"' in page and "3 号楼停水" in page
    assert "别处停水" not in page and "望山停水" not in page
    home = client.get("/").content.decode()
    assert "3 号楼停水" in home and "别处停水" not in home


@pytest.mark.parametrize("typed", ["la3b 7k2m", "LA3B-7K2M", "ＬＡ３Ｂ７Ｋ２Ｍ"])
def test_typed_it_does_the_same(cast: Cast, typed: str) -> None:
    answer = Client().get("/p", {"code": typed})
    assert answer.status_code == 302 and answer.url == "/report/" and "gz_code" in answer.cookies


@pytest.mark.parametrize(("typed", "told"), [("22222223", "写错了"), ("ABC", "3 位"), ("", "照着写")])
def test_a_mistyped_one_is_told_and_stays(cast: Cast, typed: str, told: str) -> None:
    answer = Client().get("/p", {"code": typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page and f'value="{typed}"' in page
    assert "gz_code" not in answer.cookies


def test_a_code_of_nowhere_is_no_page_of_ours(cast: Cast) -> None:
    assert Client().get(f"/p/{place_codes.made()}").status_code == 404


@pytest.mark.parametrize(("why", "told"), [("lost", "换过了"), ("gone", "已经没有了")])
def test_an_ended_one_says_so_and_offers_the_normal_way(cast: Cast, why: str, told: str) -> None:
    place_register.end(Place.objects.select_related("area").get(), why, by=cast.desk(), at=MORNING)
    answer = Client().get(f"/p/{CODE}")
    page = answer.content.decode()
    assert answer.status_code == 410 and told in page and 'href="/report/"' in page
    assert 'href="tel:0000-0000-154"' in page and "gz_code" not in answer.cookies


def test_the_letters_are_remembered_by_the_phone(cast: Cast) -> None:
    client = Client()
    client.post("/mode/", {"mode": "elder", "next": "/"})
    page = client.get(f"/p/{CODE}", follow=True).content.decode()
    assert 'data-mode="elder"' in page and "共 2 步" in page


def say(client: Client, **more: Any) -> Any:
    one = key_of(client.get("/report/"))
    return client.post("/report/", {"key": one, "words": "楼道灯不亮", **more})


def test_in_large_letters_a_code_leaves_out_the_screen_of_where(cast: Cast) -> None:
    client = Client()
    client.post("/mode/", {"mode": "elder", "next": "/"})
    client.get(f"/p/{CODE}")
    assert say(client).url == "/report/contact/"
    page = client.get("/report/contact/")
    assert "3 号楼" in page.content.decode()
    client.post("/report/contact/", {"key": key_of(page)})
    matter = Matter.objects.get()
    assert matter.area_id == cast.areas["building"].pk and matter.point_source in ("code", "")


def test_without_large_letters_where_is_asked(cast: Cast) -> None:
    client = Client()
    client.get(f"/p/{CODE}")
    assert say(client).url == "/report/where/"


def test_a_scan_is_kept_nowhere(cast: Cast) -> None:
    from gongzhi.kernel.models import Entry

    before = Entry.objects.count()
    Client().get(f"/p/{CODE}")
    assert Entry.objects.count() == before


class TestNotices:
    def test_home_shows_three_and_the_rest_a_tap_away(self, cast: Cast) -> None:
        for number in range(5):
            hung(cast, f"第 {number} 条", "community")
        client = Client()
        client.get(f"/p/{CODE}")
        home, every = client.get("/").content.decode(), client.get("/notices/").content.decode()
        assert [f"第 {n} 条" in home for n in range(5)] == [False, False, True, True, True]
        assert all(f"第 {n} 条" in every for n in range(5))
        assert every.index("第 4 条") < every.index("第 0 条"), "newest first"

    def test_a_phone_without_a_place_is_shown_none_and_told_why(self, cast: Cast) -> None:
        hung(cast, "停水")
        assert "停水" not in Client().get("/").content.decode()
        assert "先选您的社区" in Client().get("/notices/").content.decode()

    def test_one_that_is_over_is_gone_from_home_and_says_so(self, cast: Cast, hour: Clock) -> None:
        matter = hung(cast, "停水通知")
        client = Client()
        client.get(f"/p/{CODE}")
        hour.now = MORNING + timedelta(minutes=90)
        assert "停水通知" in client.get("/").content.decode()
        take(matter, "end", by=cast.desk(), at=hour.now)
        assert "停水通知" not in client.get("/").content.decode()
        assert "已经过了" in client.get(f"/n/{matter.number}/").content.decode()


def test_a_seal_can_be_taken_home_and_checked(cast: Cast) -> None:
    import json

    from gongzhi.kernel.ledger.seal import seal
    from gongzhi.kernel.ledger.verify import verify

    cast.snap()
    seal(MORNING)
    client = Client()
    assert "自己怎么核对" in client.get("/seals/").content.decode()
    answer = client.get("/seals/1.json")
    assert json.loads(answer.content)["seq"] == 1 and client.get("/seals/2.json").status_code == 404
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        kept = Path(folder) / "seal-1.json"
        kept.write_bytes(answer.content)
        report = verify(against=kept, at=MORNING)
    assert report.sound and "一致" in report.against

"""What is kept of me, who looked and why; taking it along and taking it away."""

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gongzhi.domains.incidents.actions import reveal_phone, take
from gongzhi.domains.incidents.retention import delete_due
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Attachment, Entry, Matter, Receipt, Words
from tests.cast import MORNING, Cast, clock, key
from tests.portal.phones import MINE, text
from tests.portal.steps import key_of
from tests.stories.eyes import photo
from tests.workbench.sitting import Clock, Desk, hour

__all__ = ["hour"]
pytestmark = pytest.mark.django_db


def opened(told: Any) -> tuple[Client, str]:
    """The reporter's own device, and the address of their matter."""
    client = Client()
    client.get(f"/f/{told.token}", follow=True)
    return client, f"/follow/{told.matter.number}/"


def plain(answer: Any) -> str:
    """A page's words, without its tags."""
    return re.sub(r"<[^>]+>", "", text(answer))


class TestWhoLooked:
    def test_a_look_at_the_number_stands_there_with_post_and_purpose(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        for hand in (cast.worker(), cast.desk()):
            reveal_phone(told.matter, "ask_place", by=hand, at=MORNING)
        client, page = opened(told)
        seen = text(client.get(f"{page}privacy/"))
        assert "网格员周海燕看了您的号码" in seen and "柳岸社区居民委员会" in seen and "用途" in seen
        assert "孙立群" not in seen, "staff other than grid workers stand there by post and unit"

    def test_a_private_matter_says_who_opened_it_once_a_day(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap("老公打我，现在还在砸门", category="")
        officer = Desk(cast, "private_officer")
        for _ in range(3):
            officer.page(f"m/{told.matter.pk}/")
        client, page = opened(told)
        seen = text(client.get(f"{page}privacy/"))
        assert seen.count("打开了这件事") == 1 and "姜雅文" not in seen and "办这件事" in seen
        hour.now += timedelta(days=1)
        officer.page(f"m/{told.matter.pk}/")
        assert text(client.get(f"{page}privacy/")).count("打开了这件事") == 2

    def test_reading_an_ordinary_matter_writes_nothing(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        Desk(cast, "worker").page(f"m/{told.matter.pk}/")
        assert not Entry.objects.filter(verb="read_private").exists()

    def test_whoever_may_not_read_a_private_matter_leaves_no_look(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap("老公打我，现在还在砸门", category="")
        assert Desk(cast, "worker").status(f"m/{told.matter.pk}/") == 404
        assert not Entry.objects.filter(verb="read_private").exists()


class TestTakingItAlong:
    def test_a_page_to_read_and_a_parcel_with_the_photos(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap(photos=(photo("lamp"),))
        client, page = opened(told)
        read = text(client.get(f"{page}record/"))
        assert MINE in read and "路灯不亮" in read and "上报" in read
        answer = client.get(f"{page}record.zip")
        assert answer.streaming and f"{told.matter.number}.zip" in answer["Content-Disposition"]
        packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        assert packed.testzip() is None
        assert set(packed.namelist()) == {"我的记录.html", "我的记录.json", "照片-1.jpg"}
        held = json.loads(packed.read("我的记录.json"))
        assert held["手机号"] == MINE and held["照片和录音"] == ["照片-1.jpg"]
        assert packed.read("照片-1.jpg")[:3] == b"\xff\xd8\xff"

    def test_it_names_no_staff_but_grid_workers(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        reveal_phone(told.matter, "ask_place", by=cast.desk(), at=MORNING)
        client, page = opened(told)
        assert "孙立群" not in text(client.get(f"{page}record.json"))


class TestTakingItAway:
    def test_the_number_goes_at_once_and_what_follows_is_said_first(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        client, page = opened(told)
        form = client.get(f"{page}forget/")
        assert "不能再打给您" in text(form) and Receipt.objects.get().phone_enc is not None
        assert client.post(f"{page}forget/", {"key": key_of(form)}).url == f"{page}?done=forget"
        assert Receipt.objects.get().phone_enc is None and Receipt.objects.get().phone_tag == ""
        assert Entry.objects.filter(matter=told.matter, verb="forget_contact").exists() and verify().sound

    def test_words_go_once_the_matter_is_over_and_not_before(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap(photos=(photo("lamp"),))
        client, page = opened(told)
        early = client.post(f"{page}erase/", {"key": key()})
        assert early.status_code == 409 and Words.objects.exists()
        take(told.matter, "withdraw", by=cast.reporter(told), at=hour.now, key=key())
        form = client.get(f"{page}erase/")
        assert client.post(f"{page}erase/", {"key": key_of(form)}).status_code == 302
        assert not Words.objects.filter(entry__matter=told.matter).exists()
        assert Attachment.objects.get().removed_at is not None and verify().sound


class TestHowLong:
    def test_the_page_says_the_day_and_the_job_keeps_to_it(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        client, page = opened(told)
        assert "办结后 6 个月" in plain(client.get(f"{page}privacy/"))
        take(told.matter, "withdraw", by=cast.reporter(told), at=hour.now, key=key())
        assert "到 <time" in text(client.get(f"{page}privacy/"))
        day = clock("2026-11-20 10:00") + timedelta(days=6 * 31)
        assert f"{day.year} 年 {day.month} 月 {day.day} 日" in text(client.get(f"{page}privacy/"))
        assert delete_due(day - timedelta(hours=1)) == 0
        assert delete_due(day) == 1 and Receipt.objects.get().phone_enc is None

    def test_what_offices_wrote_stays_longer_than_what_residents_wrote(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap("楼道里老鼠成窝，请来消杀", category="pests")
        done = "灯头拧紧，夜里看过，亮了。"
        take(told.matter, "self_handle", by=cast.worker(), at=clock("2026-11-20 10:00"), done_on_spot=done)
        Matter.objects.filter(pk=told.matter.pk).update(closed_at=MORNING, stage="archived", counts="closed")
        delete_due(MORNING + timedelta(days=3 * 366))
        assert set(Words.objects.values_list("entry__verb", flat=True)) == {"self_handle"}
        assert delete_due(MORNING + timedelta(days=3 * 366 + 1)) == 0
        delete_due(MORNING + timedelta(days=5 * 366))
        assert not Words.objects.exists() and verify().sound

    def test_every_kind_of_the_pack_stands_on_the_public_page(self, cast: Cast) -> None:
        page = plain(Client().get("/privacy/"))
        for words in ("24 小时", "办结后 6 个月", "没送出去的草稿", "验证码", "个人信息保护法第十九条"):
            assert words in page, words

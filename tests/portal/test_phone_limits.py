"""What a guesser and a flood of questions for codes come to; and a house that can send none."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gongzhi.kernel import packs
from gongzhi.kernel.models import PhoneCode
from gongzhi.kernel.people import limits
from gongzhi.kernel.process import phone_codes
from gongzhi.site import code_budget
from tests.cast import Cast
from tests.portal.phones import MINE, NOBODY, OTHER, ask, gateway, sent_code, text
from tests.workbench.sitting import Clock, Desk, hour

__all__ = ["gateway", "hour"]
pytestmark = pytest.mark.django_db


class TestTooMuch:
    def test_a_guesser_has_five_tries_and_then_needs_a_new_code(self, cast: Cast, hour: Clock) -> None:
        cast.snap()
        client = Client()
        ask(client)
        code = sent_code(hour)
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        answers = [client.post("/mine/phone/", {"code": wrong}) for _ in range(5)]
        assert [one.status_code for one in answers] == [422] * 5 and "还可以试 4 次" in text(answers[0])
        right = client.post("/mine/phone/", {"code": code})
        assert right.status_code == 422 and "重新要一个" in text(right)
        hour.now += timedelta(minutes=1)
        assert ask(client).status_code == 302
        assert client.post("/mine/phone/", {"code": sent_code(hour)}).status_code == 302

    def test_what_is_no_code_costs_no_try(self, cast: Cast, hour: Clock) -> None:
        cast.snap()
        client = Client()
        ask(client)
        for typed in ("", "12345", "一二三"):
            assert client.post("/mine/phone/", {"code": typed}).status_code == 422
        assert PhoneCode.objects.get().tries == 0
        spaced = "".join(chr(ord(sign) + 0xFEE0) for sign in sent_code(hour))
        assert client.post("/mine/phone/", {"code": spaced}).status_code == 302

    def test_a_code_is_good_for_five_minutes_once_and_in_one_browser(self, cast: Cast, hour: Clock) -> None:
        cast.snap()
        first, thief = Client(), Client()
        ask(first)
        code = sent_code(hour)
        ask(thief, NOBODY)
        assert thief.post("/mine/phone/", {"code": code}).status_code == 422
        assert first.post("/mine/phone/", {"code": code}).status_code == 302
        again = Client()
        again.cookies["gz_phone"] = first.cookies["gz_phone"].value
        assert again.post("/mine/phone/", {"code": code}).status_code == 422, "used once"
        hour.now += timedelta(minutes=2)
        late = Client()
        ask(late)
        code = sent_code(hour)
        hour.now += timedelta(minutes=5)
        assert late.post("/mine/phone/", {"code": code}).status_code == 422

    def test_one_a_minute_and_five_a_day(self, cast: Cast, hour: Clock) -> None:
        assert ask(Client()).status_code == 302
        soon = ask(Client())
        assert soon.status_code == 429 and "再要" in text(soon) and f'value="{MINE}"' in text(soon)
        for _ in range(4):
            hour.now += timedelta(minutes=1)
            assert ask(Client()).status_code == 302
        hour.now += timedelta(minutes=1)
        assert "明天再要" in text(ask(Client()))
        assert ask(Client(), OTHER).status_code == 302

    def test_a_thousand_numbers_are_limited_and_the_operator_is_told(
        self, cast: Cast, hour: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        told = cast.snap()
        rules = phone_codes.Rules.of(packs.load("cn"))
        with caplog.at_level(logging.ERROR):
            codes = [_flood(n).status_code for n in range(1000)]
        assert codes.count(302) == rules.per_hour == PhoneCode.objects.count()
        assert caplog.text.count("budget is used up") == 1
        assert phone_codes.spent(hour.now, rules).paused
        assert code_budget.left_this_hour() == 0 and "used up" in code_budget.paused()
        assert "已停发" in Desk(cast, "centre").page("watch/stuck/")
        paused = _flood(2000)
        assert paused.status_code == 429 and "上报照常" in text(paused)
        found = Client().post("/find/", {"number": told.matter.number, "digits": told.digits})
        assert found.status_code == 302, "following by number and digits goes on"
        hour.now += timedelta(minutes=61)
        assert _flood(3000).status_code == 302

    def test_one_address_is_asked_to_wait_before_that(self, cast: Cast, hour: Clock) -> None:
        codes = [ask(Client(REMOTE_ADDR="198.51.100.7"), f"138{n:08d}").status_code for n in range(70)]
        assert codes.count(302) == 60 and codes[-1] == 429
        assert ask(Client(REMOTE_ADDR="198.51.100.8"), "13900000001").status_code == 302

    def test_a_landline_is_told_the_other_ways(self, cast: Cast) -> None:
        answer = ask(Client(), "0314-1234567")
        assert answer.status_code == 422 and "只能发到手机" in text(answer)

    def test_old_codes_go(self, cast: Cast, hour: Clock) -> None:
        ask(Client())
        assert phone_codes.sweep(hour.now + timedelta(hours=23)) == 0
        assert phone_codes.sweep(hour.now + timedelta(hours=25)) == 1


def _flood(n: int) -> Any:
    limits.forget()
    return ask(Client(), f"139{n:08d}")


class TestWithoutAGateway:
    def test_the_page_says_so_and_shows_the_other_ways(self, cast: Cast, settings: Any) -> None:
        settings.GATEWAY_FAKES, settings.SMS_GATEWAY = False, ""
        page = Client().get("/mine/phone/")
        assert "发不了验证码" in text(page) and "/find/" in text(page) and "/call/" in text(page)
        ask(Client())
        assert not PhoneCode.objects.exists()

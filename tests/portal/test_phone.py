"""A code to one's own number: what it opens, and whom it tells nothing."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import Contact, Report, report
from gongzhi.gateways import sms
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Delivery, Entry, Matter, PhoneCode, Receipt
from gongzhi.kernel.process.deliver import deliver
from tests.cast import Cast, key
from tests.portal.phones import MINE, NOBODY, OTHER, ask, gateway, sent_code, signed_in, text
from tests.portal.steps import key_of
from tests.workbench.sitting import Clock, hour

__all__ = ["gateway", "hour"]
pytestmark = pytest.mark.django_db


class TestTheListOfOnesOwnNumber:
    def test_opens_what_was_left_with_it_from_any_phone(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        page = text(signed_in(hour).get("/mine/"))
        assert told.matter.number in page and "138****1234" in page and MINE not in page

    def test_lists_what_staff_wrote_down_for_somebody(self, cast: Cast, hour: Clock) -> None:
        said = Report(
            area=cast.areas["grid"], words="楼道灯坏了", category="corridor_lamp", channel="desk",
            consent=True, contact=Contact(phone=MINE, told_by="sms"),
        )  # fmt: skip
        told = report(said, by=cast.desk(), at=hour.now, key=key())
        client = signed_in(hour)
        assert told.matter.number in text(client.get("/mine/"))
        assert client.get(f"/follow/{told.matter.number}/withdraw/").status_code == 200

    def test_ends_after_half_a_year_but_the_code_still_opens_it(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        hour.now += timedelta(days=181)
        new = cast.snap("楼道里的灯也不亮", at=hour.now)
        client = signed_in(hour)
        page = text(client.get("/mine/"))
        assert new.matter.number in page and told.matter.number not in page
        found = client.post("/find/", {"number": told.matter.number, "digits": told.digits})
        assert found.url == f"/follow/{told.matter.number}/"

    def test_leaves_an_entry_of_who_asked_without_a_number(self, cast: Cast, hour: Clock) -> None:
        cast.snap()
        signed_in(hour)
        entries = Entry.objects.filter(register="access", verb__in=("ask_code", "own_list"))
        assert [one.verb for one in entries.order_by("seq")] == ["ask_code", "own_list"]
        assert not any(MINE in one.facts or Receipt.objects.get().phone_tag in one.facts for one in entries)
        assert verify().sound

    def test_is_read_in_a_handful_of_statements(
        self, cast: Cast, hour: Clock, django_assert_max_num_queries: Any
    ) -> None:
        for n in range(12):
            cast.snap(f"第 {n} 盏路灯不亮")
        client = signed_in(hour)
        with django_assert_max_num_queries(8):
            assert text(client.get("/mine/")).count("mine-row") == 12


class TestTheOwnHand:
    def test_a_code_rates_and_withdraws_for_its_own_number(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        client, page = signed_in(hour), f"/follow/{told.matter.number}/"
        form = client.get(f"{page}withdraw/")
        done = client.post(f"{page}withdraw/", {"key": key_of(form), "why_withdraw": "solved"})
        assert done.status_code == 302 and Matter.objects.get().stage == "withdrawn"

    def test_not_for_another_number(self, cast: Cast, hour: Clock) -> None:
        told, other = cast.snap(), cast.snap("井盖翘起来了", contact=Contact(phone=OTHER, told_by="sms"))
        client = signed_in(hour)
        assert told.matter.number in text(client.get("/mine/"))
        assert other.matter.number not in text(client.get("/mine/"))
        for act in ("", "withdraw/", "rate/", "privacy/", "record/", "record.zip", "forget/"):
            answer = client.get(f"/follow/{other.matter.number}/{act}")
            assert answer.status_code == (404 if act else 302), act

    def test_ends_by_itself_and_by_signing_out(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        client = signed_in(hour)
        client.post("/mine/phone/out/")
        assert told.matter.number not in text(client.get("/mine/"))
        hour.now += timedelta(minutes=2)
        client = signed_in(hour)
        hour.now += timedelta(minutes=31)
        assert told.matter.number not in text(client.get("/mine/"))
        assert client.get(f"/follow/{told.matter.number}/withdraw/").status_code == 404

    def test_a_copied_cookie_opens_nothing_after_signing_out(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        client, thief = signed_in(hour), Client()
        thief.cookies["gz_phone"] = client.cookies["gz_phone"].value
        assert told.matter.number in text(thief.get("/mine/")), "as long as the session holds"
        hour.now += timedelta(minutes=1)
        ask(client, NOBODY)
        client.post("/mine/phone/out/")
        assert told.matter.number not in text(thief.get("/mine/"))

    def test_takes_the_number_out_of_everything_at_once(self, cast: Cast, hour: Clock) -> None:
        first, second = cast.snap(), cast.snap("井盖翘起来了")
        other = cast.snap("门坏了", contact=Contact(phone=OTHER, told_by="sms"))
        client = signed_in(hour)
        form = client.get("/mine/forget/")
        assert "2 件事" in text(form)
        assert client.post("/mine/forget/", {"key": key_of(form)}).url == "/mine/?done=forget"
        left = Receipt.objects.exclude(phone_enc=None).values_list("matter", flat=True)
        assert set(left) == {other.matter.pk} and not PhoneCode.objects.exists()
        assert first.matter.number not in text(client.get("/mine/"))
        verbs = Entry.objects.filter(matter=second.matter).values_list("verb", flat=True)
        assert "forget_contact" in verbs and verify().sound


class TestNobodyLearnsWhichNumbersAreKnown:
    def test_known_and_unknown_get_the_same_page_and_the_same_rows(self, cast: Cast, hour: Clock) -> None:
        cast.snap()
        pages, rows = [], []
        for phone in (MINE, NOBODY):
            client = Client()
            before = (PhoneCode.objects.count(), Delivery.objects.count(), Entry.objects.count())
            answer = ask(client, phone)
            after = (PhoneCode.objects.count(), Delivery.objects.count(), Entry.objects.count())
            rows.append([b - a for a, b in zip(before, after, strict=True)])
            page = re.sub(r'name="csrf\w+" value="[^"]*"', "", text(client.get(answer.url)))
            pages.append(page.replace("138****1234", "N").replace("137****1111", "N"))
        assert pages[0] == pages[1] and rows[0] == rows[1]

    def test_as_many_statements_for_both(self, cast: Cast, hour: Clock) -> None:
        cast.snap()
        ask(Client(), OTHER)
        counts = []
        for phone in (MINE, NOBODY):
            with CaptureQueriesContext(connection) as told:
                ask(Client(), phone)
            counts.append(len(told))
        assert counts[0] == counts[1] <= 16

    def test_only_a_known_number_is_sent_anything(self, cast: Cast, hour: Clock) -> None:
        cast.snap()
        deliver(hour.now)
        before = len(sms.sent())
        ask(Client(), NOBODY)
        deliver(hour.now)
        assert len(sms.sent()) == before
        ask(Client(), MINE)
        deliver(hour.now)
        assert sms.sent()[0].to == "138****1234" and len(sms.sent()) == before + 1

    def test_neither_log_nor_database_holds_the_code(
        self, cast: Cast, hour: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        cast.snap()
        with caplog.at_level(logging.DEBUG):
            ask(Client())
            code = sent_code(hour)
        row = PhoneCode.objects.values().get()
        assert code and code not in caplog.text and MINE not in caplog.text
        assert not any(code in str(value) for name, value in row.items() if name not in ("id", "phone_tag"))

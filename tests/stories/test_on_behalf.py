"""Reported at the window for somebody without a phone in hand: the link that acts goes to their own number only."""

import re

import pytest
from django.test import Client

from gongzhi.domains.incidents.actions import Contact, Report, report
from gongzhi.domains.incidents.queries.receipts import by_token, own_hand
from gongzhi.gateways import sms
from gongzhi.kernel.telling.post import deliver
from tests.cast import Cast, clock, key

pytestmark = pytest.mark.django_db
NINE = clock("2026-11-20 09:00")


def at_the_window(cast: Cast) -> str:
    said = Report(
        area=cast.areas["grid"],
        words="王大爷说楼道灯坏了",
        category="corridor_lamp",
        channel="desk",
        consent=True,
        contact=Contact(phone="13900001111", told_by="sms"),
    )
    told = report(said, by=cast.desk(), at=NINE, key=key())
    assert (told.token, told.digits) == ("", "")
    return told.matter.number


def links() -> dict[str, str]:
    """What the fake has sent so far with an acting link in it, by the delivery's key."""
    return {one.key: one.text for one in sms.sent() if "/f/" in one.text}


def test_the_acting_link_goes_by_sms_to_the_reporter_once(cast: Cast) -> None:
    before = links()
    number = at_the_window(cast)
    deliver(NINE)
    deliver(NINE)
    texts = [text for sent, text in links().items() if sent not in before]
    assert len(texts) == 1 and number in texts[0]
    token = re.search(r"/f/(\w+)", texts[0])[1]
    receipt = by_token(token)
    assert receipt is not None and own_hand(receipt).kind == "receipt"
    page = Client().get(f"/f/{token}", follow=True)
    assert page.status_code == 200 and number in page.content.decode()


def test_a_report_from_an_own_phone_needs_no_link(cast: Cast) -> None:
    before = links()
    cast.snap()
    deliver(NINE)
    assert links() == before

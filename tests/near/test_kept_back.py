"""What was followed and is kept back since: from then on nothing is read of it, nothing told, and no link strays."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from gongzhi.domains.incidents.actions import Contact, Report, report, take
from gongzhi.domains.incidents.me_too import me_too
from gongzhi.domains.incidents.queries.joined import course
from gongzhi.domains.incidents.queries.receipts import own_hand
from gongzhi.gateways.tell import shared_message
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.models import Matter, Receipt, Tie
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.acting import Acting
from tests.cast import Cast
from tests.near.lamps import told
from tests.near.test_me_too import following, lamp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _calm() -> Iterator[None]:
    limits.forget()
    yield


class TestKeptBackLater:
    """What anyone could see, and was followed, turns out to be a complaint or about a neighbour."""

    @pytest.mark.parametrize("how", ["about", "about_person", "restricted"])
    def test_from_then_on_a_follower_reads_and_is_told_nothing(
        self, cast: Cast, client: Client, how: str
    ) -> None:
        one = lamp(cast)
        following(client, cast, one, phone="13987654321")
        _kept_back(cast, one.matter, how)
        number = one.matter.number
        page = client.get(f"/joined/{number}/").content.decode()
        assert "这件事不再公开" in page and "路灯" not in page and "已提交" not in page
        assert number not in client.get("/mine/").content.decode()
        entry = Entry.objects.filter(matter=one.matter, verb="report").get()
        receipt = Receipt.objects.get(matter=one.matter, tie__role="follower")
        assert shared_message(_as(entry, "void"), receipt, timezone.now()) == ""

    def test_the_link_that_acts_goes_to_the_reporter_alone(self, cast: Cast) -> None:
        given = Report(
            words="路灯坏了",
            category="lamp",
            area=cast.areas["grid"],
            channel="desk",
            consent=True,
            contact=Contact(phone="13812341234", told_by="sms"),
        )
        one = report(given, by=cast.desk(), at=timezone.now(), key="r" * 32)
        me_too(one.matter.number, "13987654321", by=Acting.public("portal"), at=timezone.now(), key="k" * 32)
        assert any("/f/" in text for text in told("13812341234"))
        assert not any("/f/" in text for text in told("13987654321"))

    def test_before_that_they_are(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        following(client, cast, one, phone="13987654321")
        entry = Entry.objects.filter(matter=one.matter, verb="report").get()
        receipt = Receipt.objects.get(matter=one.matter, tie__role="follower")
        assert "作废" in shared_message(_as(entry, "void"), receipt, timezone.now())

    def test_the_number_can_still_be_taken_away(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        following(client, cast, one, phone="13987654321")
        _kept_back(cast, one.matter, "about")
        page = client.get(f"/joined/{one.matter.number}/").content.decode()
        said = {"key": re.search(r'name="key" value="(\w+)"', page)[1]}
        assert client.post(f"/joined/{one.matter.number}/stop/", said).status_code == 302
        assert Receipt.objects.get(matter=one.matter, tie__role="follower").phone_enc is None

    @pytest.mark.parametrize("how", ["about", "about_person"])
    def test_nor_where_it_was_merged_into_one_that_is(self, cast: Cast, client: Client, how: str) -> None:
        one, other = lamp(cast), lamp(cast)
        following(client, cast, one)
        take(one.matter, "merge", by=cast.desk(timezone.now()), at=timezone.now(), into=other.matter.number)
        assert other.matter.number in client.get(f"/joined/{one.matter.number}/").content.decode()
        _kept_back(cast, other.matter, how)
        page = client.get(f"/joined/{one.matter.number}/").content.decode()
        assert "这件事不再公开" in page and other.matter.number not in page
        reporter = Receipt.objects.get(matter=one.matter, tie__role="reporter")
        assert course(reporter, by=own_hand(reporter), at=timezone.now()) is None


def _kept_back(cast: Cast, matter: Matter, how: str) -> None:
    if how == "about":
        unit = cast.organisations["property"]
        Tie.objects.create(matter=matter, role="about", organisation=unit, since=timezone.now())
    else:
        Matter.objects.filter(pk=matter.pk).update(**{how: True})


def _as(entry: Entry, verb: str) -> Entry:
    """An entry as if it were of another step."""
    fresh = Entry.objects.get(pk=entry.pk)
    fresh.verb = verb
    return fresh

"""附近有人报过同样的事: what is shown before sending, 我也遇到了, and what a follower reads, is told and may do."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongzhi.domains.incidents.actions import Contact, Reported, take
from gongzhi.domains.incidents.near import TO_ANYONE, blurred, metres
from gongzhi.domains.incidents.queries.joined import met
from gongzhi.domains.incidents.queries.near import ground_of, hints
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.models import Matter, Receipt, Tie
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours
from tests.cast import Cast
from tests.near.lamps import told
from tests.portal.steps import WORDS, key_of, say

pytestmark = pytest.mark.django_db
SECRET = "蓝色水塔旁边"


@pytest.fixture(autouse=True)
def _limits() -> Iterator[None]:
    limits.forget()
    yield


def lamp(cast: Cast, **more: Any) -> Reported:
    """A lamp somebody reported the day before yesterday, in the same grid."""
    at = timezone.now() - timedelta(days=2)
    return cast.snap(f"{SECRET}的路灯坏了，我姓蓝", at=at, place=f"{SECRET}3号楼", **more)


def at_near(client: Client, cast: Cast, area: str = "grid", words: str = WORDS) -> Any:
    """The first two screens; what comes then."""
    assert say(client, words).status_code == 302
    key = key_of(client.get("/report/where/"))
    return client.post("/report/where/", {"key": key, "by": "map", "area": cast.areas[area].pk})


def following(client: Client, cast: Cast, one: Reported, phone: str = "") -> Any:
    """Passing the screens and tapping 我也遇到了; gives the page after."""
    at_near(client, cast)
    key = key_of(client.get("/report/near/"))
    said = {"key": key, "follow": one.matter.number, "phone": phone}
    answer = client.post("/report/near/", said)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.headers["Location"])


class TestBeforeSending:
    def test_kind_community_day_and_state_and_nothing_else(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        assert at_near(client, cast).headers["Location"] == "/report/near/"
        page = client.get("/report/near/").content.decode()
        assert "路灯" in page and cast.areas["community"].name in page and "已提交" in page
        assert one.matter.number in page
        assert not any(word in page for word in (SECRET, "我姓蓝", "3号楼", cast.areas["building"].name))

    def test_going_on_reports_as_before_and_does_not_ask_twice(self, cast: Cast, client: Client) -> None:
        lamp(cast)
        at_near(client, cast)
        key = key_of(client.get("/report/near/"))
        assert client.post("/report/near/", {"key": key}).headers["Location"] == "/report/contact/"
        again = client.post("/report/where/", {"key": key, "by": "map", "area": cast.areas["grid"].pk})
        assert again.headers["Location"] == "/report/contact/"
        client.post("/report/contact/", {"key": key})
        assert Matter.objects.count() == 2

    @pytest.mark.parametrize(
        "other",
        [
            {"category": "noise_home"},
            {"category": "manhole"},
            {"about": ("property_company",)},
            {"contact": Contact(phone="13812341234", who_may_see="sealed_from_grid")},
            {"area": "other_community"},
        ],
    )
    def test_nothing_of_another_kind_place_or_kept_from_others(
        self, cast: Cast, client: Client, other: dict[str, Any]
    ) -> None:
        more = {**other, "area": cast.areas[other["area"]]} if "area" in other else other
        lamp(cast, **more)
        assert at_near(client, cast).headers["Location"] == "/report/contact/"

    def test_a_neighbours_noise_is_never_shown_to_another_neighbour(self, cast: Cast, client: Client) -> None:
        lamp(cast, category="noise_home")
        answer = at_near(client, cast, words="楼上半夜放音响，吵得睡不着")
        assert answer.headers["Location"] == "/report/contact/"

    def test_old_ones_and_closed_ones_are_not_shown(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        Matter.objects.filter(pk=one.matter.pk).update(opened_at=timezone.now() - timedelta(days=31))
        assert at_near(client, cast).headers["Location"] == "/report/contact/"

    def test_by_distance_where_there_is_a_point(self, cast: Cast, client: Client) -> None:
        grid = cast.areas["grid"]
        here, beyond = (grid.lat, grid.lon), (grid.lat + 0.004, grid.lon)  # about 445 m
        for point in (here, beyond):
            lamp(cast, point=point, point_source="map")
        say(client)
        key = key_of(client.get("/report/where/"))
        client.post("/report/where/", {"key": key, "lat": str(here[0]), "lon": str(here[1])})
        assert client.get("/report/near/").content.decode().count('name="follow"') == 1

    def test_asking_from_everywhere_does_not_tell_where_exactly_it_is(self, cast: Cast) -> None:
        grid, pack = cast.areas["grid"], packs.load("cn")
        home, beside = (grid.lat, grid.lon), (grid.lat + 0.0001, grid.lon + 0.0001)  # two doors, about 14 m
        assert blurred(home, TO_ANYONE) == blurred(beside, TO_ANYONE) and metres(home, beside) > 10

        def seen_from() -> list[bool]:
            steps = [(north * 0.0002, east * 0.0004) for north in range(-18, 19) for east in (-5, 0, 5)]
            asked = [ground_of(grid, (home[0] + north, home[1] + east)) for north, east in steps]
            return [bool(hints(one, "lamp", pack, at=timezone.now())) for one in asked]

        one = lamp(cast, point=home, point_source="map").matter
        first = seen_from()
        Matter.objects.filter(pk=one.pk).update(lat=beside[0], lon=beside[1])
        assert any(first) and not all(first) and seen_from() == first


class TestFollowing:
    def test_a_receipt_of_ones_own_and_no_second_matter(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        page = following(client, cast, one).content.decode()
        assert "记下了" in page and one.matter.number in page
        assert Matter.objects.count() == 1 and met([one.matter.pk]) == {one.matter.pk: 2}
        digits = re.search(r'data-code="(\d{12})"', page)[1]
        other = Client()
        found = other.post("/find/", {"number": one.matter.number, "digits": digits}, follow=True)
        assert found.redirect_chain[-1][0] == f"/joined/{one.matter.number}/"

    def test_reads_the_course_and_nothing_the_first_reporter_wrote(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        following(client, cast, one)
        number = one.matter.number
        for path in (f"/joined/{number}/", "/mine/"):
            page = client.get(path, follow=True).content.decode()
            assert number in page
            assert not any(word in page for word in (SECRET, "我姓蓝", "3号楼", "138"))
        for path in ("privacy/", "record/", "record.json", "share/", "rate/", "withdraw/", "add/", "erase/"):
            assert client.get(f"/follow/{number}/{path}").status_code == 404, path
        assert client.post(f"/follow/{number}/withdraw/", {"key": "a" * 32}).status_code == 404

    def test_the_door_lets_a_follower_do_nothing_of_the_reporters(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        following(client, cast, one)
        tie = Tie.objects.get(matter=one.matter, role="follower")
        hand = Acting.follower(tie.pk, one.matter.pk)
        for act in ("rate", "withdraw", "add", "urge", "forget_contact", "disagree", "again"):
            with pytest.raises(NotYours):
                take(one.matter, act, by=hand, at=timezone.now(), was_solved="no", more="x")

    def test_told_without_a_word_of_the_first_and_only_where_a_number_was_left(
        self, cast: Cast, client: Client
    ) -> None:
        one = lamp(cast)
        following(client, cast, one, phone="13987654321")
        take(one.matter, "accept", by=cast.desk(timezone.now()), at=timezone.now())
        take(
            one.matter,
            "tell_all",
            by=cast.desk(timezone.now()),
            at=timezone.now(),
            public_words="今晚换灯头。",
        )
        texts = told("13987654321")
        assert any("您跟着看的" in text and "受理了" in text for text in texts)
        assert any("今晚换灯头" in text for text in texts)
        assert not any(SECRET in text or "评价" in text for text in texts)
        assert "今晚换灯头" in client.get(f"/joined/{one.matter.number}/").content.decode()

    def test_stopping_takes_the_number_away(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        following(client, cast, one, phone="13987654321")
        key = re.search(
            r'name="key" value="(\w+)"', client.get(f"/joined/{one.matter.number}/").content.decode()
        )
        client.post(f"/joined/{one.matter.number}/stop/", {"key": key[1]})
        assert met([one.matter.pk]) == {one.matter.pk: 1}
        receipt = Receipt.objects.get(matter=one.matter, tie__role="follower")
        assert receipt.phone_enc is None and receipt.phone_tag == ""
        assert client.get(f"/joined/{one.matter.number}/").status_code == 404
        assert Receipt.objects.get(matter=one.matter, tie__role="reporter").phone_enc is not None

    def test_twice_on_one_device_is_once(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        following(client, cast, one)
        page = client.get("/report/near/").content.decode()
        assert "您已经在跟着看" in page and 'name="follow"' not in page

    def test_a_wrong_number_is_told_beside_the_field(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        at_near(client, cast)
        said = {"key": key_of(client.get("/report/near/")), "follow": one.matter.number, "phone": "12345"}
        answer = client.post("/report/near/", said)
        assert answer.status_code == 422 and "12345" in answer.content.decode()
        assert not Tie.objects.filter(role="follower").exists()

    def test_nobody_follows_what_is_not_shown(self, cast: Cast, client: Client) -> None:
        one, hidden = lamp(cast), lamp(cast, category="noise_home")
        at_near(client, cast)
        said = {"key": key_of(client.get("/report/near/")), "follow": hidden.matter.number}
        assert client.post("/report/near/", said).status_code == 200
        with pytest.raises(NotYours):
            take(hidden.matter, "me_too", by=Acting.public(), at=timezone.now())
        assert not Tie.objects.filter(role="follower").exists() and one.matter

    def test_many_taps_of_one_phone_are_asked_to_report_instead(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        at_near(client, cast)
        limits_said = limits.public()["device"].most
        for _ in range(200):
            limits.report_over_limit(device="", phone_tag="", address="127.0.0.1", at=timezone.now())
        said = {"key": key_of(client.get("/report/near/")), "follow": one.matter.number}
        answer = client.post("/report/near/", said)
        assert answer.status_code == 409 and "照常报" in answer.content.decode() and limits_said > 0

    def test_no_staff_button_and_no_staff_hand(self, cast: Cast) -> None:
        one = lamp(cast)
        with pytest.raises(NotYours):
            take(one.matter, "me_too", by=cast.desk(timezone.now()), at=timezone.now())
        page = Client()
        page.force_login(cast.people["desk"])
        assert "我也遇到了" not in page.get(f"/desk/m/{one.matter.pk}/").content.decode()

    def test_no_desk_sees_a_followers_number(self, cast: Cast, client: Client) -> None:
        one = lamp(cast, contact=Contact())
        following(client, cast, one, phone="13987654321")
        desk = Client()
        desk.force_login(cast.people["desk"])
        page = desk.get(f"/desk/m/{one.matter.pk}/").content.decode()
        assert "没有留号码" in page and "139****" not in page and "13987654321" not in page
        shown = desk.post(f"/desk/m/{one.matter.pk}/phone/", {"purpose": "ask_place"})
        assert shown.status_code == 403 and "4321" not in shown.content.decode()

    def test_the_chain_names_nobody(self, cast: Cast, client: Client) -> None:
        one = lamp(cast)
        following(client, cast, one, phone="13987654321")
        entry = Entry.objects.get(matter=one.matter, verb="me_too")
        assert entry.actor == "public:portal" and "139" not in entry.facts.replace(str(one.matter.pk), "")

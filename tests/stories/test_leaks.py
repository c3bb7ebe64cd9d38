"""Who sees what, on every surface at once: for each hand what they must find, and what must leave no trace at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.queries import receipts
from gongzhi.gateways import sms
from gongzhi.kernel.models import Attachment, Mandate, Matter, Person
from gongzhi.kernel.people import limits
from gongzhi.kernel.telling.post import deliver
from tests.cast import MORNING, Cast, clock, key, mandate
from tests.portal.steps import photo, reach_contact
from tests.stories.eyes import KINDS, SAID, Eye, make, neighbour, public_pages, settled
from tests.workbench.sitting import Clock, hour

__all__ = ["hour"]
pytestmark = pytest.mark.django_db
IN_GRID = {"lamp", "noise", "for_community"}
IN_COMMUNITY = IN_GRID | {"next_lamp", "tenth_lamp"}
IN_STREET = IN_COMMUNITY | {"other_lamp", "company", "committee", "kept_out"}
READ = ("detail", "photo", "thumbnail", "api detail", "api acts", "api photo")
SEES: dict[str, set[str]] = {
    "worker": IN_GRID,
    "neighbour": {"next_lamp"},
    "tenth": {"tenth_lamp"},
    "part_timer": IN_GRID,
    "desk": IN_COMMUNITY,
    "secretary": IN_COMMUNITY,
    "other_desk": {"other_lamp"},
    "street_desk": IN_STREET,
    "dispatcher": IN_STREET,
    "centre": IN_STREET,
    "leader": IN_STREET,
    "private_officer": {"danger"},
    "works": set(),
    "company": set(),
    "outsider": set(),
}


@pytest.fixture(autouse=True)
def _eleven(hour: Clock, cast: Cast) -> None:
    limits.forget()
    hour.set("2026-11-20 11:00")
    cast.people["company"] = Person.objects.create_user("company", None, name="钱经理")
    mandate(cast, "company", "unit_contact", None, "property")


@pytest.mark.parametrize("name", list(SEES))
def test_each_hand_finds_its_own_and_no_trace_of_the_rest(cast: Cast, name: str) -> None:
    eye = Eye(cast, name)
    before = eye.pages()
    hidden = {kind: make(cast, kind) for kind in KINDS if kind not in SEES[name]}
    after = eye.pages()
    assert [path for path in before if before[path] != after[path]] == []
    for kind, matter in hidden.items():
        for way, (status, text) in eye.of(matter).items():
            assert status == 404, (kind, way, status)
            assert matter.number not in text and SAID not in text, (kind, way)
    seen = {kind: make(cast, kind) for kind in SEES[name]}
    listed = eye.page("/desk/all/")
    for kind, matter in seen.items():
        got = eye.of(matter, only=READ)
        assert got["detail"][0] == got["api detail"][0] == got["api acts"][0] == 200, (kind, got["detail"])
        assert matter.number in got["detail"][1] and matter.number in got["api detail"][1], kind
        assert matter.number in listed, kind
        words = name != "part_timer"
        assert {got[way][0] for way in ("photo", "thumbnail", "api photo")} == {200 if words else 404}, (
            kind,
            got,
        )
        assert (f"{SAID}{KINDS[kind][0]}" in got["detail"][1]) is words, kind


def test_a_mandate_that_ended_yesterday_finds_nothing_anywhere(cast: Cast) -> None:
    matters = [make(cast, kind) for kind in KINDS]
    eye = Eye(cast, "dispatcher")
    Mandate.objects.filter(person=cast.people["dispatcher"]).update(until=clock("2026-11-19 18:00"))
    pages = {
        **eye.pages(),
        **{f"{m.pk} {way}": said for m in matters for way, (_, said) in eye.of(m).items()},
    }
    for path, text in pages.items():
        assert SAID not in text and not any(m.number in text for m in matters), path


def test_whoever_belongs_to_the_committee_finds_nothing_about_it_under_any_mandate(cast: Cast) -> None:
    Mandate.objects.filter(person=cast.people["secretary"]).delete()
    mandate(cast, "secretary", "street_dispatcher", "street", "street_office")
    mandate(cast, "secretary", "unit_contact", None, "committee")
    eye = Eye(cast, "secretary")
    before = eye.pages()
    matter = make(cast, "committee")
    after = eye.pages()
    assert [path for path in before if before[path] != after[path]] == []
    assert {status for status, _ in eye.of(matter).values()} == {404}
    assert make(cast, "company").number in eye.page("/desk/all/")


class TestTheUnitThatDoesTheWork:
    def dispatched(self, cast: Cast, kind: str) -> Matter:
        matter = make(cast, kind)
        at = MORNING + timedelta(minutes=20)
        first = cast.street_desk(at) if kind == "kept_out" else cast.desk(at)
        take(matter, "accept", by=first, at=at, summary="东头第二根灯杆")
        if kind != "kept_out":
            take(matter, "raise_to_street", by=first, at=at)
        take(matter, "raise_to_district", by=cast.dispatcher(at), at=at)
        take(matter, "dispatch", by=cast.centre(at), at=at, to=cast.organisations["works"].pk)
        return matter

    def test_sees_what_it_holds(self, cast: Cast) -> None:
        got = Eye(cast, "works").of(self.dispatched(cast, "lamp"))
        assert KINDS["lamp"][0] in got["detail"][1] and got["photo"][0] == got["api photo"][0] == 200

    @pytest.mark.parametrize("kind", ["for_community", "kept_out"])
    def test_gets_a_summary_where_secrecy_was_asked(self, cast: Cast, kind: str) -> None:
        matter = self.dispatched(cast, kind)
        got = Eye(cast, "works").of(matter)
        assert got["detail"][0] == got["api detail"][0] == 200 and "东头第二根灯杆" in got["detail"][1]
        for way, (_, text) in got.items():
            assert f"{SAID}{KINDS[kind][0]}" not in text and "13812341234" not in text, way
        assert {got[way][0] for way in ("photo", "thumbnail", "api photo")} == {404}

    def test_is_let_go_when_another_unit_gets_it(self, cast: Cast) -> None:
        matter = self.dispatched(cast, "lamp")
        at = MORNING + timedelta(minutes=40)
        said = {"return_reason": "not_duty", "basis": "三定方案", "note": "不归我们"}
        take(matter, "return_order", by=cast.works(at), at=at, **said)
        take(matter, "accept_return", by=cast.centre(at), at=at)
        take(matter, "dispatch", by=cast.centre(at), at=at, to=cast.organisations["law"].pk)
        eye = Eye(cast, "works")
        assert {status for status, _ in eye.of(matter).values()} == {404}
        assert not any(matter.number in text for text in eye.pages().values())
        assert Eye(cast, "law").of(matter)["detail"][0] == 200


class TestAnyone:
    def test_reads_of_an_ordinary_matter_and_of_no_other(self, cast: Cast) -> None:
        before = public_pages(cast)
        hidden = [make(cast, k) for k in ("noise", "company", "committee", "kept_out", "danger")]
        _closed(hidden)
        assert [path for path, text in public_pages(cast).items() if before[path] != text] == []
        lamp = make(cast, "lamp")
        _closed([lamp])
        after = public_pages(cast)
        listed = f"/figures/{cast.areas['community'].pk}/closed/"
        assert lamp.number in after[listed] and before["/"] != after["/"]
        assert not any(SAID in text for text in after.values()), "a place and words are nobody's to read"

    def test_opens_no_photo_and_no_page_of_staff(self, cast: Cast) -> None:
        lamp = make(cast, "lamp")
        shot = Attachment.objects.get(matter=lamp).pk
        stranger = neighbour(cast)
        for path in (f"/desk/m/{lamp.pk}/", f"/desk/file/{shot}", "/command/", "/command/grids.geojson"):
            assert stranger.get(path).url.startswith("/desk/login/")
        for path in (f"/api/v1/matters/{lamp.pk}", "/api/v1/matters", f"/api/v1/files/{shot}"):
            assert stranger.get(path).status_code == 401
        assert stranger.get(f"/follow/{lamp.number}/file/{shot}").status_code == 404
        assert stranger.get(f"/follow/{lamp.number}/").url.startswith("/find/")


def _closed(matters: list[Matter]) -> None:
    """As if they had been settled this morning."""
    rows = Matter.objects.filter(pk__in=[one.pk for one in matters])
    rows.update(counts="closed", stage="closed", closed_at=MORNING)


class TestTheReportersHandAndTheCode:
    @pytest.fixture
    def mine(self, cast: Cast, client: Client) -> tuple[Client, Matter, str]:
        one = reach_contact(client, cast.areas["grid"].pk, f"{SAID}的路灯不亮", photos=photo())
        client.post("/report/contact/", {"key": one, "phone": "13812341234"})
        from gongzhi.domains.incidents.actions import receipt_for

        return client, Matter.objects.get(), receipt_for(one)[1]

    def test_the_own_hand_sees_words_and_photo(self, mine: tuple[Client, Matter, str]) -> None:
        client, matter, _ = mine
        shot = Attachment.objects.get().pk
        page = client.get(f"/follow/{matter.number}/").content.decode()
        assert f"{SAID}的路灯不亮" in page and "138****1234" in page and "13812341234" not in page
        assert client.get(f"/follow/{matter.number}/file/{shot}").status_code == 200
        assert client.get(f"/follow/{matter.number}/file/{shot}?small=1").status_code == 200

    def test_the_code_only_reads_and_sees_no_photo_and_no_number(
        self, mine: tuple[Client, Matter, str]
    ) -> None:
        _, matter, digits = mine
        shot, other = Attachment.objects.get().pk, Client()
        assert other.post("/find/", {"number": matter.number, "digits": digits}).status_code == 302
        page = other.get(f"/follow/{matter.number}/").content.decode()
        assert matter.number in page and "1234" not in page.replace(digits, "")
        for path in ("rate/", "add/", "withdraw/", "again/", "urge/", "share/", "forget/", "record.json"):
            assert other.get(f"/follow/{matter.number}/{path}").status_code == 404, path
            assert other.post(f"/follow/{matter.number}/{path}", {"key": key()}).status_code == 404, path
        for way in ("", "?small=1"):
            assert other.get(f"/follow/{matter.number}/file/{shot}{way}").status_code == 404

    def test_a_shared_link_shows_neither_words_nor_photo(
        self, cast: Cast, mine: tuple[Client, Matter, str]
    ) -> None:
        client, matter, _ = mine
        shot = Attachment.objects.get().pk
        page = client.post(f"/follow/{matter.number}/share/", {}).content.decode()
        token, other = page.split("/s/")[1].split('"')[0].split("<")[0], Client()
        other.get(f"/s/{token}")
        shown = other.get(f"/follow/{matter.number}/").content.decode()
        assert (
            matter.number in shown and SAID not in shown and "138**" not in shown and "1381234" not in shown
        )
        assert other.get(f"/follow/{matter.number}/file/{shot}").status_code == 404

    def test_one_matters_hand_is_no_hand_on_another(self, cast: Cast, mine: Any) -> None:
        client, matter, _ = mine
        other = make(cast, "lamp")
        shot = Attachment.objects.get(matter=other).pk
        assert client.get(f"/follow/{other.number}/").status_code == 302
        assert client.get(f"/follow/{matter.number}/file/{shot}").status_code == 404
        receipt = receipts.by_ids([matter.receipts.get().pk])[0]
        assert receipts.own_hand(receipt).matter_id == matter.pk


def test_a_notice_of_a_private_matter_names_nothing(cast: Cast) -> None:
    sms.outbox_path().unlink(missing_ok=True)
    lamp, danger = make(cast, "lamp"), make(cast, "danger")
    take(lamp, "accept", by=cast.desk(), at=MORNING)
    take(danger, "accept", by=cast.private_officer(), at=MORNING)
    deliver(MORNING + timedelta(hours=1))
    texts = [one.text for one in sms.sent()]
    assert any(lamp.number in text for text in texts)
    private = [text for text in texts if lamp.number not in text]
    assert len(private) == 1, "the private matter's reporter is told all the same"
    for text in private:
        assert SAID not in text and not any(word in text for word in ("打", "砸", "家暴"))


class TestNothingKeptIsShared:
    def test_who_looks_second_sees_what_they_would_have_seen_first(self, cast: Cast) -> None:
        for kind in KINDS:
            make(cast, kind)
        first = {name: Eye(cast, name).pages() for name in ("secretary", "dispatcher", "private_officer")}
        again = {name: Eye(cast, name).pages() for name in ("private_officer", "dispatcher", "secretary")}
        assert {name: [p for p in pages if pages[p] != again[name][p]] for name, pages in first.items()} == {
            name: [] for name in first
        }

    def test_an_answer_kept_by_one_is_not_taken_for_anothers(self, cast: Cast) -> None:
        make(cast, "lamp")
        street, district = Eye(cast, "dispatcher").client, Eye(cast, "centre").client
        area = f"?area={cast.areas['street'].pk}"
        tag = street.get(f"/command/live/{area}")["ETag"]
        assert street.get(f"/command/live/{area}", headers={"If-None-Match": tag}).status_code == 304
        assert district.get(f"/command/live/{area}", headers={"If-None-Match": tag}).status_code == 200

    def test_no_cache_on_the_way_may_keep_it(self, cast: Cast) -> None:
        lamp, eye = make(cast, "lamp"), Eye(cast, "desk")
        shot = Attachment.objects.get(matter=lamp).pk
        for path in ("/desk/", f"/desk/m/{lamp.pk}/", f"/desk/file/{shot}", "/command/", "/command/live/"):
            answer = eye.client.get(path)
            assert {"no-store", "private"} & set(answer["Cache-Control"].replace(" ", "").split(",")), path
        for path in ("/matters", f"/matters/{lamp.pk}", f"/matters/{lamp.pk}/actions", f"/files/{shot}"):
            assert "no-store" in eye.machine.get(path)["Cache-Control"], path
        assert settled(eye.client.get("/desk/")) == settled(eye.client.get("/desk/"))

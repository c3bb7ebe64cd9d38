"""What goes wrong every day: each gets a sentence in its place, nothing is half-written, nothing typed is lost."""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Attachment, Entry, Mandate, Matter, Receipt, Words
from gongzhi.kernel.people import limits
from tests.api.asking import spoken_by
from tests.cast import MORNING, Cast, clock, fresh
from tests.portal.steps import WORDS, key_of, photo, say, send
from tests.workbench.sitting import Clock, Desk, hour

__all__ = ["hour"]
pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/reports"
SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
BIG = 60 * 1024 * 1024


@pytest.fixture(autouse=True)
def _nobody_counted() -> Iterator[None]:
    limits.forget()
    yield


@pytest.fixture
def desk(cast: Cast, hour: Clock) -> Desk:
    return Desk(cast, "desk")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def under(page: str, field: str, sentence: str) -> bool:
    """Whether a sentence stands under its field: named as that field's error."""
    start = page.find(f'id="{field}')
    return start >= 0 and bool(re.search(rf"field__error[^>]*>[^<]*{sentence}", page[start:]))


def by_machine(**said: Any) -> Any:
    said = {"words": WORDS, "code": "LA3B7K2M", **said}
    return Client().post(REPORTS, said, headers={"Idempotency-Key": str(uuid.uuid4())})


def nothing_written() -> bool:
    rows = (Matter, Words, Receipt, Attachment, Entry.objects.filter(register=""))
    return not any((one if isinstance(one, QuerySet) else one.objects).exists() for one in rows)


class TestAPlaceThatIsNotOurs:
    @pytest.mark.parametrize(("lat", "lon"), [("40.5", "117.1"), ("-33.8", "151.2"), ("0", "0")])
    def test_is_told_whose_it_is_and_the_words_stay(
        self, cast: Cast, client: Client, lat: str, lon: str
    ) -> None:
        assert say(client).status_code == 302
        one = key_of(client.get("/report/where/"))
        answer = client.post("/report/where/", {"key": one, "lat": lat, "lon": lon, "place_words": "桥下"})
        page = text(answer)
        assert answer.status_code == 422 and "不归这里管" in page and "桥下" in page
        assert under(page, "f-place", "12345") and WORDS in text(client.get("/report/"))
        told = by_machine(code="", lat=lat, lon=lon)
        assert told.status_code == 422 and "12345" in told.json()["errors"]["lat"]
        assert nothing_written()

    @pytest.mark.parametrize("lat", ["nan", "inf", "1e999", "北", "9" * 400])
    def test_no_number_is_no_place(self, cast: Cast, client: Client, lat: str) -> None:
        say(client)
        one = key_of(client.get("/report/where/"))
        answer = client.post("/report/where/", {"key": one, "lat": lat, "lon": "117.75"})
        assert answer.status_code == 422 and "f-place" in text(answer)
        assert by_machine(code="", lat=lat, lon="117.75").status_code == 422 and nothing_written()

    @pytest.mark.parametrize("area", ["0", "999999", "9" * 40, "-1", "x", "1e3"])
    def test_nor_is_an_area_that_is_none(self, cast: Cast, client: Client, area: str) -> None:
        say(client)
        one = key_of(client.get("/report/where/"))
        assert client.post("/report/where/", {"key": one, "area": area}).status_code == 422
        assert client.get(f"/report/where/?area={area}&view={area}").status_code == 200
        assert by_machine(code="", area=area).status_code == 422 and nothing_written()


class TestAFileThatCannotBeTaken:
    def letter(self) -> SimpleUploadedFile:
        return SimpleUploadedFile("通知.docx", b"PK\x03\x04 not a picture", content_type="image/jpeg")

    def film(self) -> SimpleUploadedFile:
        return SimpleUploadedFile("大片.jpg", b"\xff\xd8\xff" + b"\0" * BIG, content_type="image/jpeg")

    @pytest.mark.parametrize(("which", "sentence"), [("letter", "不是照片"), ("film", "超过了 10 MB")])
    def test_is_named_and_the_others_stay(
        self, cast: Cast, client: Client, desk: Desk, which: str, sentence: str
    ) -> None:
        answer = say(client, photos=[photo(), getattr(self, which)()])
        page = text(answer)
        assert answer.status_code == 422 and under(page, "f-photos", sentence) and WORDS in page
        assert client.get("/report/photo/0").status_code == 200
        machine = by_machine(photos=[photo(), getattr(self, which)()])
        assert machine.status_code == 422 and sentence in machine.json()["errors"]["photos"]
        assert nothing_written()
        told = cast.snap()
        form = {"level": "street", "note": "看过了，属实", "photos": [photo(), getattr(self, which)()]}
        worker = Desk(cast, "worker")
        answer = worker.take(told.matter, "propose", **form)
        page = text(answer)
        assert answer.status_code == 422 and under(page, "f-photos", sentence) and "看过了，属实" in page
        again = worker.take(told.matter, "propose", level="street", kept_photos=_kept(page))
        assert again.status_code == 302 and Attachment.objects.filter(matter=told.matter).count() == 1

    def test_sixty_megabytes_are_said_so(self, cast: Cast, client: Client) -> None:
        assert "“大片.jpg”有 60 MB，超过了 10 MB" in text(say(client, photos=[self.film()]))

    def test_a_photo_cut_off_in_the_middle(self, cast: Cast, client: Client) -> None:
        cut = photo().read()[:300]
        answer = say(client, photos=[SimpleUploadedFile("半张.jpg", cut)])
        assert answer.status_code == 422 and "打不开，可能没有传完整" in text(answer)

    def test_a_film_is_no_voice_note(self, cast: Cast, client: Client) -> None:
        answer = say(client, voice=SimpleUploadedFile("一段.mp3", b"ID3" + b"\0" * 400))
        assert answer.status_code == 422 and "不是能播放的录音" in text(answer) and WORDS in text(answer)


def _kept(page: str) -> str:
    return page.split('name="kept_photos" value="')[1].split('"')[0]


class TestScriptInTheWords:
    def everywhere(self, cast: Cast) -> Iterator[tuple[str, str]]:
        """Every page on which something of a matter stands, with words and place full of script."""
        client = Client()
        sent = send(client, cast.areas["building"].pk, f"{SCRIPT}路灯不亮", phone="13812341234")
        lamp = Matter.objects.get()
        yield "sent", text(sent)
        desk, note = Desk(cast, "desk"), f"{SCRIPT}灯杆"
        yield "act again", text(desk.take(lamp, "decline", note=note))
        desk.take(lamp, "accept", note=note)
        take(lamp, "raise_to_street", by=cast.desk(), at=MORNING, note=note)
        take(lamp, "raise_to_district", by=cast.dispatcher(), at=MORNING, note=note)
        take(lamp, "dispatch", by=cast.centre(), at=MORNING, to=cast.organisations["works"].pk, note=note)
        for who in ("works", "worker", "centre"):
            yield who, Desk(cast, who).matter(lamp)
            yield f"{who} list", Desk(cast, who).page("all/")
        yield "search", desk.page(f"all/?q={SCRIPT}")
        yield "faster", text(desk.take(lamp, "accept", seen=1, note=note))
        yield "print", text(desk.client.post(f"/desk/m/{lamp.pk}/print/", {"purpose": "file"}))
        command = Desk(cast, "dispatcher").client
        yield "command", text(command.get("/command/"))
        yield "command list", text(command.get("/command/list/?which=open"))
        yield "follow", text(client.get(f"/follow/{lamp.number}/"))
        yield "add", text(client.get(f"/follow/{lamp.number}/add/?words={SCRIPT}"))
        yield "mine", text(client.get("/mine/"))
        yield "back", text(client.post("/report/", {"key": "0" * 32, "words": SCRIPT, "stay": "1"}))
        yield "find", text(Client().post("/find/", {"number": SCRIPT, "digits": SCRIPT}))
        yield "login", text(Client().post("/desk/login/", {"login": SCRIPT, "next": f"/desk/{SCRIPT}"}))

    def test_is_shown_as_words_on_every_page(self, cast: Cast, hour: Clock) -> None:
        seen = 0
        for where, page in self.everywhere(cast):
            assert "<script>alert" not in page and "<img src=x" not in page, where
            seen += "&lt;script&gt;alert" in page
        assert seen >= 6, "the words stand on the pages, as words"

    def test_is_words_in_json_and_the_kind_is_not_guessed(self, cast: Cast, client: Client) -> None:
        send(client, cast.areas["building"].pk, f"{SCRIPT}路灯不亮")
        lamp = Matter.objects.get()
        answer = spoken_by(cast, "desk").get(f"/matters/{lamp.pk}")
        assert answer.json()["words"] == f"{SCRIPT}路灯不亮"
        record = client.get(f"/follow/{lamp.number}/record.json")
        for one in (answer, record):
            assert one["Content-Type"].startswith("application/json")
            assert one["X-Content-Type-Options"] == "nosniff"

    def test_a_files_name_is_words_too(self, cast: Cast, client: Client) -> None:
        answer = say(client, photos=[SimpleUploadedFile('<img src=x onerror=alert(2)>"', b"no photo")])
        assert "<img src=x" not in text(answer) and "不是照片" in text(answer)


class TestSignsNobodyTypes:
    """A NUL that a keyboard cannot make, half a surrogate, and far too much."""

    @pytest.mark.parametrize("sign", ["\x00", "\x07", "\u202e"])
    def test_in_the_words_they_do_no_harm(self, cast: Cast, client: Client, sign: str) -> None:
        send(client, cast.areas["building"].pk, f"路灯{sign}不亮")
        assert "不亮" in json.loads(Words.objects.get().text)["words"]

    @pytest.mark.parametrize("number", ["\x00", "9" * 300, "261120-0001\x00", "' OR 1=1 --"])
    def test_in_a_number_to_follow(self, cast: Cast, client: Client, number: str) -> None:
        answer = client.post("/find/", {"number": number, "digits": "1234 5678 9012"})
        assert answer.status_code == 422 and "没有对上" in text(answer)

    @pytest.mark.parametrize("path", ["/desk/all/", "/api/v1/matters"])
    def test_in_a_search(self, cast: Cast, desk: Desk, path: str) -> None:
        for words in ("\x00路灯", "'; DROP TABLE", "%_%", '"路"灯 OR *', "路" * 4000, "(((", "NEAR/"):
            assert desk.client.get(path, {"q": words}).status_code in (200, 422), words

    def test_in_an_act(self, cast: Cast, desk: Desk) -> None:
        told = cast.snap()
        assert desk.take(told.matter, "accept", note="说\x00明").status_code == 302
        assert desk.take(told.matter, "raise_to_street", note="长" * 3000).status_code == 422

    def test_in_json(self, cast: Cast) -> None:
        told = cast.snap()
        answer = spoken_by(cast, "desk").act(told.matter, "accept", 1, note="半个\ud800字\x00")
        assert answer.status_code == 200 and Words.objects.filter(text__contains="半个字").exists()

    def test_in_a_sign_in(self, cast: Cast, hour: Clock) -> None:
        for name in ("\x00", "x" * 500, "desk\x00"):
            said = {"login": name, "password": "x\x00"}
            assert Client().post("/desk/login/", said).status_code == 422


class TestAKindThatIsNone:
    def test_at_the_portal_the_words_decide(self, cast: Cast, client: Client) -> None:
        answer = say(client, leaf="no_such", other_leaf="no_such")
        assert answer.status_code in (200, 302)
        one = key_of(client.get("/report/where/"))
        client.post("/report/where/", {"key": one, "area": cast.areas["grid"].pk})
        client.post("/report/contact/", {"key": one})
        assert Matter.objects.get().category in ("lamp", "other")

    def test_by_machine_and_at_the_desk_it_is_told_under_its_field(self, cast: Cast, desk: Desk) -> None:
        assert "没有这个类别" in by_machine(category="no_such").json()["errors"]["category"]
        assert nothing_written()
        told = cast.snap()
        answer = desk.take(told.matter, "accept", category="no_such", note="这一段话要留着")
        page = text(answer)
        assert answer.status_code == 422 and under(page, "f-category", "没有这个类别")
        assert "这一段话要留着" in page and fresh(told).stage == "submitted"

    def test_reported_by_staff(self, cast: Cast, desk: Desk) -> None:
        form = {"way": "behalf", "channel": "desk", "words": "灯坏了", "area": str(cast.areas["grid"].pk)}
        answer = desk.client.post("/desk/report/", {**form, "category": "no_such", "key": "a" * 32})
        assert answer.status_code == 422 and under(text(answer), "f-category", "没有这个类别")
        assert "灯坏了" in text(answer) and nothing_written()


class TestAMandateThatEndedYesterday:
    @pytest.mark.parametrize(
        "path", ["/desk/", "/desk/all/", "/desk/m/{m}/", "/desk/m/{m}/print/", "/desk/report/"]
    )
    def test_opens_nothing_though_the_session_lives(self, cast: Cast, desk: Desk, path: str) -> None:
        told = cast.snap()
        Mandate.objects.filter(person=cast.people["desk"]).update(until=clock("2026-11-19 18:00"))
        answer = desk.client.get(path.format(m=told.matter.pk))
        assert answer.status_code == 403 and "11-19（周四）18:00 结束" in text(answer)
        assert told.matter.number not in text(answer) and "路灯" not in text(answer)

    def test_commands_nothing_and_is_told_why(self, cast: Cast, hour: Clock) -> None:
        cast.snap()
        street = Desk(cast, "dispatcher")
        Mandate.objects.filter(person=cast.people["dispatcher"]).update(until=clock("2026-11-19 18:00"))
        for path in ("", "live/", "grids.geojson", "list/", "grids/"):
            answer = street.client.get(f"/command/{path}", follow=True)
            assert answer.status_code == 403 or "登录" in text(answer), path
            assert "路灯" not in text(answer) and "第一网格" not in text(answer)

    def test_one_of_two_that_ended_is_not_acted_under(self, cast: Cast, desk: Desk) -> None:
        told = cast.snap()
        Mandate.objects.create(
            person=cast.people["desk"],
            role="unit_contact",
            organisation=cast.organisations["law"],
            since=MORNING,
        )
        Mandate.objects.filter(person=cast.people["desk"], role="community_desk").update(until=MORNING)
        assert desk.take(told.matter, "accept").status_code == 403
        assert fresh(told).stage == "submitted"

"""Open311 reports from outside: through the one door, once, placed where somebody will look; and what is refused."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel.models import Attachment, Entry, Matter, Receipt, Tie, Wait, Words
from gongzhi.kernel.people import limits, secrets
from gongzhi.surfaces.api.open311 import posting
from tests.api.open311_desk import LAMP, System, as_json, as_text, key_of
from tests.api.test_open311_reading import valid
from tests.stories.eyes import photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    limits.forget()


@pytest.fixture
def app(cast):
    """A system with a key that reports."""
    return System(key_of(cast))


def jpeg():
    from gongzhi.kernel.ledger import files

    shot = photo("lamp")
    return SimpleUploadedFile("灯.jpg", files.open_file(shot.digest).read_bytes(), "image/jpeg")


class TestAReport:
    @pytest.mark.parametrize("form", ["json", "xml"])
    def test_is_a_matter_with_its_number_told_at_once(self, cast, app, form):
        answer = app.post(form=form, **LAMP)
        assert answer.status_code == 200
        [told] = answer.json() if form == "json" else as_json(answer.content)
        matter = Matter.objects.get()
        assert told["service_request_id"] == matter.number and "token" not in told and told["service_notice"]
        assert (matter.source, matter.category, matter.grid_id) == ("open311", "lamp", cast.areas["grid"].pk)
        assert (matter.lat, matter.lon, matter.point_source) == (40.95, 117.75, "phone")
        assert json.loads(Words.objects.get().text)["words"] == LAMP["description"]
        assert Entry.objects.get(matter=matter).actor.startswith("channel:open311-")
        assert set(Wait.objects.values_list("what", flat=True)) == {"accept", "propose"}

    def test_brings_pictures_in_a_form_and_a_link_only_as_words(self, app):
        answer = app.post(**{**LAMP, "media": jpeg(), "media_url": "http://127.0.0.1:1/a.jpg"})
        assert answer.status_code == 200, answer.content.decode()
        assert Attachment.objects.get().media_type == "image/jpeg"
        assert (
            "附图链接（没有打开过）：http://127.0.0.1:1/a.jpg"
            in json.loads(Words.objects.get().text)["words"]
        )
        wrong = app.post(**{**LAMP, "media": SimpleUploadedFile("a.jpg", b"<script>")})
        assert wrong.status_code == 400 and "不是照片" in valid(wrong.json(), "errors")[0]["description"]

    def test_keeps_the_number_sealed_and_nobodys_name(self, app):
        app.report(
            phone="13812341234", first_name="三", last_name="张", email="z@example.com", device_id="d1"
        )
        receipt = Receipt.objects.get()
        assert secrets.unseal(receipt.phone_enc) == "13812341234" and receipt.told_by == "sms"
        everything = Words.objects.get().text + "".join(Entry.objects.values_list("facts", flat=True))
        assert not any(word in everything for word in ("张", "example.com", "d1", "1381234"))
        wrong = app.post(**{**LAMP, "phone": "12"})
        assert wrong.status_code == 400 and wrong.json()[0]["description"].startswith("phone：")

    def test_answers_what_its_kind_asks(self, app):
        manhole = {**LAMP, "service_code": "manhole", "attribute[manhole_state]": "gone"}
        assert (
            app.post(**{**manhole, "attribute[manhole_hurt]": "yes"})
            .json()[0]["service_notice"]
            .startswith("先打 119")
        )
        [facts] = Entry.objects.filter(verb="report").values_list("facts", flat=True)
        assert json.loads(facts)["answers"] == {"manhole_hurt": "yes", "manhole_state": "gone"}
        wrong = app.post(**{**manhole, "attribute[manhole_state]": "stolen"})
        assert wrong.status_code == 400 and "attribute[manhole_state]" in wrong.json()[0]["description"]

    def test_without_words_has_the_name_of_its_kind(self, app):
        app.report(description="")
        assert json.loads(Words.objects.get().text)["words"] == "路灯不亮"

    def test_of_a_danger_at_home_is_seen_by_the_named_officer_only(self, app):
        number = app.report(description="老公打我，现在还在砸门")
        assert Matter.objects.get().private and app.get(f"requests/{number}").status_code == 404

    def test_that_points_at_somebodys_conduct_goes_past_them_unless_it_says_it_does_not(self, cast, app):
        said = {**LAMP, "service_code": "property_service", "description": "物业收了钱不管"}
        number = app.report(**said)
        matter = Matter.objects.get()
        assert Tie.objects.get(role="about").organisation == cast.organisations["property"]
        assert (
            matter.restricted and matter.grid_id is None and app.get(f"requests/{number}").status_code == 404
        )
        app.report(**{**said, "attribute[about_them]": "no"})
        assert Tie.objects.filter(role="about").count() == 1

    def test_may_be_answered_with_a_token(self, app, monkeypatch):
        rule = posting.rule
        monkeypatch.setattr(
            posting, "rule", lambda table, key, *pack: "token" if key == "answer" else rule(table, key)
        )
        [told] = app.post(**LAMP).json()
        assert "service_request_id" not in told
        for form in ("json", "xml"):
            answer = System().get(f"tokens/{told['token']}", form)
            [found] = answer.json() if form == "json" else as_json(answer.content)
            assert found == {"service_request_id": Matter.objects.get().number, "token": told["token"]}
        assert System().get(f"tokens/{Matter.objects.get().pk}.forged").status_code == 404


class TestWhere:
    def test_an_address_that_means_one_place(self, cast, app):
        app.report(lat="", long="", address_string="3号楼")
        matter = Matter.objects.get()
        assert matter.place == "3号楼" and matter.building_id == cast.areas["building"].pk

    @pytest.mark.parametrize("code", ["LA3B7K2M", "la3b-7k2m", "990101001001001"])
    def test_a_code_of_a_place_or_an_area(self, cast, app, code):
        app.report(lat="", long="", address_id=code)
        assert Matter.objects.get().grid_id == cast.areas["grid"].pk and Matter.objects.get().place

    def test_words_nobody_can_place_go_to_the_districts_desk(self, cast, app):
        app.report(lat="", long="", address_string="老火车站对面那个坡")
        matter = Matter.objects.get()
        assert matter.area_id == cast.areas["district"].pk and matter.place == "老火车站对面那个坡"
        assert Wait.objects.get(what="accept").desk_role == "district_dispatcher"

    def test_a_point_elsewhere_with_an_address_is_kept_and_without_one_is_told(self, cast, app):
        app.report(lat="39.9", long="116.4", address_string="老火车站对面那个坡")
        assert Matter.objects.get().area_id == cast.areas["district"].pk
        answer = app.post(**{**LAMP, "lat": "39.9", "long": "116.4"})
        assert answer.status_code == 400 and "不在临河区里" in answer.json()[0]["description"]

    def test_a_key_of_a_street_reports_there_only(self, cast):
        app = System(key_of(cast, area="other_street", name="桥头平台"))
        answer = app.post(**LAMP)
        assert answer.status_code == 403 and "桥头街道" in answer.json()[0]["description"]
        app.report(lat="", long="", address_string="老火车站对面那个坡")
        assert Matter.objects.get().area_id == cast.areas["other_street"].pk


class TestOnce:
    def test_the_same_content_within_the_window_is_the_same_report(self, app):
        first, again = app.report(), app.report()
        assert first == again and Matter.objects.count() == 1
        assert app.report(description="另一盏灯不亮") != first and Matter.objects.count() == 2

    def test_across_the_turn_of_the_window_too(self, app, monkeypatch):
        at = timezone.now()
        turn = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        numbers = []
        for moment in (
            turn - timedelta(seconds=2),
            turn + timedelta(seconds=2),
            turn + timedelta(minutes=61),
        ):
            monkeypatch.setattr(posting.timezone, "now", lambda moment=moment: moment)
            numbers.append(app.report())
        assert numbers[0] == numbers[1] != numbers[2]

    def test_a_key_of_its_own_tells_two_alike_apart_and_one_thing_from_another(self, app):
        one, two = {"Idempotency-Key": "a" * 32}, {"Idempotency-Key": "b" * 32}
        numbers = [app.post(headers=head, **LAMP).json()[0]["service_request_id"] for head in (one, one, two)]
        assert numbers[0] == numbers[1] != numbers[2]
        other = app.post(headers=one, **{**LAMP, "description": "别的事"})
        assert other.status_code == 409 and valid(other.json(), "errors")
        assert app.post(headers={"Idempotency-Key": "short"}, **LAMP).status_code == 400

    def test_two_systems_that_say_the_same_are_two(self, cast, app):
        other = System(key_of(cast, name="另一个平台"))
        assert app.report() != other.report()
        head = {"Idempotency-Key": "c" * 32}
        assert app.post(headers=head, **LAMP).json() != other.post(headers=head, **LAMP).json()


class TestNo:
    @pytest.mark.parametrize(
        ("said", "status", "names"),
        [
            ({"lat": "", "long": ""}, 400, "address_string"),
            ({"lat": "40.95", "long": ""}, 400, "long"),
            ({"lat": "north", "long": "117"}, 400, "lat"),
            ({"lat": "nan", "long": "117"}, 400, "lat"),
            ({"lat": "91", "long": "117"}, 400, "lat"),
            ({"service_code": ""}, 400, "service_code"),
            ({"service_code": "nothing"}, 404, "nothing"),
            ({"service_code": "noise_home"}, 404, "noise_home"),
            ({"description": "灯" * 4001}, 400, "4000"),
            ({"api_key": ""}, 403, "api_key"),
            ({"api_key": "guess"}, 403, "钥匙"),
        ],
    )
    def test_it_says_what_is_wrong_in_its_form_and_nothing_is_kept(self, app, said, status, names):
        plain, marked = (app.post(form=form, **{**LAMP, **said}) for form in ("json", "xml"))
        assert plain.status_code == marked.status_code == status
        [error] = valid(plain.json(), "errors")
        assert error["code"] == status and names in error["description"]
        assert as_json(marked.content) == as_text([error]) and not Matter.objects.exists()

    def test_four_thousand_signs_are_taken(self, app):
        app.report(description="灯" * 4000)

    def test_a_key_that_only_reads_or_has_ended_reports_nothing(self, cast):
        assert System(key_of(cast, "read")).post(**LAMP).status_code == 403
        past = key_of(cast, name="旧的", until=timezone.now() - timedelta(seconds=1))
        assert System(past).post(**LAMP).status_code == 403
        ended = key_of(cast, name="撤了的", organisation="law")
        cast.organisations["law"].valid_to = timezone.localdate()
        cast.organisations["law"].save()
        assert System(ended).post(**LAMP).status_code == 403

    def test_over_its_rate_a_report_is_kept_and_marked_and_a_flood_waits(self, cast, monkeypatch):
        app = System(key_of(cast, per_hour=1))
        for n in range(2):
            app.report(description=f"第{n}盏灯不亮")
        assert list(Incident.objects.order_by("pk").values_list("over_limit", flat=True)) == [False, True]
        monkeypatch.setattr(limits, "FLOOD", limits.Limit(1, timedelta(minutes=10)))
        answer = app.post(**LAMP)
        assert answer.status_code == 429 and answer["Retry-After"] and valid(answer.json(), "errors")

    @pytest.mark.parametrize("form", ["json", "xml"])
    def test_a_broken_form_is_told_in_its_form(self, app, form):
        answer = app.client.post(
            f"/open311/v2/requests.{form}", b"--x\r\nnonsense", content_type="multipart/form-data; boundary="
        )
        body = valid(answer.json(), "errors") if form == "json" else as_json(answer.content)
        assert answer.status_code == 400 and str(body[0]["code"]) == "400"

    def test_signs_no_database_and_no_xml_can_keep_are_left_out(self, app):
        number = app.report(description="灯\x00不\x0b亮<b>&", address_string="3\x01号楼东侧")
        assert json.loads(Words.objects.get().text)["words"] == "灯不亮<b>&"
        assert app.get(f"requests/{number}", "xml").status_code == 200

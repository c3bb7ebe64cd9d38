"""The settings' pages: open to the administrators alone, each to their own; faults stand at their fields."""

import pytest
from django.test import Client

from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Area, Entry, Mandate, Organisation, Person, Proposal
from gongzhi.kernel.people import keepers
from tests.cast import MORNING, Cast
from tests.cast import ROLES as CAST
from tests.keeping import ADMINISTRATORS, kept
from tests.workbench.sitting import PASSWORD, Clock, Sit

__all__ = ["kept"]
pytestmark = pytest.mark.django_db

PAGES = {
    # page: system, security, audit
    "settings/people/": "xx.",
    "settings/people/new/": "x..",
    "settings/people/import/": "x..",
    "settings/people/import/done/": "x..",
    "settings/people/import/people.xlsx": "x..",
    "settings/second/": "xx.",
    "settings/units/": "x..",
    "settings/units/new/": "x..",
    "settings/areas/": "x..",
    "settings/areas/coverage/": "x..",
    "settings/forces/": "x..",
    "settings/calendar/": "x..",
    "settings/registers/": ".xx",
}
WHO = {
    "name": "何小满",
    "login": "hexm",
    "mobile": "13800007777",
    "role": "社区受理台",
    "area": "柳岸社区",
    "unit": "柳岸社区居民委员会",
    "first": "2026-11-20",
}


class TestWhoOpensWhat:
    @pytest.mark.parametrize("name", ADMINISTRATORS)
    def test_each_administrator_opens_the_own_pages(self, kept: Cast, sit: Sit, name: str) -> None:
        desk, column = sit(name), list(ADMINISTRATORS).index(name)
        for path, marks in PAGES.items():
            assert desk.status(path) == (200 if marks[column] == "x" else 403), path

    @pytest.mark.parametrize(
        "name", ["worker", "part_timer", "secretary", "street_leader", "chief", "outsider"]
    )
    def test_nobody_else_opens_any_nor_sees_them_named(self, kept: Cast, sit: Sit, name: str) -> None:
        desk = sit(name)
        for path in PAGES:
            assert desk.status(path) == 403, path
        assert "/desk/settings/" not in desk.page("me/")

    def test_a_form_sent_by_a_stranger_changes_nothing(self, kept: Cast, sit: Sit) -> None:
        worker = kept.people["worker"].pk
        assert sit("chief").status(f"settings/people/{worker}/stop/", {}) == 403
        assert sit("audit").status("settings/people/new/", WHO) == 403
        assert sit("security").status(f"settings/areas/{kept.areas['grid'].pk}/", {"phone": "12345"}) == 403
        assert Person.objects.get(pk=worker).is_active and not Person.objects.filter(login="hexm").exists()

    def test_administrators_see_no_matter(self, kept: Cast, sit: Sit) -> None:
        told = kept.snap()
        for name in ADMINISTRATORS:
            desk = sit(name)
            assert told.matter.number not in desk.page() + desk.page("all/")
            assert desk.status(f"m/{told.matter.pk}/") == 404

    def test_another_districts_people_and_places_are_not_there(self, kept: Cast, sit: Sit) -> None:
        desk, city = sit("system"), kept.areas["city"]
        elsewhere = kept.people["outsider"].pk
        assert desk.status(f"settings/areas/{city.pk}/") == 404
        assert desk.status(f"settings/people/{elsewhere}/") == 404
        assert desk.status(f"settings/units/{kept.organisations['elsewhere'].pk}/") == 404
        assert "孙守义" not in desk.page("settings/people/?q=孙守义").split("<tbody>")[-1].split("value=")[0]

    def test_no_number_stands_on_any_page(self, kept: Cast, sit: Sit) -> None:
        desk = sit("system")
        desk.client.post("/desk/settings/people/new/", WHO)
        person = Person.objects.get(login="hexm")
        for path in (
            "settings/people/",
            f"settings/people/{person.pk}/",
            f"settings/people/{person.pk}/appoint/",
        ):
            assert WHO["mobile"] not in desk.page(path)


class TestPeople:
    def test_somebody_new_gets_a_mandate_and_a_first_password_to_be_changed(
        self, kept: Cast, sit: Sit
    ) -> None:
        answer = sit("system").client.post("/desk/settings/people/new/", WHO)
        person = Person.objects.get(login="hexm")
        assert answer.status_code == 200 and person.first_password
        text = answer.content.decode().split('class="code">')[1].split("<")[0]
        client = Client()
        inside = client.post("/desk/login/", {"login": "hexm", "password": text})
        assert inside["Location"] == "/desk/me/password/"
        assert client.get("/desk/")["Location"] == "/desk/me/password/"
        new = {"old_password": text, "new_password": "柳岸的风很大 12", "again_password": "柳岸的风很大 12"}
        assert client.post("/desk/me/password/", new).status_code == 302
        assert client.get("/desk/").status_code == 200

    def test_every_fault_stands_at_its_field_and_what_was_typed_stays(self, kept: Cast, sit: Sit) -> None:
        said = {**WHO, "mobile": "1380000", "area": "柳岸小区", "unit": "没有的单位"}
        answer = sit("system").client.post("/desk/settings/people/new/", said)
        text = answer.content.decode()
        assert answer.status_code == 422 and "还有 3 处要改" in text
        assert all(f'id="f-{name}-error"' in text for name in ("mobile", "area", "unit"))
        assert 'value="1380000"' in text and 'value="hexm"' in text
        assert not Person.objects.filter(login="hexm").exists()

    def test_private_eyes_are_proposed_and_confirmed_by_another(self, kept: Cast, sit: Sit) -> None:
        said = {**WHO, "role": "街道专办员", "area": "柳岸街道", "unit": "柳岸街道办事处"}
        asked = sit("system").client.post("/desk/settings/people/new/", said)
        person, one = Person.objects.get(login="hexm"), Proposal.objects.get()
        assert asked.status_code == 302, "no password is shown to the one who only asks"
        assert not Mandate.objects.filter(person=person).exists()
        assert "收回" in sit("system").page("settings/second/")
        assert sit("system").status("settings/second/", {"proposal": one.pk, "confirm": "1"}) == 403
        desk = sit("security")
        assert "何小满" in desk.page("settings/second/")
        done = desk.client.post("/desk/settings/second/", {"proposal": one.pk, "confirm": "1"})
        text = done.content.decode().split('class="code">')[1].split("<")[0]
        assert Person.objects.get(login="hexm").check_password(text)
        assert Mandate.objects.get(person=person).role == "private_officer"
        assert verify(at=MORNING).sound

    def test_nobody_acts_upon_himself(self, kept: Cast, sit: Sit) -> None:
        desk, own = sit("system"), kept.people["system"].pk
        page = desk.page(f"settings/people/{own}/")
        assert "这是您自己" in page and "停用账号" not in page
        for what in ("end", "stop", "password"):
            said = {"mandate": kept.people["system"].mandates.get().pk}
            assert desk.status(f"settings/people/{own}/{what}/", said) == 422
        said = {"role": "社区受理台", "area": "柳岸社区", "unit": "柳岸社区居民委员会", "first": "2026-11-20"}
        assert desk.status(f"settings/people/{own}/appoint/", {**said, "mobile": "13800007778"}) == 422
        assert Mandate.objects.filter(person=own).count() == 1

    def test_the_list_finds_by_name_role_and_place_with_few_statements(
        self, kept: Cast, sit: Sit, django_assert_max_num_queries
    ) -> None:
        desk = sit("system")
        with django_assert_max_num_queries(8):
            page = desk.page("settings/people/?role=grid_worker&area=柳岸社区/第一网格")
        assert "周海燕" in page and "马德顺" not in page
        assert "没有叫“月球”的辖区" in desk.page("settings/people/?area=月球")


class TestSessions:
    def test_a_stopped_account_is_out_at_once_and_keeps_what_was_typed(self, kept: Cast, sit: Sit) -> None:
        told, worker = kept.snap(), sit("worker")
        sit("system").client.post(f"/desk/settings/people/{worker.person.pk}/stop/")
        answer = worker.take(told.matter, "propose", note="灯头碎了，台阶五级，没有扶手。", level="community")
        text = answer.content.decode()
        assert answer.status_code == 403 and "已经停用" in text and "灯头碎了，台阶五级" in text
        assert not Entry.objects.filter(matter=told.matter, verb="propose").exists()
        assert worker.status("") == 302

    def test_a_new_password_ends_other_sessions(self, kept: Cast, sit: Sit) -> None:
        phone, desk = sit("worker"), Client()
        desk.post("/desk/login/", {"login": "worker", "password": PASSWORD})
        new = {
            "old_password": PASSWORD,
            "new_password": "another long word",
            "again_password": "another long word",
        }
        assert phone.client.post("/desk/me/password/", new).status_code == 302
        assert phone.status("") == 200 and desk.get("/desk/").status_code == 302
        entry = Entry.objects.get(register="access", verb="change_password")
        assert entry.actor == f"person:{phone.person.pk}"

    @pytest.mark.parametrize(
        ("old", "new", "again", "says"),
        [
            ("wrong", "another long word", "another long word", "现在的密码不对"),
            (PASSWORD, PASSWORD, PASSWORD, "和现在的一样"),
            (PASSWORD, "12345678", "12345678", ""),
            (PASSWORD, "another long word", "another lone word", "两次写的不一样"),
        ],
    )
    def test_a_bad_new_password_is_said_at_its_field(
        self, cast: Cast, sit: Sit, old: str, new: str, again: str, says: str
    ) -> None:
        said = {"old_password": old, "new_password": new, "again_password": again}
        answer = sit("worker").client.post("/desk/me/password/", said)
        assert answer.status_code == 422 and says in answer.content.decode()
        assert Person.objects.get(login="worker").check_password(PASSWORD)

    def test_a_mandate_that_ended_gives_back_what_was_typed(self, cast: Cast, sit: Sit, hour: Clock) -> None:
        told, desk = cast.snap(), sit("desk")
        cast.people["desk"].mandates.update(until=hour.now)
        answer = desk.take(
            told.matter, "decline", note="这件事归别处管，已经电话告诉过。", password_x="藏着的"
        )
        text = answer.content.decode()
        assert answer.status_code == 403 and "已经电话告诉过" in text and "藏着的" not in text

    def test_strangers_who_try_a_name_do_not_lock_its_owner_out(self, cast: Cast, sit: Sit) -> None:
        worker = sit("worker")
        worker.client.post("/desk/logout/")
        for number in range(60):
            wrong = {"login": "worker", "password": "guess"}
            answer = Client().post("/desk/login/", wrong, REMOTE_ADDR=f"10.9.0.{number % 8 + 1}")
        assert answer.status_code == 429
        assert worker.sign_in().status_code == 302


class TestUnitsAndAreas:
    UNIT = {
        "name": "柳岸热力公司",
        "kind": "utility",
        "duty": "heat",
        "area": "柳岸街道",
        "serves": "柳岸社区、望山社区",
    }

    def test_an_organisation_is_added_changed_and_ended(self, kept: Cast, sit: Sit) -> None:
        desk = sit("system")
        assert desk.status("settings/units/new/", {**self.UNIT, "phone": "0314-5550123"}) == 302
        row = Organisation.objects.get(name="柳岸热力公司")
        assert row.serves.count() == 2 and row.phone == "0314-5550123"
        assert (
            desk.status(f"settings/units/{row.pk}/", {**self.UNIT, "phone": "95598", "serves": "柳岸社区"})
            == 302
        )
        row.refresh_from_db()
        assert row.phone == "95598" and row.serves.count() == 1
        assert desk.status(f"settings/units/{row.pk}/", {"end": "1", "last": "2026-11-30"}) == 302
        row.refresh_from_db()
        assert str(row.valid_to) == "2026-12-01"
        verbs = list(Entry.objects.filter(register="people").order_by("seq").values_list("verb", flat=True))
        assert verbs == ["found", "change_unit", "end_unit"]

    def test_a_code_that_fails_its_check_sign_is_said_at_the_field(self, kept: Cast, sit: Sit) -> None:
        answer = sit("system").client.post(
            "/desk/settings/units/new/", {**self.UNIT, "code": "911308030000000011"}
        )
        assert answer.status_code == 422 and "校验位" in answer.content.decode()
        assert 'id="f-code-error"' in answer.content.decode()

    def test_an_areas_households_and_telephones_are_kept_with_an_entry(self, kept: Cast, sit: Sit) -> None:
        grid, desk = kept.areas["grid"], sit("system")
        said = {"households": "412", "phone": "0314-5550001", "supervision_phone": "12345"}
        assert desk.status(f"settings/areas/{grid.pk}/", said) == 302
        row = Area.objects.get(pk=grid.pk)
        assert (row.households, row.phone, row.supervision_phone) == (412, "0314-5550001", "12345")
        assert Entry.objects.get(register="territory", verb="keep_up").role == "sys_admin"
        assert desk.status(f"settings/areas/{grid.pk}/", {**said, "households": "很多", "phone": "1"}) == 422
        assert verify(at=MORNING).sound

    def test_outlines_that_are_none_change_nothing(self, kept: Cast, sit: Sit) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("grids.geojson", b"not a map")
        community = kept.areas["community"]
        path = f"/desk/settings/areas/{community.pk}/outlines/"
        answer = sit("system").client.post(path, {"file": file, "system": "gcj02"})
        assert answer.status_code == 422 and not Entry.objects.filter(register="territory").exists()


class TestCalendar:
    DAYS = "日期,安排,名称\n2027-02-05..2027-02-11,放假,春节\n2027-02-20,上班,春节调休"

    def test_looking_writes_nothing_and_adopting_is_an_entry(self, kept: Cast, sit: Sit) -> None:
        desk, said = sit("system"), {"year": "2027", "source": "国办发明电〔2026〕1号", "days": self.DAYS}
        answer = desk.client.post("/desk/settings/calendar/", {**said, "look": "1"})
        assert "还没有写" in answer.content.decode() and "2-20上班" in answer.content.decode()
        assert not Entry.objects.filter(register="calendar").exists()
        assert desk.status("settings/calendar/", {**said, "adopt": "1"}) == 302
        assert Entry.objects.get(register="calendar").role == "sys_admin"
        assert "正式" in desk.page("settings/calendar/?year=2027")

    def test_a_notice_that_cannot_be_read_says_why(self, kept: Cast, sit: Sit) -> None:
        said = {"year": "2027", "source": "通知", "days": "日期,安排\n2027-02-05,放假", "adopt": "1"}
        answer = sit("system").client.post("/desk/settings/calendar/", said)
        assert answer.status_code == 422 and "缺一列“名称”" in answer.content.decode()
        assert not Entry.objects.filter(register="calendar").exists()


def test_the_audit_administrator_reads_who_did_what_and_the_security_administrator_only_sign_ins(
    kept: Cast, sit: Sit
) -> None:
    sit("system").client.post("/desk/settings/people/new/", WHO)
    audit, security = sit("audit"), sit("security")
    page = audit.page("settings/registers/?register=people")
    assert "邱明" in page and "任职" in page and "何小满" in page
    assert "登录" in security.page("settings/registers/")
    assert "何小满" not in security.page("settings/registers/?register=people")
    assert set(keepers.POWERS["registers"]) == {"audit_admin"} and len(CAST) > 10

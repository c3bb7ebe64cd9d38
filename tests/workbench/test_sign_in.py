"""Signing in: logged, throttled, one identity at a time, and over when the mandate is."""

import pytest
from django.test import Client

from gongzhi.kernel.models import Entry
from tests.cast import Cast, clock, mandate
from tests.workbench.sitting import PASSWORD, Clock, Sit

pytestmark = pytest.mark.django_db


def test_signing_in_is_an_entry_of_the_access_register(cast: Cast, sit: Sit) -> None:
    desk = sit("desk")
    entry = Entry.objects.get(register="access", verb="sign_in")
    assert entry.actor == f"person:{desk.person.pk}" and entry.role == "community_desk"


def test_nobody_reads_a_page_without_signing_in(cast: Cast) -> None:
    told = cast.snap()
    for path in ("", "all/", f"m/{told.matter.pk}/", "report/", "watch/stuck/", "file/1", "me/"):
        answer = Client().get(f"/desk/{path}")
        assert answer.status_code == 302 and answer["Location"].startswith("/desk/login/")


def test_a_wrong_password_is_said_at_the_field_and_often_enough_it_waits(cast: Cast, sit: Sit) -> None:
    sit("desk").client.post("/desk/logout/")
    client, said = Client(), {"login": "desk", "password": "wrong"}
    answers = [client.post("/desk/login/", said) for _ in range(8)]
    assert answers[0].status_code == 422 and "登录名或密码不对" in answers[0].content.decode()
    assert answers[-1].status_code == 429
    right = client.post("/desk/login/", {"login": "desk", "password": PASSWORD})
    assert right.status_code == 429 and "10 分钟" in right.content.decode()


def test_a_mandate_that_ended_yesterday_signs_out_with_a_sentence(cast: Cast, sit: Sit, hour: Clock) -> None:
    told, desk = cast.snap(), sit("desk")
    held = cast.people["desk"].mandates.get()
    held.until = clock("2026-11-20 12:00")
    held.save()
    assert desk.status("") == 200
    hour.set("2026-11-21 08:30")
    answer = desk.client.get(f"/desk/m/{told.matter.pk}/")
    assert answer.status_code == 403
    assert "社区受理台" in answer.content.decode() and "结束，已经退出" in answer.content.decode()
    assert desk.client.get("/desk/").status_code == 302


def test_an_act_after_the_mandate_ended_is_not_taken(cast: Cast, sit: Sit, hour: Clock) -> None:
    told, desk = cast.snap(), sit("desk")
    cast.people["desk"].mandates.update(until=clock("2026-11-20 09:00"))
    assert desk.take(told.matter, "accept").status_code == 403
    assert Entry.objects.filter(matter=told.matter, verb="accept").count() == 0


def test_one_person_acts_as_one_identity_at_a_time(cast: Cast, sit: Sit) -> None:
    mandate(cast, "worker", "community_desk", "community", "committee")
    desk = sit("worker")
    assert "网格员" in desk.page("identity/") and "社区受理台" in desk.page("identity/")
    second = cast.people["worker"].mandates.order_by("pk").last()
    desk.client.post("/desk/identity/", {"mandate": second.pk})
    assert "柳岸社区 社区受理台" in desk.page("me/")
    desk.client.post("/desk/identity/", {"mandate": cast.people["centre"].mandates.get().pk})
    assert "柳岸社区 社区受理台" in desk.page("me/")


def test_demo_accounts_are_listed_in_a_demonstration_only(
    cast: Cast, settings: pytest.FixtureRequest
) -> None:
    assert "演示账号" not in Client().get("/desk/login/").content.decode()
    settings.DEMO = True  # type: ignore[attr-defined]
    assert "演示账号" in Client().get("/desk/login/").content.decode()
    assert 'value="grid"' in Client().get("/desk/login/?as=grid").content.decode()

"""邻里通知 on the desk: written, looked at, sent out, printed, corrected; and nobody else's."""

import re

import pytest
from django.test import Client

from gongzhi.kernel.models import Matter
from tests.cast import Cast, fresh, key
from tests.workbench.sitting import Clock, Desk, Sit

pytestmark = pytest.mark.django_db
SAID = {
    "notice_kind": "outage",
    "title": "周一上午停水",
    "text": "8:00 到 12:00 换阀门。",
    "from_day": "",
    "until_day": "2026-11-23",
}


def written(desk: Desk, cast: Cast, area: str = "grid", **more: str) -> Matter:
    said = {**SAID, "where": f"area-{cast.areas[area].pk}", "key": key(), **more}
    answer = desk.client.post("/desk/notices/write/", said)
    assert answer.status_code == 302, answer.content.decode()
    return Matter.objects.filter(kind="notice").latest("pk")


def act(desk: Desk, matter: Matter, name: str, **said: str) -> int:
    form = {"key": key(), "seen": fresh(matter).seq, **said}
    return int(desk.client.post(f"/desk/notices/{matter.pk}/do/{name}/", form).status_code)


def test_from_the_form_to_the_residents_page(cast: Cast, sit: Sit) -> None:
    desk = sit("desk")
    matter = written(desk, cast)
    page = desk.page(f"notices/{matter.pk}/")
    assert "周一上午停水" in page and "草稿" in page and "发出" in page
    assert Client().get(f"/n/{matter.number}/").status_code == 404, "a draft is nobody's to read"
    assert act(desk, matter, "publish") == 302
    assert "张贴中" in desk.page("notices/")
    shown = Client().get(f"/n/{matter.number}/").content.decode()
    assert "周一上午停水" in shown and "柳岸社区" in shown


def test_the_group_s_text_and_the_paper_carry_the_link(cast: Cast, sit: Sit) -> None:
    desk = sit("desk")
    matter = written(desk, cast)
    act(desk, matter, "publish")
    page = desk.page(f"notices/{matter.pk}/")
    text = re.search(r'data-copy="([^"]*)"', page)[1]  # type: ignore[index]
    assert len(text) <= 300 and text.endswith(f"/n/{matter.number}/")
    paper = desk.page(f"notices/{matter.pk}/print/")
    assert "<svg" in paper and matter.number in paper and desk.person.name not in paper


def test_what_was_typed_stays_when_something_is_missing(cast: Cast, sit: Sit) -> None:
    desk = sit("desk")
    said = {**SAID, "where": "", "title": "", "text": "写了很长一段", "key": key()}
    answer = desk.client.post("/desk/notices/write/", said)
    page = answer.content.decode()
    assert answer.status_code == 422 and "选一个地方" in page and "写了很长一段" in page
    said |= {"where": f"area-{cast.areas['grid'].pk}"}
    page = desk.client.post("/desk/notices/write/", said).content.decode()
    assert "一句话说清" in page and "写了很长一段" in page and not Matter.objects.exists()


def test_a_number_is_asked_about_and_may_be_an_office_s(cast: Cast, sit: Sit) -> None:
    desk = sit("desk")
    said = {**SAID, "text": "有事打 13812341234", "where": f"area-{cast.areas['grid'].pk}", "key": key()}
    answer = desk.client.post("/desk/notices/write/", said)
    page = answer.content.decode()
    assert answer.status_code == 422 and "138****1234" in page and "office_line" in page
    assert desk.client.post("/desk/notices/write/", {**said, "office_line": "yes"}).status_code == 302


def test_an_activity_waits_for_another_hand(cast: Cast, sit: Sit) -> None:
    desk, secretary = sit("desk"), sit("secretary")
    matter = written(desk, cast, notice_kind="activity")
    assert "另一位看过" in desk.page(f"notices/{matter.pk}/") and act(desk, matter, "publish") == 409
    assert "周一上午停水" in secretary.page(), "it stands on the list of who has to read it"
    assert secretary.client.get(f"/desk/m/{matter.pk}/").url == f"/desk/notices/{matter.pk}/"
    assert act(secretary, matter, "publish") == 302


def test_a_correction_and_a_withdrawal_are_told(cast: Cast, sit: Sit) -> None:
    desk = sit("desk")
    old = written(desk, cast)
    act(desk, old, "publish")
    assert "更正" in desk.page(f"notices/write/?corrects={old.pk}")
    new = written(desk, cast, title="改到周二停水", corrects=str(old.pk))
    act(desk, new, "publish")
    shown = Client().get(f"/n/{old.number}/").content.decode()
    assert "这一条更正了" in shown and new.number in shown
    assert act(desk, new, "withdraw") == 422, "a withdrawal says why"
    assert act(desk, new, "withdraw", withdraw_reason="不停了") == 302
    shown = Client().get(f"/n/{new.number}/").content.decode()
    assert "这一条收回了" in shown and "不停了" in shown


@pytest.mark.parametrize("name", ["part_timer", "works", "outsider", "private_officer"])
def test_who_writes_none_finds_no_page(cast: Cast, sit: Sit, name: str) -> None:
    matter = written(sit("desk"), cast)
    other = sit(name)
    assert other.status("notices/") == other.status("notices/write/") == 403
    assert other.status(f"notices/{matter.pk}/") == other.status(f"notices/{matter.pk}/print/") == 404
    assert "/desk/notices/" not in other.page("me/")


def test_another_community_s_desk_neither_reads_nor_sends(cast: Cast, sit: Sit) -> None:
    matter = written(sit("desk"), cast)
    other = sit("other_desk")
    assert other.status(f"notices/{matter.pk}/") == act(other, matter, "publish") == 404
    said = {**SAID, "where": f"area-{cast.areas['grid'].pk}", "key": key()}
    assert other.client.post("/desk/notices/write/", said).status_code == 422
    assert Matter.objects.count() == 1


def test_the_same_form_sent_twice_is_one_notice(cast: Cast, sit: Sit, hour: Clock) -> None:
    desk, one = sit("desk"), key()
    first = written(desk, cast, key=one)
    assert written(desk, cast, key=one) == first and Matter.objects.count() == 1


def test_a_list_of_notices_costs_the_same_however_long(
    cast: Cast, sit: Sit, django_assert_max_num_queries: object
) -> None:
    desk = sit("desk")
    for _ in range(6):
        act(desk, written(desk, cast), "publish")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        desk.page("notices/")

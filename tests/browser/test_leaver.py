"""Somebody leaves: the administrator hands the desk to a stand-in; list and telephone go along, nothing is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Entry, Mandate
from tests.browser.conftest import PASSWORD, keep, sign_in
from tests.cast import Cast
from tests.keeping import administrators

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Device = Callable[..., Page]
LINE = "0314-5550002"


@pytest.fixture
def kept(street: Cast) -> Cast:
    """The neighbourhood with its three administrators; the grid has an office line."""
    administrators(street)
    for name in ("system", "security", "audit"):
        street.people[name].set_password(PASSWORD)
        street.people[name].save(update_fields=["password"])
    street.areas["grid"].phone = "0314-5550001"
    street.areas["grid"].save(update_fields=["phone"])
    return street


def hand_over(page: Page, kept: Cast) -> None:
    """From the list of people to the leaver's desk in the stand-in's hands."""
    page.goto("/desk/settings/people/")
    page.locator("input[name=q]").fill("周海燕")
    page.get_by_role("button", name="找", exact=True).click()
    keep(page, "leaver-1-people")
    page.locator("table").get_by_role("link", name="周海燕").click()
    keep(page, "leaver-2-person")
    page.get_by_role("link", name="请假或离岗").click()
    page.locator("[name=person]").locator("visible=true").first.wait_for()
    person = page.locator("select[name=person]")
    if person.count():
        person.select_option(label="马德顺")
    today = timezone.localdate()
    page.locator("input[name=first]").fill(today.isoformat())
    page.locator("input[name=last]").fill((today + timedelta(days=14)).isoformat())
    page.locator("input[name=phone]").fill(LINE)
    page.locator("input[name=why][value=left]").check(force=True)
    keep(page, "leaver-3-form")
    page.get_by_role("button", name="交给代岗的人").click()
    expect(page.get_by_text("由马德顺代")).to_be_visible()
    keep(page, "leaver-4-done")


def test_a_leavers_desk_goes_to_a_stand_in(kept: Cast, phone: Device) -> None:
    at = timezone.now()
    told = kept.snap("路灯灭了三天，台阶看不清", at=at - timedelta(minutes=5))
    leaver = sign_in(phone(), "worker")
    leaver.goto(f"/desk/m/{told.matter.pk}/do/propose/")
    leaver.locator("section[data-act] [name=note]").fill("灯头碎了，一共五级台阶。")

    resident = phone()
    where = f"/worker/?area={kept.areas['grid'].pk}"
    resident.goto(where)
    before = resident.content()

    hand_over(sign_in(phone(width=1440), "system"), kept)

    leaver.locator("section[data-act] .act-buttons button").last.click()
    expect(leaver.get_by_text("已经退出").first).to_be_visible()
    expect(leaver.get_by_text("这台手机里还有没发成的")).to_be_visible()
    expect(leaver.locator("[data-left-list] .quote")).to_contain_text("灯头碎了，一共五级台阶。")
    expect(leaver.get_by_role("button", name="交给接手的人")).to_be_visible()
    keep(leaver, "leaver-5-ended")
    assert not Entry.objects.filter(matter=told.matter, verb="propose").exists()

    stand_in = sign_in(phone(), "neighbour")
    expect(stand_in.get_by_role("heading", name="换个身份")).to_be_visible()
    row = Mandate.objects.get(stands_in_for__isnull=False)
    stand_in.goto("/desk/identity/")
    keep(stand_in, "leaver-6-identity")
    stand_in.locator(f"input[name=mandate][value='{row.pk}']").check(force=True)
    stand_in.get_by_role("button", name="用这个身份").click()
    expect(stand_in.locator(f"a.item[href='/desk/m/{told.matter.pk}/']")).to_be_visible()
    keep(stand_in, "leaver-7-list")

    resident.goto(where)
    keep(resident, "leaver-8-my-worker")
    assert LINE not in before and "周海燕" in before
    expect(resident.get_by_text("马德顺").first).to_be_visible()
    assert LINE in resident.content() and "周海燕" not in resident.content()
    assert verify(at=timezone.now()).sound

"""A whistle to three departments, as people do it: from a matter's page to the ratings of both sides, in Chromium."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from gongzhi.domains.whistles.models import Whistle, WhistlePart
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Matter
from tests.browser.conftest import PASSWORD, keep, sign_in, work_off
from tests.browser.every_page import dispatched
from tests.cast import Cast
from tests.whistles.blowing import joined_by, part

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Device = Callable[..., Page]
COME = ("works", "law", "fire")


def act(page: Page, matter: Matter, name: str, whistle: Matter, **said: str) -> None:
    """Take an act on the whistle's page, on the whistle itself or on one part, and see that it was taken."""
    page.goto(f"/desk/whistles/{matter.pk}/do/{name}/")
    form = page.locator("section[data-act] form")
    for field, value in said.items():
        box = form.locator(f"[name={field}]")
        if box.first.get_attribute("type") == "radio":
            form.locator(f'[name={field}][value="{value}"]').check(force=True)
        else:
            box.fill(value)
    keep(page, f"whistle-{name}")
    form.locator(".act-buttons button").click()
    page.wait_for_url(lambda address: urlsplit(address).path == f"/desk/whistles/{whistle.pk}/")


def ask(page: Page, source: Matter) -> Matter:
    """The grid worker, on the phone, from the matter's own page."""
    page.goto(f"/desk/m/{source.pk}/")
    page.get_by_role("link", name="请社区吹哨").click()
    page.wait_for_url("**/desk/whistles/ask/**")
    expect(page.locator("[name=tried]")).to_have_value(re.compile("派遣"))
    page.locator('[name=whistle_kind][value="joint"]').check(force=True)
    page.locator("summary", has_text="想叫哪几家").click()
    for name in ("区市政中心", "区执法局", "区消防大队"):
        page.locator("label.chip", has_text=name).locator("input").check(force=True)
    keep(page, "whistle-ask")
    page.locator(".act-buttons button").click()
    page.wait_for_url(lambda address: urlsplit(address).path.removesuffix("/").split("/")[-1].isdecimal())
    return Whistle.objects.get().matter


def test_three_departments_are_called_come_and_both_sides_rate(phone: Device, street: Cast) -> None:
    joined_by(street, "fire", "区消防大队")
    street.people["fire"].set_password(PASSWORD)
    street.people["fire"].save()
    at = timezone.now() - timedelta(minutes=30)
    told = street.snap("3 号楼东边消防通道停满了旧车", at=at)
    dispatched(street, told.matter, at)

    worker = sign_in(phone(), "worker")
    whistle = ask(worker, told.matter)
    secretary = sign_in(phone(width=1440), "secretary")
    act(secretary, whistle, "pass_on", whistle)
    leader = sign_in(phone(width=1440), "street_leader")
    leader.goto(f"/desk/whistles/{whistle.pk}/")
    expect(leader.get_by_role("heading", name="是谁的职权")).to_be_visible()
    keep(leader, "whistle-to-approve")
    act(leader, whistle, "approve", whistle)
    centre = sign_in(phone(width=1440), "centre")
    centre.goto(f"/desk/whistles/{whistle.pk}/do/call/")
    expect(centre.locator("[name=units]:checked")).to_have_count(3)
    act(centre, whistle, "call", whistle)
    work_off()

    hands = {name: sign_in(phone(), name) for name in COME}
    for name, hand in hands.items():
        hand.goto("/desk/whistles/")
        expect(hand.get_by_text("请您应哨")).to_be_visible()
        act(hand, part(whistle, street, name), "answer_come", whistle, coming="14:30 到")
    worker.goto(f"/desk/whistles/{whistle.pk}/")
    keep(worker, "whistle-on-the-spot")
    worker.get_by_role("button", name="区市政中心到了").click()
    expect(worker.get_by_role("button", name="区市政中心到了")).to_have_count(0)
    worker.get_by_role("button", name="都到了").click()
    expect(worker.get_by_role("heading", name="谁到了，点一下")).to_have_count(0)

    for name, hand in hands.items():
        one = part(whistle, street, name)
        act(hand, one, "work_done", whistle, done_words="自己那部分办完了")
        act(secretary, one, "confirm", whistle)
        act(secretary, one, "rate_unit", whistle, unit_mark="good")
    act(secretary, whistle, "finish", whistle, result="三家都来了，通道清空")
    secretary.goto(f"/desk/whistles/{whistle.pk}/")
    expect(secretary.get_by_text("对来的单位：")).to_have_count(0)
    for name, hand in hands.items():
        act(hand, part(whistle, street, name), "rate_asker", whistle, asker_mark="fair")
    secretary.goto(f"/desk/whistles/{whistle.pk}/")
    expect(secretary.locator("table").get_by_text("对来的单位：及时、办成")).to_have_count(3)
    keep(secretary, "whistle-rated")

    marks = list(WhistlePart.objects.values_list("unit_mark", "asker_mark"))
    assert marks == [("good", "fair")] * 3
    assert Matter.objects.get(pk=whistle.pk).counts == "closed"
    resident = phone()
    resident.goto(f"/f/{told.token}")
    expect(resident.get_by_text("已请几个部门一起来看。")).to_be_visible()
    expect(resident.get_by_text("区执法局")).to_have_count(0)
    assert verify().sound

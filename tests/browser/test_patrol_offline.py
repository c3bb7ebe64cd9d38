"""A patrol without signal: points in order, something found, a matter handled; the tab closed; all of it sent once.

And what becomes of an act that somebody was faster with: both sides stand beside each other, nothing is lost.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gongzhi.domains.incidents import actions
from gongzhi.domains.patrols.models import Stop
from gongzhi.kernel.models import Entry, Matter
from tests.browser.conftest import keep, sign_in
from tests.browser.test_worker_morning import Device, address, judge, open_list
from tests.cast import Cast, key
from tests.patrols.walks import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_patrol_a_report_and_an_act_without_signal_are_sent_once(street: Cast, phone: Device) -> None:
    lamp = street.snap("3 号楼东边的路灯不亮了").matter
    patrol = walk(street, timezone.now() - timedelta(minutes=10))
    place = f"/desk/patrol/{patrol.pk}/"
    worker = sign_in(phone(), "worker")
    open_list(worker, address(lamp), address(lamp, "propose"), "/desk/patrol/", place)
    worker.context.set_offline(True)
    judge(worker, lamp, "灯头坏了，台阶旁老人多")
    worker.wait_for_url("**/desk/")
    worker.goto(place)
    worker.locator("[data-stop='1'] button").click()
    worker.wait_for_url(f"**{place}")
    expect(worker.locator("[data-stop='1']").get_by_text("没问题待发送")).to_be_visible()
    keep(worker, "patrol-1-offline")
    worker.locator("[data-stop='2']").get_by_role("link", name="发现问题").click()
    expect(worker.locator("[data-stop-note]")).to_contain_text("3 号楼后井盖")
    worker.fill("textarea[name=words]", "井盖松了一块，踩上去响")
    worker.locator("#report .act-buttons button").click()
    worker.wait_for_url("**/desk/")
    expect(worker.get_by_text("3 条待发送")).to_be_visible()
    again = worker.context.new_page()
    worker.close()
    again.goto(place)
    expect(again.locator("[data-stop='2']").get_by_text("上报待发送")).to_be_visible()
    again.context.set_offline(False)
    expect(again.locator("[data-offline]")).to_be_hidden(
        timeout=45_000
    )  # a try that fails is made again after 30 s
    again.goto(place)
    expect(again.locator("[data-stop='2']").get_by_text("发现问题")).to_be_visible()
    found = Matter.objects.get(kind="incident", source="patrol")
    assert Stop.objects.get(patrol=patrol.pk, n=2).found_id == found.pk
    assert list(Stop.objects.order_by("n").values_list("result", flat=True)) == ["clear", "found", ""]
    for verb in ("propose", "clear", "found"):
        assert Entry.objects.filter(verb=verb).count() == 1, verb
    keep(again, "patrol-2-sent")


def test_both_sides_stand_beside_each_other_and_one_s_own_is_kept_as_a_note(
    street: Cast, phone: Device
) -> None:
    lamp = street.snap("3 号楼东边的路灯不亮了").matter
    page = sign_in(phone(), "worker")
    open_list(page, address(lamp), address(lamp, "propose"))
    page.context.set_offline(True)
    judge(page, lamp, "灯头坏了，台阶旁老人多")
    page.wait_for_url("**/desk/")
    moment = Entry.objects.latest("at").at
    actions.take(
        lamp, "accept", by=street.desk(), at=moment, seen=Matter.objects.get(pk=lamp.pk).seq, key=key()
    )
    page.goto("/desk/queue/")
    page.context.set_offline(False)
    sides = page.locator(".queue__sides")
    expect(sides).to_be_visible(timeout=20_000)
    expect(sides).to_contain_text("孙立群")
    expect(sides).to_contain_text("灯头坏了，台阶旁老人多")
    keep(page, "patrol-3-side-by-side")
    page.get_by_role("button", name="留作内部留言").click()
    expect(page.get_by_text("已送到")).to_be_visible(timeout=20_000)
    note = Entry.objects.get(matter=lamp, verb="note")
    assert "灯头坏了" in note.words.text and not Entry.objects.filter(verb="propose").exists()


def test_a_queue_whose_mandate_has_ended_is_shown_to_its_owner_and_handed_on(
    street: Cast, phone: Device
) -> None:
    lamp = street.snap("3 号楼东边的路灯不亮了").matter
    page = sign_in(phone(), "worker")
    open_list(page, address(lamp), address(lamp, "propose"))
    page.context.set_offline(True)
    judge(page, lamp, "灯头坏了，台阶旁老人多")
    page.wait_for_url("**/desk/")
    street.people["worker"].mandates.update(until=timezone.now() - timedelta(minutes=1))
    page.context.set_offline(False)
    page.goto("/desk/")
    expect(page.get_by_text("灯头坏了，台阶旁老人多")).to_be_visible()
    keep(page, "left-1-owner")
    page.get_by_role("button", name="交给接手的人").click()
    expect(page.get_by_text("接手的人会看")).to_be_visible()
    left = Matter.objects.get(kind="leftover")
    assert "灯头坏了" in Entry.objects.get(matter=left).words.text
    assert not Entry.objects.filter(verb="propose").exists()
    again = page.context.new_page()
    again.goto("/desk/login/")
    assert "灯头坏了" not in again.locator("body").inner_text()

"""A grid worker's morning on the phone: the list, the stairs without signal, and everything sent once when it is back.

The network is taken away and given back in Chromium; a second device is a colleague at a desk.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gongzhi.domains.incidents import actions
from gongzhi.kernel.models import Attachment, Entry, Matter
from tests.browser.conftest import keep, photo, sign_in
from tests.cast import Cast, key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Device = Callable[..., Page]
PAGES = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith('gongzhi-kept-')) continue;
    for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  }
  return found;
}"""


def kept(page: Page) -> set[str]:
    """What the phone keeps of the staff's pages."""
    return set(page.evaluate(PAGES))


def open_list(page: Page, *wanted: str) -> None:
    """Open the list and wait until the phone keeps it with the pages named."""
    page.goto("/desk/")
    for _ in range(100):
        if {"/desk/", "/desk/report/", "/desk/queue/", *wanted} <= kept(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not kept: {set(wanted) - kept(page)}")


def address(matter: Matter, act: str = "") -> str:
    """Where a matter, or the form of one of its acts, stands."""
    return f"/desk/m/{matter.pk}/" + (f"do/{act}/" if act else "")


def judge(page: Page, matter: Matter, note: str) -> None:
    """Take the act of the stairs: what the worker makes of it, in words of their own."""
    page.goto(address(matter, "propose"))
    form = page.locator("section[data-act] form")
    form.locator("[name=level][value=community]").check(force=True)
    form.locator("textarea[name=note]").fill(note)
    form.locator(".act-buttons button").click()


def report(page: Page, words: str, picture: Path | None = None) -> None:
    """Report what was seen."""
    page.goto("/desk/report/")
    if picture is not None:
        page.set_input_files("input[name=photos]", str(picture))
        expect(page.locator(".pick img")).to_have_count(1)
    page.fill("textarea[name=words]", words)
    page.locator("#report .act-buttons button").click()


def arrived(page: Page) -> None:
    """Wait until nothing waits on this phone any more."""
    expect(page.locator("[data-offline]")).to_be_hidden(timeout=20_000)


def test_a_morning_on_the_stairs(street: Cast, phone: Device, tmp_path: Path) -> None:
    lamp = street.snap("3 号楼东边的路灯不亮了").matter
    lift = street.snap("2 单元电梯停了", category="lift").matter
    worker = sign_in(phone(), "worker")
    open_list(worker, address(lamp), address(lamp, "propose"), address(lift, "propose"))
    keep(worker, "morning-1-list")
    worker.context.set_offline(True)
    worker.goto("/desk/")
    expect(worker.get_by_text("没有网络").first).to_be_visible()
    worker.goto(address(lamp))
    expect(worker.get_by_text("3 号楼东边的路灯不亮了").first).to_be_visible()
    judge(worker, lamp, "灯头坏了，台阶旁老人多")
    worker.wait_for_url("**/desk/")
    expect(worker.get_by_text("1 条待发送")).to_be_visible()
    judge(worker, lift, "电梯困不了人，维保在路上")
    worker.wait_for_url("**/desk/")
    report(worker, "楼道里的灯也坏了", photo(tmp_path))
    worker.wait_for_url("**/desk/")
    expect(worker.get_by_text("3 条待发送")).to_be_visible()
    expect(worker.get_by_text("研判上报待发送")).to_have_count(2)
    expect(worker.get_by_text("上报待发送", exact=True)).to_be_visible()
    keep(worker, "morning-2-waiting")
    assert Matter.objects.count() == 2 and not Entry.objects.filter(verb="propose").exists()
    # a colleague at the desk is faster with the lift
    desk = street.desk()
    seen = Matter.objects.get(pk=lift.pk).seq
    actions.take(lift, "accept", by=desk, at=Entry.objects.latest("at").at, seen=seen, key=key())
    # the tab is closed and opened again
    again = worker.context.new_page()
    worker.close()
    again.goto("/desk/")
    expect(again.get_by_text("3 条待发送")).to_be_visible()
    again.goto("/desk/queue/")
    expect(again.locator("[data-item]")).to_have_count(3)
    keep(again, "morning-3-queue")
    again.context.set_offline(False)
    expect(again.get_by_text("有人先动了").first).to_be_visible(timeout=20_000)
    expect(again.get_by_text("电梯困不了人，维保在路上")).to_be_visible()
    expect(again.get_by_text("已送到")).to_have_count(2)
    keep(again, "morning-4-sent")
    told = Entry.objects.get(verb="propose")
    assert told.matter_id == lamp.pk and told.happened is None or told.happened < told.at
    new = Matter.objects.exclude(pk__in=[lamp.pk, lift.pk]).get()
    assert new.source == "patrol" and Attachment.objects.filter(matter=new).count() == 1
    again.goto("/desk/")
    expect(again.get_by_text("1 条没有发成")).to_be_visible()

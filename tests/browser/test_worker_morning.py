"""A grid worker's morning on the phone: the list, the stairs without signal, and everything sent once when it is back.

The network is taken away and given back in Chromium; a second device is a colleague at a desk.
"""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

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


def test_a_shared_phone_gives_nobody_what_is_another_s(street: Cast, phone: Device) -> None:
    lamp = street.snap("3 号楼东边的路灯不亮了").matter
    page = sign_in(phone(), "worker")
    open_list(page, address(lamp), address(lamp, "propose"))
    page.context.set_offline(True)
    judge(page, lamp, "灯头坏了")
    page.wait_for_url("**/desk/")
    report(page, "花池边的地砖松了")
    page.wait_for_url("**/desk/")
    expect(page.get_by_text("2 条待发送")).to_be_visible()
    # the session runs out before there is signal again: what waits waits for its own hand
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto("/desk/")
    page.wait_for_url("**/desk/login/**")
    assert kept(page) == set()
    # somebody else takes the phone
    sign_in(page, "neighbour")
    open_list(page)
    assert not any("/m/" in one for one in kept(page))
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.goto("/desk/queue/")
    expect(page.get_by_text("另一位的 2 条，登录后才发")).to_be_visible()
    text = page.locator("main").inner_text()
    assert "路灯" not in text and "地砖" not in text and "灯头" not in text
    keep(page, "shared-1-sealed")
    page.wait_for_timeout(1500)
    assert Matter.objects.count() == 1 and not Entry.objects.filter(verb="propose").exists()
    page.goto("/desk/me/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/desk/login/**")
    assert kept(page) == set()
    # the first one is back: everything goes out once
    sign_in(page, "worker")
    arrived(page)
    page.goto("/desk/queue/")
    expect(page.get_by_text("已送到")).to_have_count(2)
    assert Entry.objects.filter(verb="propose").count() == 1 and Matter.objects.count() == 2
    assert {one.actor for one in Entry.objects.filter(verb="propose")} == {street.worker().actor}


def test_a_lost_answer_makes_no_second_report(street: Cast, phone: Device) -> None:
    page = sign_in(phone(), "worker")
    open_list(page)
    lost = []

    def lose(route: Route) -> None:
        """The server takes it in, and its answer never comes."""
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/desk/report/", lose)
    report(page, "花池边的地砖松了")
    page.wait_for_url("**/desk/")
    arrived(page)
    assert lost and Matter.objects.count() == 1
    page.goto("/desk/queue/")
    expect(page.get_by_text("已送到")).to_have_count(1)


def test_no_room_on_the_phone_is_told_and_the_words_stay(street: Cast, phone: Device, tmp_path: Path) -> None:
    large = tmp_path / "large.bmp"
    large.write_bytes(b"0" * (11 * 1024 * 1024))
    page = sign_in(phone(), "worker")
    open_list(page)
    page.context.set_offline(True)
    page.goto("/desk/report/")
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    page.fill("textarea[name=words]", "花池边的地砖松了")
    page.locator("#report .act-buttons button").click()
    expect(page.get_by_text("手机存不下了，这一条没有存")).to_be_visible()
    expect(page.locator("textarea[name=words]")).to_have_value("花池边的地砖松了")
    keep(page, "no-room")
    page.set_input_files("input[name=photos]", str(large))
    expect(page.get_by_text("“large.bmp”有 11 MB，超过了 10 MB")).to_be_visible()


def test_what_lacks_a_word_is_changed_and_sent_and_nothing_goes_without_a_question(
    street: Cast, phone: Device
) -> None:
    lamp = street.snap("3 号楼东边的路灯不亮了").matter
    page = sign_in(phone(), "worker")
    open_list(page, address(lamp), address(lamp, "propose"))
    page.context.set_offline(True)
    page.goto(address(lamp, "propose"))
    page.fill("section[data-act] textarea[name=note]", "灯头坏了，台阶旁老人多")
    page.locator("section[data-act] .act-buttons button").click()
    page.wait_for_url("**/desk/")
    report(page, "花池边的地砖松了")
    page.wait_for_url("**/desk/")
    page.goto("/desk/queue/")
    tiles = page.locator("[data-item]", has_text="地砖")
    tiles.get_by_role("button", name="不发了").click()
    expect(page.get_by_text("去掉就没有了")).to_be_visible()
    page.get_by_role("button", name="先不").click()
    expect(page.locator("[data-item]")).to_have_count(2)
    tiles.get_by_role("button", name="不发了").click()
    page.get_by_role("button", name="去掉").click()
    expect(page.locator("[data-item]")).to_have_count(1)
    page.context.set_offline(False)
    expect(page.get_by_text("还要补一句")).to_be_visible(timeout=20_000)
    keep(page, "say-more")
    page.get_by_role("link", name="改一改再发").click()
    form = page.locator("section[data-act] form")
    expect(form.locator("textarea[name=note]")).to_have_value("灯头坏了，台阶旁老人多")
    form.locator("[name=level][value=community]").check(force=True)
    form.locator(".act-buttons button").click()
    page.wait_for_url(f"**{address(lamp)}")
    arrived(page)
    assert Entry.objects.filter(verb="propose").count() == 1 and Matter.objects.count() == 1


AGE = """async () => {
  for (const name of await caches.keys()) {
    if (!name.startsWith('gongzhi-kept-')) continue;
    const kept = await caches.open(name);
    for (const one of await kept.keys()) {
      const held = await kept.match(one), headers = new Headers(held.headers);
      headers.set('Gongzhi-Kept-At', String(Date.now() - AGO * 3600e3 - 1000));
      await kept.put(one, new Response(await held.blob(), { headers }));
    }
  }
}"""


def test_after_three_days_the_copies_are_shown_no_more(street: Cast, phone: Device) -> None:
    lamp = street.snap("3 号楼东边的路灯不亮了").matter
    page = sign_in(phone(), "worker")
    open_list(page, address(lamp))
    page.context.set_offline(True)
    page.goto(address(lamp))
    expect(page.get_by_text("3 号楼东边的路灯不亮了").first).to_be_visible()
    page.evaluate(AGE.replace("AGO", "71"))
    page.goto(address(lamp))
    expect(page.get_by_text("3 号楼东边的路灯不亮了").first).to_be_visible()
    page.evaluate(AGE.replace("AGO", "72"))
    page.goto(address(lamp))
    expect(page.get_by_text("没有网络，这一页没有存在手机里")).to_be_visible()
    assert "路灯" not in page.locator("body").inner_text()
    keep(page, "offline-no-copy")


def test_the_first_load_of_the_list_is_light(street: Cast, phone: Device) -> None:
    for n in range(12):
        street.snap(f"{n} 号楼东边的路灯不亮了")
    page = sign_in(phone(), "worker")
    page.goto("/desk/")
    names = page.evaluate("[location.href, ...performance.getEntriesByType('resource').map(one => one.name)]")
    loaded = {one for one in names if "/desk/m/" not in one and "worker.js" not in one}
    bodies = [page.request.get(one).body() for one in loaded]
    assert sum(len(gzip.compress(one)) for one in bodies) < 120_000

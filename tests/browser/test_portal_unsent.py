"""A report being written stays on this phone, photos included, until it is sent; three days, no longer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gongzhi.kernel.models import Matter
from tests.browser.conftest import keep, photo
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Device = Callable[..., Page]
LAMP = "3 号楼东边那盏路灯不亮了"
KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open('gongzhi-unsent', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('drafts', { keyPath: 'id' });
  asked.onsuccess = () => {
    const rows = asked.result.transaction('drafts', 'readonly').objectStore('drafts').getAll();
    rows.onsuccess = () => { asked.result.close(); done(rows.result.map((one) => [one.words, one.photos.length])); };
  };
})"""
AGE = """() => new Promise((done) => {
  const asked = indexedDB.open('gongzhi-unsent', 1);
  asked.onsuccess = () => {
    const turn = asked.result.transaction('drafts', 'readwrite'), rows = turn.objectStore('drafts');
    rows.getAll().onsuccess = (event) => {
      for (const one of event.target.result) rows.put({ ...one, at: Date.now() - 72 * 3600e3 - 1000 });
    };
    turn.oncomplete = () => { asked.result.close(); done(); };
  };
})"""


def write(page: Page, words: str) -> None:
    """Write and wait until the phone has had its pause."""
    page.goto("/report/")
    page.fill("textarea[name=words]", words)
    page.wait_for_timeout(700)


def test_without_signal_nothing_is_lost_and_it_comes_back_when_asked(
    street: Cast, phone: Device, tmp_path: Path
) -> None:
    page = phone()
    page.goto("/report/")
    page.set_input_files("input[name=photos]", str(photo(tmp_path)))
    page.fill("textarea[name=words]", LAMP)
    page.context.set_offline(True)
    page.locator(".foot-act button").click()
    expect(page.get_by_text("没有网络，还没有送出")).to_be_visible()
    assert page.evaluate(KEPT) == [[LAMP, 1]]
    page.context.set_offline(False)
    again = page.context.new_page()
    page.close()
    again.goto("/report/")
    note = again.locator("[data-unsent]")
    expect(note).to_contain_text("上次没送出的还存在这部手机里，有 1 张照片")
    assert LAMP not in note.inner_text(), "who takes up the phone reads no word of it"
    keep(again, "unsent-offer")
    note.get_by_role("button", name="放回来").click()
    expect(again.locator("textarea[name=words]")).to_have_value(LAMP)
    expect(again.locator(".pick img")).to_have_count(1)
    again.locator(".foot-act button").click()
    again.wait_for_url("**/report/where/**")
    assert again.evaluate(KEPT) == [[LAMP, 1]], "it is not sent yet"
    assert not Matter.objects.exists()


def test_what_is_not_wanted_what_is_old_and_what_tells_of_danger_is_gone(street: Cast, phone: Device) -> None:
    page = phone()
    write(page, LAMP)
    page.goto("/report/")
    page.get_by_role("button", name="不要了").click()
    expect(page.locator("[data-unsent]")).to_have_count(0)
    assert page.evaluate(KEPT) == []
    write(page, LAMP)
    page.evaluate(AGE)
    page.goto("/report/")
    page.wait_for_timeout(500)
    expect(page.locator("[data-unsent]")).to_have_count(0)
    assert page.evaluate(KEPT) == []
    write(page, "老公打我，现在还在砸门")
    expect(page.locator("[data-guess-here] .note--first")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate(KEPT) == []


def test_without_signal_what_tells_of_danger_is_not_kept_either(street: Cast, phone: Device) -> None:
    page = phone()
    page.goto("/report/")
    page.context.set_offline(True)
    page.fill("textarea[name=words]", "老公 打我，现在还在砸门")
    page.wait_for_timeout(700)
    assert page.evaluate(KEPT) == []
    page.fill("textarea[name=words]", LAMP)
    page.wait_for_timeout(700)
    assert page.evaluate(KEPT) == [[LAMP, 0]]


def test_another_phone_knows_nothing_and_a_sent_report_leaves_nothing(street: Cast, phone: Device) -> None:
    page, other = phone(), phone()
    write(page, LAMP)
    other.goto("/report/")
    other.wait_for_timeout(500)
    expect(other.locator("[data-unsent]")).to_have_count(0)
    page.goto("/p/LA3B7K2M")
    write(page, LAMP)
    for _ in range(4):
        if "/sent" in page.url or page.locator(".receipt").count():
            break
        page.locator(".foot-act button").click()
        page.wait_for_load_state("networkidle")
    expect(page.locator(".receipt")).to_be_visible()
    page.wait_for_timeout(400)
    assert page.evaluate(KEPT) == [] and Matter.objects.count() == 1

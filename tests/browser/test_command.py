"""A dispatcher's half hour: what is late, one urged, another sent on, the figures follow and open to the right list."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Entry, Matter
from gongzhi.kernel.territory import svg
from tests.browser.conftest import keep, sign_in
from tests.cast import Cast
from tests.kernel.test_rehome import with_ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Device = Callable[..., Page]


def lamps(cast: Cast) -> tuple[Matter, Matter]:
    """Two lamps that came to the district ten days ago: one is with the municipal works, one waits to be sent."""
    found = []
    for place in ("东门", "西门"):
        at = timezone.now() - timedelta(days=10)
        matter = cast.snap("路灯不亮了", place=f"柳岸小区{place}", at=at).matter
        take(matter, "accept", by=cast.desk(at), at=at)
        take(matter, "raise_to_street", by=cast.desk(at), at=at)
        take(matter, "raise_to_district", by=cast.dispatcher(at), at=at)
        found.append(matter)
    take(found[0], "dispatch", by=cast.centre(at), at=at, to=cast.organisations["works"].pk)
    return found[0], found[1]


def counted(page: Page, label: str) -> int:
    """A counter's number."""
    found = page.locator(".cmd__counters li > a:first-child", has_text=label)
    return int(re.findall(r"\d+", found.inner_text())[-1])


def test_a_dispatcher_opens_what_is_late_urges_one_sends_another_and_the_figures_follow(
    street: Cast, phone: Device
) -> None:
    svg._drawn.cache_clear()
    with_ground(street)
    urged, sent = lamps(street)
    page = sign_in(phone(width=1440), "centre")
    page.goto("/command/")
    keep(page, "command-list")
    assert counted(page, "超期") == 2

    page.keyboard.press("j")
    expect(page.locator(":focus")).to_have_attribute("data-step", "")
    page.keyboard.press("Enter")
    expect(page.locator("#card")).to_be_visible()
    page.go_back()

    page.locator(".cmd__late li", has_text="东门").get_by_role("link", name="催办").click()
    expect(page.locator("#card h2").first).to_contain_text("东门")
    page.locator("#card textarea[name=note]").fill("老人多，请今天看。")
    keep(page, "command-urge")
    page.locator("#card .act-buttons button").click()
    expect(page.locator("[data-toast]")).to_contain_text("已催办")
    assert Entry.objects.filter(matter=urged).order_by("-seq")[0].verb == "urge"

    page.get_by_role("link", name=re.compile("等我办")).click()
    expect(page.locator(".cmd__tabs [aria-current]")).to_have_text(re.compile("等我办 1"))
    page.locator(".cmd__late li", has_text="西门").locator("a[data-step]").click()
    form = page.locator("#card form")
    form.locator("[name=to]").first.select_option(label="区市政中心")
    keep(page, "command-dispatch")
    form.locator(".act-buttons button").click()
    expect(page.locator("[data-toast]")).to_contain_text("已派遣")
    sent.refresh_from_db()
    assert sent.stage == "pending_sign_in"

    expect(page.locator(".cmd__tabs [aria-current]")).to_have_text(re.compile("等我办 0"))
    assert counted(page, "超期") == 1, "what was sent today has its own term"
    page.locator(".cmd__counters a", has_text="超期").first.click()
    rows = page.locator("table tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(urged.number)
    keep(page, "command-late")


def test_the_wall_renews_itself_and_says_when_the_line_is_lost(street: Cast, phone: Device) -> None:
    svg._drawn.cache_clear()
    with_ground(street)
    page = sign_in(phone(width=1920), "centre")
    page.clock.install()
    page.goto("/command/screen/")
    expect(page.locator(".wall__counters")).to_contain_text("在办0")
    street.snap("路灯不亮了", at=timezone.now())
    page.clock.run_for(61_000)
    expect(page.locator(".wall__counters")).to_contain_text("在办1")
    expect(page.locator(".wall__live .is-new")).to_contain_text("路灯")
    keep(page, "command-wall")
    page.context.set_offline(True)
    page.clock.run_for(61_000)
    expect(page.locator("[data-lost]")).to_contain_text("连接断了，上面是断开前的数")
    page.context.set_offline(False)
    page.clock.run_for(61_000)
    expect(page.locator("[data-lost]")).to_be_hidden()
    page.context.clear_cookies()
    page.clock.run_for(61_000)
    expect(page.locator("[data-lost]")).to_contain_text("登录到期了")


def test_nothing_on_the_wall_is_smaller_than_eighteen(street: Cast, phone: Device) -> None:
    svg._drawn.cache_clear()
    with_ground(street)
    lamps(street)
    page = sign_in(phone(width=1920), "centre")
    page.set_viewport_size({"width": 1920, "height": 1080})
    for area in ("district", "street"):
        page.goto(f"/command/screen/?area={street.areas[area].pk}")
        small = page.evaluate(
            """() => [...document.querySelectorAll('[data-screen] *')].filter((one) => {
                const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
                const box = one.getBoundingClientRect();
                const svg = one.closest('svg');
                const drawn = svg?.viewBox?.baseVal?.width;
                const scale = drawn ? svg.getBoundingClientRect().width / drawn : 1;
                const size = parseFloat(getComputedStyle(one).fontSize) * scale;
                return own && box.width && one.tagName !== 'TITLE' && size < 17.5;
            }).map((one) => one.outerHTML.slice(0, 90))"""
        )
        assert small == []
        fits = page.evaluate(
            "document.documentElement.scrollHeight <= 1080 && document.documentElement.scrollWidth <= 1920"
        )
        assert fits

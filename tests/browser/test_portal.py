"""What the portal's islands add: a guess while typing, the phone's position, a tap on the map, pinyin, a notice."""

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
IN_GRID = {"latitude": 40.95, "longitude": 117.75}


def at_where(page: Page, words: str = LAMP) -> Page:
    """Write a sentence and go on to the second screen."""
    page.goto("/report/")
    page.fill("textarea[name=words]", words)
    page.locator(".foot-act button").click()
    page.wait_for_url("**/report/where/**")
    return page


def test_the_kind_is_guessed_while_typing_and_one_tap_corrects_it(street: Cast, phone: Device) -> None:
    page = phone()
    page.goto("/report/")
    page.fill("textarea[name=words]", LAMP)
    expect(page.get_by_text("因为您写了“路灯不亮”")).to_be_visible()
    expect(page.locator("[name=leaf]:checked")).to_have_value("lamp")
    page.get_by_role("radio", name="都不是").check(force=True)
    expect(page.get_by_label("选一个最像的")).to_be_visible()
    page.fill("textarea[name=words]", f"{LAMP}，快来修")
    page.wait_for_timeout(900)
    expect(page.locator("[name=leaf][value=none]")).to_be_checked()


def test_photos_show_at_once_and_can_be_taken_off(street: Cast, phone: Device, tmp_path: Path) -> None:
    page = phone()
    page.goto("/report/")
    page.set_input_files("input[name=photos]", str(photo(tmp_path)))
    expect(page.locator(".pick img")).to_have_count(1)
    expect(page.get_by_text("再拍一张")).to_be_visible()
    page.get_by_label("去掉 lamp.jpg").click()
    expect(page.locator(".pick img")).to_have_count(0)
    assert page.evaluate("document.querySelector('input[name=photos]').files.length") == 0


def test_the_phone_s_position_is_taken_when_asked(street: Cast, phone: Device) -> None:
    page = phone()
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(IN_GRID)
    at_where(page)
    page.goto(f"/report/where/?by=map&view={street.areas['community'].pk}")
    page.get_by_label("用手机定位").click()
    expect(page.get_by_text("位置来自手机定位")).to_be_visible()
    keep(page, "where-phone")


def test_a_position_elsewhere_is_told_whose_it_is(street: Cast, phone: Device) -> None:
    page = phone()
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 31.2, "longitude": 121.5})
    at_where(page)
    page.goto(f"/report/where/?by=map&view={street.areas['community'].pk}")
    page.get_by_label("用手机定位").click()
    expect(page.get_by_text("可以打 12345 反映").first).to_be_visible()


def test_a_tap_on_the_map_is_a_point(street: Cast, phone: Device) -> None:
    page = at_where(phone())
    page.goto(f"/report/where/?by=map&view={street.areas['community'].pk}")
    page.locator("svg[data-map] a .cell:not(.cell--far)").first.click()
    expect(page.get_by_text("这是您在图上点的")).to_be_visible()


def test_a_community_is_found_by_pinyin_with_the_keyboard(street: Cast, phone: Device) -> None:
    page = at_where(phone())
    page.goto("/report/where/?by=pick")
    field = page.get_by_role("combobox", name="社区或村")
    field.fill("望山")
    expect(page.get_by_role("option", name="望山社区")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("望山社区")
    page.locator(".foot-act button").click()
    page.wait_for_url("**/report/contact/**")


def test_the_number_is_asked_only_where_one_is_left(street: Cast, phone: Device) -> None:
    page = at_where(phone())
    page.goto(f"/report/where/?by=map&view={street.areas['grid'].pk}&area={street.areas['grid'].pk}")
    page.locator(".foot-act button").click()
    page.wait_for_url("**/report/contact/**")
    expect(page.locator("#f-phone")).to_be_hidden()
    page.get_by_text("留手机号，对社区和网格员也保密").click()
    expect(page.locator("#f-phone")).to_be_visible()
    page.get_by_text("不留", exact=True).click()
    expect(page.locator("#f-phone")).to_be_hidden()
    page.locator(".foot-act button").click()
    page.wait_for_url("**/report/sent/**")
    assert Matter.objects.count() == 1
    with page.expect_download() as kept:
        page.get_by_text("存成图片").click()
    assert kept.value.suggested_filename.endswith(".png")


@pytest.mark.parametrize("path", ["/", "/report/", "/find/", "/call/", "/here/", "/privacy/", "/components/"])
def test_nothing_needs_sideways_scrolling_in_the_largest_letters(
    street: Cast, phone: Device, path: str
) -> None:
    page = phone()
    page.goto("/")
    page.locator("form[data-elder] button").first.click()
    page.get_by_text("把字再调大").click()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert not [one for one in said if "404" not in one]

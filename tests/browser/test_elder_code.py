"""长辈版, from the code at the door to the sent report in five taps at most, and later back to the rating.

Every tap is counted, and what is tapped is at least 60 × 60. Nothing is zoomed, nothing changes by itself.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.outreach.actions import Written, write
from gongzhi.domains.outreach.actions import take as act
from gongzhi.gateways import sms
from gongzhi.kernel.models import Attachment, Matter
from tests.browser.conftest import keep, photo, work_off
from tests.cast import Cast, key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Device = Callable[..., Page]
CODE, FEWEST = "/p/LA3B7K2M", 60


class Finger:
    """Taps, and counts them."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, target: Locator, *, opens: bool = False) -> None:
        """Tap something large enough. ``opens``: the phone's camera or keyboard, not driven from here."""
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= FEWEST, (target, box)
        self.taps += 1
        if not opens:
            target.click()


@pytest.fixture
def elder(street: Cast, phone: Device) -> Page:
    """A phone that keeps 长辈版 switched on; the office lines are known."""
    committee, grid = street.organisations["committee"], street.areas["grid"]
    committee.phone = "0000-0000-001"
    committee.save(update_fields=["phone"])
    grid.phone = "0000-0000-154"
    grid.save(update_fields=["phone"])
    page = phone()
    page.goto("/")
    page.locator("form[data-elder] button").first.click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    return page


def solved(street: Cast, matter: Matter) -> None:
    """The desk takes it in and solves it."""
    from django.utils import timezone

    said = {"done_on_spot": "换了灯泡，楼道亮了，扶手也看得清了。"}
    take(matter, "self_handle", by=street.desk(timezone.now()), at=timezone.now(), **said)
    work_off()


def forward(page: Page, finger: Finger) -> None:
    finger.tap(page.locator(".foot-act button"))


def test_a_photo_three_taps_and_back_by_home(elder: Page, street: Cast, tmp_path: Path) -> None:
    finger = Finger()
    elder.goto(CODE)
    expect(elder.locator(".scanned")).to_contain_text("3 号楼")
    expect(elder.locator(".scanned a[href='tel:0000-0000-154']")).to_be_visible()
    keep(elder, "elder-code-1")
    finger.tap(elder.locator(".pick--add"), opens=True)
    elder.set_input_files("input[name=photos]", str(photo(tmp_path)))
    expect(elder.locator(".pick img")).to_have_count(1)
    forward(elder, finger)
    elder.wait_for_url("**/report/contact/**")
    expect(elder.locator(".review")).to_contain_text("3 号楼")
    expect(elder.locator("input[type=radio]:checked")).to_have_count(0)
    keep(elder, "elder-code-2")
    forward(elder, finger)
    elder.wait_for_url("**/report/sent/**")
    keep(elder, "elder-code-3")
    assert finger.taps == 3
    matter = Matter.objects.get()
    assert (
        matter.building_id == street.areas["building"].pk
        and Attachment.objects.filter(matter=matter).exists()
    )
    solved(street, matter)
    back = Finger()
    elder.goto("/")
    keep(elder, "elder-code-4")
    back.tap(elder.get_by_role("link", name="看详细"))
    expect(elder.get_by_text("楼道亮了").first).to_be_visible()
    answers = elder.locator("button[name=was_solved]")
    expect(answers).to_have_text(["解决了", "没解决", "说不好"])
    keep(elder, "elder-code-5")
    back.tap(answers.first)
    expect(elder.get_by_text("评价").first).to_be_visible()
    assert back.taps == 2
    work_off()
    matter.refresh_from_db()
    assert matter.incident.was_solved == "solved"


def test_words_and_a_number_in_five_and_back_by_the_link_in_the_message(
    elder: Page, street: Cast, phone: Device
) -> None:
    finger = Finger()
    elder.goto(CODE)
    finger.tap(elder.locator("textarea[name=words]"))
    elder.keyboard.type("楼道的灯坏了，晚上摸黑")
    forward(elder, finger)
    elder.wait_for_url("**/report/contact/**")
    finger.tap(elder.locator(".radio-row", has=elder.locator("[value=all]")))
    finger.tap(elder.locator("input[name=phone]"))
    elder.keyboard.type("13812341234")
    forward(elder, finger)
    elder.wait_for_url("**/report/sent/**")
    assert finger.taps == 5
    matter = Matter.objects.get()
    solved(street, matter)
    links = [found for one in sms.sent() for found in re.findall(r"https?://\S+?(/\S+)", one.text)]
    number = matter.number
    elder.goto(links[-1] if links and "/f/" in links[-1] else f"/follow/{number}/")
    expect(elder.locator("button[name=was_solved]")).to_have_count(3)
    elder.locator("button[name=was_solved][value=unsure]").click()
    expect(elder.get_by_text("评价").first).to_be_visible()


def test_a_spoken_and_a_telephone_way_stand_beside_the_written_one(elder: Page) -> None:
    elder.goto(CODE)
    expect(elder.locator("a[href='tel:0000-0000-154']")).to_be_visible()
    expect(elder.locator("button.writer__say")).to_be_visible()
    expect(elder.get_by_text("留个号码请社区打回来")).to_be_visible()


def test_the_largest_letters_need_no_sideways_scrolling_and_nothing_moves_by_itself(
    elder: Page, street: Cast
) -> None:
    from django.utils import timezone

    now = timezone.now()
    today = timezone.localtime(now).date()
    said = Written(street.areas["building"], "outage", "周一上午停水", "请提前接水。", today)
    matter = write(said, by=street.desk(now), at=now, key=key())
    act(matter, "publish", by=street.desk(now), at=now)
    elder.get_by_text("把字再调大").click()
    expect(elder.locator("html")).to_have_attribute("data-size", "large")
    for path in (CODE, "/", "/notices/", f"/n/{matter.number}/", "/p?code=22222223", "/worker/"):
        elder.goto(path)
        assert elder.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        before = elder.locator("main").inner_text()
        elder.wait_for_timeout(1200)
        assert elder.locator("main").inner_text() == before, path
        keep(elder, f"elder-large{path.replace('/', '-').split('?')[0]}")
        small = elder.evaluate(
            """() => [...document.querySelectorAll('main *')].filter(one => one.children.length === 0
            && one.textContent.trim() && one.getClientRects().length && !one.closest('.only-heard')
            && parseFloat(getComputedStyle(one).fontSize) < 24).map(one => one.textContent.trim())"""
        )
        assert small == [], path

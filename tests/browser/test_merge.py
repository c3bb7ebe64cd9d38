"""Three neighbours report one lamp, a fourth only taps 我也遇到了: merged at the desk, mended once, each told once.

Clicked and typed in Chromium; the outbox is worked off by hand, as the jobs process would.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.queries.joined import met
from gongzhi.gateways import sms
from gongzhi.kernel.models import Matter
from tests.browser.conftest import keep, photo, sign_in, work_off
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Device = Callable[..., Page]
IN_GRID = (40.95, 117.75)
FIXED = {"contacted": "talked", "reply_done": "换了新灯头。", "reply_result": "灯亮了。", "solved": "solved"}


def reach_near(page: Page, words: str, picture: Path) -> None:
    """The first two screens of a report with a photo taken on the spot."""
    page.goto("/report/")
    page.set_input_files("input[name=photos]", str(picture))
    page.fill("textarea[name=words]", words)
    expect(page.get_by_text("路灯不亮").first).to_be_visible()
    page.locator(".foot-act button").click()
    page.wait_for_url("**/report/where/**")
    expect(page.get_by_text("第一网格").first).to_be_visible()
    page.locator(".foot-act button").click()


def send(page: Page, number: str) -> None:
    """Leave a number and send."""
    page.wait_for_url("**/report/contact/**")
    page.locator("[name=who_may_see][value=all]").check(force=True)
    page.fill("input[name=phone]", number)
    page.locator(".foot-act button").click()
    page.wait_for_url("**/report/sent/**")


def texts(number: str) -> str:
    """Everything that was sent to a number."""
    work_off()
    return "\n".join(one.text for one in sms.sent() if one.to.endswith(number[-4:]))


def test_three_reports_of_one_lamp_and_everybody_is_told(street: Cast, phone: Device, tmp_path: Path) -> None:
    picture = photo(tmp_path, *IN_GRID)
    devices = [phone() for _ in range(4)]
    reach_near(devices[0], "3 号楼东边那盏路灯不亮了，我姓蓝", picture)
    send(devices[0], "13812340001")
    first = Matter.objects.get()

    for device, number in zip(devices[1:3], ("13812340002", "13812340003"), strict=True):
        reach_near(device, "三号楼东边的路灯不亮，走路看不见", picture)
        device.wait_for_url("**/report/near/")
        expect(device.get_by_text("我姓蓝")).to_have_count(0)
        keep(device, "near-1")
        device.get_by_role("button", name="不是一件事，接着报").click()
        send(device, number)

    reach_near(devices[3], "3 号楼的路灯不亮了", picture)
    device = devices[3]
    device.wait_for_url("**/report/near/")
    device.fill("input[name=phone]", "13812340004")
    device.locator(f'button[name=follow][value="{first.number}"]').click()
    device.wait_for_url("**/report/sent/")
    expect(device.get_by_role("heading", name="记下了")).to_be_visible()
    assert Matter.objects.count() == 3

    desk = phone(width=1440)
    sign_in(desk, "desk")
    desk.goto(f"/desk/m/{first.pk}/")
    desk.get_by_role("link", name="看附近的，合并").click()
    for box in desk.locator("input[name=one]").all():
        box.check()
    keep(desk, "near-desk")
    desk.get_by_role("button", name="选中的并到这件").click()
    expect(desk.get_by_text("并进来 2 件")).to_be_visible()
    assert met([first.pk])[first.pk] == 4

    work_off()
    mend(street, first)
    assert "办好了，请您看看并评价" in texts("13812340001")
    for number in ("13812340002", "13812340003"):
        told = texts(number)
        assert "是同一件事，并在一起办" in told and f"和{first.number}一起办：核实过，办好了" in told
        assert told.count("办好了") == 1 and "评价" not in told
    assert f"您跟着看的{first.number}：核实过，办好了" in texts("13812340004")

    second = Matter.objects.exclude(pk=first.pk).order_by("pk").first()
    assert second is not None
    devices[1].goto(f"/follow/{second.number}/")
    expect(devices[1].get_by_text("并到另一件").first).to_be_visible()
    expect(devices[1].get_by_text(first.number).first).to_be_visible()
    keep(devices[1], "merged-follow")
    devices[1].get_by_role("button", name="没解决").click()
    devices[1].wait_for_url("**done=say_after")
    device.goto("/mine/")
    device.get_by_text(first.number).click()
    expect(device.get_by_text("办好了").first).to_be_visible()
    expect(device.get_by_text("我姓蓝")).to_have_count(0)
    keep(device, "joined")


def mend(street: Cast, matter: Matter) -> None:
    """From the desk to the department and back, as the journey clicks it through elsewhere."""
    now = timezone.now
    up = [("raise_to_street", {"note": "灯杆归区里管"})]
    take(matter, "accept", by=street.desk(now()), at=now(), then=up)
    take(matter, "raise_to_district", by=street.dispatcher(now()), at=now())
    take(matter, "dispatch", by=street.centre(now()), at=now(), to=street.organisations["works"].pk)
    take(matter, "sign_in", by=street.works(now()), at=now())
    take(matter, "reply", by=street.works(now()), at=now(), **FIXED)
    take(matter, "pass_check", by=street.worker(now()), at=now(), check_way="look")

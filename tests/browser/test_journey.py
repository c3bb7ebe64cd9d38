"""The whole journey, as people do it: a resident with a phone, a grid worker on the stairs, three desks, a department.

Everything is clicked and typed in Chromium; only the outbox is worked off by hand, as the jobs process would.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from gongzhi.gateways import sms
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Attachment, Matter
from tests.browser.conftest import keep, photo, sign_in, work_off
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Device = Callable[..., Page]
IN_GRID = (40.95, 117.75)


def say(page: Page, name: str, value: str) -> None:
    """Answer one field of an act's form, whatever it is drawn as."""
    form = page.locator("section[data-act] form")
    field = form.locator(f"[name={name}]")
    kind = field.first.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
    if kind == "select":
        field.select_option(value)
    elif kind == "radio":
        form.locator(f'[name={name}][value="{value}"]').check(force=True)
    else:
        field.fill(value)


def act(page: Page, matter: Matter, name: str, **said: str) -> None:
    """Take an act on the matter's page and see that it was taken."""
    page.goto(f"/desk/m/{matter.pk}/do/{name}/")
    for field, value in said.items():
        say(page, field, value)
    keep(page, f"journey-{name}")
    page.locator("section[data-act] .act-buttons button").last.click()
    page.wait_for_url(lambda address: urlsplit(address).path == f"/desk/m/{matter.pk}/")
    expect(page.locator("[data-act] .field__error")).to_have_count(0)


def forward(page: Page) -> None:
    """The one button at the foot of the page."""
    page.locator(".foot-act button").click()


def report_with_photo(page: Page, picture: Path, *, elder: bool = False) -> str:
    """From the home page to the receipt; returns the matter's number."""
    page.goto("/")
    if elder:
        page.get_by_text("长辈版").first.click()
        expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    keep(page, f"home{'-elder' * elder}")
    page.get_by_text("说一件事" if elder else "随手拍").first.click()
    page.set_input_files("input[name=photos]", str(picture))
    page.fill("textarea[name=words]", "3 号楼东边那盏路灯不亮了，老人晚上下楼看不清")
    expect(page.get_by_text("路灯不亮").first).to_be_visible()
    keep(page, f"report-1{'-elder' * elder}")
    forward(page)
    page.wait_for_url("**/report/where/**")
    expect(page.get_by_text("第一网格").first).to_be_visible()
    keep(page, f"report-2{'-elder' * elder}")
    forward(page)
    page.wait_for_url("**/report/contact/**")
    page.locator("[name=who_may_see][value=all]").check(force=True)
    page.fill("input[name=phone]", "138 1234 1234")
    keep(page, f"report-3{'-elder' * elder}")
    forward(page)
    page.wait_for_url("**/report/sent/**")
    expect(page.get_by_text("收到了").first).to_be_visible()
    keep(page, f"report-4{'-elder' * elder}")
    return str(Matter.objects.order_by("-id").values_list("number", flat=True)[0])


def work_through(phone: Device, street: Cast, matter: Matter) -> None:
    """What staff do between the snap and the answer, each on the device they have."""
    worker = sign_in(phone(), "worker")
    expect(worker.get_by_role("link", name="路灯不亮").first).to_be_visible()
    keep(worker, "worker-list")
    act(worker, matter, "propose", level="district", urgency="normal", note="灯头坏了，台阶旁老人多")
    desk = sign_in(phone(width=1440), "desk")
    keep(desk, "desk-list")
    act(desk, matter, "accept")
    act(desk, matter, "raise_to_street", note="灯杆归区里管")
    dispatcher = sign_in(phone(width=1440), "dispatcher")
    act(dispatcher, matter, "raise_to_district")
    centre = sign_in(phone(width=1440), "centre")
    centre.goto(f"/desk/m/{matter.pk}/")
    keep(centre, "desk-matter")
    act(centre, matter, "dispatch", to=str(street.organisations["works"].pk))
    works = sign_in(phone(), "works")
    act(works, matter, "sign_in")
    act(
        works,
        matter,
        "request_extension",
        extension_reason="parts",
        extend_by="2wd",
        note="灯头停产，新的后天到",
    )
    act(centre, matter, "grant_extension")
    act(
        works,
        matter,
        "reply",
        contacted="talked",
        reply_done="换了新灯头和 12 米老化电线。",
        reply_result="灯亮了，台阶看得清。",
        solved="solved",
    )
    act(worker, matter, "pass_check", check_way="look")
    keep(worker, "worker-checked")
    act(centre, matter, "close")


def test_a_lamp_from_snap_to_rating(street: Cast, phone: Device, tmp_path: Path) -> None:
    resident = phone()
    number = report_with_photo(resident, photo(tmp_path, *IN_GRID))
    matter = Matter.objects.get(number=number)
    assert matter.point_source == "photo" and matter.grid_id == street.areas["grid"].pk
    assert Attachment.objects.filter(matter=matter).count() == 1
    work_through(phone, street, matter)
    work_off()
    texts = [one.text for one in sms.sent()]
    assert any(number in text and "办好了" in text for text in texts)
    resident.goto(f"/follow/{number}/")
    expect(resident.get_by_text("换了新灯头").first).to_be_visible()
    keep(resident, "follow-reply")
    expect(resident.locator("input[type=radio]:checked")).to_have_count(0)
    for name, value in {"was_contacted": "yes", "was_solved": "solved", "satisfied": "good"}.items():
        resident.locator(f"[name={name}][value={value}]").check(force=True)
    keep(resident, "rate")
    resident.locator("button:has-text('评价')").last.click()
    expect(resident.get_by_text("评价了").first).to_be_visible()
    work_off()
    matter.refresh_from_db()
    assert matter.stage == "archived"
    road = resident.locator("main").inner_text()
    for word in ("受理", "区市政中心", "核实"):
        assert word in road
    assert verify().sound


def test_the_same_in_large_letters(street: Cast, phone: Device, tmp_path: Path) -> None:
    resident = phone()
    number = report_with_photo(resident, photo(tmp_path, *IN_GRID), elder=True)
    matter = Matter.objects.get(number=number)
    work_through(phone, street, matter)
    resident.goto(f"/follow/{number}/")
    expect(resident.locator("html")).to_have_attribute("data-mode", "elder")
    keep(resident, "follow-elder")
    resident.locator("button[name=was_solved][value=solved]").click()
    expect(resident.get_by_text("评价").first).to_be_visible()
    work_off()
    matter.refresh_from_db()
    assert matter.stage == "archived"


def test_a_scanned_building_code_stands_for_the_place(street: Cast, phone: Device, tmp_path: Path) -> None:
    resident = phone()
    resident.goto("/p/LA3B7K2M")
    if "/report" not in resident.url:
        resident.get_by_text("随手拍").first.click()
    resident.set_input_files("input[name=photos]", str(photo(tmp_path)))
    resident.fill("textarea[name=words]", "楼道的灯坏了，晚上摸黑")
    forward(resident)
    resident.wait_for_url("**/report/where/**")
    expect(resident.get_by_text("3 号楼").first).to_be_visible()
    keep(resident, "report-2-code")
    forward(resident)
    resident.wait_for_url("**/report/contact/**")
    resident.locator("[name=who_may_see][value=none]").check(force=True)
    forward(resident)
    resident.wait_for_url("**/report/sent/**")
    matter = Matter.objects.get()
    assert matter.point_source == "code" and matter.building_id == street.areas["building"].pk


def test_the_whole_way_works_without_javascript(street: Cast, phone: Device) -> None:
    plain: Device = partial(phone, script=False)
    resident = plain()
    resident.goto("/p/LA3B7K2M")
    if "/report" not in resident.url:
        resident.get_by_text("随手拍").first.click()
    resident.fill("textarea[name=words]", "路灯不亮")
    forward(resident)
    while "/report/where/" not in resident.url:
        forward(resident)
    forward(resident)
    resident.locator("[name=who_may_see][value=none]").check(force=True)
    forward(resident)
    expect(resident.get_by_text("收到了").first).to_be_visible()
    matter = Matter.objects.get()
    work_through(plain, street, matter)
    resident.goto(f"/follow/{matter.number}/")
    for name, value in {"was_contacted": "yes", "was_solved": "solved", "satisfied": "good"}.items():
        resident.locator(f"[name={name}][value={value}]").check(force=True)
    resident.locator("button:has-text('评价')").last.click()
    expect(resident.get_by_text("评价了").first).to_be_visible()
    work_off()
    matter.refresh_from_db()
    assert matter.stage == "archived"

"""A secretary's morning: she reads what waits for her word, approves several, one is refused, and she urges one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Entry, Matter, Person
from tests.browser.conftest import PASSWORD, keep, sign_in
from tests.cast import Cast, mandate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Device = Callable[..., Page]


def lift(cast: Cast, place: str, at: datetime, *, asks: bool = True) -> Matter:
    """A lift the community handed to the property company, which (mostly) asks for two more working days."""
    matter = cast.snap("电梯坏了，老人下不了楼", category="lift", place=place, at=at).matter
    take(matter, "accept", by=cast.desk(at), at=at)
    take(matter, "dispatch", by=cast.desk(at), at=at, to=cast.organisations["property"].pk)
    if asks:
        company = cast.acting("company", at)
        take(matter, "sign_in", by=company, at=at)
        said = {"extension_reason": "parts", "extend_by": "2wd", "note": f"{place}的曳引轮要从厂里发"}
        take(matter, "request_extension", by=company, at=at, **said)
    return matter


@pytest.fixture
def morning(street: Cast) -> dict[str, Matter]:
    company = Person.objects.create_user("company", PASSWORD, name="钱经理")
    street.people["company"] = company
    mandate(street, "company", "unit_contact", None, "property")
    now = timezone.now()
    found = {
        place: lift(street, place, now - timedelta(minutes=5)) for place in ("1 号楼", "2 号楼", "5 号楼")
    }
    found["9 号楼"] = lift(street, "9 号楼", now - timedelta(days=12), asks=False)
    return found


def test_a_secretary_reads_approves_several_and_urges_one(
    street: Cast, morning: dict[str, Matter], phone: Device
) -> None:
    page = sign_in(phone(width=1440), "secretary")
    page.get_by_role("link", name="早上一页").first.click()
    decide = page.locator("#decide")
    expect(decide.get_by_text("“1 号楼的曳引轮要从厂里发”")).to_be_visible()
    expect(decide.get_by_text("会把原因告诉居民")).to_be_visible()
    keep(page, "morning")
    for box in decide.locator("input[name=one]").all():
        box.check()
    page.fill("input[name=note]", "按发货的日子")
    keep(page, "morning-chosen")

    elsewhere = timezone.now()
    taken = morning["5 号楼"]
    take(taken, "refuse_extension", by=street.desk(elsewhere), at=elsewhere, reason="本地有货")
    page.get_by_role("button", name="选中的一起同意延期").click()
    told = page.locator(".told")
    expect(told.get_by_text("同意延期，2 件，逐件记了账")).to_be_visible()
    expect(told.get_by_text("没办成 1 件")).to_be_visible()
    expect(told.get_by_text("有人先动了")).to_be_visible()
    expect(page.get_by_text("没有等您拿主意的事")).to_be_visible()
    keep(page, "morning-approved")
    granted = Entry.objects.filter(verb="grant_extension").values_list("matter", flat=True)
    assert set(granted) == {morning["1 号楼"].pk, morning["2 号楼"].pk}

    late = page.locator("#late")
    expect(late.get_by_text("安居物业公司")).to_be_visible()
    late.get_by_role("button", name="催办").first.click()
    expect(page.locator("#late").get_by_text("催过").first).to_be_visible()
    assert Entry.objects.filter(verb="urge", matter=morning["9 号楼"]).count() == 1
    keep(page, "morning-urged")


def test_the_same_on_the_phone_and_without_javascript(
    street: Cast, morning: dict[str, Matter], phone: Device
) -> None:
    page = sign_in(phone(script=False), "secretary")
    page.goto("/desk/morning/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep(page, "morning-phone")
    page.locator("#decide input[name=one]").first.check()
    page.get_by_role("button", name="选中的一起同意延期").click()
    expect(page.locator(".told").get_by_text("同意延期，1 件")).to_be_visible()
    keep(page, "morning-phone-approved")
    assert Entry.objects.filter(verb="grant_extension").count() == 1

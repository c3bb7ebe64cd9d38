"""What a picture of the documentation shows: which matter, which page, what is done before it is taken."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]


def matter(stage: str, **more: Any) -> int:
    """The newest matter of a stage."""
    from gongzhi.kernel.models import Matter

    found = Matter.objects.filter(stage=stage, private=False, kind="incident", **more).order_by("-id").first()
    assert found is not None, f"the demonstration has no matter that is {stage}"
    return int(found.pk)


def own_page(stage: str) -> Callable[[], str]:
    """The link of the reporter's own receipt on the newest matter of a stage."""

    def make() -> str:
        from gongzhi.domains.incidents.queries.receipts import made_of
        from gongzhi.kernel.models import Receipt
        from gongzhi.kernel.process import keys

        rows = Receipt.objects.filter(matter__stage=stage, matter__private=False, matter__kind="incident")
        receipt = rows.order_by("-matter").first()
        assert receipt is not None, f"the demonstration has no receipt on a matter that is {stage}"
        return f"/f/{made_of(keys.digest_for(receipt.matter_id))[0]}"

    return make


def written(page: Page) -> None:
    """A sentence on the first screen of the report, and the guess that comes with it."""
    page.fill("textarea[name=words]", "3 号楼东边那盏路灯不亮了，老人晚上下楼看不清")
    page.wait_for_timeout(1200)


def on_to(step: str) -> Callable[[Page], None]:
    """From the first screen of the report on to another one."""

    def go(page: Page) -> None:
        written(page)
        page.locator(".foot-act button").click()
        page.wait_for_url("**/report/where/**")
        if step == "nomap":
            page.goto("/report/where/?by=typed")
        if step in ("contact", "sent"):
            page.goto("/report/where/?by=pick")
            page.fill("input[name=community]", home_community())
            page.locator(".foot-act button").click()
            page.wait_for_url("**/report/contact/**")
        if step == "sent":
            page.locator("[name=who_may_see][value=none]").check(force=True)
            page.locator(".foot-act button").click()
            page.wait_for_url("**/report/sent/**")

    return go


def home_community() -> str:
    """The community where the demonstration's accounts stand."""
    import tomllib

    from gongzhi.kernel.models import Area

    said = tomllib.loads((ROOT / "packs" / "demo_people.toml").read_text(encoding="utf-8"))
    return Area.objects.get(code=said["home"]["community"], valid_to=None).name


def first_row(page: Page) -> None:
    """Open the first matter of a list."""
    page.locator("main a[href^='/desk/m/']:visible").first.click()
    page.wait_for_url("**/desk/m/**")


def acting(page: Page) -> None:
    """Open the likeliest act of the first matter of the list."""
    first_row(page)
    page.locator(".act-bar .btn--main").first.click()
    page.wait_for_timeout(500)


def wrong_number(page: Page) -> None:
    """A number one digit short, on the last screen of the report."""
    on_to("contact")(page)
    page.locator("[name=who_may_see][value=all]").check(force=True)
    page.fill("input[name=phone]", "1381234123")
    page.locator(".foot-act button").click()
    page.wait_for_load_state("networkidle")


def place_code() -> str:
    """The address that a building's code stands for."""
    from gongzhi.kernel.models import Place

    found = Place.objects.filter(kind="building").order_by("id").last()
    assert found is not None
    return f"/p/{found.code}"


def newest_notice() -> str:
    """A notice that hangs."""
    from gongzhi.kernel.models import Matter

    found = Matter.objects.filter(kind="notice", stage="published").order_by("-id").first()
    assert found is not None, "the demonstration hangs up no notice"
    return f"/n/{found.number}/"


def own_leave() -> str:
    """The leave form of the demonstration's grid worker."""
    from gongzhi.kernel.models import Mandate

    return f"/desk/leave/{Mandate.objects.get(person__login='grid').pk}/"


def print_sheet() -> str:
    """A matter of the community, ready to be printed."""
    return f"/desk/m/{matter('closed', community__name=home_community())}/print/?purpose=archive"


def printed(page: Page) -> None:
    """Say what for, and open the sheet."""
    page.locator("form [name=purpose]").first.check(force=True)
    page.locator("main form button").first.click()
    page.wait_for_load_state("networkidle")


def without_signal(page: Page) -> None:
    """An act taken on the stairs without signal, and the list with what waits to be sent."""
    page.reload()
    page.wait_for_timeout(4000)
    page.context.set_offline(True)
    page.locator(".item__acts button, .item__acts a").first.click()
    page.wait_for_timeout(1500)
    page.goto("/desk/")
    page.wait_for_timeout(1500)


def first_item(page: Page) -> None:
    """The page of the first row of a list."""
    page.goto(page.evaluate("document.querySelector('a.item').href"))


def first_poster(page: Page) -> None:
    """The sheet of the first place."""
    page.locator("a[href*='/posters/print/']").first.click()
    page.wait_for_load_state("networkidle")


def first_late(page: Page) -> None:
    """Open the first overdue matter beside the queue."""
    page.locator("a[href*='/command/m/']:visible").first.click()
    page.wait_for_load_state("networkidle")


def of_kind(kind: str, address: str, **more: Any) -> Callable[[], str]:
    """The address of the newest matter of a kind of the demonstration."""

    def make() -> str:
        from gongzhi.kernel.models import Matter

        found = Matter.objects.filter(kind=kind, **more).order_by("-id").first()
        assert found is not None, f"the demonstration has no {kind} like {more}"
        return address.format(pk=found.pk, number=found.number)

    return make


def near_by(page: Page) -> None:
    """From a scanned code to what near people have reported of the same kind."""
    page.fill("textarea[name=words]", "家里停水了，没接到通知")
    page.wait_for_timeout(1200)
    for _ in range(4):
        page.locator(".foot-act button").click()
        page.wait_for_load_state("networkidle")
        if "/report/near/" in page.url:
            return


def code_near_many() -> str:
    """The code of the building nearest to what was gathered under one cause."""
    from gongzhi.kernel.models import Matter, Place

    one = Matter.objects.filter(stage="gathered").exclude(lat=None).first()
    assert one is not None, "the demonstration gathered nothing"
    lat, lon = one.lat or 0, one.lon or 0
    places = Place.objects.filter(kind="building").exclude(lat=None)
    return f"/p/{min(places, key=lambda place: (place.lat - lat) ** 2 + (place.lon - lon) ** 2).code}"

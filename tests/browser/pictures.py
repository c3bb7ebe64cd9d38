"""Take the pictures of ``docs/screens/`` from a running demonstration.

    DATA=/some/dir make run PORT=8123 &
    DATA=/some/dir .venv/bin/python -m tests.browser.pictures http://127.0.0.1:8123

Every picture is one line of the lists below: its name, who opens it, where it stands, and how wide the screen is.
"""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
django.setup()

ROOT = Path(__file__).resolve().parents[2]
TO = ROOT / "docs" / "screens"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "yanshi-2026"  # noqa: S105 the demonstration's, printed on its own pages
SIZES = {"phone": (390, 844), "desk": (1440, 900), "screen": (1920, 1080)}


@dataclass(frozen=True)
class Shot:
    """One picture. ``path`` may be found out from the data; ``who`` signs in first; ``do`` is done before it."""

    name: str
    path: str | Callable[[], str]
    who: str = ""
    size: str = "phone"
    elder: bool = False
    do: Callable[[Page], Any] | None = None
    whole: bool = True


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


def at_desk(stage: str, tail: str = "") -> Callable[[], str]:
    """The workbench page of the newest matter of a stage."""
    return lambda: f"/desk/m/{matter(stage)}/{tail}"


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


def first_poster(page: Page) -> None:
    """The sheet of the first place."""
    page.locator("a[href*='/posters/print/']").first.click()
    page.wait_for_load_state("networkidle")


def first_late(page: Page) -> None:
    """Open the first overdue matter beside the queue."""
    page.locator("a[href*='/command/m/']:visible").first.click()
    page.wait_for_load_state("networkidle")


PORTAL = [
    Shot("portal-home", "/"),
    Shot("portal-home-elder", "/", elder=True),
    Shot("portal-home-desktop", "/", size="desk"),
    Shot("portal-report", "/report/", do=written),
    Shot("portal-report-elder", "/report/", do=written, elder=True),
    Shot("portal-where", "/report/", do=on_to("map")),
    Shot("portal-where-nomap", "/report/", do=on_to("nomap")),
    Shot("portal-contact", "/report/", do=on_to("contact")),
    Shot("portal-sent", "/report/", do=on_to("sent")),
    Shot("portal-follow", own_page("in_progress")),
    Shot("portal-follow-reply", own_page("closed")),
    Shot("portal-follow-elder", own_page("closed"), elder=True),
    Shot("portal-mine", "/mine/"),
    Shot("portal-code-elder", "/mine/phone/", elder=True),
    Shot("portal-privacy", "/privacy/"),
    Shot("portal-scanned-elder", place_code, elder=True),
    Shot("portal-notice", newest_notice),
    Shot("portal-wrong", "/report/", do=wrong_number),
    Shot("messages", "/outbox/"),
    Shot("components", "/components/", size="desk"),
]
STAFF = [
    Shot("worker-list", "/desk/", "grid", whole=False),
    Shot("worker-matter", "/desk/", "grid", do=first_row),
    Shot("worker-act", "/desk/", "grid", do=acting, whole=False),
    Shot("desk-list", "/desk/", "street", "desk"),
    Shot("desk-list-empty", "/desk/?q=喷泉", "street", "desk"),
    Shot("desk-matter", "/desk/", "centre", "desk", do=first_row),
    Shot("desk-print", print_sheet, "desk", "desk", do=printed),
    Shot("worker-offline", "/desk/", "grid", do=without_signal, whole=False),
    Shot("poster", "/desk/posters/", "desk", "desk", do=first_poster),
    Shot("morning", "/desk/morning/", "secretary", "desk"),
    Shot("morning-phone", "/desk/morning/", "secretary"),
    Shot("inbox", "/desk/inbox/", "works"),
    Shot("contacts", "/desk/contacts/", "grid"),
    Shot("leave", own_leave, "grid"),
    Shot("notices", "/desk/notices/", "desk", "desk"),
    Shot("posters", "/desk/posters/", "desk", "desk"),
    Shot("settings-people", "/desk/settings/people/", "system", "desk"),
    Shot("settings-import", "/desk/settings/people/import/", "system", "desk"),
    Shot("settings-area", "/desk/settings/areas/", "system", "desk"),
    Shot("settings-calendar", "/desk/settings/calendar/", "system", "desk"),
    Shot("settings-forces", "/desk/settings/forces/", "system", "desk"),
    Shot("settings-registers", "/desk/settings/registers/", "audit", "desk"),
    Shot("command", "/command/", "centre", "desk"),
    Shot("command-map", "/command/?view=map", "centre", "desk"),
    Shot("command-card", "/command/", "centre", "desk", do=first_late),
    Shot("command-wall", "/command/screen/", "centre", "screen", whole=False),
    Shot("command-street", "/command/", "street", "desk"),
]


def sign_in(page: Page, login: str) -> None:
    """Sign in at the workbench."""
    page.goto("/desk/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


@contextmanager
def device(browser: Browser, site: str, shot: Shot) -> Iterator[Page]:
    """A fresh device of the picture's size."""
    width, height = SIZES[shot.size]
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def take(browser: Browser, site: str, shot: Shot) -> None:
    """Take one picture."""
    with device(browser, site, shot) as page:
        if shot.who:
            sign_in(page, shot.who)
        if shot.elder:
            page.goto("/")
            page.locator("form[data-elder] button").first.click()
            page.wait_for_selector("html[data-mode=elder]")
        page.goto(shot.path if isinstance(shot.path, str) else shot.path())
        if shot.do:
            shot.do(page)
        page.wait_for_load_state("networkidle")
        keep(page.screenshot(full_page=shot.whole), TO / f"{shot.name}.png")


def keep(picture: bytes, path: Path) -> None:
    """Keep a picture small: at most 128 colours, which a page of paper and ink does not exceed."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(path, optimize=True)


def main(site: str, only: str = "") -> None:
    """Take all pictures, or those whose name begins with ``only``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        for shot in [*PORTAL, *STAFF]:
            if shot.name.startswith(only):
                take(browser, site, shot)
                print(shot.name)


if __name__ == "__main__":
    main(*sys.argv[1:])

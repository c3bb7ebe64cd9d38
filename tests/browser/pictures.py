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

from tests.browser.poses import (
    acting,
    code_near_many,
    first_item,
    first_late,
    first_poster,
    first_row,
    near_by,
    newest_notice,
    of_kind,
    on_to,
    own_leave,
    own_page,
    place_code,
    print_sheet,
    printed,
    without_signal,
    written,
    wrong_number,
)

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
    Shot("portal-near", code_near_many, do=near_by),
    Shot("portal-responsibilities", code_near_many, do=lambda page: page.goto("/responsibilities/")),
    Shot("portal-listed", "/listed/"),
    Shot("messages", "/outbox/"),
    Shot("components", "/components/", size="desk"),
]
STAFF = [
    Shot("worker-list", "/desk/", "grid", whole=False),
    Shot("worker-matter", "/desk/", "grid", do=first_row),
    Shot("worker-act", "/desk/", "grid", do=acting, whole=False),
    Shot("desk-list", "/desk/", "street", "desk"),
    Shot("desk-list-empty", "/desk/?q=喷泉", "street", "desk"),
    Shot("desk-matter", of_kind("incident", "/desk/m/{pk}/", stage="filed"), "centre", "desk"),
    Shot("desk-print", print_sheet, "desk", "desk", do=printed),
    Shot("worker-offline", "/desk/", "grid", do=without_signal, whole=False),
    Shot("poster", "/desk/posters/", "desk", "desk", do=first_poster),
    Shot("morning", "/desk/morning/", "secretary", "desk"),
    Shot("morning-phone", "/desk/morning/", "secretary"),
    Shot("inbox", "/desk/inbox/", "works"),
    Shot("contacts", "/desk/contacts/", "grid"),
    Shot("leave", own_leave, "grid"),
    Shot("notices", "/desk/notices/", "desk", "desk"),
    Shot("worker-patrol", "/desk/patrol/", "grid", do=first_item, whole=False),
    Shot("patrol-route", "/desk/patrol/routes/", "desk", "desk", do=first_item),
    Shot("patrol-share", "/desk/patrol/share/", "desk", "desk"),
    Shot("whistle", of_kind("whistle", "/desk/whistles/{pk}/", stage="called"), "desk", "desk"),
    Shot("whistle-on-site", of_kind("whistle", "/desk/whistles/{pk}/", stage="called"), "desk"),
    Shot("near-desk", of_kind("incident", "/desk/m/{pk}/near/", stage="submitted"), "desk", "desk"),
    Shot("hotline", "/desk/hotline/", "hotline", "desk"),
    Shot("outer", "/desk/outer/", "centre", "desk"),
    Shot("rates", "/desk/rates/", "street", "desk"),
    Shot("long-term", "/desk/long-term/", "street", "desk"),
    Shot("responsibilities", "/desk/responsibilities/", "desk", "desk"),
    Shot("records", "/desk/records/", "streetlead", "desk"),
    Shot("settings-suggestions", "/desk/settings/suggestions/", "system", "desk"),
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

"""A real server over the test's own database, a real Chromium, and the cast with passwords."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Max
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from gongzhi.kernel.people import limits
from gongzhi.kernel.telling import sendings
from gongzhi.kernel.telling.models import PENDING, Sending
from gongzhi.kernel.telling.post import deliver
from tests import cast as people
from tests.cast import Cast

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
PASSWORD = "liu-an-2026"  # noqa: S105 a made-up neighbourhood's


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def street(transactional_db: None) -> Cast:
    """The neighbourhood, committed, and everybody can sign in."""
    limits.forget()
    cast = people.build()
    for person in cast.people.values():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return cast


@pytest.fixture
def phone(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """``phone()`` hands out a fresh device of 390 px; ``phone(width=1440)`` a desk."""
    opened = []

    def device(width: int = 390, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return context.new_page()

    yield device
    for context in opened:
        context.close()


def sign_in(page: Page, login: str) -> Page:
    """Sign in at the workbench as somebody of the cast."""
    page.goto("/desk/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/**")
    return page


def photo(folder: Path, lat: float | None = None, lon: float | None = None) -> Path:
    """A photo as a phone makes it, with its position in the EXIF where given."""
    path = folder / "lamp.jpg"
    exif = Image.Exif()
    exif[0x010F] = "TestPhone"
    if lat is not None and lon is not None:
        exif[0x8825] = {1: "N", 2: _parts(lat), 3: "E", 4: _parts(lon)}
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(path, "JPEG", exif=exif)
    return path


def _parts(degrees: float) -> tuple[float, float, float]:
    whole, minutes = int(degrees), int((degrees % 1) * 60)
    return float(whole), float(minutes), round(((degrees % 1) * 60 - minutes) * 60, 3)


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page when asked to (``SCREENS=folder``): to be looked at, never compared."""
    folder = os.environ.get("SCREENS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def work_off() -> None:
    """Let the outbox be worked off, as the jobs process would; what waits for the morning goes too."""
    deliver(timezone.now() + timedelta(seconds=1))
    last = Sending.objects.filter(state=PENDING).aggregate(last=Max("next_at"))["last"]
    if last is not None:
        sendings.work_off(last)

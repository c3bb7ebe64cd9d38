"""Every page, as everybody meets it: no barrier axe can find, no sideways scrolling, no script error, in each size."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from playwright.sync_api import Page

from tests.browser.conftest import PASSWORD, keep, sign_in
from tests.browser.every_page import ANYBODY, NO_PAGE, PAGES, REPORTER, Scene, routes, scene
from tests.cast import Cast
from tests.keeping import ADMINISTRATORS, administrators

Device = Callable[..., Page]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
LOOK = "async (rules) => (await axe.run(document, {runOnly: {type: 'tag', values: rules}})).violations"


def test_every_route_has_an_example_or_a_reason() -> None:
    standing = set(routes())
    assert standing - set(PAGES) - set(NO_PAGE) == set()
    assert (set(PAGES) | set(NO_PAGE)) - standing == set()


@pytest.fixture
def stage(street: Cast, settings: Any) -> Scene:
    settings.DEMO = (
        True  # so that the page of components, and what a demonstration adds, are looked at as well
    )
    administrators(street)
    for login in ADMINISTRATORS:
        street.people[login].set_password(PASSWORD)
        street.people[login].save(update_fields=["password"])
    return scene(street)


def axe() -> str:
    return (Path(house.ROOT) / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def pages_of(space: str) -> Iterator[tuple[str, str, Any]]:
    """(route, who, address maker) of a surface, those of one person together: each signs in once."""
    rows = [(name, who, make) for name, made in PAGES.items() for who, make in made]
    yield from sorted((row for row in rows if row[0].startswith(space)), key=lambda row: row[1])


def faults(page: Page, script: str) -> list[str]:
    """What axe and the eye of a narrow screen find on the page that stands open."""
    page.evaluate(script)
    found = [
        f"{one['id']}: {node['target'][0]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for one in page.evaluate(LOOK, RULES)
        for node in one["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
        found.append("scrolls sideways")
    return found


def walk(space: str, stage: Scene, hand: Callable[[str], Page], label: str) -> list[str]:
    """Open every page of a surface; all faults, each with its page."""
    script, devices = axe(), dict[str, Page]()
    found: list[str] = []
    for name, who, make in pages_of(space):
        if who not in devices:
            devices[who] = hand(who)  # one device each: a receipt's link acts on the first that opens it
        device = devices[who]
        said: list[str] = []
        device.on("pageerror", lambda fault, said=said: said.append(f"script: {fault}"))
        answer = device.goto(make(stage))
        assert answer is not None
        assert answer.status < 400, f"{name} as {who or 'anybody'}: {answer.status}"
        keep(device, f"every-{label}-{name.replace(':', '-')}-{who or 'anybody'}")
        found += [f"{label} {name} as {who or 'anybody'}: {one}" for one in (*faults(device, script), *said)]
    return found


def resident(device: Page, who: str, stage: Scene, *, elder: bool) -> Page:
    """A resident's phone, in large letters where wanted; the reporter's own has opened the receipt's link."""
    device.goto("/")
    if elder:
        device.locator("form[data-elder] button").first.click()
        device.wait_for_selector("html[data-mode=elder]")
    if who == REPORTER:
        device.goto(f"/f/{stage.token}")
    return device


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("label", "width", "elder"), [("phone", 390, False), ("elder", 390, True), ("wide", 1440, False)]
)
def test_residents_pages_have_no_barrier(
    stage: Scene, phone: Device, label: str, width: int, elder: bool
) -> None:
    assert (
        walk("portal", stage, lambda who: resident(phone(width=width), who, stage, elder=elder), label) == []
    )


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("label", "width"), [("phone", 390), ("desk", 1440)])
@pytest.mark.parametrize("space", ["workbench", "command"])
def test_staff_pages_have_no_barrier(stage: Scene, phone: Device, space: str, label: str, width: int) -> None:
    def hand(who: str) -> Page:
        device = phone(width=width)
        return device if who == ANYBODY else sign_in(device, who)

    assert walk(space, stage, hand, label) == []

"""Pages of the records that write themselves."""

from tests.browser.every_page import Make, Scene, at
from tests.cast import fresh

ANYBODY = ""


def printed(scene: Scene) -> str:
    """What the code on a printed matter leads to."""
    matter = fresh(scene.answered)
    return f"/check/{matter.number}/{matter.head}/"


PAGES: dict[str, list[tuple[str, Make]]] = {
    "portal:check": [(ANYBODY, printed)],
    "workbench:records": [("dispatcher", at("workbench:records")), ("worker", at("workbench:records"))],
    "workbench:records_daily": [("dispatcher", at("workbench:records_daily"))],
    "workbench:records_month": [
        ("desk", at("workbench:records_month")),
        ("worker", at("workbench:records_month")),
    ],
    "workbench:records_month_export": [("desk", at("workbench:records_month_export"))],
    "workbench:binder": [("dispatcher", at("workbench:binder"))],
    "workbench:typed": [("dispatcher", at("workbench:typed"))],
    "workbench:statistics": [("dispatcher", at("workbench:statistics"))],
    "workbench:statistics_list": [
        ("dispatcher", lambda s: "/desk/records/statistics/list/?part=reported"),
    ],
    "workbench:statistics_export": [("dispatcher", at("workbench:statistics_export"))],
    "workbench:records_list": [("dispatcher", lambda s: "/desk/records/list/?which=open")],
}
NO_PAGE: dict[str, str] = {}

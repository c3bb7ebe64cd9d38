"""Pages of the records that write themselves."""

from tests.browser.every_page import Make, at

PAGES: dict[str, list[tuple[str, Make]]] = {
    "workbench:records": [("dispatcher", at("workbench:records")), ("worker", at("workbench:records"))],
    "workbench:records_daily": [("dispatcher", at("workbench:records_daily"))],
    "workbench:records_list": [("dispatcher", lambda s: "/desk/records/list/?which=open")],
}
NO_PAGE: dict[str, str] = {}

"""Pages of merging, following and repeats."""

from tests.browser.every_page import ANYBODY, Make, at, on

PAGES: dict[str, list[tuple[str, Make]]] = {
    "workbench:near": [("desk", on("workbench:near", "fresh"))],
    "workbench:repeats": [("desk", at("workbench:repeats"))],
    "portal:near": [(ANYBODY, at("portal:near"))],
}
NO_PAGE: dict[str, str] = {
    "portal:joined": "opened by a receipt of one's own: tests/browser/test_merge.py draws it",
    "portal:stop_following": "an act",
}

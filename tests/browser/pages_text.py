"""How kinds are suggested."""

from tests.browser.every_page import at

PAGES = {"workbench:settings_suggestions": [("system", at("workbench:settings_suggestions"))]}
NO_PAGE: dict[str, str] = {}

"""Examples of the pages of the doors: further questions, the hotline desk, the session in the square, mail."""

from typing import Any

PAGES: dict[str, list[tuple[str, Any]]] = {}

NO_PAGE: dict[str, str] = {
    "portal:more": "needs a draft: walked through in the tests of the questions",
}

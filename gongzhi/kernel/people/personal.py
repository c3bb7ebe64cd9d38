"""What must not stand on a public page: identity numbers, mobile numbers that are nobody's office line. Pure."""

import re
from collections.abc import Iterable

_APART = r"[\s\-－—.·]?"
MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_APART})?(1[3-9]\d{_APART}\d{{4}}{_APART}\d{{4}})(?!\d)")
IDENTITY = re.compile(
    r"(?<!\d)\d{6}\s?(?:19|20)\d{2}\s?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?\d{3}[\dXx](?!\d)"
)


def identity_numbers(text: str) -> list[str]:
    """Identity numbers of 18 signs in a text."""
    return [one.group() for one in IDENTITY.finditer(text)]


def mobile_numbers(text: str, office_lines: Iterable[str] = ()) -> list[str]:
    """Mobile numbers in a text, eleven digits each, that are not among the office lines."""
    known = {_digits(one) for one in office_lines}
    rest = IDENTITY.sub("", text)
    found = [_digits(one.group(1)) for one in MOBILE.finditer(rest)]
    return [one for one in dict.fromkeys(found) if one not in known]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)

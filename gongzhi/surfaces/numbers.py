"""Whole numbers as a form or an address says them. Pure."""

LONGEST = 18  # digits: what any row's number has at most


def whole(said: str) -> int | None:
    """The number said, in plain digits; None for anything else (``²`` is a digit too, and no number)."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST else None

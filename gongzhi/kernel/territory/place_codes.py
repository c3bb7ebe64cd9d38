"""The code printed at a place: seven random signs and one that checks them; it holds the place and nothing else. Pure.

The check is ISO 7064's hybrid system for an alphabet of thirty: a wrong sign or two neighbours swapped are noticed.
"""

import secrets
import unicodedata

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0/O, 1/I/L, U: nobody confuses two of them
LENGTH = 8
_N = len(SIGNS)


def made() -> str:
    """A fresh random code."""
    return _checked("".join(secrets.choice(SIGNS) for _ in range(LENGTH - 1)))


def from_number(number: int) -> str:
    """The code of a number, the same every time (for a place drawn from a plan)."""
    signs = ""
    for _ in range(LENGTH - 1):
        number, rest = divmod(number, _N)
        signs += SIGNS[rest]
    return _checked(signs)


def _checked(body: str) -> str:
    return body + SIGNS[(_N + 1 - _folded(body)) % _N]


def _folded(body: str) -> int:
    folded = _N
    for sign in body:
        folded = (folded + SIGNS.index(sign)) % _N or _N
        folded = folded * 2 % (_N + 1)
    return folded


def is_sound(code: str) -> bool:
    """Whether a code's last sign fits the others."""
    known = len(code) == LENGTH and set(code) <= set(SIGNS)
    return known and _checked(code[:-1]) == code


def plain(text: str) -> str:
    """A code as somebody typed it: capitals, half-width, without blanks and strokes."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def grouped(code: str) -> str:
    """As it is printed and read out: ``7K2M AB3C``."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def fault(code: str) -> str:
    """What is wrong with a typed code that no place has, as a sentence."""
    if not code:
        return "码印在二维码下面，8 个字母和数字，照着写。"
    strange = [sign for sign in dict.fromkeys(code) if sign not in SIGNS]
    if strange:
        return f"码里没有“{'、'.join(strange[:3])}”。它只用数字 2 到 9 和不容易看错的字母，请再看一眼。"
    if len(code) != LENGTH:
        return f"码是 8 位，您写了 {len(code)} 位，请再看一眼。"
    if not is_sound(code):
        return "有一位写错了，或者两位写反了，请再看一眼。"
    return "没有这个码。可能是别处的，请打牌子上的电话，或者自己选地点。"

"""The code printed at a place: seven random signs and one that checks them; it holds the place and nothing else. Pure.

The signs, each times its weight 8 to 1, add up to a multiple of 31: a wrong sign, or any two that changed
places, never do.
"""

import secrets
import unicodedata

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0/O, 1/I/L, U: nobody confuses two of them
LENGTH = 8
PRIME = 31  # above the number of signs; the one remainder without a sign is never given out
_N = len(SIGNS)


def made() -> str:
    """A fresh random code."""
    return from_number(secrets.randbelow(_N ** (LENGTH - 1)))


def from_number(number: int) -> str:
    """The code of a number, the same every time (for a place drawn from a plan)."""
    signs, rest = "", number
    for _ in range(LENGTH - 1):
        rest, place = divmod(rest, _N)
        signs += SIGNS[place]
    last = -_weighed(signs) % PRIME
    return signs + SIGNS[last] if last < _N else from_number(number + 1)


def _weighed(signs: str) -> int:
    return sum(weight * SIGNS.index(sign) for weight, sign in zip(range(LENGTH, 0, -1), signs, strict=False))


def is_sound(code: str) -> bool:
    """Whether a code's last sign fits the others."""
    known = len(code) == LENGTH and set(code) <= set(SIGNS)
    return known and _weighed(code) % PRIME == 0


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

"""The unified social credit code of an organisation (GB 32100-2015): 18 signs, the last one a check sign. Pure."""

import unicodedata

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 1: without I, O, S, V, Z
LENGTH = 18
WEIGHTS = [pow(3, place, len(SIGNS)) for place in range(LENGTH - 1)]  # GB 32100-2015, clause 5.2


class NotACreditCode(ValueError):
    """Why a text is no credit code; ``str()`` is a sentence."""


def check_sign(body: str) -> str:
    """The 18th sign for the first 17."""
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return SIGNS[-total % len(SIGNS)]


def clean(typed: str) -> str:
    """The code in capitals without spaces. NotACreditCode with a sentence otherwise."""
    code = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if len(code) != LENGTH:
        raise NotACreditCode(f"统一社会信用代码是 {LENGTH} 位，这里有 {len(code)} 位。")
    if strange := [sign for sign in code if sign not in SIGNS]:
        raise NotACreditCode(f"统一社会信用代码里不会有“{strange[0]}”。")
    if check_sign(code[:-1]) != code[-1]:
        raise NotACreditCode(f"统一社会信用代码 {code} 对不上校验位，请再看一眼。")
    return code

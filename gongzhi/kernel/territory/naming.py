"""How a name is found again: pinyin, initials, traditional characters folded, house numbers in one form."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

DIGITS = "零一二三四五六七八九"
BUILDING = re.compile(r"(?:第)?([0-9]+)(?:号楼|#楼|#|栋|幢|座|号院|楼)")
WRITTEN = re.compile(r"[零一二三四五六七八九十百]+(?=号楼|栋|幢|座|号院|单元)")
WITHIN = re.compile(r"[0-9]+单元.*$|[0-9]+室.*$")


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def fold(text: str) -> str:
    """Traditional to simplified, full width to half width, lower case, without spaces: for comparing only."""
    half = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", "", str(_converter().convert(half))).lower()


def pinyin(name: str) -> str:
    """``yuxiangyuan yxy``: the whole sound and the initials, at most 200 characters."""
    sounds = lazy_pinyin(name, style=Style.NORMAL, errors="ignore")
    return f"{''.join(sounds)} {''.join(sound[0] for sound in sounds if sound)}".strip()[:200]


def address(text: str) -> str:
    """A typed address in one form: folded, ``七栋`` and ``7#`` as ``7号楼``, flat and staircase cut off."""
    folded = WRITTEN.sub(lambda found: str(number(found.group())), fold(text))
    return WITHIN.sub("", BUILDING.sub(lambda found: f"{found.group(1)}号楼", folded))


def ordinal(count: int) -> str:
    """1 … 99 in Chinese figures: 一, 十, 十一, 二十三."""
    if not 1 <= count <= 99:
        return str(count)
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones else "")


def number(written: str) -> int:
    """The number a Chinese figure says, up to 999: ``二十三`` → 23, ``一〇`` style digits read one by one."""
    if "十" not in written and "百" not in written:
        return int("".join(str(DIGITS.index(figure)) for figure in written))
    total, current = 0, 0
    for figure in written:
        if figure == "百":
            total, current = total + (current or 1) * 100, 0
        elif figure == "十":
            total, current = total + (current or 1) * 10, 0
        else:
            current = DIGITS.index(figure)
    return total + current

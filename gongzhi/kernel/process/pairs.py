"""Chinese cut into character pairs, so that two characters are enough to find something. Pure.

Text is folded (NFKC, lower case, 繁 → 简 character by character, so that what is stored and what is asked always
fold alike) and read as units: one Han character, one Latin word, one group of digits. A token is every pair of
neighbouring units in which a Han character stands, and every word and group of digits by itself:
``3号楼路灯`` gives ``3 3号 号楼 楼路 路灯``.
"""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

MOST_ASKED = 24  # tokens of one question; more would not narrow it
LONGEST_NUMBER = 8  # digits: longer groups are telephone or identity numbers, by which nothing is grouped
NUMBER = re.compile(r"(?<!\d)(\d{6})-(\d{4,6})(?!\d)")  # a matter's number, 261120-0009
NUMBER_BEGUN = re.compile(r"\d{4,6}-\d{0,6}|\d{9,12}")  # what is typed of one, at least its first four digits
SHORTEST_PREFIX = 4
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
_UNIT = re.compile(f"[{_HAN}]|[a-z]+|[0-9]+")
_to_simple = OpenCC("t2s")


def fold(text: str) -> str:
    """NFKC, lower case, simplified."""
    return "".join(map(_simple, unicodedata.normalize("NFKC", text).lower()))


@lru_cache(maxsize=32_768)
def _simple(sign: str) -> str:
    """One character's simplified form; others as they are."""
    return str(_to_simple.convert(sign)) if "\u3400" <= sign <= "\u9fff" else sign


def pairs(text: str) -> list[str]:
    """The tokens under which a text is found, each once, in order of first appearance."""
    folded = fold(text)
    found: dict[str, None] = {}
    for day, serial in NUMBER.findall(folded):
        found |= dict.fromkeys(_number_tokens(day + serial))
    last, ended = "", -1
    for match in _UNIT.finditer(folded):
        unit = match.group()
        near = match.start() == ended or (folded[ended : match.start()].isspace() and _mixed(last, unit))
        if last and near and (_is_han(last) or _is_han(unit)) and _fit(last) and _fit(unit):
            found[last + unit] = None
        if not _is_han(unit) and _fit(unit):
            found[unit] = None
        last, ended = unit, match.end()
    return list(found)


def wanted(query: str) -> list[str]:
    """The tokens all of which must be there: those of each word of the question. Empty when it is too short."""
    found: dict[str, None] = {}
    for word in fold(query).split():
        if NUMBER_BEGUN.fullmatch(word):
            found[word.replace("-", "")] = None
        else:
            found |= dict.fromkeys(pairs(word))
    return list(found)[:MOST_ASKED]


def _number_tokens(digits: str) -> list[str]:
    """Beginnings of a matter's number from four digits on."""
    return [digits[:length] for length in range(SHORTEST_PREFIX, len(digits) + 1)]


def _fit(unit: str) -> bool:
    """Whether a unit may be searched by: no groups of digits as long as a telephone number."""
    return not unit.isdigit() or len(unit) <= LONGEST_NUMBER


def _is_han(unit: str) -> bool:
    """Whether a unit is a Han character."""
    return unit[0] > "\u3000"


def _mixed(one: str, other: str) -> bool:
    """Han beside digits or Latin: typography puts a space between them that is no boundary."""
    return bool(one) and _is_han(one) != _is_han(other)

"""Telephone numbers as people write them, and names and numbers as others may see them. Pure."""

import re
import unicodedata

_COMPOUND = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 亓官 司寇 子车 颛孙 巫马 公西 漆雕 壤驷 公良 夹谷 宰父 谷梁
段干 百里 东郭 南门 呼延 羊舌 微生 梁丘 左丘 东门 西门 令狐
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
MOBILE_LENGTH = 11
_MOBILE = re.compile(r"1[3-9]\d{9}")
_AREA_CODE = re.compile(r"0(?:10|2\d|[3-9]\d{2})")


class NotAPhone(ValueError):
    """What was typed is no telephone number; ``sentence`` says what to mend."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def clean_phone(typed: str) -> str:
    """A number in one form: ``13812341234`` or ``010-12345678``. NotAPhone with a sentence otherwise."""
    text = unicodedata.normalize("NFKC", typed).strip()
    text = re.sub(r"^(\+|00)86[\s-]*|^86(?=1[3-9]\d{9}$)", "", text)
    digits = re.sub(r"[\s\-‐-―.()·]", "", text)
    if not digits:
        raise NotAPhone("还没有写号码。")
    if not digits.isascii() or not digits.isdigit():
        odd = next(sign for sign in digits if not (sign.isascii() and sign.isdigit()))
        raise NotAPhone(f"号码里有“{odd}”。只写数字就行。")
    return _landline(digits) if digits.startswith("0") else _mobile(digits)


def mask_phone(number: str) -> str:
    """``138****1234``; of a landline the area code and the last four stay; anything else hides its middle."""
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    area, dash, local = number.partition("-")
    if dash and len(local) > 4:
        return f"{area}-{'*' * (len(local) - 4)}{local[-4:]}"
    return "*" * max(len(number) - 2, 0) + number[-2:] if len(number) > 2 else "*" * len(number)


def mask_name(name: str) -> str:
    """The surname and a star for each further character: ``张*``, ``欧阳**``; Latin names keep one letter."""
    name = name.strip()
    kept = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:kept] + "*" * max(len(name) - kept, 1 if name else 0)


def _mobile(digits: str) -> str:
    """Eleven digits beginning 13–19, or the sentence that says how many are missing."""
    if digits.startswith("1"):
        missing = MOBILE_LENGTH - len(digits)
        if missing:
            raise NotAPhone(f"{'少' if missing > 0 else '多'}了 {abs(missing)} 位。手机号是 11 位。")
        if not _MOBILE.fullmatch(digits):
            raise NotAPhone(f"手机号没有 {digits[:3]} 开头的，请再看一眼。")
        return digits
    if len(digits) in (7, 8):
        raise NotAPhone("座机请带上区号，比如 010-12345678。")
    raise NotAPhone("手机号是 11 位、以 1 开头；座机请带上区号。")


def _landline(digits: str) -> str:
    """Area code and seven or eight digits, joined by one dash."""
    area = _AREA_CODE.match(digits)
    if not area:
        raise NotAPhone("没有这个区号，请再看一眼。")
    local = digits[area.end() :]
    if len(local) < 7:
        raise NotAPhone(f"少了 {7 - len(local)} 位。座机是区号加 7 位或 8 位。")
    if len(local) > 8:
        raise NotAPhone(f"多了 {len(local) - 8} 位。座机是区号加 7 位或 8 位。")
    return f"{area.group()}-{local}"

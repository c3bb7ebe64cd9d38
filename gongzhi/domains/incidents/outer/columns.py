"""Which column means what, and what its cells say: moments, yes or no, rounds, numbers to ring. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import make_aware

from gongzhi.kernel.clock.terms import Term
from gongzhi.kernel.people.phones import NotAPhone, clean_phone

ORDERS, RECEIPTS, RESULTS, UPPER = "orders", "receipts", "results", "upper"
FIELDS: Mapping[str, Mapping[str, str]] = {
    ORDERS: {
        "number": "工单编号",
        "round": "第几轮",
        "category": "对方的类别",
        "words": "诉求内容",
        "place": "地址",
        "area": "社区或网格",
        "caller": "来电人",
        "phone": "电话",
        "secret": "是否保密",
        "urgent": "急不急",
        "received": "来电时间",
        "limit": "办结时限",
        "unit": "承办单位",
    },
    RECEIPTS: {"number": "工单编号", "kind": "哪一样（答复、退单…）", "state": "审核结果", "why": "原因"},
    RESULTS: {
        "number": "工单编号",
        "round": "第几轮",
        "contacted": "联系了吗",
        "solved": "解决了吗",
        "satisfied": "满意吗",
        "called": "回访日期",
    },
    UPPER: {"number": "本地编号", "upper_number": "平台编号", "state": "平台状态", "why": "退回原因"},
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    ORDERS: ("number", "words"),
    RECEIPTS: ("number", "state"),
    RESULTS: ("number",),
    UPPER: ("number",),
}
NOTHING = ("", "无", "匿名", "保密", "未留", "-", "/", "不详")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:：时点](\d{1,2})?")
_LENGTH = re.compile(r"(\d{1,3})个?(工作日|工作时|小时|天|日|个?自然日)")
_UNITS = {"工作日": "wd", "工作时": "wh", "小时": "h"}
_PRIVATE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


def guessed(header: Sequence[str], words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Field → column, by the headings the pack knows; the first known heading that stands in the sheet is meant."""
    return {
        field: next(name for name in names if name in header)
        for field, names in words.items()
        if any(name in header for name in names)
    }


def missing(columns: Mapping[str, str], kind: str) -> list[str]:
    """What no column was found for and cannot be done without, as people call it."""
    return [FIELDS[kind][field] for field in NEEDED[kind] if field not in columns]


def picked(header: Sequence[str], columns: Mapping[str, str], cells: Sequence[str]) -> dict[str, str]:
    """The cells that mean something, by field."""
    row = dict(zip(header, cells, strict=False))
    return {field: row.get(column, "") for field, column in columns.items()}


def yes(text: str, words: Sequence[str]) -> bool:
    """Whether a cell says yes."""
    said = text.strip()
    return said in words or said in ("1", "Y", "y", "true", "True", "TRUE")


def round_of(text: str) -> int:
    """``2``, ``第2次``; 1 where nothing is said. ValueError with a sentence for anything else."""
    digits = re.sub(r"\D", "", text)
    if not text.strip():
        return 1
    if not digits or not 1 <= int(digits) <= 99:
        raise ValueError(f"“{text}”不是第几轮，写 1、2 这样的数字。")
    return int(digits)


def phone_of(text: str) -> str:
    """The number to ring; "" where the other system gives none. ValueError with a sentence for what is none."""
    if text.strip() in NOTHING:
        return ""
    try:
        return clean_phone(text)
    except NotAPhone as no:
        raise ValueError(no.sentence) from None


def moment_of(text: str, whole_day: str = "first") -> datetime | None:
    """A moment as offices write it, in local time; a day alone is its ``first`` or ``last`` minute. None for "".

    ValueError with a sentence for anything else.
    """
    if not text.strip():
        return None
    day = _DAY.search(text)
    try:
        if day is None:
            raise ValueError
        found = datetime(*(int(one) for one in day.groups()))  # type: ignore[arg-type]
        clock = _TIME.search(text[day.end() :])
        if clock is not None:
            found += timedelta(hours=int(clock[1]), minutes=int(clock[2] or 0))
            if int(clock[1]) > 24 or int(clock[2] or 0) > 59:
                raise ValueError
        elif whole_day == "last":
            found += timedelta(hours=23, minutes=59)
    except ValueError:
        raise ValueError(f"“{text[:30]}”看不懂，写成 2026-11-30 17:30 这样。") from None
    return make_aware(found)


def length_of(text: str) -> str:
    """A length of time as a term: ``5个工作日`` → ``5wd``; "" where the text says none."""
    found = _LENGTH.search("".join(text.split()))
    if found is None or _DAY.search(text):
        return ""
    unit = _UNITS.get(found[2], "d")
    return str(Term.parse(f"{int(found[1])}{unit}")) if int(found[1]) else ""


def scrubbed(text: str) -> str:
    """A cell without mobile and identity numbers: they belong to the receipt, sealed, or nowhere."""
    return _PRIVATE.sub(lambda one: f"{one[0][:3]}****{one[0][-4:]}", text)


def read_back(system: Mapping[str, Any], text: str) -> str:
    """``taken``, ``refused`` or "" for what a system's state says of something given; a no goes before a yes."""
    said = text.strip()
    if any(word in said for word in system["refused"]):
        return "refused"
    return "taken" if any(word in said for word in system.get("taken", ())) else ""

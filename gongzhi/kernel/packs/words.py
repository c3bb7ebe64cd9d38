"""Saying a pack's values as a civil servant says them: terms, roles, units and kinds by name, not by key. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from gongzhi.kernel.packs.pack import Pack

__all__ = ["TERM", "entry_label", "said"]

TERM = re.compile(r"([1-9]\d{0,3})(wd|wh|h|d|m|y)")
_UNITS = {
    "wd": "个工作日",
    "wh": "工作时",
    "h": "小时",
    "d": "天",
    "m": "个月",
    "y": "年",
}
# Where the name of an id is looked up: file, table, key of the name.
_NAMES = (
    ("roles", "role", "label"),
    ("roles", "tie", "label"),
    ("organisations", "organisation", "name"),
    ("duties", "duty", "label"),
    ("categories", "leaf", "label"),
    ("categories", "branch", "label"),
    ("exits", "exit", "label"),
    ("order_lines", "manner", "label"),
    ("terms", "term", "label"),
)
# Which of them a key's value belongs to; other values are said as they stand.
_HOLDS = {
    "by": ("roles", "role"),
    "speaks": ("roles", "role"),
    "apart": ("roles", "role"),
    "serves": ("roles", "role"),
    "above": ("roles", "role"),
    "reviews": ("roles", "role"),
    "extends": ("roles", "role"),
    "supervises": ("roles", "role"),
    "decides": ("roles", "role"),
    "full": ("roles", "role"),
    "summary": ("roles", "role"),
    "task": ("roles", "role"),
    "unit": ("duties", "duty"),
    "lead": ("duties", "duty"),
    "leaves": ("categories", "leaf"),
    "leaf": ("categories", "leaf"),
    "parent": ("categories", "branch"),
    "exit": ("exits", "exit"),
    "manner": ("order_lines", "manner"),
}
_WORDS = {
    "answers": {
        "community": "社区",
        "street": "街道",
        "department": "部门",
        "property": "物业",
        "utility": "公用企业",
        "elsewhere": "别处",
    },
    "level": {
        "city": "市",
        "district": "区",
        "street": "街道",
        "community": "社区",
        "grid": "网格",
        "organisation": "单位",
        "estate": "小区",
    },
    "do": {"remind": "提醒", "nudge": "催办", "raise": "列入上一级清单"},
    "to": {"holder": "承办的", "lead": "承办的负责人", "above": "上一级"},
}
_WORDS["from"] = _WORDS["level"]


def said(value: Any, key: str, pack: Pack) -> str:
    """A value in words: ``3 个工作日``, 是/否, lists with “、”, ids by their names, tables as “受理 2 工作时”."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return _step(value) if "do" in value else _inside(value, pack)
    if isinstance(value, list | tuple):
        return "、".join(said(item, key, pack) for item in value) or "（空）"
    if isinstance(value, date):
        return value.isoformat()
    return _text(value, key, pack) if isinstance(value, str) else str(value)


def entry_label(stem: str, table: str, entry: str, says: Any, pack: Pack) -> str:
    """What an entry is called: its own label or name, else the name its id has elsewhere, else the id."""
    if isinstance(says, Mapping):
        own = says.get("label") or says.get("name") or says.get("item")
        if own and "{" not in str(own):
            return str(own)
    if stem == "texts":
        return _action_label(entry, pack)
    return next((name for name in (_name(*place, entry, pack) for place in _NAMES) if name), entry)


def _text(value: str, key: str, pack: Pack) -> str:
    if TERM.fullmatch(value):
        return _term(value)
    if key in _WORDS and value in _WORDS[key]:
        return _WORDS[key][value]
    if key in _HOLDS:
        file, table = _HOLDS[key]
        for other in (table, "tie", "branch"):
            name = _name(file, other, "label", value, pack)
            if name:
                return name
    if key in ("to", "kind", "kinds", "about"):
        return str(pack.get(f"order_lines.kind.{value}", value))
    return value or "（空）"


def _inside(value: Mapping[str, Any], pack: Pack) -> str:
    return "，".join(f"{_inner(key)} {said(item, key, pack)}" for key, item in value.items()) or "（空）"


def _inner(key: str) -> str:
    return {"accept": "受理", "handle": "处置", "from": "自"}.get(key, key)


def _step(step: Mapping[str, Any]) -> str:
    """One rung of a ladder: 到期就提醒承办的 · 过 1 个工作日催办承办的负责人."""
    after = str(step.get("after", "0h"))
    when = "到期就" if after.startswith("0") else f"过 {_term(after)}"
    do, to = str(step["do"]), str(step.get("to", ""))
    return f"{when}{_WORDS['do'].get(do, do)}{_WORDS['to'].get(to, to)}".replace(
        "列入上一级清单上一级", "列入上一级清单"
    )


def _term(text: str) -> str:
    found = TERM.fullmatch(text)
    return f"{found[1]} {_UNITS[found[2]]}" if found else text


def _name(file: str, table: str, key: str, entry: str, pack: Pack) -> str:
    name = pack.get(f"{file}.{table}.{entry}.{key}", "")
    return "" if "{" in str(name) else str(name)


def _action_label(verb: str, pack: Pack) -> str:
    for page in pack.pages.values():
        label = page.get("action", {}).get(verb, {}).get("label")
        if label:
            return str(label)
    return verb

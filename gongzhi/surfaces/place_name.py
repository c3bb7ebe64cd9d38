"""How the served place calls itself on every page; read from the territory once a minute."""

import time

from django.db import DatabaseError
from django.utils import timezone

from gongzhi.kernel.territory import tree

_KEPT = 60.0  # seconds
_ENDINGS = ("自治县", "新区", "区", "县", "市", "旗")
_called: tuple[float, tuple[str, str]] | None = None


def called() -> tuple[str, str]:
    """(name of the district, name of its portal); ("", "共治") before a place has been made."""
    global _called
    if _called is None or time.monotonic() - _called[0] > _KEPT:
        _called = (time.monotonic(), _read())
    return _called[1]


def forget() -> None:
    """Read anew next time (a place was made or renamed)."""
    global _called
    _called = None


def _read() -> tuple[str, str]:
    try:
        districts = list(tree.areas(timezone.localdate(), "district")[:2])
    except DatabaseError:
        return "", "共治"
    if len(districts) != 1:
        return "", "共治"
    name = districts[0].name
    return name, f"{short(name)}共治"


def short(name: str) -> str:
    """The name without its level: what people say."""
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name

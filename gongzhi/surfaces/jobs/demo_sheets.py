"""The demonstration's data: ``packs/demo.toml`` and the sheets beside it."""

import tomllib
from functools import cache
from typing import Any

from django.conf import settings


@cache
def sheet(name: str = "") -> dict[str, Any]:
    """``packs/demo.toml``, or ``packs/demo_<name>.toml``, as plain tables."""
    stem = f"demo_{name}" if name else "demo"
    table: dict[str, Any] = tomllib.loads((settings.PACKS / f"{stem}.toml").read_text(encoding="utf-8"))
    return table

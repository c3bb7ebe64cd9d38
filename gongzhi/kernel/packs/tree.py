"""The tree of kinds: what a branch says holds for every leaf under it unless the leaf says otherwise. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from gongzhi.kernel.packs.merge import merged

__all__ = ["filled", "line_of"]

OWN = ("label", "parent", "words", "hints", "not", "code", "scheme")


def line_of(table: Mapping[str, Any], parent: str) -> Iterator[str]:
    """Yield the branch ``parent`` and those above it, nearest first; stops where a branch is missing or returns."""
    branches, seen = table.get("branch", {}), set[str]()
    while parent in branches and parent not in seen:
        seen.add(parent)
        yield parent
        parent = branches[parent].get("parent", "")


def filled(table: Mapping[str, Any]) -> dict[str, Any]:
    """The categories table with every leaf told in full: its branches' words first, its own over them.

    Each leaf also gets ``branches`` (nearest first) and ``public_code`` (scheme and code where there is one).
    """
    leaves = {key: _leaf(table, leaf) for key, leaf in table.get("leaf", {}).items()}
    return {**table, "leaf": leaves}


def _leaf(table: Mapping[str, Any], leaf: Mapping[str, Any]) -> dict[str, Any]:
    line = list(line_of(table, leaf.get("parent", "")))
    said: dict[str, Any] = {}
    for branch in reversed(line):
        handed_down = {key: value for key, value in table["branch"][branch].items() if key not in OWN}
        said = merged(said, handed_down)
    schemes = [table["branch"][branch]["scheme"] for branch in line if "scheme" in table["branch"][branch]]
    codes = [leaf.get("code", "")] + [table["branch"][branch].get("code", "") for branch in line]
    code = next((code for code in codes if code), "")
    public_code = f"{schemes[0]} {code}" if schemes and code else ""
    return {**merged(said, leaf), "branches": line, "public_code": public_code}

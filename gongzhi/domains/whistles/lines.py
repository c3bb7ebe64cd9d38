"""Who may call whom: the pack's order lines, with those that hold for whistles alone. Pure."""

from typing import Any

from gongzhi.kernel.packs import Pack

WITHIN = "whistle"
LEVEL_OF_KIND = {"committee": "community", "street_office": "street", "district_centre": "district"}


def lines_from(level: str, pack: Pack) -> list[dict[str, Any]]:
    """The order lines along which a level calls: those made for whistles, where the pack has any from there.

    Else its own; a community calls by none but one made for it.
    """
    rows = [row for row in pack.table("order_lines").get("line", {}).values() if row["from"] == level]
    made_for = [row for row in rows if row.get("within") == WITHIN]
    return made_for or ([] if level == "community" else rows)


def line_to(level: str, kind: str, pack: Pack) -> dict[str, Any] | None:
    """The line from a level to a kind of organisation; None where it may not be called from there."""
    return next((row for row in lines_from(level, pack) if kind in row["to"]), None)


def kinds_called(level: str, pack: Pack) -> list[str]:
    """The kinds of organisation a level may call, in the order of the lines."""
    return list(dict.fromkeys(kind for row in lines_from(level, pack) for kind in row["to"]))


def kind_label(kind: str, pack: Pack) -> str:
    """What a kind of organisation is called here."""
    return str(pack.get(f"order_lines.kind.{kind}", pack.get(f"duties.kind.{kind}.label", "这个单位")))

"""Every figure has a source beside it: a number or a term without one is a fault. Pure, one file at a time."""

from collections.abc import Iterator, Mapping
from typing import Any

from gongzhi.kernel.packs.shelf import Sheet, short
from gongzhi.kernel.packs.words import TERM

__all__ = ["figures_without_source"]

NO_FIGURE = {"order", "seed"}  # places in a row, not figures of a rule
SHOWN = 3


def figures_without_source(sheet: Sheet) -> Iterator[str]:
    """Yield one sentence for each figure with no ``source`` in its table or one around it, the first three in full.

    A file is looked at alone: a child that changes a parent's figure brings its own source.
    """
    bare = list(_bare(sheet.says, "", bool(sheet.says.get("source"))))
    for where in bare[:SHOWN]:
        yield f"{short(sheet.path)}：“{where}”没有写依据。请在同一张表或外层写 source。"
    if len(bare) > SHOWN:
        yield f"{short(sheet.path)}：这样没有依据的数字还有 {len(bare) - SHOWN} 处。"


def _bare(value: Any, where: str, sourced: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        sourced = sourced or bool(value.get("source"))
        for key, item in value.items():
            if key not in NO_FIGURE:
                yield from _bare(item, f"{where}.{key}" if where else key, sourced)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _bare(item, where, sourced)
    elif not sourced and _is_figure(value):
        yield f"{where} = {value}"


def _is_figure(value: Any) -> bool:
    if isinstance(value, str):
        return bool(TERM.fullmatch(value))
    return isinstance(value, int | float) and not isinstance(value, bool)

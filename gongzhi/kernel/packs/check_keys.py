"""A key nobody reads is a slip of the pen: named with the one that was probably meant. Pure, one file at a time."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from gongzhi.kernel.packs.keys import FILES, table_keys
from gongzhi.kernel.packs.merge import REMOVE
from gongzhi.kernel.packs.shelf import PROCESSES, Sheet, short

__all__ = ["unknown_keys"]


def unknown_keys(sheet: Sheet) -> Iterator[str]:
    """Yield a sentence for a file, or a key in an entry of a known table, that nothing in the house reads."""
    stem = sheet.folder or sheet.stem
    if stem not in FILES:
        yield f"{short(sheet.path)}：不认识“{stem}”这个文件{_meant(stem, FILES)}。"
        return
    for table, entries in sheet.says.items():
        known = table_keys(stem, table)
        if known is None or not isinstance(entries, Mapping) or stem == PROCESSES:
            continue
        for entry, row in entries.items():
            if isinstance(row, Mapping):
                for key in [key for key in row if key not in known and key != REMOVE]:
                    yield f"{short(sheet.path)}：[{table}.{entry}] 里的“{key}”不认识{_meant(key, known)}。"


def _meant(word: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.7)
    return f"，是不是“{near[0]}”" if near else ""

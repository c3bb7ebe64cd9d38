"""A pack as a page a civil servant reads: what stands in it, and what differs from another, in words and grouped."""

from collections.abc import Iterator, Mapping
from typing import Any

from gongzhi.kernel.packs.keys import FILES, key_label
from gongzhi.kernel.packs.pack import Pack, load
from gongzhi.kernel.packs.words import entry_label, said

__all__ = ["diff", "show"]

SILENT = {"source", "branches", "public_code"}  # told beside a change, or worked out from other keys


def show(name: str, table: str | None = None) -> str:
    """The pack after its parents are laid under it: what each file holds, or one file's entries in words.

    Raises ``PackError`` for a pack that cannot be read and ``LookupError`` for a table it does not have.
    """
    pack = load(name)
    if not table:
        return "\n".join(_cover(pack))
    sheets = dict(_sheets(pack))
    if table not in sheets:
        raise LookupError(f"{pack}里没有“{table}”。现有：{'、'.join(sheets)}。")
    return "\n".join([f"{pack} · {_title(table)}", *_entries(pack, table, sheets[table])])


def diff(one: str, other: str | None = None) -> str:
    """What ``other`` does otherwise than ``one``, grouped by file, in words; a sentence where nothing differs.

    Without ``other``: what ``one`` does otherwise than its parent. Raises ``PackError``.
    """
    before, after = (load(one), load(other)) if other else (load(_parent(one)), load(one))
    lines = [f"{before} → {after}"]
    old, new = dict(_sheets(before)), dict(_sheets(after))
    for stem in dict.fromkeys([*old, *new]):
        if stem == "pack":
            continue
        found = list(_changes(stem, old.get(stem, {}), new.get(stem, {}), before, after))
        if found:
            lines += ["", f"【{_title(stem)}】", *(f"· {line}" for line in found)]
    return "\n".join(lines) if len(lines) > 1 else f"{before}和{after}说的一样。"


def _parent(name: str) -> str:
    chain = load(name).chain
    return chain[-2] if len(chain) > 1 else name


def _cover(pack: Pack) -> Iterator[str]:
    yield str(pack)
    if len(pack.chain) > 1:
        yield f"在{'、'.join(f'“{load(name).label}”' for name in pack.chain[:-1])}之上，只写不同的地方。"
    if pack.get("pack.note"):
        yield str(pack.get("pack.note"))
    yield f"印记 {pack.digest}"
    yield ""
    for stem, says in _sheets(pack):
        yield f"{_title(stem)}（{stem}）：{sum(len(entries) for _, entries in _tables(says))} 项"


def _entries(pack: Pack, stem: str, says: Mapping[str, Any]) -> Iterator[str]:
    for table, entries in _tables(says):
        for entry, row in entries.items():
            yield f"· {entry_label(stem, table, entry, row, pack)}：{_row(stem, table, row, pack)}"


def _row(stem: str, table: str, row: Any, pack: Pack) -> str:
    if not isinstance(row, Mapping):
        return said(row, table, pack)
    told = [
        f"{key_label(stem, table, key)} {said(value, key, pack)}"
        for key, value in row.items()
        if key not in SILENT | {"label"}
    ]
    return "；".join(told) or "（只有名称）"


def _sheets(pack: Pack) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from pack.tables.items()
    yield from ((f"processes/{name}", page) for name, page in pack.pages.items())


def _title(stem: str) -> str:
    folder, _, name = stem.partition("/")
    return f"{FILES.get(folder, folder)}：{name}" if name else FILES.get(stem, stem)


def _tables(says: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Split a file into its tables of entries; what stands loose at the top is one table without a name."""
    loose = {key: value for key, value in says.items() if not isinstance(value, Mapping)}
    yield "", {key: value for key, value in loose.items() if key not in SILENT}
    for key, value in says.items():
        if isinstance(value, Mapping):
            nested = all(isinstance(row, Mapping) for row in value.values())
            yield (key, value) if nested else ("", {key: value})


def _changes(
    stem: str, old: Mapping[str, Any], new: Mapping[str, Any], before: Pack, after: Pack
) -> Iterator[str]:
    was, now = _flat(old), _flat(new)
    for place in dict.fromkeys([*was, *now]):
        table, entry = place
        file = stem.split("/")[0]
        if place not in was:
            name = entry_label(file, table, entry, now[place], after)
            yield f"新增“{name}”：{_row(file, table, now[place], after)}{_basis(now[place])}"
        elif place not in now:
            yield f"去掉“{entry_label(file, table, entry, was[place], before)}”"
        elif was[place] != now[place]:
            yield from _changed(file, place, was[place], now[place], before, after)


def _flat(says: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    return {(table, entry): row for table, entries in _tables(says) for entry, row in entries.items()}


def _changed(
    file: str, place: tuple[str, str], was: Any, now: Any, before: Pack, after: Pack
) -> Iterator[str]:
    table, entry = place
    name = entry_label(file, table, entry, now, after)
    if not isinstance(was, Mapping) or not isinstance(now, Mapping):
        yield f"{key_label(file, table, entry)}：{said(was, entry, before)} 改为 {said(now, entry, after)}"
        return
    keys = [key for key in dict.fromkeys([*was, *now]) if was.get(key) != now.get(key) and key not in SILENT]
    for key in keys:
        label = key_label(file, table, key)
        if key not in was:
            yield f"“{name}”加上{label}：{said(now[key], key, after)}{_basis(now)}"
        elif key not in now:
            yield f"“{name}”去掉{label}（原为 {said(was[key], key, before)}）"
        else:
            yield f"“{name}”的{label}：{_versus(was[key], now[key], key, before, after)}{_basis(now)}"
    if not keys and was.get("source") != now.get("source"):
        yield f"“{name}”的依据改为：{now.get('source', '（空）')}"


def _versus(was: Any, now: Any, key: str, before: Pack, after: Pack) -> str:
    """Two values against each other; of a list only what came and went, of a table only what changed."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        return said({name: now[name] for name in now if was.get(name) != now[name]}, key, after) + (
            f"（原为 {said({name: was[name] for name in was if now.get(name) != was[name]}, key, before)}）"
        )
    if isinstance(was, tuple) and isinstance(now, tuple):
        came = said([one for one in now if one not in was], key, after)
        went = said([one for one in was if one not in now], key, before)
        return f"加上 {came}，去掉 {went}".replace("加上 （空），", "").replace("，去掉 （空）", "")
    return f"{said(was, key, before)} 改为 {said(now, key, after)}"


def _basis(row: Any) -> str:
    return f"（依据：{row['source']}）" if isinstance(row, Mapping) and row.get("source") else ""

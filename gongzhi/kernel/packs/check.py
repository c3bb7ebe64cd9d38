"""Faults of a pack as sentences an official reads: which file, which entry, what is wrong, what would be right."""

from collections.abc import Callable, Iterator
from typing import Any

from gongzhi.kernel.packs import shelf
from gongzhi.kernel.packs.check_doors import DOOR_CHECKS
from gongzhi.kernel.packs.check_figures import figures_without_source
from gongzhi.kernel.packs.check_keys import unknown_keys
from gongzhi.kernel.packs.check_tables import TABLE_CHECKS
from gongzhi.kernel.packs.merge import merged, missing_removals
from gongzhi.kernel.packs.pack import PROOFS, Pack, forget, load

__all__ = ["PAGE_CHECKS", "check", "page_check"]

PageCheck = Callable[[dict[str, Any], Pack], list[str]]
PAGE_CHECKS: list[PageCheck] = []  # what looks at process pages; the floor above puts it here


def page_check(looks: PageCheck) -> PageCheck:
    """Have process pages looked at by the room that runs them (packs stand below processes)."""
    if looks not in PAGE_CHECKS:
        PAGE_CHECKS.append(looks)
    return looks


def check(name: str) -> list[str]:
    """Every fault of a pack over its parents; empty when it can be used. Never raises for a fault in a file."""
    forget()
    try:
        line = shelf.chain(name)
    except shelf.PackError as fault:
        return [str(fault)]
    faults = list(_unreadable(line))
    if faults:
        return faults
    own = list(shelf.sheets(name))
    for sheet in own:
        faults += [*unknown_keys(sheet), *figures_without_source(sheet)]
    faults += _removals(line)
    faults += _shape(own)
    return faults or _together(load(name))


def _unreadable(line: tuple[str, ...]) -> Iterator[str]:
    for name in line:
        for path, _, _ in shelf.files(name):
            try:
                shelf.read(path)
            except shelf.PackError as fault:
                yield str(fault)


def _removals(line: tuple[str, ...]) -> list[str]:
    """What the last pack of the line removes though nothing below it has it."""
    under: dict[str, Any] = {}
    for name in line[:-1]:
        tables, pages = shelf.own(name)
        under = merged(merged(under, tables), {shelf.PROCESSES: pages})
    tables, pages = shelf.own(line[-1])
    gone = missing_removals(under, {**tables, shelf.PROCESSES: pages})
    return [f"方案“{line[-1]}”要去掉“{key}”，上级方案里本来就没有。" for key in gone]


def _shape(own: list[shelf.Sheet]) -> list[str]:
    """Entries that should be tables and are not, before anything reads them as such."""
    return [
        f"{shelf.short(sheet.path)}：[{table}] 里的“{entry}”应当是一张表（[{table}.{entry}]）。"
        for sheet in own
        for table, entries in sheet.says.items()
        if isinstance(entries, dict) and (sheet.folder or sheet.stem, table) in _TABLES_OF_TABLES
        for entry, row in entries.items()
        if entry not in ("source", "remove") and not isinstance(row, dict)
    ]


_TABLES_OF_TABLES = {
    *(("roles", "role"), ("roles", "tie"), ("terms", "term"), ("terms", "ladder")),
    *(("categories", "leaf"), ("categories", "branch"), ("order_lines", "line"), ("routing", "rule")),
    *(("exits", "exit"), ("danger", "danger"), ("duties", "kind"), ("duties", "duty"), ("limits", "power")),
    *(("processes", "stage"), ("processes", "action"), ("processes", "wait")),
}


def _together(pack: Pack) -> list[str]:
    faults = [fault for looks in (*TABLE_CHECKS, *DOOR_CHECKS) for fault in looks(pack)]
    for name in pack.processes:
        page = pack.process(name)
        if page.get("name", name) != name:
            faults.append(f"processes/{name}.toml 里的 name 写成“{page['name']}”，要和文件名一样。")
        faults += [fault for looks in PAGE_CHECKS for fault in looks(page, pack)]
    return faults


PROOFS.append(_together)

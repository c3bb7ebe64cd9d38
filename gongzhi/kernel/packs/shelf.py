"""Where pack files stand and how one is read: TOML in, tables out, faults as sentences."""

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gongzhi.kernel.packs.merge import joined

__all__ = [
    "PROCESSES",
    "PackError",
    "Sheet",
    "chain",
    "files",
    "home",
    "names",
    "own",
    "read",
    "sheets",
    "short",
    "stamp",
]

PROCESSES = "processes"
_read: dict[Path, tuple[tuple[int, int], dict[str, Any]]] = {}
_WHERE = re.compile(r"\(at line (\d+), column (\d+)\)")
_SAID = {
    "Expected '=' after a key": "键的后面缺“=”",
    "Invalid value": "等号后面的值写得不对（文字要加引号）",
    "Unclosed array": "方括号没有关上",
    "Unclosed inline table": "花括号没有关上",
    "Cannot overwrite a value": "同一个键写了两次",
    "Cannot declare": "同一张表写了两次",
    "Unterminated string": "引号没有关上",
    "Illegal character": "有不该出现的字符，多半是引号没有关上",
    "Expected newline or end of document": "一行里写了两样东西，或者值后面多了字",
    "Expected ']'": "表名的方括号没有关上",
    "Duplicate inline table key": "花括号里同一个键写了两次",
    "Invalid initial character": "键名只能用英文字母、数字、下划线、短横",
}


class PackError(ValueError):
    """A pack that cannot be read; the message is a Chinese sentence naming file and line."""


@dataclass(frozen=True)
class Sheet:
    """One file of one pack: whose, its folder ("" at the top), its table, its path, what it says."""

    pack: str
    folder: str
    stem: str
    path: Path
    says: dict[str, Any]


def home() -> Path:
    """The folder of packs: ``GONGZHI_PACKS`` where set, else ``packs/`` beside the code."""
    return _home(os.environ.get("GONGZHI_PACKS", ""))


@lru_cache(maxsize=16)
def _home(named: str) -> Path:
    return Path(named or Path(__file__).resolve().parents[3] / "packs")


def names() -> list[str]:
    """Every pack that stands in the folder, by name."""
    return sorted(path.parent.name for path in home().glob("*/pack.toml"))


def short(path: Path) -> str:
    """The file as a reader of a fault would look for it: ``packs/cn/terms.toml``."""
    return str(path.relative_to(home().parent)) if path.is_relative_to(home().parent) else str(path)


def read(path: Path) -> dict[str, Any]:
    """Read one TOML file; kept until it changes, so do not change what you get.

    Raises :class:`PackError` with file, line and what is wrong there.
    """
    facts = path.stat()
    mark = (facts.st_mtime_ns, facts.st_size)
    kept = _read.get(path)
    if not kept or kept[0] != mark:
        kept = _read[path] = (mark, _parsed(path))
    return kept[1]


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise PackError(f"{short(path)}：不是 UTF-8 编码的文件，请另存为 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        raise PackError(_syntax(path, str(error))) from error


def _syntax(path: Path, said: str) -> str:
    found = _WHERE.search(said)
    where = f"第 {found[1]} 行第 {found[2]} 个字" if found else "文件末尾"
    wrong = next((chinese for english, chinese in _SAID.items() if said.startswith(english)), said)
    return f"{short(path)} {where}：{wrong}。"


def chain(name: str) -> tuple[str, ...]:
    """The pack after all it extends, the farthest parent first. Raises :class:`PackError`."""
    line: list[str] = []
    asked_by = ""
    while name:
        if name in line:
            raise PackError(
                f"方案转着圈继承：{' → '.join([*line, name])}。请改其中一个 pack.toml 的 extends。"
            )
        line.append(name)
        asked_by, name = name, str(_cover(name, asked_by).get("extends", ""))
    return tuple(reversed(line))


def _cover(name: str, asked_by: str) -> dict[str, Any]:
    path = home() / name / "pack.toml"
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name) or not path.is_file():
        because = f"方案“{asked_by}”的 extends 写的是" if asked_by else "没有"
        raise PackError(f"{because}“{name}”，packs 里没有这个方案。现有：{'、'.join(names())}。")
    return read(path)


def sheets(name: str) -> Iterator[Sheet]:
    """Yield each file of one pack alone, parents left out (how names make tables: :func:`files`)."""
    for path, folder, stem in files(name):
        yield Sheet(name, folder, stem, path, read(path))


def files(name: str) -> Iterator[tuple[Path, str, str]]:
    """Yield (path, folder or "", stem). ``categories.objects.toml`` is a part of ``categories``; so too in folders."""
    folder = home() / name
    for path in sorted(folder.glob("*.toml")):
        yield path, "", path.stem.split(".")[0]
    for path in sorted(folder.glob("*/*.toml")):
        yield path, path.parent.name, path.stem.split(".")[0]


def own(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What one pack itself says, parents left out: (tables by stem, process pages by name).

    A file in a sub-folder is one key of the folder's table: ``calendar/2026.toml`` is ``calendar.2026``.
    """
    tables: dict[str, Any] = {}
    for sheet in sheets(name):
        home_of = tables.setdefault(sheet.folder, {}) if sheet.folder else tables
        home_of[sheet.stem] = joined(home_of.get(sheet.stem, {}), sheet.says)
    return tables, tables.pop(PROCESSES, {})


def stamp(line: tuple[str, ...]) -> tuple[tuple[str, int, int], ...]:
    """What tells an edited pack from the one read before: every file of the line with its time and size."""
    found = []
    for name in line:
        for path, _, _ in files(name):
            facts = path.stat()
            found.append((str(path), facts.st_mtime_ns, facts.st_size))
    return tuple(found)

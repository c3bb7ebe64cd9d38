"""What a backup says of itself: version, migrations, counts, heads of chains, keys, and the SM3 of every file.

``manifest.json`` stands beside ``files.sm3`` (one ``digest  bytes  path`` a line); its own digest is its last word, so
that a manifest changed or cut short is no manifest.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongzhi.site.failures import Refused

FORMAT = 1
PAGE, LIST = "manifest.json", "files.sm3"
BLOCK = 1 << 20
NEEDED = {"format", "version", "made", "database", "migrations", "tables", "registers", "keys", "deletions"}


@dataclass(frozen=True)
class Kept:
    """A file of a backup: its path inside it, SM3 and size."""

    path: str
    digest: str
    bytes: int

    @property
    def line(self) -> str:
        """As it stands in the list."""
        return f"{self.digest}  {self.bytes}  {self.path}\n"


def canonical(value: Any) -> bytes:
    """The bytes a manifest's digest is made of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sm3_of(path: Path) -> str:
    """SM3 of a file, 64 hex digits."""
    running = hashlib.new("sm3")
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            running.update(block)
    return running.hexdigest()


def kept(folder: Path, path: Path) -> Kept:
    """A file of a backup as its list names it."""
    return Kept(path.relative_to(folder).as_posix(), sm3_of(path), path.stat().st_size)


def write(folder: Path, told: dict[str, Any], files: list[Kept]) -> None:
    """Write list and manifest, the manifest last."""
    text = "".join(one.line for one in sorted(files, key=lambda one: one.path))
    put(folder / LIST, text.encode())
    whole = {"format": FORMAT, **told, "list": hashlib.new("sm3", text.encode()).hexdigest()}
    whole["digest"] = hashlib.new("sm3", canonical(whole)).hexdigest()
    put(folder / PAGE, json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n")


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a backup. Raises ``Refused`` where it is none, broken, or of a later form."""
    page = folder / PAGE
    if not page.is_file():
        raise Refused(f"{folder} 不是备份：里面没有 {PAGE}。")
    try:
        said: dict[str, Any] = json.loads(page.read_bytes())
        own = said.pop("digest")
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Refused(f"{page} 读不懂，这份备份不能用。") from None
    if int(said.get("format", 0)) > FORMAT:
        raise Refused(
            f"{folder} 是更新的 gongzhi {said.get('version', '')} 写的，请用那个版本或更新的来恢复。"
        )
    if hashlib.new("sm3", canonical(said)).hexdigest() != own or not said.keys() >= NEEDED:
        raise Refused(f"{page} 被改过或不完整，这份备份不能用。")
    if not (folder / LIST).is_file() or sm3_of(folder / LIST) != said["list"]:
        raise Refused(f"{folder / LIST} 不见了或被改过，这份备份不能用。")
    return said


def files(folder: Path) -> Iterator[Kept]:
    """Every file a backup names."""
    with (folder / LIST).open(encoding="utf-8") as lines:
        for line in lines:
            digest, size, path = line.rstrip("\n").split("  ", 2)
            if path.startswith("/") or ".." in path.split("/"):
                raise Refused(f"{folder / LIST} 里有一行指到备份外面（{path}），这份备份不能用。")
            yield Kept(path, digest, int(size))


def check(folder: Path) -> int:
    """Read every file of a backup against its SM3; how many. Raises ``Refused`` naming what is wrong."""
    count, wrong = 0, []
    for one in files(folder):
        count += 1
        path = folder / one.path
        if not path.is_file():
            wrong.append(f"{one.path}（不见了）")
        elif sm3_of(path) != one.digest:
            wrong.append(f"{one.path}（被改过）")
    if wrong:
        rest = f" 等 {len(wrong)} 个" if len(wrong) > 5 else ""
        raise Refused(f"{folder} 里的文件与清单对不上：{'、'.join(wrong[:5])}{rest}。")
    return count


def put(path: Path, data: bytes) -> None:
    """Write a file readable by its owner alone, on the disk before this returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(6)}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def copy(source: Path, target: Path) -> Kept:
    """Copy a file, on the disk before this returns; ``path`` of what is given back is the target's name alone."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    running, size = hashlib.new("sm3"), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as old, os.fdopen(handle, "wb") as new:
        while block := old.read(BLOCK):
            running.update(block)
            size += len(block)
            new.write(block)
        new.flush()
        os.fsync(new.fileno())
    return Kept(target.name, running.hexdigest(), size)

"""``gongzhi backup``: a copy of a running system, whole or not at all, keys apart.

``DIR/20261121T190000Z/`` holds the database of one moment, the files its rows name, seals, packs and the manifest.
Files that stood in the backup before are hard links, so each folder is complete and any of them may be removed.
``KEYS/<same name>/`` holds the keys and the journal of deletions: together the two open every number, apart neither.
"""

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gongzhi.site import manifest, snapshot
from gongzhi.site.failures import Refused
from gongzhi.site.manifest import Kept

NAME = re.compile(r"\d{8}T\d{6}Z")
MARGIN = 64 * 1024 * 1024  # bytes that stay free beside a backup


@dataclass(frozen=True)
class Done:
    """A backup that stands: its folder, where the keys went, and what was found missing."""

    folder: Path
    keys: Path | None
    rows: int
    files: int
    fresh: int
    missing: tuple[str, ...]
    removed: int


def backup(target: Path, keys: Path | None, at: datetime, keep: int = 0) -> Done:
    """Write one backup of this installation into ``target``; ``keep`` > 0 removes all but the newest. ``Refused``."""
    from django.conf import settings

    os.umask(0o077)
    target, keys = target.resolve(), keys.resolve() if keys else None  # a link may lead into the data folder
    _apart(target, keys, Path(settings.DATA).resolve())
    before = _standing(target)
    if keys:
        _standing(keys)
    name = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    if (target / name).exists():
        raise Refused(f"{target / name} 已经有了，一秒钟之后再试。")
    _room(target, settings.DATA, bool(before))
    with _whole(target, name) as folder:
        moment, files, missing, fresh = _gather(folder, before[-1] if before else None, at)
    kept = _keys(keys / name) if keys else None
    removed = _thin(target, keep) + (_thin(keys, keep) if keys else 0)
    rows = sum(one["rows"] for one in moment.tables.values())
    return Done(target / name, kept, rows, len(files), fresh, tuple(missing), removed)


def newest(folder: Path) -> Path:
    """The backup meant by a folder: itself, or the newest in it. Raises ``Refused``."""
    if (folder / manifest.PAGE).exists():
        return folder
    found = sorted(path for path in folder.glob("*") if NAME.fullmatch(path.name))
    if not found:
        raise Refused(f"{folder} 里没有备份。")
    return found[-1]


def _gather(
    folder: Path, before: Path | None, at: datetime
) -> tuple[snapshot.Moment, list[Kept], list[str], int]:
    """Everything but the keys, the manifest last."""
    from django.conf import settings

    from gongzhi.kernel.ledger import deletions
    from gongzhi.kernel.packs import shelf

    journal = deletions.read(deletions.journal())
    moment = snapshot.write(folder)
    known = {one.path: one for one in manifest.files(before)} if before else {}
    files = [manifest.kept(folder, path) for path in sorted(folder.rglob("*")) if path.is_file()]
    taken, missing, fresh = _files(folder, before, known, moment.digests)
    files += taken + _seals(folder, moment.seal) + _folder(folder, shelf.home(), "packs")
    told = {
        "version": settings.VERSION,
        "made": at.astimezone(UTC).isoformat(timespec="seconds"),
        "demo": settings.DEMO,
        "database": moment.database,
        "migrations": moment.migrations,
        "tables": moment.tables,
        "registers": moment.registers,
        "seal": moment.seal,
        "keys": key_ids(settings.KEYS),
        "deletions": {"lines": len(journal), "hash": journal[-1].hash if journal else ""},
        "missing": missing,
    }
    manifest.write(folder, told, files)
    _verified(folder, known)
    return moment, files, missing, fresh


def _files(
    folder: Path, before: Path | None, known: dict[str, Kept], digests: list[str]
) -> tuple[list[Kept], list[str], int]:
    """The files that rows name: linked where the backup before has them, else copied. Also: missing, newly copied."""
    from django.conf import settings

    taken, missing, fresh = [], [], 0
    for digest in digests:
        parts = sorted((Path(settings.FILES) / digest[:2]).glob(f"{digest}.*"))
        if not parts:
            missing.append(digest)
        for path in parts:
            name = f"files/{digest[:2]}/{path.name}"
            old = known.get(name)
            if before and old and _linked(before / name, folder / name, old.bytes):
                taken.append(old)
                continue
            one = manifest.copy(path, folder / name)
            taken.append(Kept(name, one.digest, one.bytes))
            fresh += 1
    return taken, missing, fresh


def _linked(old: Path, new: Path, size: int) -> bool:
    """Whether a file of the backup before could be linked; a disk without links gets a copy."""
    try:
        if old.stat().st_size != size:
            return False
        new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.link(old, new)
    except OSError:
        return False
    return True


def _seals(folder: Path, last: int) -> list[Kept]:
    """Leaves, public keys and copies of seals up to the last one of that moment."""
    from django.conf import settings

    def wanted(path: Path) -> bool:
        return not (re.fullmatch(r"\d{8}\.json", path.name) and int(path.stem) > last)

    return _folder(folder, Path(settings.SEALS), "seals", wanted)


def _folder(folder: Path, source: Path, name: str, wanted: Any = None) -> list[Kept]:
    taken = []
    for path in sorted(source.rglob("*")) if source.is_dir() else []:
        if path.is_file() and not path.name.startswith(".") and (wanted is None or wanted(path)):
            inside = f"{name}/{path.relative_to(source).as_posix()}"
            one = manifest.copy(path, folder / inside)
            taken.append(Kept(inside, one.digest, one.bytes))
    return taken


def _verified(folder: Path, known: dict[str, Kept]) -> None:
    """Read anew what was just written, against the list; of what the backup before has, the size."""
    manifest.read(folder)
    for one in manifest.files(folder):
        path, old = folder / one.path, one.path.startswith("files/") and one.path in known
        if path.stat().st_size != one.bytes or not (old or manifest.sm3_of(path) == one.digest):
            raise Refused(f"写下的 {one.path} 读回来不一样，没有备份成。请查这块硬盘。")


def key_ids(folder: Path) -> dict[str, list[str]]:
    """The ids of every ring's keys, oldest first (8 hex digits of SM3, as the ring names them)."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*-[0-9]*.key")) if folder.is_dir() else []:
        found.setdefault(path.name.rpartition("-")[0], []).append(manifest.sm3_of(path)[:8])
    return found


def _keys(folder: Path) -> Path:
    """Copy the keys and the journal of deletions, whole or not at all."""
    from django.conf import settings

    from gongzhi.kernel.ledger import deletions

    with _whole(folder.parent, folder.name) as draft:
        files = _folder(draft, Path(settings.KEYS), "keys")
        journal, path = deletions.journal(), draft / "deletions.jsonl"
        manifest.put(path, journal.read_bytes() if journal.exists() else b"")
        files.append(manifest.kept(draft, path))
        text = "".join(one.line for one in files)
        manifest.put(draft / manifest.LIST, text.encode())
    return folder


def _apart(target: Path, keys: Path | None, data: Path) -> None:
    for folder in filter(None, (target, keys)):
        if folder.is_relative_to(data):
            raise Refused(f"{folder} 在数据目录 {data} 里面，会和它一起丢。请换一个地方，最好是另一块硬盘。")
    if keys and (keys.is_relative_to(target) or target.is_relative_to(keys)):
        raise Refused("密钥不能和数据库的备份放在一起：合在一起什么都打得开。--keys 请写另一个地方。")


def _standing(folder: Path) -> list[Path]:
    """Backups in a folder, oldest first; ``Refused`` where something else lies there."""
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise Refused(f"{folder} 是一个文件，不是目录。")
    found = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "lost+found")))
    strange = [path.name for path in found if not NAME.fullmatch(path.name)]
    if strange:
        raise Refused(f"{folder} 里有别的东西（{strange[0]}），没有动它。备份请用一个空目录。")
    return found


def _room(target: Path, data: Path, before: bool) -> None:
    """Refuse before anything is written where the disk is too full."""
    files = 0 if before else sum(one.stat().st_size for one in (data / "files").rglob("*") if one.is_file())
    needed = snapshot.size() + files + MARGIN
    there = next(path for path in (target, *target.parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        raise Refused(f"{there} 只剩 {free / 1e6:,.0f} MB，这份备份要 {needed / 1e6:,.0f} MB。没有写。")


@contextmanager
def _whole(parent: Path, name: str) -> Iterator[Path]:
    """A folder that appears under its name when it is complete, and not at all otherwise."""
    draft = parent / f".{name}.part"
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in parent.glob(".*.part"):
            shutil.rmtree(left, ignore_errors=True)  # of a backup that was killed
        draft.mkdir(mode=0o700)
        yield draft
        draft.replace(parent / name)
        _settle(parent)
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(f"{parent} 满了，没有备份成，半份的已经清掉。") from fault
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _settle(folder: Path) -> None:
    from gongzhi.kernel.datafolder import fsync_folder

    fsync_folder(folder)


def _thin(folder: Path, keep: int) -> int:
    """Remove all but the newest ``keep`` backups; how many went."""
    gone = _standing(folder)[:-keep] if keep > 0 else []
    for path in gone:
        shutil.rmtree(path)
    return len(gone)

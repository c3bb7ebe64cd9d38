"""``gongzhi restore``: a backup into an empty place, and what was deleted since stays deleted.

Everything is checked before anything is written. From its first file until the deletions were replayed and the ledger
was walked (``restore_rows``) the place carries the mark ``restore.json``; nothing serves while it is there.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gongzhi.site import backup, environment, manifest, snapshot, tables
from gongzhi.site.failures import Refused

MARK = "restore.json"
AT_WORK = timedelta(
    days=1
)  # a deletion begun before a backup may be written down after it, not as late as this
OF_A_START = {"keys/django.key"}  # what a command makes in an empty folder by itself


@dataclass(frozen=True)
class Source:
    """What a place is restored from, all of it checked; ``lines`` are those of the journal of deletions."""

    folder: Path
    keys: Path
    journal: Path
    told: dict[str, Any]
    lines: tuple[Any, ...]


def pending(data: Path) -> str:
    """The backup whose restoring has begun here and not ended, "" when there is none."""
    try:
        return str(json.loads((data / MARK).read_text())["from"])
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError):
        return MARK


def source(folder: Path, keys: Path, journal: Path) -> Source:
    """Check backup, keys, journal and the place they go to. Raises ``Refused``; nothing is written."""
    folder = backup.newest(folder.absolute())
    told = manifest.read(folder)
    _not_newer(told)
    manifest.check(folder)
    keys = _keys_of(keys.absolute(), folder.name)
    _fit(told["keys"], backup.key_ids(keys / "keys"), keys)
    found = Source(folder, keys, journal.absolute(), told, tuple(_journal(journal.absolute(), told)))
    _newest_journal(found)
    _same_kind(told)
    _empty(environment.data_folder(), found)
    return found


def place(found: Source) -> int:
    """Put keys, journal, files, seals and a SQLite database where they belong; how many files."""
    from django.conf import settings

    os.umask(0o077)
    data = Path(settings.DATA)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    manifest.put(data / MARK, json.dumps({"from": found.folder.name}).encode())
    for path in sorted((found.keys / "keys").iterdir()):
        manifest.put(data / "keys" / path.name, path.read_bytes())
    if found.journal.resolve() != Path(settings.DELETIONS).resolve():
        manifest.put(Path(settings.DELETIONS), found.journal.read_bytes())
    count = 0
    for one in manifest.files(found.folder):
        top = one.path.split("/", 1)[0]
        if top in ("files", "seals"):
            manifest.copy(found.folder / one.path, data / one.path)
            count += top == "files"
    if found.told["database"] == "sqlite":
        manifest.copy(found.folder / snapshot.FILE, _sqlite_file())
    return count


@contextmanager
def half_way() -> Iterator[None]:
    """What fails on the way leaves the mark: the place does not serve, and the sentence says how to go on."""
    try:
        yield
    except (Refused, OSError) as fault:
        data = environment.data_folder()
        more = f"\n{data} 只恢复了一半，不会启用；清空它（和目标数据库）再来一次。" if pending(data) else ""
        raise Refused(f"{fault if isinstance(fault, OSError) else fault.args[0]}{more}") from fault


def _not_newer(told: dict[str, Any]) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(None).graph.nodes)
    ran = [(app, name) for app, names in told["migrations"].items() for name in names]
    if strange := [f"{app}.{name}" for app, name in ran if (app, name) not in known]:
        raise Refused(
            f"这份备份是更新的 gongzhi（{told['version']}）写的，这里的版本不认识它的 {strange[-1]}。"
            "请装上那个版本或更新的，再恢复。没有动任何东西。"
        )


def _keys_of(folder: Path, name: str) -> Path:
    """The keys that were written with a backup, else the newest there are."""
    for one in (folder, folder / name):
        if (one / "keys").is_dir():
            return one
    found = sorted(path.parent for path in folder.glob("*/keys") if backup.NAME.fullmatch(path.parent.name))
    if not found:
        raise Refused(f"{folder} 里没有密钥。没有密钥，电话和查询码都打不开，不能恢复。")
    return found[-1]


def _fit(wanted: dict[str, list[str]], there: dict[str, list[str]], folder: Path) -> None:
    lost = [f"{name} {one}" for name, ids in wanted.items() for one in ids if one not in there.get(name, [])]
    if lost:
        raise Refused(f"{folder} 里的密钥不是这份备份的：缺 {'、'.join(lost)}。没有恢复。")


def _journal(path: Path, told: dict[str, Any]) -> list[Any]:
    """The journal's lines; it must go on where it stood when the backup was made."""
    from gongzhi.kernel.ledger import deletions

    then = told["deletions"]
    if not path.is_file():
        raise Refused(f"没有删除日志 {path}。没有它，居民删掉的又会回来，不能恢复。")
    try:
        lines = deletions.read(path)
    except deletions.JournalBroken as fault:
        raise Refused(f"{fault} 没有恢复。") from fault
    if then["lines"] and (len(lines) < then["lines"] or lines[then["lines"] - 1].hash != then["hash"]):
        raise Refused(f"删除日志 {path} 比备份还旧，或者是别处的。要用最近的那一份，没有恢复。")
    made = datetime.fromisoformat(told["made"])
    later = lines[then["lines"] :]
    if later and datetime.fromisoformat(f"{later[0].at}+00:00") < made - AT_WORK:
        raise Refused(f"删除日志 {path} 里有备份以前的删除，备份却不知道：它是别处的。没有恢复。")
    return lines


def _newest_journal(found: Source) -> None:
    """A journal that lies where this place will write its own is never overwritten by another."""
    from django.conf import settings

    own = Path(settings.DELETIONS)
    same = own.exists() and found.journal.resolve() == own.resolve()
    if own.exists() and not same and not found.journal.read_bytes().startswith(own.read_bytes()):
        raise Refused(
            f"{own} 已经有一份删除日志，和 {found.journal} 不同。请比一比，用新的那一份：--deletions {own}。"
        )


def _same_kind(told: dict[str, Any]) -> None:
    from django.db import connection

    from gongzhi.site import roles

    if connection.vendor != told["database"]:
        wants = (
            "请设 DATABASE_URL 和 DATABASE_OWNER_URL"
            if connection.vendor == "sqlite"
            else "请不要设 DATABASE_URL"
        )
        raise Refused(f"这份备份是 {told['database']} 的，{wants}。要换数据库，恢复以后用 gongzhi move。")
    if connection.vendor == "postgresql":
        with roles.as_owner():
            tables.must_be_empty(connection)
    elif _sqlite_file().exists():
        raise Refused(f"{_sqlite_file()} 已经有了。备份只能恢复到空的地方，没有动它。")


def _sqlite_file() -> Path:
    from django.db import connection

    return Path(connection.settings_dict["NAME"])


def _empty(data: Path, found: Source) -> None:
    there = [path for path in data.rglob("*") if path.is_file()] if data.exists() else []
    held = {path.relative_to(data).as_posix() for path in there if path != found.journal}
    if held - OF_A_START:
        raise Refused(f"{data} 不是空的。备份只能恢复到空的地方：DATA=/另一个目录。")
    if data.is_relative_to(found.folder) or data.is_relative_to(found.keys):
        raise Refused(f"不能恢复到备份自己里面（{data}）。")
    needed = sum(one.bytes for one in manifest.files(found.folder)) + backup.MARGIN
    stands = next(path for path in (data, *data.parents) if path.exists())
    if shutil.disk_usage(stands).free < needed:
        raise Refused(f"{stands} 放不下：要 {needed / 1e6:,.0f} MB。没有写。")

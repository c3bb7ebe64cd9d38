"""What the operator's commands do; imports come late, so that help needs no database."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

import django

from gongzhi.site.failures import Refused

Said = argparse.Namespace


def backup(said: Said) -> int:
    """Write a backup; exit status 1 when a file the ledger names was not there."""
    django.setup()
    from django.utils import timezone

    from gongzhi.site import backup as backing
    from gongzhi.site import backup_mark

    keys, at = Path(said.keys) if said.keys else None, timezone.now()
    done = backing.backup(Path(said.folder), keys, at, said.keep)
    backup_mark.write(done.folder)
    _noted(done, at)
    print(f"备份好了：{done.folder}")
    print(f"  {done.rows:,} 行，{done.files:,} 个文件，其中附件新增 {done.fresh:,} 个。写完读回，都对。")
    if done.keys:
        print(f"密钥和删除日志在 {done.keys}。别和上面的放在一处：合在一起，什么都打得开。")
    else:
        print("这一份里没有密钥：没有密钥就恢复不了。请用 --keys 指明另一个地方，或者另行保管 DATA/keys。")
    if done.removed:
        print(f"删去了 {done.removed} 份旧的。")
    for digest in done.missing:
        print(f"附件 {digest[:12]}… 的文件不见了，台账里有它。请运行 gongzhi ledger verify。")
    return 1 if done.missing else 0


def _noted(done: Any, at: datetime) -> None:
    """A copy of everything was made: that is an entry of the register of access, with the digest of its list."""
    from gongzhi.kernel.ledger import registers
    from gongzhi.kernel.people.acting import Acting
    from gongzhi.site import manifest

    facts = {"backup": done.folder.name, "list": manifest.read(done.folder)["list"], "keys": bool(done.keys)}
    by = Acting.operator("gongzhi backup", "backup")
    registers.record("access", "backup", by=by, at=at, facts=facts)


def restore(said: Said) -> int:
    """Bring a backup back into an empty place."""
    by, at = _operator(said)
    from gongzhi.site import restore as restoring
    from gongzhi.site import restore_rows

    found = restoring.source(Path(said.folder), Path(said.keys), Path(said.deletions))
    with restoring.half_way():
        files = restoring.place(found)
        done = restore_rows.finish(found, by, at)
    print(f"恢复好了（备份 {found.folder.name}，{files:,} 个附件文件）。")
    print(f"备份以后删掉的，又删了一遍：{done.again:,} 件事。")
    for note in done.notes:
        print(note)
    print(done.report)
    return 0


def move(said: Said) -> int:
    """Move the database from SQLite to PostgreSQL."""
    by, at = _operator(said)
    from gongzhi.site import moving

    print(moving.move(said.to, said.owner, by, at))
    print("从现在起用 DATABASE_URL 和 DATABASE_OWNER_URL 启动；旧的 SQLite 文件留着，不再用它启动。")
    return 0


def _operator(said: Said) -> tuple[Any, datetime]:
    """The operator's hand and the present moment; Django is ready afterwards."""
    if not said.operator.strip() or not said.reason.strip():
        raise Refused("--as 写您自己的名字，--reason 写为什么，都不能空。")
    django.setup()
    from django.utils import timezone

    from gongzhi.kernel.people.acting import Acting

    return Acting.operator(said.operator, said.reason), timezone.now()

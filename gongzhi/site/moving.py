"""``gongzhi move``: from SQLite to PostgreSQL, every row, id and chain as it is; the source stays, unserved."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gongzhi.site import tables
from gongzhi.site.failures import Refused

MARK = "moved.json"
PATIENCE = 30.0  # seconds to wait for the last write of the source


def move(target: str, owner: str, by: Any, at: datetime) -> str:
    """Carry the SQLite database over to the empty database ``target``; a sentence. Raises ``Refused``.

    ``owner`` is the URL of the role that owns the tables (the target's own when empty). Nobody writes to the source
    meanwhile; when anything fails the source is as it was, and the target is to be emptied before the next try.
    """
    path = _source(target)
    with _still(path) as source:
        before = tables.sqlite_counts(source)
        _known(source)
        _become(target, owner)
        _fill(source)
        after = _compare(before)
        report = _verified(by, at, path)
        _mark(path, target, at)
    return f"{len(after)} 张表、{sum(after.values()):,} 行都过去了，一行不差。\n{report}"


def moved(data: Path) -> str:
    """Where the SQLite database of this data folder went, "" when it is still the one that serves."""
    try:
        return str(json.loads((data / MARK).read_text())["to"])
    except (OSError, ValueError, KeyError):
        return ""


def _source(target: str) -> Path:
    from django.conf import settings
    from django.db import connection

    from gongzhi.site import prepare
    from gongzhi.surfaces.jobs import heartbeat

    if urlsplit(target).scheme not in ("postgres", "postgresql"):
        raise Refused("--to 要写 postgres://角色@主机:端口/库名。")
    if connection.vendor != "sqlite":
        raise Refused("现在用的不是 SQLite。搬家只从 SQLite 搬到 PostgreSQL；运行时不要设 DATABASE_URL。")
    path = Path(connection.settings_dict["NAME"])
    if not path.is_file():
        raise Refused(f"没有数据库 {path}。DATA 写对了吗？")
    if gone := moved(settings.DATA):
        raise Refused(f"这里的数据已经搬到 {gone} 了。")
    if prepare.behind(connection):
        raise Refused("数据库还不是这个版本的样子，请先运行 gongzhi migrate。")
    if heartbeat.state() in ("ok", "failing"):
        raise Refused("服务还在运行。请先停下（systemctl stop gongzhi），一分钟后再搬。")
    connection.close()
    return path


@contextmanager
def _still(path: Path) -> Iterator[sqlite3.Connection]:
    """The source under its writers' lock: what is read is all there is."""
    from gongzhi.site.sqlite.turnstile import before

    turn = before(str(path))
    turn.take(PATIENCE)
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)) as source:
            source.execute("BEGIN IMMEDIATE")
            yield source
            source.execute("ROLLBACK")
    finally:
        turn.give()


def _known(source: sqlite3.Connection) -> None:
    strange = set(tables.sqlite_names(source)) - set(tables.models()) - {tables.SEARCH}
    if strange:
        raise Refused(f"数据库里有这个版本不认识的表：{'、'.join(sorted(strange))}。没有搬。")


def _become(target: str, owner: str) -> None:
    """Speak to the target from here on, and bring it to the present state of the schema."""
    from django.conf import settings
    from django.db import connection

    from gongzhi.site import prepare, roles

    settings.APPLICATION_URL, settings.OWNER_URL = target, owner
    roles.become(target)
    with roles.as_owner():
        tables.must_be_empty(connection)
    prepare.database()


def _fill(source: sqlite3.Connection) -> None:
    from django.db import connection, transaction

    from gongzhi.site import roles

    with roles.as_owner(), transaction.atomic():
        tables.clear_seeded(connection)
        for table, model in tables.models().items():
            copy_rows(table, list(tables.columns(model)), tables.sqlite_rows(source, table, model))
        copy_rows(tables.SEARCH, ["matter_id", "tokens"], tables.sqlite_search(source))
        tables.set_sequences(connection)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of Python values into a table of the connected PostgreSQL. Raises ``Refused`` naming the table."""
    import psycopg
    from django.db import connection

    quote = connection.ops.quote_name
    into = f"COPY {quote(table)} ({', '.join(quote(name) for name in columns)}) FROM STDIN"
    try:
        with connection.cursor() as cursor, cursor.copy(into) as writer:
            for row in rows:
                writer.write_row(row)
    except psycopg.DataError as fault:
        raise Refused(
            f"表 {table} 里有一行 PostgreSQL 不收（{str(fault).splitlines()[0]}）。没有搬。"
        ) from fault


def _compare(before: dict[str, int]) -> dict[str, int]:
    from django.db import connection

    after = tables.counts(connection)
    short = [f"{name}（{count} 行，过去 {after.get(name, 0)} 行）" for name, count in before.items()
             if after.get(name, 0) != count]  # fmt: skip
    if short:
        raise Refused(f"行数对不上：{'、'.join(short)}。源库没有动，请清空目标再试。")
    return after


def _verified(by: Any, at: datetime, path: Path) -> str:
    """The ledger on the target, walked through, then the move itself as its next entry."""
    from gongzhi.kernel.ledger import registers, verify
    from gongzhi.site import prepare

    report = verify.verify(at=at)
    if not report.sound:
        raise Refused(f"{report}\n目标库的台账对不上，没有改用它。源库没有动。")
    if faults := prepare.faults():
        raise Refused("\n".join(faults))
    facts = {"command": "move", "from": path.name, "entries": report.entries}
    registers.record("access", "operator_session", by=by, at=at, facts=facts)
    return str(report)


def _mark(path: Path, target: str, at: datetime) -> None:
    from django.conf import settings

    from gongzhi.kernel.datafolder import write_whole

    said = urlsplit(target)
    shown = f"{said.scheme}://{said.hostname or ''}{said.path}"
    told = {"to": shown, "at": at.isoformat(), "from": path.name}
    write_whole(settings.DATA / MARK, json.dumps(told, ensure_ascii=False).encode())

"""One moment of the database, written into a folder while others go on writing.

SQLite: its own online backup, one step under the write-ahead log. PostgreSQL: every table by COPY in one transaction of
REPEATABLE READ; nothing but the driver is needed.
"""

import gzip
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gongzhi.site import tables
from gongzhi.site.failures import Refused

FILE, FOLDER = "database.sqlite3", "tables"
DIGESTS = "SELECT DISTINCT digest FROM kernel_attachment WHERE removed_at IS NULL ORDER BY digest"
REGISTERS = "SELECT name, seq, head FROM kernel_register ORDER BY name"
SEALS = "SELECT coalesce(max(seq), 0) FROM kernel_seal"
RAN = f"SELECT app, name FROM {tables.MIGRATIONS} ORDER BY app, name"  # noqa: S608


@dataclass
class Moment:
    """What the database held then: rows and columns per table, migrations, heads, digests of files, last seal."""

    database: str
    tables: dict[str, Any] = field(default_factory=dict)
    migrations: dict[str, list[str]] = field(default_factory=dict)
    registers: dict[str, list[Any]] = field(default_factory=dict)
    seal: int = 0
    digests: list[str] = field(default_factory=list)

    def take(self, ask: Any) -> None:
        """Ask the same connection for everything but the tables."""
        self.migrations = tables.migrations(ask(RAN))
        self.registers = {name: [seq, head] for name, seq, head in ask(REGISTERS)}
        self.seal = int(ask(SEALS)[0][0])
        self.digests = [digest for (digest,) in ask(DIGESTS)]


def size() -> int:
    """About how many bytes the database takes."""
    from django.db import connection

    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        beside = [path, path.with_name(path.name + "-wal")]
        return sum(one.stat().st_size for one in beside if one.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def write(folder: Path) -> Moment:
    """Write the database as it is now into ``folder`` and say what it holds. Raises ``Refused``."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return _sqlite(Path(connection.settings_dict["NAME"]), folder / FILE)
    return _postgres(folder / FOLDER)


def _sqlite(source: Path, target: Path) -> Moment:
    if not source.is_file():
        raise Refused(f"没有数据库 {source}。DATA 写对了吗？")
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(source, timeout=60)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
        (sound,) = new.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise Refused(f"数据库的副本不完好（{sound}），没有备份成。请先查硬盘。")
        moment = Moment("sqlite")
        moment.take(lambda query: new.execute(query).fetchall())
        moment.tables = {name: {"rows": count} for name, count in tables.sqlite_counts(new).items()}
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return moment


def _postgres(folder: Path) -> Moment:
    from django.db import connection

    folder.mkdir(mode=0o700)
    moment = Moment("postgresql")
    with one_moment() as cursor:

        def ask(query: str) -> list[Any]:
            cursor.execute(query)
            return list(cursor.fetchall())

        moment.take(ask)
        for name in tables.names(connection):
            listed = [column.name for column in connection.introspection.get_table_description(cursor, name)]
            rows = _copy_out(cursor, name, listed, folder / f"{name}.copy.gz")
            moment.tables[name] = {"rows": rows, "columns": listed}
    return moment


@contextmanager
def one_moment() -> Iterator[Any]:
    """A cursor in a transaction that sees one moment of PostgreSQL and writes nothing."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield cursor


def _copy_out(cursor: Any, table: str, columns: list[str], path: Path) -> int:
    """Write a table as COPY text, compressed; how many rows."""
    from django.db import connection

    quote, rows = connection.ops.quote_name, 0
    listed = ", ".join(quote(name) for name in columns)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with (
            gzip.GzipFile("", "wb", 6, raw, mtime=0) as file,
            cursor.copy(f"COPY {quote(table)} ({listed}) TO STDOUT") as rows_out,
        ):
            for part in rows_out:
                file.write(part)
                rows += bytes(part).count(b"\n")  # text format: a line break inside a value is written \n
        raw.flush()
        os.fsync(raw.fileno())
    return rows


def read_back(folder: Path, name: str) -> Iterator[bytes]:
    """A table's COPY text in blocks."""
    with gzip.open(folder / FOLDER / f"{name}.copy.gz", "rb") as file:
        while block := file.read(1 << 20):
            yield block

"""The tables of an installation as plain rows: counting, emptying what a fresh database holds, setting sequences."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from gongzhi.site.failures import Refused

SEARCH = "kernel_search"
MIGRATIONS = "django_migrations"
OF_THE_DATABASE = ("sqlite_", f"{SEARCH}_")  # SQLite's own, and what lies below its search table

Value = Callable[[Any], Any]


def models() -> dict[str, Any]:
    """Every model by its table, join tables too."""
    from django.apps import apps

    found = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in found if model._meta.managed and not model._meta.proxy}


def names(connection: Any) -> list[str]:
    """The tables that hold what people wrote: all but the list of migrations and what a database keeps for itself."""
    with connection.cursor() as cursor:
        found = connection.introspection.table_names(cursor)
    return sorted(name for name in found if name != MIGRATIONS and not name.startswith(OF_THE_DATABASE))


def counts(connection: Any) -> dict[str, int]:
    """Rows per table."""
    found = {}
    with connection.cursor() as cursor:
        for name in names(connection):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            found[name] = int(cursor.fetchone()[0])
    return found


def sqlite_counts(source: sqlite3.Connection) -> dict[str, int]:
    """Rows per table of a SQLite file."""
    found = {}
    for name in sqlite_names(source):
        found[name] = int(source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
    return found


def sqlite_names(source: sqlite3.Connection) -> list[str]:
    """The tables of a SQLite file that hold what people wrote."""
    rows = source.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    found = [name for (name,) in rows]
    return [name for name in found if name != MIGRATIONS and not name.startswith(OF_THE_DATABASE)]


def migrations(rows: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Migrations that have run, per application."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(rows):
        found.setdefault(app, []).append(name)
    return found


def must_be_empty(connection: Any) -> None:
    """Raises ``Refused`` where anything stands already."""
    with connection.cursor() as cursor:
        found = connection.introspection.table_names(cursor)
    if found:
        raise Refused(f"目标数据库里已经有 {len(found)} 张表。只能放进一个空的数据库，没有动它。")


def clear_seeded(connection: Any) -> None:
    """Empty what migrations have filled (kinds of content, permissions): the rows that come are the only ones."""
    filled = [name for name, count in counts(connection).items() if count]
    if filled:
        listed = ", ".join(connection.ops.quote_name(name) for name in filled)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {listed} CASCADE")


def set_sequences(connection: Any) -> None:
    """Numbers the database gives go on after the highest there is."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models().values())):
            cursor.execute(statement)


# From SQLite's values to PostgreSQL's -------------------------------------------------------------------------------


def columns(model: Any) -> dict[str, Value]:
    """The columns of a model's table, each with what turns SQLite's value into PostgreSQL's."""
    return {field.column: _reader(field) for field in model._meta.local_concrete_fields}


def _reader(field: Any) -> Value:
    kind = field.get_internal_type()
    if field.remote_field is not None:
        kind = field.target_field.get_internal_type()
    return READERS.get(kind, _as_it_is)


def _as_it_is(value: Any) -> Any:
    return value


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _moment(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


READERS: dict[str, Value] = {"BooleanField": _truth, "DateTimeField": _moment}


def sqlite_rows(source: sqlite3.Connection, table: str, model: Any) -> Iterator[list[Any]]:
    """Every row of a table as PostgreSQL takes it, in the order of :func:`columns`."""
    wanted = columns(model)
    listed = ", ".join(f'"{name}"' for name in wanted)
    readers = list(wanted.values())
    for row in source.execute(f'SELECT {listed} FROM "{table}"'):  # noqa: S608
        yield [read(value) for read, value in zip(readers, row, strict=True)]


def sqlite_search(source: sqlite3.Connection) -> Iterator[list[Any]]:
    """The search table's rows: matter and its tokens."""
    for matter, tokens in source.execute(f"SELECT rowid, tokens FROM {SEARCH}"):  # noqa: S608
        yield [matter, tokens.split(" ")]

"""The database itself refuses to rewrite the ledger.

Entries and seals can be added, never changed or removed; words can be removed (an action does it), never changed.
Set again after every migration, since a SQLite table rebuild drops triggers.
"""

from typing import Any

from django.db import connections

FORBIDDEN = {
    "kernel_entry": ["UPDATE", "DELETE"],
    "kernel_seal": ["UPDATE", "DELETE"],
    "kernel_words": ["UPDATE"],
}
REFUSAL = "the ledger is append-only"


def names() -> set[str]:
    """The names of all triggers that must stand."""
    return {f"keep_{table}_{verb.lower()}" for table, verbs in FORBIDDEN.items() for verb in verbs}


def install(connection: Any) -> None:
    """Create every missing trigger on this connection's database."""
    present = _present(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION keep_ledger() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
            )
        for table, verbs in FORBIDDEN.items():
            for verb in verbs:
                name = f"keep_{table}_{verb.lower()}"
                if name not in present:
                    cursor.execute(_statement(connection.vendor, name, table, verb))


def _statement(vendor: str, name: str, table: str, verb: str) -> str:
    if vendor == "postgresql":
        truncate = " OR TRUNCATE" if verb == "DELETE" else ""
        return (
            f"CREATE TRIGGER {name} BEFORE {verb}{truncate} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION keep_ledger()"
        )
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


def drop(connection: Any) -> None:
    """Remove the triggers. Only migrations that rebuild a table and tests of tampering do this."""
    with connection.cursor() as cursor:
        for table, verbs in FORBIDDEN.items():
            for verb in verbs:
                name = f"keep_{table}_{verb.lower()}"
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def _present(connection: Any) -> set[str]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def missing(connection: Any) -> list[str]:
    """Names of triggers that should stand and do not; start and ``/healthz`` refuse while there is one."""
    return sorted(names() - _present(connection))


def after_migrate(using: str = "default", **_: Any) -> None:
    """Signal receiver of ``post_migrate``."""
    connection = connections[using]
    if "kernel_entry" in connection.introspection.table_names():
        install(connection)

"""Two roles on PostgreSQL: the owner migrates; the application reads and writes rows, and cannot rewrite the ledger.

On SQLite there are no roles and nothing here does anything; the ledger's triggers hold there alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection as default_connection
from django.db import connections

from gongzhi.kernel.ledger import triggers
from gongzhi.site import environment

READ_ONLY = ["django_migrations"]


def application_role() -> str:
    """The name of the role in ``DATABASE_URL``, or "" when the database has no roles."""
    said = urlsplit(settings.APPLICATION_URL)
    return (said.username or "") if said.scheme in {"postgres", "postgresql"} else ""


def become(url: str) -> None:
    """Speak to the database named by ``url`` from here on, in every thread of this process."""
    wanted = environment.database(url, settings.DATA)
    connections.close_all()
    if connections.settings["default"]["ENGINE"] != wanted["ENGINE"]:
        del connections["default"]  # another kind of database needs another kind of connection
    connections.settings["default"].update(wanted)


@contextmanager
def as_owner() -> Iterator[None]:
    """Speak as the owner of the tables (``DATABASE_OWNER_URL``) for a while; without one, as before."""
    if settings.OWNER_URL:
        become(settings.OWNER_URL)
    try:
        yield
    finally:
        if settings.OWNER_URL:
            become(settings.APPLICATION_URL)


def grant(owner: Any, role: str) -> None:
    """Over the owner's connection: let ``role`` use rows of every table, and of the ledger only add and read."""
    name = owner.ops.quote_name(role)
    with owner.cursor() as cursor:
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        for table, verbs in forbidden().items():
            cursor.execute(f"REVOKE {', '.join(verbs)} ON {owner.ops.quote_name(table)} FROM {name}")


def forbidden() -> dict[str, list[str]]:
    """Per table what the application's role may never do."""
    kept = {table: ["UPDATE", "DELETE", "TRUNCATE"] for table in settings.LEDGER_TABLES}
    for table, verbs in triggers.FORBIDDEN.items():
        kept[table] = sorted({*kept.get(table, ["TRUNCATE"]), *verbs})
    return kept | {table: ["INSERT", "UPDATE", "DELETE", "TRUNCATE"] for table in READ_ONLY}


def faults(connection: Any = default_connection) -> list[str]:
    """What the connected role holds beyond its powers, as sentences; empty when all is well (and on SQLite)."""
    if connection.vendor != "postgresql":
        return []
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        role, above_all = cursor.fetchone()
        if above_all:
            found.append(f"the database role {role} is a superuser; give the application a role of its own")
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
        )
        if cursor.fetchone()[0]:
            found.append(
                f"the database role {role} owns tables; set DATABASE_OWNER_URL and migrate as the owner"
            )
        for table, verbs in forbidden().items():
            cursor.execute("SELECT has_table_privilege(to_regclass(%s), %s)", [table, ", ".join(verbs)])
            if cursor.fetchone()[0]:
                found.append(f"the database role {role} may rewrite {table}; run `gongzhi migrate`")
    return found

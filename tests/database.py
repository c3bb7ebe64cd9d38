"""The test database on SQLite or PostgreSQL, made the way a deployment makes it.

On PostgreSQL the owner migrates and grants, and every test then speaks as the application's role, which owns nothing.
Transactional tests are flushed by one fixture with the owner's connection, past the ledger's triggers.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import TransactionTestCase

from gongzhi.kernel.ledger import triggers
from gongzhi.site import roles
from tests import postgres

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
NAME = f"gongzhi_test_{os.getpid()}_{WORKER}"
SEEDED: set[str] = set()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Make the database once per worker, and remove it at the end."""
    with django_db_blocker.unblock():
        make = _make_postgres if settings.TEST_DB == "postgres" else _make_sqlite
        make()
        TransactionTestCase._fixture_teardown = _flush  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        if settings.TEST_DB == "postgres":
            postgres.drop_database(NAME)


def pytest_report_header() -> str:
    """Say which database the tests run on."""
    if settings.TEST_DB != "postgres":
        return "database: sqlite (a file, WAL, synchronous=FULL)"
    return f"database: postgresql ({postgres.server().origin}), as the application's role"


def _make_sqlite() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    _remember_seeded()


def _remember_seeded() -> None:
    """Tables that migrations have filled stay as they are."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if cursor.fetchone()[0]:
                SEEDED.add(table)


def _make_postgres() -> None:
    made = postgres.make_database(NAME)
    roles.become(made.url(postgres.OWNER))
    call_command("migrate", verbosity=0, interactive=False)
    roles.grant(connection, postgres.APPLICATION)
    _remember_seeded()
    roles.become(made.url(postgres.APPLICATION))
    assert roles.faults(connection) == []


def _flush(self: TransactionTestCase) -> None:
    """Empty every table a transactional test may have filled; what migrations put there stays."""
    connections.close_all()
    if settings.TEST_DB != "postgres":
        _empty_sqlite()
        return
    with postgres.server().connect(postgres.OWNER, NAME) as owner, owner.transaction():
        rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = [name for (name,) in rows if name not in SEEDED]
        kept = [name for name in roles.forbidden() if name in tables]
        for name in kept:
            owner.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
        owner.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables) + " RESTART IDENTITY CASCADE")
        for name in kept:
            owner.execute(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')


def _empty_sqlite() -> None:
    """Delete every row, past the ledger's triggers; the live server's threads keep their connections to the file."""
    triggers.drop(connection)
    with (
        connection.constraint_checks_disabled(),  # everything goes: looking for what points where takes hours at size
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        for table in connection.introspection.table_names(cursor):
            if table not in SEEDED and not table.startswith("kernel_search_"):
                cursor.execute(f'DELETE FROM "{table}"')
    triggers.install(connection)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a fresh installation with its own data folder and database, for child processes."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "DJANGO"))
    }
    environment["DATA"] = str(tmp_path / "data")
    if settings.TEST_DB != "postgres":
        yield environment
        return
    name = f"{NAME}_child"
    made = postgres.make_database(name)
    environment["DATABASE_URL"] = made.url(postgres.APPLICATION)
    environment["DATABASE_OWNER_URL"] = made.url(postgres.OWNER)
    yield environment
    postgres.drop_database(name)


@pytest.fixture
def cast(db: None) -> Any:
    """The neighbourhood, set up inside the test's transaction."""
    from tests import cast as people

    return people.build()


@pytest.fixture(autouse=True)
def forget_what_was_kept() -> None:
    """Drop what the process keeps in memory about a database that another test has emptied."""
    from gongzhi.domains.incidents.queries import desk
    from gongzhi.kernel.process import keys, opening, versions
    from gongzhi.kernel.territory import lookup, packing

    keys.forget_blocks()
    opening.forget_ancestors()
    versions.forget_stored()
    packing.forget()
    lookup.forget()
    desk.forget_areas()

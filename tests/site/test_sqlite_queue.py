"""Writers to SQLite stand in one line and all get their turn; readers never stand in it."""

import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongzhi.site.environment import database
from gongzhi.site.sqlite.base import DatabaseWrapper
from gongzhi.site.sqlite.turnstile import Turnstile

THREADS, WRITES = 16, 25


def open_connection(path: Path) -> DatabaseWrapper:
    said = database(f"sqlite://{path}", path.parent)
    said |= {"TIME_ZONE": None, "AUTOCOMMIT": True, "CONN_HEALTH_CHECKS": False}
    connection = DatabaseWrapper(said, "queue")
    connection.ensure_connection()
    return connection


@pytest.fixture
def file(tmp_path: Path, django_db_blocker) -> Iterator[Path]:
    path = tmp_path / "line.sqlite3"
    django_db_blocker.unblock()  # a database of our own, not the test database
    first = open_connection(path)
    with first.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE turn (id integer PRIMARY KEY AUTOINCREMENT, who int, n int, UNIQUE (who, n))"
        )
    first.close()
    yield path
    django_db_blocker.restore()


def write_in_transaction(connection: DatabaseWrapper, who: int, n: int) -> None:
    connection._start_transaction_under_autocommit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM turn")
        cursor.execute("INSERT INTO turn (who, n) VALUES (%s, %s)", [who, n])
    connection._commit()


def write_alone(connection: DatabaseWrapper, who: int, n: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO turn (who, n) VALUES (%s, %s) RETURNING who, n", [who, n])
        assert cursor.fetchone() == (who, n)
        assert cursor.fetchone() is None


@pytest.mark.parametrize("write", [write_in_transaction, write_alone])
def test_sixteen_threads_writing_are_all_served(file: Path, write, capsys) -> None:
    waits: list[float] = []
    faults: list[BaseException] = []

    def work(who: int) -> None:
        connection = open_connection(file)
        try:
            for n in range(WRITES):
                began = time.monotonic()
                write(connection, who, n)
                waits.append(time.monotonic() - began)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(who,)) for who in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []
    with sqlite3.connect(file) as check:
        assert check.execute("SELECT count(*) FROM turn").fetchone() == (THREADS * WRITES,)
    p50, p99 = statistics.median(waits) * 1000, statistics.quantiles(waits, n=100)[98] * 1000
    with capsys.disabled():
        print(f"\n  {THREADS} writers, {write.__name__}: p50 {p50:.1f} ms, p99 {p99:.1f} ms", end="")


def test_a_reader_does_not_wait_for_a_writer(file: Path) -> None:
    writer, reader = open_connection(file), open_connection(file)
    writer._start_transaction_under_autocommit()
    with writer.cursor() as cursor:
        cursor.execute("INSERT INTO turn (who, n) VALUES (1, 1)")
    with reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM turn")
        assert cursor.fetchone() == (0,)
    writer._rollback()
    writer.close()
    reader.close()


def test_a_failed_write_gives_its_turn_back(file: Path) -> None:
    connection, other = open_connection(file), open_connection(file)
    write_alone(connection, 1, 1)
    with pytest.raises(Exception, match="UNIQUE"):
        write_alone(connection, 1, 1)
    write_alone(other, 2, 1)
    connection._start_transaction_under_autocommit()
    connection.close()
    write_alone(other, 2, 2)
    other.close()


def test_commits_reach_the_disk_before_they_are_acknowledged(file: Path) -> None:
    connection = open_connection(file)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)  # FULL
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
    connection.close()


def test_the_line_is_served_in_the_order_of_asking(tmp_path: Path) -> None:
    stile, served = Turnstile(str(tmp_path / "order.lock")), []
    stile.take(1)

    def ask(name: int) -> None:
        stile.take(5)
        served.append(name)
        stile.give()

    threads = []
    for name in range(8):
        thread = threading.Thread(target=ask, args=(name,))
        thread.start()
        threads.append(thread)
        while len(stile._line) != name + 1:
            time.sleep(0.001)
    stile.give()
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_who_waits_too_long_is_told_so_and_leaves_the_line(tmp_path: Path) -> None:
    stile = Turnstile(str(tmp_path / "patience.lock"))
    stile.take(1)
    with pytest.raises(TimeoutError, match="another write"):
        stile.take(0.05)
    stile.give()
    stile.take(0.05)
    stile.give()

"""Django's SQLite backend, with writers queueing at one lock taken where a transaction opens.

A transaction here always writes (reads never open one), so the lock is taken at BEGIN IMMEDIATE and given back after
COMMIT or ROLLBACK. A single write outside a transaction becomes one of its own. Reads never wait.
"""

from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from gongzhi.site.sqlite.turnstile import Turnstile, before

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP")
PATIENCE = 60.0  # seconds a writer stands in the line of its own process before it gives up


class QueueingCursor(base.SQLiteCursorWrapper):
    """A cursor that asks for the turn when it writes outside a transaction."""

    wrapper: "DatabaseWrapper"
    _kept: list[Any] | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement; the rows of an ``INSERT … RETURNING`` are read before the turn is given back."""
        self._kept = None
        if not self._alone(query):
            return super().execute(query, params)
        with self.wrapper.turn():
            super().execute(query, params)
            if self.description is not None:
                self._kept = super().fetchall()
        return self

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement for many rows."""
        self._kept = None
        if not self._alone(query):
            return super().executemany(query, param_list)
        with self.wrapper.turn():
            return super().executemany(query, param_list)

    def fetchone(self) -> Any:
        """The next row, or None."""
        if self._kept is None:
            return super().fetchone()
        return self._kept.pop(0) if self._kept else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next ``size`` rows."""
        count = self.arraysize if size is None else size
        if self._kept is None:
            return super().fetchmany(count)
        rows, self._kept = self._kept[:count], self._kept[count:]
        return rows

    def fetchall(self) -> list[Any]:
        """All rows not yet read."""
        if self._kept is None:
            return super().fetchall()
        rows, self._kept = self._kept, []
        return rows

    def __iter__(self) -> Any:
        """The rows not yet read, one by one."""
        return super().__iter__() if self._kept is None else iter(self.fetchall())

    def _alone(self, query: str) -> bool:
        return (
            self.wrapper.autocommit
            and not self.connection.in_transaction
            and query.lstrip()[:7].upper().startswith(WRITES)
        )


class _Turn:
    """A write of one statement: lock, BEGIN IMMEDIATE, statement, COMMIT, unlock."""

    def __init__(self, wrapper: "DatabaseWrapper") -> None:
        self.wrapper = wrapper

    def __enter__(self) -> None:
        self.wrapper.take_turn()
        try:
            self.wrapper.connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self.wrapper.give_turn()
            raise

    def __exit__(self, kind: Any, *_: Any) -> None:
        try:
            if kind is None:
                self.wrapper.connection.commit()
            else:
                self.wrapper.connection.rollback()
        finally:
            self.wrapper.give_turn()


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; it knows whether it holds the turn."""

    _turnstile: Turnstile | None = None
    _holds = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file and find its turnstile (none for a database in memory)."""
        connection = super().get_new_connection(conn_params)
        name = str(self.settings_dict["NAME"])
        in_memory = name == ":memory:" or "mode=memory" in name
        self._turnstile = None if in_memory else before(name.removeprefix("file:").partition("?")[0])
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that queues when it writes on its own."""
        cursor = self.connection.cursor(factory=QueueingCursor)
        cursor.wrapper = self
        return cursor

    def turn(self) -> _Turn:
        """The turn around a single statement."""
        return _Turn(self)

    def take_turn(self) -> None:
        """Stand in line until it is this connection's turn to write."""
        if self._turnstile is None or self._holds:
            return
        try:
            self._turnstile.take(PATIENCE)
        except TimeoutError as late:
            raise OperationalError(str(late)) from late
        self._holds = True

    def give_turn(self) -> None:
        """Let the next one write."""
        if self._holds and self._turnstile is not None:
            self._holds = False
            self._turnstile.give()

    def _start_transaction_under_autocommit(self) -> None:
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.give_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self.give_turn()  # a failed commit keeps the turn until the rollback that follows it

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.give_turn()

"""Finding matters by number, address and text: one row of tokens per matter, written by the door.

PostgreSQL keeps them as an array under a GIN index, SQLite in an FTS5 table whose row id is the matter's. Private
kinds are never indexed; when words are removed their tokens go by the same action. What is found still passes the
visibility gate: :func:`find` only narrows, and whoever may not read the words must not find by them.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, connections
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import Combinable, RawSQL

from gongzhi.kernel.process.pairs import pairs, wanted

RECENT = timedelta(days=366)
FEW = 7_000  # hits up to which each is looked at; where there are more, walking a list from its newest soon meets them
TOO_SHORT = "再多写一个字。两个字就能找，编号写前四位。"
_ADD = {
    "postgresql": "INSERT INTO kernel_search (matter_id, tokens) "
    "SELECT id, string_to_array(tokens, ' ') FROM unnest(%s::bigint[], %s::text[]) AS given (id, tokens) "
    "ON CONFLICT (matter_id) DO UPDATE SET tokens = excluded.tokens",
    "sqlite": "INSERT OR REPLACE INTO kernel_search (rowid, tokens) "
    "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s)",
}
_REMOVE = {
    "postgresql": "DELETE FROM kernel_search WHERE matter_id = ANY(%s)",
    "sqlite": "DELETE FROM kernel_search WHERE rowid IN (SELECT value FROM json_each(%s))",
}
_FIND = {
    "postgresql": "SELECT matter_id FROM kernel_search WHERE tokens @> %s::text[]",
    "sqlite": "SELECT rowid FROM kernel_search WHERE kernel_search MATCH %s",
}
_HOLDS = {
    "postgresql": "COALESCE((SELECT tokens @> %s::text[] FROM kernel_search WHERE matter_id = {}), FALSE)",
    "sqlite": "EXISTS (SELECT 1 FROM kernel_search WHERE rowid = {} AND {})",
}
_MAKE = {
    "postgresql": [
        "CREATE TABLE IF NOT EXISTS kernel_search (matter_id bigint PRIMARY KEY, tokens text[] NOT NULL)",
        "CREATE INDEX IF NOT EXISTS kernel_search_tokens ON kernel_search USING gin (tokens)",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE IF NOT EXISTS kernel_search USING fts5"
        "(tokens, detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')"
    ],
}


def index(matter_id: int, text: str) -> None:
    """Make a matter findable by a text (number, title, place, what was written), instead of before. One statement."""
    index_all([(matter_id, text)])


def index_all(rows: Iterable[tuple[int, str]]) -> None:
    """The same for many matters, in one statement."""
    cut = [(matter_id, " ".join(pairs(text))) for matter_id, text in rows]
    if not cut:
        return
    if connection.vendor == "postgresql":
        said: list[Any] = [[matter_id for matter_id, _ in cut], [tokens for _, tokens in cut]]
    else:
        said = [json.dumps(cut)]
    with connection.cursor() as cursor:
        cursor.execute(_ADD[connection.vendor], said)


def unindex(*matter_ids: int) -> None:
    """Remove every token of matters (their words were removed, or they became private). One statement."""
    if not matter_ids:
        return
    ids = list(matter_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            _REMOVE[connection.vendor], [ids if connection.vendor == "postgresql" else json.dumps(ids)]
        )


def find(query: str, *, at: datetime, older: bool = False) -> Q:
    """What a question narrows matters to: all its tokens, open or of the last 12 months (``older``: all years).

    Nothing is found by a question under two characters; say ``TOO_SHORT``. Combine with the gate's query.
    """
    tokens = wanted(query)
    if not tokens:
        return Q(pk__in=[])
    return Q(pk__in=_rows(tokens), private=False) & lately(at, older=older)


def lately(at: datetime, *, older: bool = False) -> Q:
    """What a question looks through: what is open or of the last 12 months (``older``: all years)."""
    return Q() if older else Q(closed_at=None) | Q(opened_at__gte=at - RECENT)


def few(query: str, beside: QuerySet[Any, Any] | None = None) -> tuple[bool, bool]:
    """Whether no more than ``FEW`` matters hold every token of a question, and whether ``beside``, cut at one more than
    ``FEW``, holds no more either (one statement)."""
    counted = f"SELECT (SELECT count(*) FROM ({_FIND[connection.vendor]} LIMIT %s) AS held)"  # noqa: S608
    said: list[Any] = [_asked(wanted(query)), FEW + 1]
    if beside is not None:
        sql, more = beside.query.sql_with_params()
        counted += f", (SELECT count(*) FROM ({sql}) AS named)"  # noqa: S608 - composed by Django
        said += more
    with connection.cursor() as cursor:
        cursor.execute(counted, said)
        held, named = (*cursor.fetchone(), 0)[:2]
    return held <= FEW, named <= FEW


def drawn(ids: Combinable) -> Q:
    """Matters of a subquery of few ids: the subquery is answered first, whatever a planner hopes of a walk."""
    return Q(_Drawn(F("pk"), ids))


def hits(query: str) -> Q:
    """What holds every token of a question, where it is few."""
    return drawn(_rows(wanted(query))) & Q(private=False)


class _Drawn(Func):
    """``id IN (…)``; for PostgreSQL an array, which it cannot turn into a join that walks the table."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        (matter, one), (ids, other) = (compiler.compile(each) for each in self.get_source_expressions())
        form = "{} = ANY(ARRAY{})" if connection.vendor == "postgresql" else "{} IN {}"
        return form.format(matter, ids), [*one, *other]


def holding(query: str) -> Q:
    """The same question put to each matter by itself, for lists that are walked until their page is full."""
    tokens = wanted(query)
    return Q(_Holds(F("pk"), tuple(tokens))) if tokens else Q(pk__in=[])


class _Holds(Func):
    """Whether a matter's row of tokens holds them all; never joined, so that a walk stays a walk."""

    output_field = BooleanField()

    def __init__(self, matter: F, tokens: tuple[str, ...]) -> None:
        super().__init__(matter)
        self.tokens = tokens

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        matter, said = compiler.compile(self.get_source_expressions()[0])
        if connection.vendor == "postgresql":
            return _HOLDS["postgresql"].format(matter), [list(self.tokens), *said]
        each = " AND ".join(["instr(' ' || tokens || ' ', %s)"] * len(self.tokens))
        return _HOLDS["sqlite"].format(matter, each), [*said, *[f" {token} " for token in self.tokens]]


def settle() -> None:
    """Merge SQLite's index so that no trace of removed tokens stays in it (PostgreSQL's vacuum does so by itself)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO kernel_search (kernel_search) VALUES ('optimize')")


def after_migrate(sender: Any, using: str = "default", **_: Any) -> None:
    """Make the table and its index where they are missing (post_migrate, over the owner's connection)."""
    chosen = connections[using]
    with chosen.cursor() as cursor:
        for statement in _MAKE[chosen.vendor]:
            cursor.execute(statement)


def _rows(tokens: Sequence[str]) -> RawSQL:
    """The ids of matters that hold every token, as a subquery."""
    return RawSQL(_FIND[connection.vendor], [_asked(tokens)])  # noqa: S611 - a constant; what was asked is a parameter


def _asked(tokens: Sequence[str]) -> Any:
    """Tokens as the database is asked for them; they hold letters, digits and Han only."""
    if connection.vendor == "postgresql":
        return list(tokens)
    return " AND ".join(f'"{token}"' for token in tokens)

"""A small ledger for the tests of seal and check, and the attacker who owns the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from gongzhi.kernel.ids import EPOCH_MS, SEQUENCE_BITS, WORKER_BITS, new_id
from gongzhi.kernel.ledger import seal, triggers
from gongzhi.kernel.ledger.chain import canonical, close, words_for
from gongzhi.kernel.ledger.findings import Report
from gongzhi.kernel.ledger.registers import record
from gongzhi.kernel.models import Area, Delivery, Entry, Matter, ProcessVersion, Words
from gongzhi.kernel.people.acting import Acting
from tests import database, postgres

BEGAN = datetime.now(UTC) - timedelta(hours=5)
SEALED = BEGAN + timedelta(hours=1)
LATER = BEGAN + timedelta(hours=2)
NEXT = BEGAN + timedelta(hours=3)
VERBS = ["report", "accept", "file_case", "dispatch", "sign_in", "reply"]


def id_at(moment: datetime, salt: int = 1) -> int:
    """An identifier as it would have been made at a moment."""
    return (int(moment.timestamp() * 1000) - EPOCH_MS) << (WORKER_BITS + SEQUENCE_BITS) | salt


class Book:
    """Matters and their entries as the door writes them, at moments the test chooses."""

    def __init__(self) -> None:
        self.area = Area.objects.create(
            code="000000000001", name="甲社区", level="community", valid_from=date(2025, 1, 1)
        )
        self.process = ProcessVersion.objects.create(
            digest="0" * 64, name="incident", pack="cn", page="{}", stored_at=BEGAN
        )
        self.count = 0
        self.matters: list[Matter] = []

    def matter(self, entries: int = 6, at: datetime = BEGAN) -> Matter:
        """A matter with so many entries, a minute apart."""
        self.count += 1
        matter = Matter.objects.create(
            id=id_at(at, self.count), number=f"{at:%y%m%d}-{self.count:04d}", kind="incident", process=self.process,
            pack="cn", stage="submitted", area=self.area, source="portal", title="路灯不亮", opened_at=at,
        )  # fmt: skip
        for step in range(entries):
            self.grow(matter, at + timedelta(minutes=step))
        return matter

    def grow(
        self, matter: Matter, at: datetime, said: str = "灯头碎了", facts: dict[str, Any] | None = None
    ) -> Entry:
        """One more entry, with its words and its delivery to the seal."""
        self.count += 1
        entry = Entry(
            id=id_at(at, self.count), matter=matter, seq=matter.seq + 1, at=at, actor="person:1", role="worker",
            verb=VERBS[matter.seq % 6], path=self.area.path, before="a", after="b", facts=canonical(facts or {"图": 1}),
            happened=at if matter.seq % 2 else None, cause_id=7 if matter.seq % 3 else None, prev=matter.head,
        )  # fmt: skip
        words = words_for(entry, {"note": said} if said else {})
        close(entry).save(force_insert=True)
        if words is not None:
            Words.objects.bulk_create([words])
        Delivery.objects.create(id=new_id(), entry=entry, follower="seal", next_at=at)
        matter.seq, matter.head = entry.seq, entry.hash
        matter.save(update_fields=["seq", "head"])
        return entry


def sealed_twice() -> Book:
    """Three matters of six entries and two registers, sealed; one more entry each, sealed; one entry since."""
    book = Book()
    book.matters = [book.matter(at=BEGAN + timedelta(minutes=n)) for n in range(3)]
    record("access", "reveal", by=operator(), at=BEGAN, facts={"matter": "1"})
    record("calendar", "adopt_year", by=operator(), at=BEGAN, facts={"year": 2027})
    seal.seal(SEALED)
    for matter in book.matters:
        book.grow(matter, LATER)
    seal.seal(NEXT)
    book.grow(book.matters[0], NEXT + timedelta(minutes=30))
    return book


def named(report: Report) -> set[tuple[str, str, int]]:
    """What a report names: kind, chain, number in it."""
    return {(fault.kind, fault.chain, fault.seq) for fault in report.faults}


def entry(matter: Matter, seq: int) -> Entry:
    """One entry of a matter."""
    return Entry.objects.get(matter=matter, seq=seq)


def operator() -> Acting:
    """Somebody for the registers."""
    return Acting.operator("甲", "测试")


def forged(entry: Entry, **changes: Any) -> Entry:
    """A copy of an entry with other facts and the hash that fits them."""
    for name, value in changes.items():
        setattr(entry, name, value)
    return close(entry)


@contextmanager
def attacker() -> Iterator[Any]:
    """Whoever owns the database, with the triggers out of the way: gives a function that runs SQL with ``%s``."""
    if settings.TEST_DB == "postgres":
        with postgres.server().connect(None, database.NAME) as owner:
            owner.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
            yield owner.execute
        return
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        try:
            yield cursor.execute
        finally:
            cursor.execute("PRAGMA foreign_keys = ON")
            triggers.install(connection)


def write_row(run: Any, entry: Entry) -> None:
    """Insert an entry's row as the attacker."""
    fields = Entry._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in fields]
    run(f"INSERT INTO kernel_entry ({columns}) VALUES ({', '.join(['%s'] * len(values))})", values)


def replace_row(run: Any, entry: Entry) -> None:
    """Put an entry's row in the place of the one with its id."""
    run("DELETE FROM kernel_entry WHERE id = %s", [entry.pk])
    write_row(run, entry)


def remove(run: Any, ids: list[int]) -> None:
    """Entries and all that hangs on them."""
    for one in ids:
        run("DELETE FROM kernel_words WHERE entry_id = %s", [one])
        run("DELETE FROM kernel_delivery WHERE entry_id = %s", [one])
        run("DELETE FROM kernel_entry WHERE id = %s", [one])


def rewrite(run: Any, matter: Matter, since: int) -> None:
    """Change one entry and give every later one, and the matter, the hashes that fit."""
    head = entry(matter, since - 1).hash
    for row in list(Entry.objects.filter(matter=matter, seq__gte=since).order_by("seq")):
        verb = "void" if row.seq == since else row.verb
        replace_row(run, forged(row, prev=head, verb=verb))
        head = row.hash
    run("UPDATE kernel_matter SET head = %s WHERE id = %s", [head, matter.pk])


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    """A data folder of the test's own: keys, leaves, outbox."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def book() -> Book:
    """Three matters and two registers, sealed twice."""
    return sealed_twice()

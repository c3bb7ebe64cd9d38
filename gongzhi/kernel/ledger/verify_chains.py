"""Checking the chains: every entry's hash, link and number, the heads beside them, and what no seal holds yet.

One raw cursor over all entries; the database puts the hashed bytes together, so that no object is made per entry.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from gongzhi.kernel.ids import moment_of
from gongzhi.kernel.ledger import seal
from gongzhi.kernel.ledger.findings import Fault, Report
from gongzhi.kernel.ledger.models import Entry, Register, Seal
from gongzhi.kernel.ledger.verify_seals import Sealed

BATCH = 5000
TAILS = 500
LINES = 15  # line breaks between the sixteen hashed fields
VERB = 8  # place of the verb among them

Row = tuple[Any, int, str, str, bytes, int]  # chain, seq, prev, hash, hashed bytes, entry id


def check(sealed: Sealed, report: Report) -> None:
    """Walk all chains of matters, then of registers; ``sealed.heads`` keeps what was found nowhere."""
    for kind in (_Matters(), _Registers()):
        walk = _Walk(kind, sealed, report)
        walk.through(_rows(kind.chain, kind.order, kind.where))
        walk.settle()
        kind.without_entries(report)
        _never_sealed(walk)


class _Walk:
    """One pass over the chains of a kind."""

    def __init__(self, kind: "_Kind", sealed: Sealed, report: Report) -> None:
        self.kind, self.sealed, self.report = kind, sealed, report
        self.tails: list[tuple[Any, int, str]] = []
        self.open: list[tuple[Any, int]] = []  # entries no seal holds: chain, entry id

    def through(self, rows: Iterable[Row]) -> None:
        """The hot loop: hashing takes most of it (SM3 of 300 bytes: 4 µs, some 230,000 a second and core)."""
        new, heads = hashlib.new, self.sealed.heads
        chain: Any = None
        run: list[int] = []
        expected, last, count = 1, "", 0
        for owner, seq, prev, digest, text, entry in rows:
            if owner != chain:
                self._close(chain, expected - 1, last, run)
                chain, expected, last, run = owner, 1, "", []
            if (
                seq != expected
                or prev != last
                or new("sm3", text).hexdigest() != digest
                or text.count(b"\n") != LINES
            ):
                self._wrong(chain, seq, expected, prev != last, digest, text)
            expected, last = seq + 1, digest
            count += 1
            run.append(entry)
            if digest in heads:
                self._held(chain, heads.pop(digest), run)
                run = []
        self._close(chain, expected - 1, last, run)
        self.report.entries += count

    def _wrong(self, chain: Any, seq: int, expected: int, unlinked: bool, digest: str, text: bytes) -> None:
        """Say what is wrong with one entry: its bytes, its number, or what it hangs on."""
        fields = text.decode("utf-8", "replace").split("\n")
        verb = fields[VERB] if len(fields) > VERB else ""
        if hashlib.new("sm3", text).hexdigest() != digest or len(fields) != LINES + 1:
            self._found("changed", chain, seq, verb, "内容与它的摘要对不上，写下之后被改过")
        elif seq < expected:
            self._found("inserted", chain, seq, verb, "同一个笔数有两笔，其中一笔是插进来的")
        elif seq > expected:
            gone = f"第 {expected} 笔" if seq == expected + 1 else f"第 {expected}–{seq - 1} 笔"
            self._found("entry_gone", chain, expected, "", f"{gone}不见了，后面还有第 {seq} 笔（{verb}）")
        elif unlinked:
            self._found("link", chain, seq, verb, "接不上前一笔，它是插进来的，或者前一笔被换过")

    def _held(self, chain: Any, number: int, run: list[int]) -> None:
        """A sealed head: what it is the first to hold was not written before the seal that came earlier."""
        floor = self.sealed.floor.get(number)
        if floor is not None and moment_of(min(run)).timestamp() * 1000 < floor:
            self._backdated(chain, run, floor)

    def _close(self, chain: Any, seq: int, digest: str, run: list[int]) -> None:
        """The end of a chain."""
        if chain is None:
            return
        self.report.chains += 1
        self.report.newer += len(run)
        floor = self.sealed.floor.get(self.sealed.last + 1)
        if run and self.sealed.last:
            self.open += [(chain, entry) for entry in run]
            if floor is not None and moment_of(min(run)).timestamp() * 1000 < floor:
                self._backdated(chain, run, floor)
        self.tails.append((chain, seq, digest))
        if len(self.tails) >= TAILS:
            self.settle()

    def _backdated(self, chain: Any, run: list[int], floor: float) -> None:
        """Entries whose own moment lies before a seal that should hold them and does not."""
        label = self.kind.label(chain)
        old = [one for one in run if moment_of(one).timestamp() * 1000 < floor]
        for entry in Entry.objects.filter(pk__in=old):
            if entry.at.timestamp() * 1000 < floor:
                sentence = "写的时刻早于前一次封印，那次封印里却没有它"
                self.sealed.suspects.append(Fault("inserted", label, entry.seq, entry.verb, sentence))

    def settle(self) -> None:
        """Compare the ends of chains with the heads kept beside them."""
        heads = self.kind.heads([chain for chain, _, _ in self.tails])
        for chain, seq, digest in self.tails:
            head = heads.get(chain)
            if head is None:
                self._found("owner_gone", chain, 0, "", "台账还在，它所属的那一行不见了")
            elif head != (seq, digest) and not self._grown(chain, seq, digest):
                self._head(chain, seq, head[0])
        self.tails = []

    def _head(self, chain: Any, seq: int, head: int) -> None:
        if head > seq:
            gone = f"第 {seq + 1} 笔" if head == seq + 1 else f"第 {seq + 1}–{head} 笔"
            self._found("entry_gone", chain, seq + 1, "", f"最后的{gone}不见了")
        else:
            verb = self.kind.entries(chain).filter(seq=seq).values_list("verb", flat=True).first() or ""
            self._found("head", chain, seq, verb, "旁边记着的末笔不是这一笔，它是绕过正门写的，或者被换过")

    def _grown(self, chain: Any, seq: int, digest: str) -> bool:
        """Whether the chain has simply grown since it was read."""
        for number, prev, own in (
            self.kind.entries(chain).filter(seq__gt=seq).values_list("seq", "prev", "hash")
        ):
            if (number, prev) != (seq + 1, digest):
                return False
            seq, digest = number, own
        return self.kind.heads([chain]).get(chain) == (seq, digest)

    def _found(self, fault: str, chain: Any, seq: int, verb: str, sentence: str) -> None:
        self.report.found(fault, self.kind.label(chain), seq, verb, sentence)


class _Kind:
    """Chains of one kind: how they are read, called, and where their heads are kept."""

    chain = order = where = ""

    def heads(self, chains: list[Any]) -> dict[Any, tuple[int, str]]:
        """The heads kept beside the ledger."""
        raise NotImplementedError

    def entries(self, chain: Any) -> Any:
        """The entries of one chain, in order."""
        raise NotImplementedError

    def label(self, chain: Any) -> str:
        """What people call the chain."""
        raise NotImplementedError

    def without_entries(self, report: Report) -> None:
        """Owners that say they have entries and have none."""
        raise NotImplementedError


class _Matters(_Kind):
    """A chain for each matter."""

    chain, order, where = "matter_id", "matter_id, seq", "matter_id IS NOT NULL"

    def __init__(self) -> None:
        self.rows = apps.get_model("kernel", "Matter").objects

    def heads(self, chains: list[Any]) -> dict[Any, tuple[int, str]]:
        """``seq`` and ``head`` of matters."""
        found = self.rows.filter(pk__in=chains).values_list("pk", "seq", "head")
        return {pk: (seq, head) for pk, seq, head in found}

    def entries(self, chain: Any) -> Any:
        """A matter's entries."""
        return Entry.objects.filter(matter=chain).order_by("seq")

    def label(self, chain: Any) -> str:
        """Its number."""
        return self.rows.filter(pk=chain).values_list("number", flat=True).first() or f"事项 {chain}"

    def without_entries(self, report: Report) -> None:
        """Matters with no entry at all."""
        query = (
            "SELECT number FROM kernel_matter m WHERE NOT EXISTS "
            "(SELECT 1 FROM kernel_entry e WHERE e.matter_id = m.id) ORDER BY number"
        )
        for (number,) in _select(query):
            report.found("entry_gone", number, 1, "", "一笔台账都没有了")


class _Registers(_Kind):
    """A chain for each register."""

    chain, order, where = "register", "register, seq", "matter_id IS NULL"

    def heads(self, chains: list[Any]) -> dict[Any, tuple[int, str]]:
        """``seq`` and ``head`` of registers."""
        found = Register.objects.filter(pk__in=chains).values_list("pk", "seq", "head")
        return {pk: (seq, head) for pk, seq, head in found}

    def entries(self, chain: Any) -> Any:
        """A register's entries."""
        return Entry.objects.filter(matter=None, register=chain).order_by("seq")

    def label(self, chain: Any) -> str:
        """Its name."""
        return str(chain)

    def without_entries(self, report: Report) -> None:
        """Registers that say they have entries and have none."""
        with_entries = set(Entry.objects.filter(matter=None).values_list("register", flat=True).distinct())
        for name in (
            Register.objects.filter(seq__gt=0).exclude(pk__in=with_entries).values_list("pk", flat=True)
        ):
            report.found("entry_gone", name, 1, "", "一笔台账都没有了")


def _never_sealed(walk: _Walk) -> None:
    """Entries in no seal that no seal waits for either: they did not come through the door."""
    if not walk.open:
        return
    waiting = seal.waiting_entries()
    stray = {entry for _, entry in walk.open if entry not in waiting}
    if not stray or Seal.objects.filter(seq__gt=walk.sealed.last).exists():  # sealed while we were reading
        return
    owner = {entry: chain for chain, entry in walk.open}
    sentence = "不在任何封印里，也没有在等封印，它不是从正门进来的"
    for entry in Entry.objects.filter(pk__in=stray).order_by("pk"):
        label = walk.kind.label(owner[entry.pk])
        walk.sealed.suspects.append(Fault("inserted", label, entry.seq, entry.verb, sentence))


def _rows(chain: str, order: str, where: str) -> Iterator[Row]:
    """All entries of a kind in the order of their chains, hashed bytes made by the database."""
    query = (
        f"SELECT {chain}, seq, prev, hash, {hashed_sql(connection.vendor, chain)}, id "  # noqa: S608
        f"FROM kernel_entry WHERE {where} ORDER BY {order}"
    )
    return _select(query)


def _select(query: str) -> Iterator[Any]:
    """Rows of a query, read in batches (a server-side cursor on PostgreSQL)."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def hashed_sql(vendor: str, chain: str) -> str:
    """SQL for the bytes that are hashed, as :func:`gongzhi.kernel.ledger.chain.hashed_text` makes them."""
    kind = "m:" if chain == "matter_id" else "r:"
    plain = [
        "actor",
        "acting_as",
        "role",
        "for_whom",
        "verb",
        "path",
        "before",
        "after",
        "facts",
        "words_seal",
    ]
    stamps = [_stamp_sql(vendor, column) for column in ("at", "happened")]
    fields = [
        "seq",
        *stamps,
        *(f'"{column}"' for column in plain),
        "COALESCE(CAST(cause_id AS TEXT), '')",
        "prev",
    ]
    if vendor == "postgresql":
        return f"convert_to(concat_ws(chr(10), '{kind}' || {chain}, {', '.join(fields)}), 'UTF8')"
    form = "\n".join(
        [f"{kind}%s"] + ["%s"] * len(fields)
    )  # one pass: chained || copies the text sixteen times
    return f"CAST(printf('{form}', {chain}, {', '.join(fields)}) AS BLOB)"


def _stamp_sql(vendor: str, column: str) -> str:
    """A moment in UTC with six decimals, empty for none."""
    if vendor == "postgresql":
        return f"COALESCE(to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '')"
    return f"COALESCE({column} || CASE WHEN length({column}) = 19 THEN '.000000' ELSE '' END, '')"

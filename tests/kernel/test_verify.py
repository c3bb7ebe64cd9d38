"""The check: every tampering behind the triggers is named, by matter, number in it and act."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from gongzhi.kernel.ledger import seal, verify_chains
from gongzhi.kernel.ledger.chain import chain_name, entry_fields, hashed_text
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Delivery, Entry
from tests.kernel.ledger_book import (
    BEGAN,
    LATER,
    attacker,
    book,
    data,
    entry,
    forged,
    id_at,
    named,
    remove,
    replace_row,
    rewrite,
    write_row,
)

__all__ = ["book", "data"]
pytestmark = pytest.mark.django_db(transaction=True)


# The five tamperings, each older than the last seal and behind the triggers ------------------------------------------


def test_the_triggers_stand_between(book):
    with pytest.raises(Exception, match="append-only|permission denied"):
        Entry.objects.filter(pk=entry(book.matters[0], 2).pk).update(verb="x")


def test_one_byte_changed_is_named(book):
    victim = entry(book.matters[1], 3)
    with attacker() as run:
        run("UPDATE kernel_entry SET facts = %s WHERE id = %s", [victim.facts.replace("1", "2"), victim.pk])
    report = verify()
    assert named(report) == {("changed", book.matters[1].number, 3)}
    assert report.faults[0].verb == "file_case"
    assert f"{book.matters[1].number}，第 3 笔（file_case）：内容与它的摘要对不上" in str(report)


@pytest.mark.parametrize("column", ["seq", "at", "happened", "actor", "role", "verb", "path", "after", "words_seal",
                                    "cause_id", "prev", "hash"])  # fmt: skip
def test_a_change_in_any_column_is_named(book, column):
    victim = entry(book.matters[1], 4)
    values = {"seq": 44, "at": BEGAN, "happened": BEGAN + timedelta(seconds=1), "cause_id": 8}
    forged_value = values.get(column, "ff" * 32 if column in ("prev", "hash", "words_seal") else "x")
    field = Entry._meta.get_field(column)
    with attacker() as run:
        run(
            f"UPDATE kernel_entry SET {field.column} = %s WHERE id = %s",
            [field.get_db_prep_save(forged_value, connection), victim.pk],
        )
    faults = verify().faults
    assert faults
    assert {fault.chain for fault in faults} == {book.matters[1].number}


def test_a_last_entry_removed_is_named_even_when_the_head_was_put_right(book):
    matter, last = book.matters[1], entry(book.matters[1], 7)
    with attacker() as run:
        remove(run, [last.pk])
    assert ("entry_gone", matter.number, 7) in named(verify())
    with attacker() as run:
        run("UPDATE kernel_matter SET seq = 6, head = %s WHERE id = %s", [entry(matter, 6).hash, matter.pk])
    assert named(verify()) == {("entry_gone", matter.number, 7)}


def test_an_entry_removed_from_the_middle_is_named(book):
    with attacker() as run:
        remove(run, [entry(book.matters[1], 3).pk])
    assert ("entry_gone", book.matters[1].number, 3) in named(verify())


def test_a_whole_matter_removed_is_named_by_its_number(book):
    matter = book.matters[2]
    with attacker() as run:
        remove(run, list(Entry.objects.filter(matter=matter).values_list("pk", flat=True)))
        run("DELETE FROM kernel_matter WHERE id = %s", [matter.pk])
    report = verify()
    assert named(report) == {("chain_gone", matter.number, 6)}
    assert "整条链都不见了，第 1 次封印里有它的第 6 笔" in str(report)


def test_a_matter_without_entries_and_entries_without_their_matter_are_named(book):
    with attacker() as run:
        remove(run, list(Entry.objects.filter(matter=book.matters[2]).values_list("pk", flat=True)))
        run("DELETE FROM kernel_matter WHERE id = %s", [book.matters[1].pk])
    kinds = {(fault.kind, fault.chain) for fault in verify().faults}
    assert ("entry_gone", book.matters[2].number) in kinds
    assert any(kind == "owner_gone" for kind, _ in kinds)


def test_an_entry_inserted_in_the_middle_is_named(book):
    matter = book.matters[1]
    with attacker() as run:
        run("DROP INDEX one_seq_per_matter")
        write_row(run, forged(entry(matter, 3), id=id_at(BEGAN, 999), verb="void"))
    report = verify()
    assert {fault.chain for fault in report.faults} == {matter.number}
    assert ("inserted", matter.number, 3) in named(report) or ("link", matter.number, 3) in named(report)


def test_an_entry_put_at_the_end_of_an_old_chain_is_named(book):
    matter = book.matters[1]
    at = LATER + timedelta(minutes=5)  # older than the last seal
    more = forged(
        entry(matter, 7),
        id=id_at(at, 998),
        seq=8,
        at=at,
        verb="void",
        prev=entry(matter, 7).hash,
        words_seal="",
    )
    with attacker() as run:
        write_row(run, more)
        run("UPDATE kernel_matter SET seq = 8, head = %s WHERE id = %s", [more.hash, matter.pk])
    assert named(verify()) == {("inserted", matter.number, 8)}
    Delivery.objects.create(entry=more, follower="seal", next_at=at)  # even when it is handed to the seal
    assert named(verify()) == {("inserted", matter.number, 8)}
    seal.seal(datetime.now(UTC))  # and sealed
    assert named(verify()) == {("inserted", matter.number, 8)}


def test_a_chain_rewritten_with_correct_hashes_is_named(book):
    matter = book.matters[1]
    with attacker() as run:
        rewrite(run, matter, since=3)
    report = verify()
    assert named(report) == {("rewritten", matter.number, 6)}
    assert "它或它前面的被改写过" in str(report)


def test_a_chain_rewritten_and_sealed_again_is_still_named(book):
    matter = book.matters[1]
    with attacker() as run:
        rewrite(run, matter, since=3)
        run("UPDATE kernel_delivery SET state = 'pending' WHERE entry_id = %s", [entry(matter, 7).pk])
    seal.seal(datetime.now(UTC))
    assert ("rewritten", matter.number, 6) in named(verify())


def test_a_register_is_held_the_same_way(book):
    victim = Entry.objects.get(register="access", seq=1)
    with attacker() as run:
        replace_row(run, forged(victim, verb="look"))
        run("UPDATE kernel_register SET head = %s WHERE name = 'access'", [victim.hash])
    assert named(verify()) == {("rewritten", "access", 1)}
    with attacker() as run:
        remove(run, [victim.pk])
        run("DELETE FROM kernel_register WHERE name = 'access'")
    assert named(verify()) == {("chain_gone", "access", 1)}


# Exactness ----------------------------------------------------------------------------------------------------------


def test_the_database_makes_the_same_bytes_as_the_chain(book):
    for kind in (verify_chains._Matters(), verify_chains._Registers()):
        for _, _, _, _, text, pk in verify_chains._rows(kind.chain, kind.order, kind.where):
            row = Entry.objects.get(pk=pk)
            assert bytes(text) == hashed_text(entry_fields(row))
            assert text.startswith(chain_name(row.matter_id, row.register).encode())


def test_an_entry_that_grows_while_the_check_reads_is_no_fault(book, monkeypatch):
    matter, real = book.matters[2], verify_chains._Walk.settle

    def grow_first(walk) -> None:
        if walk.tails and walk.kind.chain == "matter_id":
            book.grow(matter, datetime.now(UTC))
        real(walk)

    monkeypatch.setattr(verify_chains._Walk, "settle", grow_first)
    assert verify().sound

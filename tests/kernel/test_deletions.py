"""What is deleted stays deleted: each deletion is in a journal beside the database, and there is no way round it."""

import ast
import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.retention import delete_due
from gongzhi.kernel.ledger import deletions
from gongzhi.kernel.ledger.deletions import Deletion, JournalBroken
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Attachment, Entry, Matter, Receipt, Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import erase, search
from gongzhi.kernel.process.verdict import Refusal
from tests.cast import MORNING, Cast, clock, key
from tests.house import sources

LATER = clock("2026-11-20 10:00")
OPERATOR = Acting.operator("王芳", "恢复之后")


@pytest.fixture(autouse=True)
def journal(tmp_path: Path, settings) -> Path:
    settings.DELETIONS = tmp_path / "deletions.jsonl"
    return settings.DELETIONS


def some(number: int) -> Deletion:
    return Deletion("words", number, (str(number * 10), str(number * 10 + 1)))


def test_a_journal_is_a_chain_that_grows_from_many_hands(journal: Path) -> None:
    hands = [
        threading.Thread(target=deletions.append, args=([some(n), some(n + 50)], MORNING)) for n in range(20)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    lines = deletions.read(journal)
    assert [line.number for line in lines] == list(range(1, 41))
    assert journal.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("change", [("10", "12"), ("words", "files"), ('"n":2', '"n":3')])
def test_a_changed_line_is_named(journal: Path, change: tuple[str, str]) -> None:
    deletions.append([some(1), some(2)], MORNING)
    journal.write_text(journal.read_text().replace(*change))
    with pytest.raises(JournalBroken, match="第 [12] 行"):
        deletions.read(journal)


def test_a_line_taken_out_is_missed(journal: Path) -> None:
    deletions.append([some(1), some(2), some(3)], MORNING)
    first, _, third = journal.read_text().splitlines(keepends=True)
    journal.write_text(first + third)
    with pytest.raises(JournalBroken, match="第 2 行"):
        deletions.read(journal)


def test_half_a_line_from_a_crash_is_dropped_and_the_chain_goes_on(journal: Path) -> None:
    deletions.append([some(1)], MORNING)
    with journal.open("a") as file:
        file.write('{"n":2,"what":"wo')
    assert len(deletions.read(journal)) == 1
    deletions.append([Deletion("files", 7, ("a" * 70_000,))], MORNING)  # longer than one look at the end
    deletions.append([some(3)], MORNING)
    assert [line.deletion.matter for line in deletions.read(journal)] == [1, 7, 3]


def closed(cast: Cast, said: str = "路灯不亮，找张老三") -> Matter:
    told = cast.snap(said)
    take(told.matter, "withdraw", by=cast.reporter(told), at=clock("2026-11-20 09:00"), key=key())
    return Matter.objects.get(pk=told.matter.pk)


@pytest.mark.django_db
def test_a_residents_wish_is_in_the_journal_and_holds_ids_alone(cast: Cast, journal: Path) -> None:
    told = cast.snap("路灯不亮，找张老三")
    take(told.matter, "forget_contact", by=cast.reporter(told), at=LATER, key=key())
    receipt = Receipt.objects.get(matter=told.matter)
    assert receipt.phone_enc is None
    (line,) = deletions.read(journal)
    assert line.deletion == Deletion("contact", told.matter.pk, (str(receipt.pk),))
    assert "张老三" not in journal.read_text() and "13812341234" not in journal.read_text()


@pytest.mark.django_db
def test_what_is_refused_is_not_in_the_journal(cast: Cast, journal: Path) -> None:
    told = cast.snap()
    with pytest.raises(Refusal):
        take(told.matter, "remove_words", by=cast.reporter(told), at=LATER, key=key())
    with pytest.raises(Refusal):
        take(told.matter, "forget_contact", by=cast.acting("outsider", LATER), at=LATER, key=key())
    assert deletions.read(journal) == []


@pytest.mark.django_db
def test_retention_is_in_the_journal(cast: Cast, journal: Path) -> None:
    matter = closed(cast)
    delete_due(MORNING + timedelta(days=1200))
    assert {line.deletion.what for line in deletions.read(journal)} == {"words", "contact"}
    assert {line.deletion.matter for line in deletions.read(journal)} == {matter.pk}
    assert verify().sound


@pytest.mark.django_db
def test_a_full_disk_keeps_the_words_rather_than_the_journal_short(
    cast: Cast, journal: Path, monkeypatch
) -> None:
    matter = closed(cast)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(deletions.os, "fsync", full)
    with pytest.raises(OSError):
        take(matter, "remove_words", by=Acting.clock(), at=LATER)
    assert Words.objects.filter(entry__matter=matter).exists()


@pytest.mark.django_db
def test_what_a_backup_brings_back_goes_again_whatever_its_stage(cast: Cast, journal: Path) -> None:
    """The backup is older than the end of the matter: it is still open there, and its words go all the same."""
    told, other = cast.snap("路灯不亮，找张老三"), cast.snap("井盖松了")
    names = Words.objects.filter(entry__matter=told.matter).values_list("pk", flat=True)
    receipt = Receipt.objects.get(matter=told.matter)
    deletions.append([Deletion("words", told.matter.pk, tuple(str(pk) for pk in names))], LATER)
    deletions.append([Deletion("contact", told.matter.pk, (str(receipt.pk),))], LATER)
    deletions.append([Deletion("words", 12345, ("67890",))], LATER)  # a matter opened after the backup
    outcomes = erase.replay(deletions.read(journal), by=OPERATOR, at=LATER)
    assert [one.refusal for one in outcomes] == [None]
    assert not Words.objects.filter(entry__matter=told.matter).exists()
    assert Receipt.objects.get(pk=receipt.pk).phone_enc is None
    matter = Matter.objects.get(pk=told.matter.pk)
    assert (matter.place, matter.stage) == ("", "submitted")
    assert not Matter.objects.filter(search.find("张老三", at=LATER)).exists()
    assert Words.objects.filter(entry__matter=other.matter).exists()
    entry = Entry.objects.get(matter=matter, verb="erase_again")
    assert entry.actor == "operator:王芳|恢复之后" and json.loads(entry.facts)["removed_words"]
    assert verify().sound
    assert erase.replay(deletions.read(journal), by=OPERATOR, at=LATER) == []


@pytest.mark.django_db
def test_nobody_but_an_operator_removes_again(cast: Cast) -> None:
    told = cast.snap()
    for who in (cast.reporter(told), cast.acting("secretary", LATER), cast.acting("outsider", LATER)):
        with pytest.raises(Refusal):
            take(told.matter, "erase_again", by=who, at=LATER, key=key())
    assert Words.objects.filter(entry__matter=told.matter).exists()


def test_there_is_one_place_where_words_and_contacts_go() -> None:
    """Rows of words are deleted, files marked as gone and contacts emptied in ``erase`` alone."""
    found = set()
    for path in sources.written_by_hand("gongzhi/"):
        for call, chain in sources.calls(path):
            emptied = {word.arg for word in call.keywords if _nothing(word.value)} & {
                "phone_enc",
                "phone_tag",
            }
            marked = {word.arg for word in call.keywords} & {"removed_at"} and chain.endswith(".update")
            removed = "Words." in chain and chain.endswith((".delete", "_raw_delete"))
            if (
                removed
                or (chain.endswith(".update") and emptied)
                or (marked and not _nothing_said(call, "removed_at"))
            ):
                found.add(sources.name(path))
    assert found == {"gongzhi/kernel/process/erase.py"}
    raw = [
        sources.name(path)
        for path in sources.written_by_hand()
        if "DELETE FROM kernel_words" in path.read_text()
    ]
    assert raw == []


def _nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value in (None, "", b"")


def _nothing_said(call: ast.Call, name: str) -> bool:
    return any(word.arg == name and _nothing(word.value) for word in call.keywords)


@pytest.mark.django_db
def test_files_are_marked_and_named(cast: Cast, journal: Path) -> None:
    matter = closed(cast)
    entry = Entry.objects.filter(matter=matter).order_by("seq").first()
    Attachment.objects.create(
        matter=matter, entry=entry, kind="photo", digest="ab" * 32, media_type="image/jpeg", bytes=1
    )
    take(matter, "remove_words", by=Acting.clock(), at=LATER)
    assert Attachment.objects.get(matter=matter).removed_at == LATER
    assert ("files", ("ab" * 32,)) in [
        (one.deletion.what, one.deletion.ids) for one in deletions.read(journal)
    ]

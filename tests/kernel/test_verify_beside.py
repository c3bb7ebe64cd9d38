"""The check of what stands beside the chains: words, files, the seals themselves, a seal kept elsewhere."""

import hashlib
from datetime import UTC, datetime

import pytest

from gongzhi.kernel.ledger import leaves, seal
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Attachment, Seal
from tests.kernel.ledger_book import SEALED, attacker, book, data, entry, named, rewrite

__all__ = ["book", "data"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_words_changed_or_gone_are_named_and_words_removed_by_an_action_are_not(book):
    changed, gone, removed = (entry(book.matters[2], seq) for seq in (1, 2, 3))
    with attacker() as run:
        run("UPDATE kernel_words SET text = %s WHERE entry_id = %s", ['{"note":"没坏"}', changed.pk])
        run("DELETE FROM kernel_words WHERE entry_id = %s", [gone.pk])
        run("DELETE FROM kernel_words WHERE entry_id = %s", [removed.pk])
    number = book.matters[2].number
    assert named(verify()) == {
        ("words_changed", number, 1),
        ("words_gone", number, 2),
        ("words_gone", number, 3),
    }
    book.grow(book.matters[2], datetime.now(UTC), "", {"removed_words": [str(removed.pk)]})
    assert named(verify()) == {("words_changed", number, 1), ("words_gone", number, 2)}


def test_a_file_changed_or_gone_is_named(book, data):
    digest = hashlib.new("sm3", b"photo").hexdigest()
    folder = data / "files" / digest[:2]
    folder.mkdir(parents=True)
    path = folder / f"{digest}.jpg"
    path.write_bytes(b"photo")
    row = book.grow(book.matters[0], datetime.now(UTC), "", {"files": [digest]})
    kept = Attachment.objects.create(
        matter=book.matters[0], entry=row, kind="photo", digest=digest, media_type="image/jpeg", bytes=5
    )
    assert verify().sound
    path.write_bytes(b"phot0")
    assert [fault.kind for fault in verify().faults] == ["file_changed"]
    assert verify(contents=False).sound
    path.unlink()
    assert [fault.kind for fault in verify().faults] == ["file_gone"]
    kept.delete()
    assert [fault.kind for fault in verify().faults] == ["file_gone"]
    book.grow(book.matters[0], datetime.now(UTC), "", {"removed_files": [digest]})
    assert verify().sound


def test_a_seal_changed_replaced_or_removed_is_named(book):
    last = seal.latest_seals(1)[0]
    with attacker() as run:
        run("UPDATE kernel_seal SET root = %s WHERE seq = 1", ["ab" * 32])
    assert {fault.kind for fault in verify().faults} == {"seal_link", "seal_signature", "seal_leaves"}
    with attacker() as run:
        run("DELETE FROM kernel_seal WHERE seq = 1", [])
    assert "第 1 次封印不见了" in str(verify())
    assert last.seq == 2


def test_the_last_seal_removed_is_missed_by_its_copy(book):
    with attacker() as run:
        run("DELETE FROM kernel_seal WHERE seq = 2", [])
        run("UPDATE kernel_delivery SET state = 'pending'", [])
    assert "第 2 次封印在库里不见了" in str(verify())


def test_leaves_changed_or_gone_are_named(book):
    path = leaves._path(Seal.objects.get(seq=1).leaves)
    text = path.read_text()
    path.write_text(text.replace(" 6 ", " 5 ", 1))
    assert "被改过" in str(verify())
    path.unlink()
    assert "叶子文件" in str(verify())
    path.write_text(text)
    assert verify().sound


def test_a_seal_kept_elsewhere_shows_a_ledger_made_anew(book, data, tmp_path):
    kept = tmp_path / "kept.json"
    kept.write_text(seal.latest_seals(1)[0].json())
    report = verify(against=kept)
    assert report.sound
    assert "与外存的第 2 次封印一致。" in str(report)
    with attacker() as run:  # everything rewritten, sealed again from the first with a key of the attacker's
        rewrite(run, book.matters[1], since=3)
        run("DELETE FROM kernel_seal", [])
        run("UPDATE kernel_delivery SET state = 'pending'", [])
    assert "库里没有" in str(verify(against=kept))
    seal.seal(SEALED)
    book.matters[1].refresh_from_db()
    book.grow(book.matters[1], datetime.now(UTC))
    seal.seal(datetime.now(UTC))
    assert verify().sound
    report = verify(against=kept)
    assert not report.sound
    assert "第 2 次封印与外存的不同" in str(report)
    kept.write_text("{}")
    assert "读不了" in str(verify(against=str(kept)))

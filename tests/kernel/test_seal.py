"""The seal: what it holds, who signs it, how it goes out; and that an untouched ledger is found sound."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel.ledger import leaves, seal, signing
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Delivery, Seal
from tests.kernel.ledger_book import NEXT, SEALED, book, data, entry

__all__ = ["book", "data"]
pytestmark = pytest.mark.django_db(transaction=True)


# Sealing ----------------------------------------------------------------------------------------------------------


def test_a_ledger_nobody_touched_is_sound_and_says_what_only_the_chain_protects(book):
    report = verify()
    assert report.faults == []
    assert (report.entries, report.chains, report.seals, report.newer) == (24, 5, 2, 1)
    assert report.words == 22
    said = str(report)
    assert said.startswith("台账完好。")
    assert "之后的 1 笔还没有封，只有链保护。" in said
    assert "演示密钥" in said


def test_each_seal_holds_what_has_grown_and_the_seal_before(book):
    first, second = Seal.objects.order_by("seq")
    assert (first.count, second.count) == (5, 3)
    assert second.previous == seal.PublicSeal.of(first).digest
    assert first.previous == ""
    assert first.demonstration
    assert {leaf.hash for leaf in leaves.read(first.leaves).leaves} >= {
        entry(matter, 6).hash for matter in book.matters
    }
    assert seal.waiting_count() == 1


def test_leaves_do_not_tell_which_matter_they_are_of(book):
    text = leaves._path(Seal.objects.get(seq=1).leaves).read_text()
    for matter in book.matters:
        assert matter.number not in text
        assert str(matter.pk) not in text


def test_nothing_grown_no_seal_and_one_that_was_overtaken_stands_back(book, monkeypatch):
    seal.seal(NEXT + timedelta(hours=1))
    assert Seal.objects.count() == 3
    assert seal.seal(NEXT + timedelta(hours=2)) == 0
    row = Seal.objects.get(seq=3)
    assert seal._stored(row, [], NEXT) is False
    assert Seal.objects.count() == 3


def test_many_entries_make_several_seals_in_one_round(book, monkeypatch):
    monkeypatch.setattr(seal, "MOST", 4)
    for _ in range(3):
        book.grow(book.matters[1], NEXT + timedelta(minutes=40))
        book.grow(book.matters[2], NEXT + timedelta(minutes=40))
    seal.seal(NEXT + timedelta(hours=1))
    assert Seal.objects.count() == 4
    assert verify().sound


def test_a_failed_transaction_leaves_neither_seal_nor_marks(book, monkeypatch):
    monkeypatch.setattr(Delivery, "objects", _Broken(Delivery.objects))
    with pytest.raises(RuntimeError):
        seal.seal_once(NEXT + timedelta(hours=1))
    monkeypatch.undo()
    assert Seal.objects.count() == 2
    assert seal.waiting_count() == 1


class _Broken:
    """A manager that reads and cannot write."""

    def __init__(self, manager) -> None:
        self.manager = manager

    def filter(self, **asked):
        if "pk__in" in asked:
            raise RuntimeError
        return self.manager.filter(**asked)


def test_root_and_signature_alone_go_out_once_a_day(book, data):
    files = sorted((data / "outbox").glob("seal-*.json"))
    page = json.loads(files[0].read_text())
    assert set(page) == {
        "seq", "at", "previous", "root", "count", "key_id", "signature", "demonstration", "public_key",
    }  # fmt: skip
    assert not seal.send_out(SEALED)
    assert seal.send_out(SEALED + timedelta(days=3))
    assert len(list((data / "outbox").glob("seal-*.json"))) == len(files) + 1


def test_another_way_out_can_be_set(book, settings, monkeypatch):
    sent = []
    settings.SEAL_ADDRESS = "mailto:archive@example.org"
    monkeypatch.setitem(seal.ways_out, "mailto", lambda *said: sent.append(said))
    assert seal.send_out(NEXT + timedelta(days=3))
    assert sent[0][0] == "mailto:archive@example.org"
    assert json.loads(sent[0][1])["seq"] == 2


def test_the_public_page_gets_the_newest_first(book):
    shown = seal.latest_seals(1)
    assert [one.seq for one in shown] == [2]
    assert signing.good(bytes.fromhex(shown[0].public_key), shown[0].statement, shown[0].signature)


# Keys -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pems(tmp_path) -> tuple[Path, Path]:
    """A deployment's own pair of keys."""
    private = Ed25519PrivateKey.generate()
    own, public = tmp_path / "own.pem", tmp_path / "public.pem"
    own.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return own, public


def test_the_key_may_be_a_file_of_another_user(book, settings, pems):
    settings.SEAL_KEY = f"file:{pems[0]}"
    seal.seal(NEXT + timedelta(hours=1))
    assert not Seal.objects.get(seq=3).demonstration
    report = verify()
    assert report.sound
    assert not report.demonstration


def test_the_key_may_be_a_command(book, settings, pems, tmp_path):
    program = tmp_path / "sign.py"
    program.write_text(
        "import base64, sys\n"
        "from cryptography.hazmat.primitives.serialization import load_pem_private_key\n"
        "key = load_pem_private_key(open(sys.argv[1], 'rb').read(), None)\n"
        "print(base64.b64encode(key.sign(sys.stdin.buffer.read())).decode())\n"
    )
    settings.SEAL_KEY = f"command:{sys.executable} {program} {pems[0]}"
    settings.SEAL_PUBLIC_KEY = str(pems[1])
    seal.seal(NEXT + timedelta(hours=1))
    assert verify().sound
    settings.SEAL_KEY = "command:/bin/false"
    book.grow(book.matters[0], NEXT + timedelta(hours=2))
    with pytest.raises(signing.CannotSign, match="没有封"):
        seal.seal(NEXT + timedelta(hours=3))
    settings.SEAL_KEY = f"command:{sys.executable} -c \"print('AAAA')\""
    with pytest.raises(signing.CannotSign, match="对不上"):
        seal.seal(NEXT + timedelta(hours=3))
    assert Seal.objects.count() == 3


@pytest.mark.parametrize("where", ["file:/nowhere/seal.pem", "hsm:1", "command:"])
def test_a_key_that_is_not_there_says_so(book, settings, where):
    settings.SEAL_KEY = where
    with pytest.raises(signing.CannotSign):
        seal.seal(NEXT + timedelta(hours=1))


def test_falling_back_to_a_demonstration_key_is_named(book, settings, pems):
    settings.SEAL_KEY = f"file:{pems[0]}"
    seal.seal(NEXT + timedelta(hours=1))
    settings.SEAL_KEY = ""
    book.grow(book.matters[0], NEXT + timedelta(minutes=70))
    seal.seal(NEXT + timedelta(hours=2))
    assert "改用演示密钥" in str(verify())


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_the_root_moves_with_every_leaf_and_every_order(lines):
    root = leaves.merkle_root(lines)
    assert len(root) == 64
    assert leaves.merkle_root([*lines, b"x"]) != root
    if len(set(lines)) > 1:
        assert leaves.merkle_root(lines[::-1]) != root or lines == lines[::-1]

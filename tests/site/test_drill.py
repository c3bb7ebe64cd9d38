"""The drill: a backup of a server at work, a loss, a way back, and nobody's deleted words with it."""

import json
import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from tests import postgres
from tests.site.drilling import WHO, WITH_PHOTOS, Place, backed_up, gongzhi, python, restored
from tests.site.test_nothing_is_lost import COUNT, SET_UP, send, server
from tests.site.test_run import first_start, free_port

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
DELETE = """
import django, json, sys; django.setup()
from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.ledger import seal
from gongzhi.kernel.models import Matter, Receipt, Tie
from gongzhi.kernel.people.acting import Acting
from datetime import timedelta
from django.utils import timezone
now = timezone.now()
words, contact = [Matter.objects.get(pk=pk) for pk in {ids}]
def reporter(matter):
    return Acting.receipt(Receipt.objects.get(matter=matter).tie_id, matter.pk)
take(words, "withdraw", by=reporter(words), at=now, key="a" * 32)
take(words, "remove_words", by=reporter(words), at=now + timedelta(minutes=1), key="b" * 32)
take(contact, "forget_contact", by=reporter(contact), at=now + timedelta(minutes=2), key="c" * 32)
seal.seal(now + timedelta(hours=1))
print("done")
"""
LOOK = """
import django, json; django.setup()
from pathlib import Path
from django.conf import settings
from django.test import Client
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Attachment, Entry, Matter, NumberBlock, Receipt, Words
from gongzhi.kernel.people import secrets
words, contact = {ids}
def phone(matter):
    held = Receipt.objects.get(matter=matter).phone_enc
    return held and secrets.unseal(held) == "13812341234"
report = verify()
print(json.dumps({{
    "matters": Matter.objects.count(), "sound": report.sound, "report": str(report),
    "words": Words.objects.filter(entry__matter=words).count(), "contact": bool(phone(contact)),
    "other": [Words.objects.filter(entry__matter=contact).count(), bool(phone(words))],
    "files": sorted({{p.name.split(".")[0] for p in Path(settings.FILES).rglob("*.jpg")}}),
    "gone": sorted(Attachment.objects.filter(matter=words).values_list("digest", flat=True)),
    "again": Entry.objects.filter(verb="erase_again").count(),
    "sessions": Entry.objects.filter(verb="operator_session").count(),
    "numbers": sorted(NumberBlock.objects.values_list("next", flat=True)),
}}))
"""


def test_the_drill(installation: Place, fresh_place: Callable[[Place, str], Place], tmp_path: Path) -> None:
    """A server takes reports while the backup runs; two residents have something deleted; the disk is lost."""
    first_start(installation)
    token, port = python(installation, SET_UP), free_port()
    acknowledged: list[str] = []
    stop = threading.Event()

    def report() -> None:
        while not stop.is_set():
            if number := send(port, token, str(uuid.uuid4()), "路灯不亮"):
                acknowledged.append(number)

    with server(installation, port):
        hands = [threading.Thread(target=report) for _ in range(4)]
        for hand in hands:
            hand.start()
        before = len(acknowledged)
        backup = backed_up(installation, tmp_path)
        during = len(acknowledged)
        stop.set()
        for hand in hands:
            hand.join()
    assert during > before, "nobody reported while the backup ran"
    told = json.loads((backup / "manifest.json").read_text())
    assert 0 < told["tables"]["kernel_matter"]["rows"] <= len(acknowledged)
    place = fresh_place(installation, "elsewhere")
    said = restored(place, tmp_path, tmp_path / "keys" / backup.name / "deletions.jsonl")
    assert said.endswith("0") and "台账完好" in said, said
    there = json.loads(python(place, COUNT))
    assert there["sound"] and len(there["numbers"]) == told["tables"]["kernel_matter"]["rows"]
    assert set(there["numbers"]) <= set(acknowledged)
    assert json.loads(python(installation, COUNT))["sound"]


def test_what_was_deleted_since_the_backup_stays_deleted(
    installation: Place, fresh_place: Callable[[Place, str], Place], tmp_path: Path
) -> None:
    first_start(installation)
    ids = json.loads(python(installation, WITH_PHOTOS))[:2]
    backup = backed_up(installation, tmp_path)
    assert python(installation, DELETE.format(ids=ids)) == "done"
    place = fresh_place(installation, "elsewhere")
    journal = Path(installation["DATA"]) / "deletions.jsonl"
    said = restored(place, tmp_path, journal, backup)
    assert said.endswith("0") and "又删了一遍：2 件事" in said, said
    seen = json.loads(python(place, LOOK.format(ids=ids)))
    assert (seen["words"], seen["contact"]) == (0, False)
    assert seen["other"][0] > 0 and seen["other"][1]
    assert seen["sound"] and seen["again"] == 2, seen["report"]
    assert seen["gone"] and not set(seen["gone"]) & set(seen["files"]) and len(seen["files"]) == 3
    assert max(seen["numbers"]) > 500
    assert (Path(place["DATA"]) / "deletions.jsonl").read_text().startswith(journal.read_text())
    port = free_port()
    with server(place, port):
        assert gongzhi(place, "ledger", "verify").returncode == 0
    newer = backed_up(installation, tmp_path)
    (tmp_path / "empty.jsonl").touch()
    late = restored(fresh_place(installation, "late"), tmp_path, tmp_path / "empty.jsonl", newer)
    assert late.endswith("1") and "比备份还旧" in late
    if settings.TEST_DB != "postgres":
        _on_to_postgres(place, ids)


def _on_to_postgres(place: Place, ids: list[int]) -> None:
    """The restored place moves to PostgreSQL, and what was deleted is not there either."""
    made = postgres.make_database(f"gongzhi_drill_{os.getpid()}")
    try:
        urls = made.url(postgres.APPLICATION), made.url(postgres.OWNER)
        moved = gongzhi(place, "move", "--to", urls[0], "--owner", urls[1], *WHO)
        assert moved.returncode == 0 and "台账完好" in moved.stdout, moved.stderr
        on_server = place | {"DATABASE_URL": urls[0], "DATABASE_OWNER_URL": urls[1]}
        seen = json.loads(python(on_server, LOOK.format(ids=ids)))
        assert (seen["words"], seen["contact"], seen["sound"]) == (0, False, True)
    finally:
        postgres.drop_database(made.database)

"""The drill: a backup of a server at work, a loss, a way back, and nobody's deleted words with it."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gongzhi.site import manifest
from tests import postgres
from tests.site.test_nothing_is_lost import COUNT, SET_UP, send, server
from tests.site.test_nothing_is_lost import run as python
from tests.site.test_run import first_start, free_port

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
WHO = ["--as", "王芳", "--reason", "硬盘坏了"]
WITH_PHOTOS = """
import django, io, json; django.setup()
from PIL import Image
from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.ledger import files, seal
from tests import cast
people = cast.build()
def photo(colour):
    raw = io.BytesIO(); Image.new("RGB", (64, 48), colour).save(raw, "JPEG"); raw.seek(0)
    return files.receive_photo("a.jpg", raw)
told = [people.snap(f"第{n}盏路灯不亮，找张老三", photos=(photo((n * 40, 9, 9)),)) for n in range(4)]
seal.seal(cast.clock("2026-11-20 10:00"))
print(json.dumps([one.matter.pk for one in told]))
"""
DELETE = """
import django, json, sys; django.setup()
from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.ledger import seal
from gongzhi.kernel.models import Matter, Receipt, Tie
from gongzhi.kernel.people.acting import Acting
from tests import cast
words, contact = [Matter.objects.get(pk=pk) for pk in {ids}]
def reporter(matter):
    return Acting.receipt(Receipt.objects.get(matter=matter).tie_id, matter.pk)
take(words, "withdraw", by=reporter(words), at=cast.clock("2026-11-20 11:00"), key="a" * 32)
take(words, "remove_words", by=reporter(words), at=cast.clock("2026-11-20 11:10"), key="b" * 32)
take(contact, "forget_contact", by=reporter(contact), at=cast.clock("2026-11-20 11:20"), key="c" * 32)
seal.seal(cast.clock("2026-11-20 12:00"))
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
Place = dict[str, str]


@pytest.fixture
def fresh_place(tmp_path: Path) -> Iterator[Callable[[Place, str], Place]]:
    """An empty place to restore into: its own folder, and on PostgreSQL its own database."""
    made: list[str] = []

    def make(like: Place, name: str) -> Place:
        place = like | {"DATA": str(tmp_path / name)}
        if settings.TEST_DB == "postgres":
            made.append(f"gongzhi_{name}_{os.getpid()}")
            one = postgres.make_database(made[-1])
            place |= {
                "DATABASE_URL": one.url(postgres.APPLICATION),
                "DATABASE_OWNER_URL": one.url(postgres.OWNER),
            }
        return place

    yield make
    for database in made:
        postgres.drop_database(database)


def gongzhi(environment: Place, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gongzhi.site.cli", *[str(word) for word in words]]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)


def backed_up(environment: Place, folder: Path, *more: object) -> Path:
    done = gongzhi(environment, "backup", folder / "backups", "--keys", folder / "keys", *more)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "别和上面的放在一处" in done.stdout
    return max((folder / "backups").iterdir())


def restored(environment: Place, folder: Path, journal: Path, which: Path | None = None) -> str:
    words = ["--keys", folder / "keys", "--deletions", journal, *WHO]
    done = gongzhi(environment, "restore", which or folder / "backups", *words)
    return f"{done.stdout}{done.stderr}{done.returncode}"


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


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Path]]:
    """A small place that stands for the tests below, and the folder with one backup of it; they leave both as found."""
    folder = tmp_path_factory.mktemp("standing")
    known = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "DJANGO"))}
    known["DATA"], database = str(folder / "data"), f"gongzhi_standing_{os.getpid()}"
    if settings.TEST_DB == "postgres":
        made = postgres.make_database(database)
        known |= {
            "DATABASE_URL": made.url(postgres.APPLICATION),
            "DATABASE_OWNER_URL": made.url(postgres.OWNER),
        }
    first_start(known)
    python(known, WITH_PHOTOS)
    backed_up(known, folder)
    yield known, folder
    if settings.TEST_DB == "postgres":
        postgres.drop_database(database)


@pytest.fixture
def place(standing: tuple[Place, Path]) -> Place:
    return standing[0]


@pytest.fixture
def small(standing: tuple[Place, Path]) -> Path:
    """The one backup of the small place."""
    return next((standing[1] / "backups").iterdir())


@pytest.fixture
def folder(standing: tuple[Place, Path]) -> Path:
    return standing[1]


def test_a_backup_is_for_its_owner_alone_and_holds_no_key(small: Path, place: Place, folder: Path) -> None:
    everything = [path for path in small.rglob("*") if path.is_file()]
    assert everything and all(path.stat().st_mode & 0o077 == 0 for path in everything)
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.glob("keys/**/*"))
    secrets = {path.read_bytes() for path in (Path(place["DATA"]) / "keys").iterdir()}
    assert secrets and not any(path.read_bytes() in secrets for path in everything)
    assert {path.read_bytes() for path in folder.glob("keys/*/keys/*")} == secrets
    told = json.loads((small / "manifest.json").read_text())
    assert told["registers"] is not None and told["keys"]["sm4"]
    assert told["tables"]["kernel_matter"]["rows"] == 4 and told["seal"] == 1


def test_the_next_backup_copies_what_is_new_and_old_ones_go(place: Place, tmp_path: Path) -> None:
    first = backed_up(place, tmp_path)
    second = backed_up(place, tmp_path)
    photos = list(second.glob("files/*/*"))
    assert len(photos) == 8 and all(path.stat().st_nlink == 2 for path in photos)
    third = backed_up(place, tmp_path, "--keep", 1)
    assert third.exists() and not first.exists() and not second.exists()
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [third.name]


def test_a_folder_with_other_things_is_left_alone(place: Place, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "holiday.jpg").write_text("x")
    said = gongzhi(place, "backup", tmp_path / "mine", "--keys", tmp_path / "keys")
    assert said.returncode == 1 and "别的东西（holiday.jpg）" in said.stderr
    inside = gongzhi(place, "backup", Path(place["DATA"]) / "backups")
    assert inside.returncode == 1 and "会和它一起丢" in inside.stderr
    together = gongzhi(place, "backup", tmp_path / "backups", "--keys", tmp_path / "backups" / "keys")
    assert together.returncode == 1 and "不能和数据库的备份放在一起" in together.stderr
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == ["holiday.jpg"]


def test_without_keys_it_says_that_nothing_can_be_restored(place: Place, tmp_path: Path) -> None:
    said = gongzhi(place, "backup", tmp_path / "backups")
    assert said.returncode == 0 and "没有密钥就恢复不了" in said.stdout


FULL = """
import django, errno, os; django.setup()
from pathlib import Path
from django.utils import timezone
from gongzhi.site import backup, manifest
from gongzhi.site.failures import Refused
def full(*_): raise OSError(errno.ENOSPC, "No space left on device")
def said():
    try:
        backup.backup(Path({target!r}), None, timezone.now())
    except Refused as fault:
        return fault.args[0]
manifest.copy = full
first = said()
backup.MARGIN = 1 << 60
print(first, said())
"""


def test_a_disk_that_fills_leaves_no_half_backup(place: Place, tmp_path: Path) -> None:
    said = python(place, FULL.format(target=str(tmp_path / "other")))
    assert "满了，没有备份成" in said and "没有写" in said
    assert list((tmp_path / "other").iterdir()) == []


def faulty(backup: Path, change: Callable[[dict[str, Any]], object], sign: bool = True) -> Path:
    """The backup with another manifest, its digest right unless not."""
    page = backup / "manifest.json"
    said = json.loads(page.read_text())
    own = said.pop("digest")
    change(said)
    if sign:
        own = hashlib.new("sm3", manifest.canonical(said)).hexdigest()
    page.write_text(json.dumps({**said, "digest": own}))
    return backup


def test_what_cannot_be_restored_is_refused_in_a_sentence_and_nothing_is_written(
    small: Path, place: Place, folder: Path, fresh_place: Callable[[Place, str], Place], tmp_path: Path
) -> None:
    target, journal = fresh_place(place, "elsewhere"), folder / "keys" / small.name / "deletions.jsonl"

    def refused(**more: Path) -> str:
        keys = more.get("keys", folder / "keys")
        words = ["--keys", keys, "--deletions", more.get("journal", journal), *WHO]
        done = gongzhi(target, "restore", more.get("which", small), *words)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert {path.name for path in Path(target["DATA"]).rglob("*") if path.is_file()} <= {"django.key"}
        return done.stderr

    def copied(name: str) -> Path:
        return Path(shutil.copytree(small, tmp_path / name / small.name))

    newer = faulty(copied("newer"), lambda told: told["migrations"]["kernel"].append("0999_flying_cars"))
    assert "更新的 gongzhi" in (said := refused(which=newer)) and "0999_flying_cars" in said
    assert "更新的 gongzhi" in refused(which=faulty(copied("later"), lambda told: told.update(format=2)))
    broken = faulty(copied("broken"), lambda told: told.update(seal=7), sign=False)
    assert "被改过或不完整" in refused(which=broken)
    rotten = copied("rotten")
    photo = next(rotten.glob("files/*/*"))
    photo.write_bytes(b"rot")
    assert f"{photo.name}（被改过）" in refused(which=rotten)
    assert "里没有备份" in refused(which=small / "packs")
    assert "没有删除日志" in refused(journal=tmp_path / "nowhere.jsonl")
    (tmp_path / "torn.jsonl").write_text('{"n":2}\n')
    assert "读不懂" in refused(journal=tmp_path / "torn.jsonl")
    keys = Path(shutil.copytree(folder / "keys", tmp_path / "other_keys"))
    (keys / small.name / "keys" / "sm4-0001.key").write_bytes(b"x" * 16)
    assert "密钥不是这份备份的" in refused(keys=keys)


def test_only_an_empty_place_is_restored_into(small: Path, place: Place, folder: Path) -> None:
    journal = folder / "keys" / small.name / "deletions.jsonl"
    said = restored(place, folder, journal)
    assert said.endswith("1") and ("空的" in said or "已经有了" in said)
    assert gongzhi(place, "ledger", "verify").returncode == 0


def test_a_place_half_restored_does_not_serve(small: Path, place: Place) -> None:
    mark = Path(place["DATA"]) / "restore.json"
    mark.write_text(json.dumps({"from": small.name}))
    served = gongzhi(place, "run", "--port", free_port())
    jobs = gongzhi(place, "jobs", "all", "--loop")
    mark.unlink()
    assert served.returncode == 1 and "has not ended" in served.stderr
    assert jobs.returncode == 1 and "has not ended" in jobs.stderr


@pytest.mark.skipif(settings.TEST_DB == "postgres", reason="SQLite's own check of a file")
def test_a_damaged_database_is_not_called_a_backup(place: Place, tmp_path: Path) -> None:
    other = place | {"DATA": str(shutil.copytree(place["DATA"], tmp_path / "data"))}
    database = Path(other["DATA"]) / "gongzhi.sqlite3"
    with sqlite3.connect(database) as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(database.read_bytes())
    raw[4096 * 20 : 4096 * 40] = b"\xff" * 4096 * 20
    database.write_bytes(raw)
    said = gongzhi(other, "backup", tmp_path / "backups")
    assert said.returncode == 1 and "Traceback" not in said.stderr
    assert list((tmp_path / "backups").iterdir()) == []

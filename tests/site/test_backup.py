"""A backup: whole, for its owner alone, keys apart, and no half one where a disk is full or a file is broken."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.conf import settings

from tests.site.drilling import Place, backed_up, gongzhi, python

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]


def test_a_backup_is_for_its_owner_alone_and_holds_no_key(kept: Path, town: Place, folder: Path) -> None:
    everything = [path for path in kept.rglob("*") if path.is_file()]
    assert everything and all(path.stat().st_mode & 0o077 == 0 for path in everything)
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.glob("keys/**/*"))
    secrets = {path.read_bytes() for path in (Path(town["DATA"]) / "keys").iterdir()}
    assert secrets and not any(path.read_bytes() in secrets for path in everything)
    assert {path.read_bytes() for path in folder.glob("keys/*/keys/*")} == secrets
    told = json.loads((kept / "manifest.json").read_text())
    assert told["registers"] is not None and told["keys"]["sm4"]
    assert told["tables"]["kernel_matter"]["rows"] == 4 and told["seal"] == 1


def test_the_next_backup_copies_what_is_new_and_old_ones_go(town: Place, tmp_path: Path) -> None:
    first = backed_up(town, tmp_path)
    second = backed_up(town, tmp_path)
    told = json.loads((second / "manifest.json").read_text())
    assert told["registers"]["access"][0] >= 1, "the first backup is an entry, and stands in the second"
    photos = list(second.glob("files/*/*"))
    assert len(photos) == 8 and all(path.stat().st_nlink == 2 for path in photos)
    third = backed_up(town, tmp_path, "--keep", 1)
    assert third.exists() and not first.exists() and not second.exists()
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [third.name]


def test_a_folder_with_other_things_is_left_alone(town: Place, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "holiday.jpg").write_text("x")
    said = gongzhi(town, "backup", tmp_path / "mine", "--keys", tmp_path / "keys")
    assert said.returncode == 1 and "别的东西（holiday.jpg）" in said.stderr
    inside = gongzhi(town, "backup", Path(town["DATA"]) / "backups")
    assert inside.returncode == 1 and "会和它一起丢" in inside.stderr
    together = gongzhi(town, "backup", tmp_path / "backups", "--keys", tmp_path / "backups" / "keys")
    assert together.returncode == 1 and "不能和数据库的备份放在一起" in together.stderr
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == ["holiday.jpg"]


def test_a_link_into_the_data_or_beside_the_keys_is_seen_through(town: Place, tmp_path: Path) -> None:
    (tmp_path / "disk").symlink_to(town["DATA"])
    inside = gongzhi(town, "backup", tmp_path / "disk" / "backups", "--keys", tmp_path / "keys")
    assert inside.returncode == 1 and "会和它一起丢" in inside.stderr
    (tmp_path / "backups").mkdir()
    (tmp_path / "keys").symlink_to(tmp_path / "backups")
    together = gongzhi(town, "backup", tmp_path / "backups", "--keys", tmp_path / "keys")
    assert together.returncode == 1 and "不能和数据库的备份放在一起" in together.stderr
    assert list((tmp_path / "backups").iterdir()) == []


def test_without_keys_it_says_that_nothing_can_be_restored(town: Place, tmp_path: Path) -> None:
    said = gongzhi(town, "backup", tmp_path / "backups")
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


def test_a_disk_that_fills_leaves_no_half_backup(town: Place, tmp_path: Path) -> None:
    said = python(town, FULL.format(target=str(tmp_path / "other")))
    assert "满了，没有备份成" in said and "没有写" in said
    assert list((tmp_path / "other").iterdir()) == []


@pytest.mark.skipif(settings.TEST_DB == "postgres", reason="SQLite's own check of a file")
def test_a_damaged_database_is_not_called_a_backup(town: Place, tmp_path: Path) -> None:
    other = town | {"DATA": str(shutil.copytree(town["DATA"], tmp_path / "data"))}
    database = Path(other["DATA"]) / "gongzhi.sqlite3"
    with sqlite3.connect(database) as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(database.read_bytes())
    raw[4096 * 20 : 4096 * 40] = b"\xff" * 4096 * 20
    database.write_bytes(raw)
    said = gongzhi(other, "backup", tmp_path / "backups")
    assert said.returncode == 1 and "Traceback" not in said.stderr
    assert list((tmp_path / "backups").iterdir()) == []

"""What cannot be restored is refused before anything is written, and a place half restored does not serve."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gongzhi.kernel.ledger import deletions
from gongzhi.site import manifest
from tests.site.drilling import WHO, Place, gongzhi, restored
from tests.site.test_run import free_port

GONE = deletions.Deletion("contact", 1, ("1",))
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]


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
    kept: Path, town: Place, folder: Path, fresh_place: Callable[[Place, str], Place], tmp_path: Path
) -> None:
    target, journal = fresh_place(town, "elsewhere"), folder / "keys" / kept.name / "deletions.jsonl"

    def refused(**more: Path) -> str:
        keys = more.get("keys", folder / "keys")
        words = ["--keys", keys, "--deletions", more.get("journal", journal), *WHO]
        done = gongzhi(target, "restore", more.get("which", kept), *words)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert {path.name for path in Path(target["DATA"]).rglob("*") if path.is_file()} <= {"django.key"}
        return done.stderr

    def copied(name: str) -> Path:
        return Path(shutil.copytree(kept, tmp_path / name / kept.name))

    newer = faulty(copied("newer"), lambda told: told["migrations"]["kernel"].append("0999_flying_cars"))
    assert "更新的 gongzhi" in (said := refused(which=newer)) and "0999_flying_cars" in said
    assert "更新的 gongzhi" in refused(which=faulty(copied("later"), lambda told: told.update(format=2)))
    broken = faulty(copied("broken"), lambda told: told.update(seal=7), sign=False)
    assert "被改过或不完整" in refused(which=broken)
    rotten = copied("rotten")
    photo = next(rotten.glob("files/*/*"))
    photo.write_bytes(b"rot")
    assert f"{photo.name}（被改过）" in refused(which=rotten)
    assert "里没有备份" in refused(which=kept / "packs")
    assert "没有删除日志" in refused(journal=tmp_path / "nowhere.jsonl")
    (tmp_path / "torn.jsonl").write_text('{"n":2}\n')
    assert "读不懂" in refused(journal=tmp_path / "torn.jsonl")
    (tmp_path / "foreign.jsonl").write_text(deletions._line(1, "2020-01-01 00:00:00.000000", GONE, "")[0])
    assert "它是别处的" in refused(journal=tmp_path / "foreign.jsonl")
    outside = copied("outside")
    with (outside / "files.sm3").open("a") as lines:
        lines.write(f"{'0' * 64}  1  files/../../../cron.d/evil\n")
    digest = manifest.sm3_of(outside / "files.sm3")
    assert "指到备份外面" in refused(which=faulty(outside, lambda told: told.update(list=digest)))
    (tmp_path / "newer.jsonl").write_text(journal.read_text() + "{}\n")
    target["DELETIONS"] = str(tmp_path / "newer.jsonl")
    assert "用新的那一份" in refused()
    target.pop("DELETIONS")
    keys = Path(shutil.copytree(folder / "keys", tmp_path / "other_keys"))
    (keys / kept.name / "keys" / "sm4-0001.key").write_bytes(b"x" * 16)
    assert "密钥不是这份备份的" in refused(keys=keys)


def test_only_an_empty_place_is_restored_into(kept: Path, town: Place, folder: Path) -> None:
    journal = folder / "keys" / kept.name / "deletions.jsonl"
    said = restored(town, folder, journal)
    assert said.endswith("1") and ("空的" in said or "已经有了" in said)
    assert gongzhi(town, "ledger", "verify").returncode == 0


def test_a_place_half_restored_does_not_serve(kept: Path, town: Place) -> None:
    mark = Path(town["DATA"]) / "restore.json"
    mark.write_text(json.dumps({"from": kept.name}))
    served = gongzhi(town, "run", "--port", free_port())
    jobs = gongzhi(town, "jobs", "all", "--loop")
    mark.unlink()
    assert served.returncode == 1 and "has not ended" in served.stderr
    assert jobs.returncode == 1 and "has not ended" in jobs.stderr


@pytest.mark.skipif(settings.TEST_DB == "postgres", reason="a copy of the place by its folder")
def test_a_file_lost_before_the_backup_is_told_and_the_rest_comes_back(
    town: Place, fresh_place: Callable[[Place, str], Place], tmp_path: Path
) -> None:
    other = town | {"DATA": str(shutil.copytree(town["DATA"], tmp_path / "data"))}
    lost = next((tmp_path / "data" / "files").glob("*/*.thumb.jpg")).name.split(".")[0]
    for path in (tmp_path / "data" / "files").glob(f"*/{lost}.*"):
        path.unlink()
    said = gongzhi(other, "backup", tmp_path / "backups", "--keys", tmp_path / "keys")
    assert said.returncode == 1 and f"附件 {lost[:12]}… 的文件不见了" in said.stdout
    journal = next((tmp_path / "keys").glob("*/deletions.jsonl"))
    back = restored(fresh_place(other, "elsewhere"), tmp_path, journal)
    assert back.endswith("0") and "备份的时候就少了 1 个附件" in back, back

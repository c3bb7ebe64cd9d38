"""An inspection binder: what the hand may read in full and no more, with the proof anybody can reckon at home."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gongzhi.domains.incidents.queries import binder
from gongzhi.kernel.ledger import proof, seal
from gongzhi.kernel.ledger.chain import hashed_text, sm3
from gongzhi.kernel.models import Entry
from gongzhi.site.cli import main
from tests.cast import MORNING, Cast, clock
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
ASKED = {"kind": "incident", "period": "month.2026-11-01", "purpose": "inspection"}


def made(sit: Sit, name: str, **more: Any) -> dict[str, bytes]:
    answer: Any = sit(name).client.post("/desk/records/binder/", {**ASKED, **more})
    assert answer.status_code == 200, answer.content.decode()
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return {one: packed.read(one) for one in packed.namelist()}


def test_the_binder_can_be_checked_by_its_own_instructions(cast: Cast, sit: Sit, hour: Clock) -> None:
    matter = cast.snap("3号楼东边的路灯不亮了", at=MORNING).matter
    seal.seal(clock("2026-11-20 09:30"))
    files = made(sit, "desk")
    held = json.loads(files[f"台账/{matter.number}.json"])
    before = ""
    for one in held["entries"]:
        assert sm3(hashed_text(one["fields"])) == one["hash"] and one["prev"] == before
        before = one["hash"]
    root = json.loads(files[f"封印/{held['proof']['seal']}.json"])["root"]
    assert proof.root_of(held["proof"]["leaf"], held["proof"]["path"]) == root
    assert "路灯不亮了" in files[f"事项/{matter.number}.html"].decode() and "清单.xlsx" in files
    assert "用途：迎接检查" in files["说明.txt"].decode()
    assert b"13812341234" not in b"".join(files.values())


def test_who_took_what_and_what_for_is_kept(cast: Cast, sit: Sit, hour: Clock) -> None:
    cast.snap(at=MORNING)
    made(sit, "desk")
    facts = json.loads(Entry.objects.filter(register="access", verb="export").latest("seq").facts)
    assert facts["list"] == "binder" and facts["purpose"] == "inspection" and facts["rows"] == 1


def test_nothing_private_and_nothing_of_others_goes_in(cast: Cast, sit: Sit, hour: Clock) -> None:
    own = cast.snap(at=MORNING).matter
    private = cast.snap("老公打我，现在还在砸门", category="", at=MORNING).matter
    other = cast.snap(at=MORNING, area=cast.areas["other_community"]).matter
    for name, sees in (("desk", [own]), ("dispatcher", [own, other]), ("other_desk", [other])):
        names = " ".join(made(sit, name))
        assert private.number not in names
        assert [one.number in names for one in (own, other)] == [one in sees for one in (own, other)], name
    for name in ("outsider", "part_timer", "worker"):
        assert sit(name).status("records/binder/", ASKED) == 403
    area = cast.areas["community"].pk
    assert sit("other_desk").status("records/binder/", {**ASKED, "area": area}) == 404


def test_too_many_or_nothing_is_refused_with_a_way_out(
    cast: Cast, sit: Sit, hour: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sit("desk")
    answer = desk.client.post("/desk/records/binder/", ASKED)
    assert answer.status_code == 422 and "没有可装订的" in answer.content.decode()
    monkeypatch.setattr(binder, "MOST", 1)
    cast.snap(at=MORNING), cast.snap("井盖响", category="manhole", at=MORNING)
    answer = desk.client.post("/desk/records/binder/", ASKED)
    assert answer.status_code == 422 and "换短一点的时间" in answer.content.decode()
    assert desk.status("records/binder/", {**ASKED, "purpose": ""}) == 422
    assert desk.status("records/binder/", {**ASKED, "kind": "leftover"}) == 422
    assert not Entry.objects.filter(register="access", verb="export").exists()


def test_one_command_makes_the_same_binder(cast: Cast, hour: Clock, tmp_path: Path, capsys: Any) -> None:
    matter = cast.snap(at=MORNING).matter
    cast.snap("老公打我，现在还在砸门", category="", at=MORNING)
    out = tmp_path / "11.zip"
    said = ["sheet", "binder", "--area", "柳岸街道", "--first", "2026-11-01", "--out", str(out)]
    who = ["--as", "王芳", "--reason", "检查"]
    assert main([*said, "--of", "incident", *who]) == 0
    names = zipfile.ZipFile(out).namelist()
    assert f"台账/{matter.number}.json" in names and sum(one.startswith("事项/") for one in names) == 1
    assert b"13812341234" not in b"".join(zipfile.ZipFile(out).read(one) for one in names)
    assert main([*said, "--of", "whistle", *who]) == 1
    assert "按辖区分开做" in capsys.readouterr().err

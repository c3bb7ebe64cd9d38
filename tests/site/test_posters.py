"""``gongzhi posters``: codes that are missing are made, the sheets are written, what is wrong is told row by row."""

import json
from pathlib import Path

import pytest

from gongzhi.kernel.models import Entry, Place
from gongzhi.site import cli
from tests.cast import Cast

pytestmark = pytest.mark.django_db
WHO = ["--as", "王芳", "--reason", "换楼门"]


@pytest.fixture
def now(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_buildings_get_codes_and_sheets(now: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Place.objects.all().delete()
    assert cli.main(["posters", "--area", "柳岸社区", "--size", "fridge", *WHO]) == 0
    sheet = (now / "posters.html").read_text(encoding="utf-8")
    place = Place.objects.get()
    assert "3 号楼" in sheet and place.code[:4] in sheet and "<style>" in sheet and "王芳" not in sheet
    assert "1 处，A4 纸 1 张" in capsys.readouterr().out
    entry = Entry.objects.get(register="territory", verb="make_place_codes")
    assert json.loads(entry.facts)["codes"] == [place.code] and entry.actor.startswith("operator:王芳")


def test_a_sheet_of_lifts(now: Path) -> None:
    (now / "lifts.csv").write_text(
        "种类,名称,所在\n电梯,1 单元电梯,第一网格\n设施,健身器材,\n", encoding="gb18030"
    )
    words = [
        "posters",
        "--area",
        "柳岸社区",
        "--kind",
        "lift",
        "--labels",
        "lifts.csv",
        "--out",
        "l.html",
        *WHO,
    ]
    assert cli.main(words) == 0
    sheet = (now / "l.html").read_text(encoding="utf-8")
    assert "1 单元电梯" in sheet and "健身器材" not in sheet
    assert Place.objects.filter(kind="facility", label="健身器材").exists()
    assert cli.main(words) == 0 and Place.objects.filter(kind="lift").count() == 1


def test_every_wrong_row_is_told_and_nothing_is_made(now: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "种类,名称,所在\n大门,东门,\n电梯,,\n电梯,甲,望山社区\n电梯,乙,火星\n"
    (now / "bad.csv").write_text(rows, encoding="utf-8")
    assert cli.main(["posters", "--area", "柳岸社区", "--labels", "bad.csv", *WHO]) == 1
    told = capsys.readouterr().err
    assert all(f"第 {number} 行" in told for number in (2, 3, 4, 5))
    assert Place.objects.count() == 1 and not (now / "posters.html").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--area", "火星"], "没有叫“火星”的辖区"),
        (["--area", "柳岸社区", "--kind", "lift"], "--labels"),
        (["--area", "柳岸社区", "--labels", "none.csv"], "打不开"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    now: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert cli.main(["posters", *words, *WHO]) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("fault", [ImportError("no weasyprint"), OSError("cannot load library 'pango'")])
def test_pdf_without_its_part_says_how_to_print(
    now: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def absent(name: str) -> None:
        raise fault

    monkeypatch.setattr("gongzhi.site.posters.import_module", absent)
    assert cli.main(["posters", "--area", "柳岸社区", "--out", "p.pdf", *WHO]) == 1
    assert "浏览器" in capsys.readouterr().err and not (now / "p.pdf").exists()

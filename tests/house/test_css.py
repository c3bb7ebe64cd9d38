"""One language of style: no class that nothing wears, and colours by their names alone."""

import re
from pathlib import Path

import pytest

from tests.house import sources

SHEETS = sources.of_kind(".css", under="gongzhi/surfaces/static/")
WORD = re.compile(r"\w[\w-]*")
MADE = ("is-", "tag--", "light--", "ramp-", "swatch--", "sheet--")  # the rest of these comes from data
INK = {"#000000", "#ffffff", "#333333", "#666666", "#999999"}  # what a printer has
ALONE = "posters.css"  # goes to paper by itself, without the tokens of house.css


def _named() -> set[str]:
    files = [*sources.of_kind(".html", ".py", under="gongzhi/"), *sources.of_kind(".ts", under="islands/")]
    return {word for path in files for word in WORD.findall(path.read_text())}


def _rules(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_class_is_worn(sheet: Path) -> None:
    named = _named()
    classes = set(re.findall(r"\.([A-Za-z][\w-]*)", " ".join(re.findall(r"([^{}]+)\{", _rules(sheet)))))
    unworn = {
        one
        for one in classes - named
        if not any(one.startswith(start) and one.removeprefix(start) in named for start in MADE)
    }
    assert unworn == set()


@pytest.mark.parametrize("sheet", [one for one in SHEETS if one.name != ALONE], ids=lambda path: path.name)
def test_a_colour_is_called_by_its_name(sheet: Path) -> None:
    told = re.sub(r"(?<=[{;\s])--[\w-]+:[^;}]*", "", _rules(sheet))
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", told)) <= INK

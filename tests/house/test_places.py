"""No place's name stands in Python, templates, styles or islands: a place is data in ``packs/``."""

import csv
import re
import tomllib
from functools import cache

import pytest
from django.conf import settings

from tests.house import sources

SUFFIX = re.compile(
    r"(社区居民委员会|社区居委会|居民委员会|村民委员会|居委会|村委会|社区|街道办事处|街道|满族乡|满族镇|镇|乡|区|县|市|省|村)$"
)
COMMON = {"中心", "城关", "河东", "河西", "和平", "光明", "新村"}


@cache
def place_names() -> tuple[str, ...]:
    packs = sources.ROOT / "packs"
    found = set(tomllib.loads((packs / "names.toml").read_text())["names"])
    found |= {folder.name for folder in packs.iterdir() if folder.is_dir() and folder.name != "cn"}
    return tuple(sorted((found | _division()) - COMMON))


def _division() -> set[str]:
    """The demonstration district's own names: itself, its streets and towns, its communities and villages."""
    code = tomllib.loads((sources.ROOT / "packs" / "demo.toml").read_text())["division"]
    names = set()
    for file in ("areas.csv", "streets.csv", "villages.csv"):
        with (settings.DIVISIONS / file).open(encoding="utf-8") as lines:
            chosen = [line for line in lines if line.startswith(code)]
        names |= {row[1] for row in csv.reader(chosen)}
    return names | {bare for bare in (SUFFIX.sub("", name) for name in names) if len(bare) >= 3}


def test_the_list_knows_the_demonstration_district() -> None:
    if not settings.DIVISIONS.exists():
        pytest.fail("the country's divisions are not installed: npm ci")
    assert len(place_names()) > 60


def test_no_place_is_named_outside_packs_and_tests() -> None:
    names = re.compile("|".join(re.escape(name) for name in place_names()), re.IGNORECASE)
    files = [*sources.written_by_hand(), *sources.of_kind(".html", ".css", ".svg", ".js", under="gongzhi/")]
    found = []
    for path in [*files, *sources.of_kind(".ts", under="islands/")]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if hit := names.search(line):
                found.append(f"{sources.name(path)}:{number} {hit.group()}")
    assert found == []

"""Areas as people write them in a table."""

import pytest

from gongzhi.kernel.territory.named import Names, NotNamed
from tests.kernel.small_place import TODAY, build_small

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(monkeypatch):
    build_small(monkeypatch)
    return Names(TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "东门街道/东园社区/第一网格",
        "东园社区第一网格",
        "東園社區 > 第一网格",
        "试验区东门街道东园社区第一网格",
        "999903001001001",
    ],
)
def test_one_grid_in_many_writings(names, text):
    grid = names.find(text)
    assert (grid.level, names.full(grid)) == ("grid", "东门街道/东园社区/第一网格")


def test_a_division_code_of_six_digits_is_the_district(names):
    assert names.find("999903").level == names.find("试验区").level == "district"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("第一网格", "“第一网格”有 .* 个，请写全，比如“东门街道/东园社区/第一网格”"),
        ("御翔园社区", "没有叫“御翔园社区”的辖区。是不是“东门街道/御祥园社区”？"),
        ("月球", "写法：街道/社区/网格，或者写编码"),
        ("123456789012", "没有编码是 123456789012 的辖区"),
    ],
)
def test_what_names_no_one_area_is_told(names, text, sentence):
    with pytest.raises(NotNamed, match=sentence):
        names.find(text)

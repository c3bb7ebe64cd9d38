"""Statistics in the city-management manner: the formulas by known numbers, each count with its list, as files."""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook

from gongzhi.domains.incidents.queries import after_period, statistics
from gongzhi.domains.incidents.queries.statistics import PARTS, RATES, Line
from gongzhi.kernel.models import Entry, Matter
from gongzhi.site.cli import main
from tests.cast import Cast, clock
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
NOW = clock("2026-11-20 10:00")
PERIOD = after_period.now("month", NOW)


def test_the_formulas_give_what_tianmen_printed_in_december_2016() -> None:
    counts = dict.fromkeys(PARTS, 0) | {
        "due": 972,
        "closed": 911,
        "in_time": 737,
        "reported": 1054,
        "filed": 996,
    }
    shares = dict(zip(RATES, Line("", "天门", "", counts).shares, strict=True))
    assert shares["closing"] == "93.72" and shares["on_time"] == "75.82"
    assert shares["filing"] == "94.50" and shares["first_time"] == ""
    assert statistics.percent(6507, 6523) == "99.75"  # 宿州，处置率
    assert statistics.percent(1, 1600) == "0.06" and statistics.percent(0, 0) == ""


def test_due_is_what_falls_into_the_period_not_what_came_in_it(cast: Cast) -> None:
    came_before = cast.snap(at=clock("2026-10-28 10:00")).matter
    due_after = cast.snap(at=clock("2026-11-19 10:00")).matter
    Matter.objects.filter(pk=came_before.pk).update(promised_at=clock("2026-11-03 10:00"))
    Matter.objects.filter(pk=due_after.pk).update(promised_at=clock("2026-11-25 10:00"))
    found = told(cast)
    assert found.total.counts["reported"] == 1 and found.total.counts["due"] == 1
    Matter.objects.filter(pk=came_before.pk).update(counts="closed", closed_at=clock("2026-11-03 09:00"))
    found = told(cast)
    assert (found.total.counts["closed"], found.total.counts["in_time"]) == (1, 1)
    Matter.objects.filter(pk=came_before.pk).update(closed_at=clock("2026-11-04 09:00"))
    assert told(cast).total.counts["in_time"] == 0


def told(cast: Cast, group: str = "kind") -> statistics.Table:
    return statistics.table(cast.areas["street"], PERIOD, group, by=cast.dispatcher(NOW), at=NOW)


@pytest.mark.parametrize("group", ["kind", "area", "unit"])
def test_every_count_has_exactly_its_list(cast: Cast, sit: Sit, hour: Clock, group: str) -> None:
    cast.snap(at=NOW - timedelta(days=1)), cast.snap("井盖响", category="manhole", at=NOW - timedelta(days=1))
    cast.snap(at=NOW, area=cast.areas["other_community"])
    page = sit("dispatcher").page(f"records/statistics/?by={group}")
    cells = re.findall(r'href="(/desk/records/statistics/list/[^"]*)" aria-label="[^"]*">(\d+)<', page)
    assert len(cells) >= 4
    desk = sit("dispatcher")
    for href, n in cells:
        listed = desk.client.get(href.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r'class="item"', listed)) == int(n), href


def test_others_districts_and_private_matters_are_not_in_it(cast: Cast, sit: Sit, hour: Clock) -> None:
    cast.snap("老公打我，现在还在砸门", category="", at=NOW)
    assert told(cast).total.counts["reported"] == 0
    assert sit("outsider").status("records/statistics/") == 403
    area = cast.areas["street"].pk
    assert sit("other_desk").status(f"records/statistics/?area={area}") == 404
    assert sit("dispatcher").status("records/statistics/list/?part=nothing") == 404
    assert sit("dispatcher").status("records/statistics/list/?part=due&of=x&by=unit") == 404


def test_two_statements_whatever_the_rows(cast: Cast) -> None:
    counts = []
    told(cast)
    for _ in range(2):
        cast.snap(at=NOW), cast.snap("井盖响", category="manhole", at=NOW)
        with CaptureQueriesContext(connection) as asked:
            told(cast)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 3


def taken(cast: Cast, sit: Sit, form: str) -> Any:
    cast.snap(at=NOW)
    return sit("dispatcher").client.post(
        "/desk/records/statistics/export/", {"purpose": "upper", "form": form}
    )


def test_the_files_hold_the_lines_and_the_register_who_took_them(cast: Cast, sit: Sit, hour: Clock) -> None:
    document = Document(io.BytesIO(taken(cast, sit, "docx").content))
    words = "\n".join(one.text for one in document.paragraphs)
    assert (
        "柳岸街道数字化城市管理统计，2026 年 11 月" in words and "漏报率" in words and "用途：报上级" in words
    )
    assert [cell.text for cell in document.tables[0].rows[1].cells][:3] == ["01", "公用设施", "1"]
    body = b"".join(taken(cast, sit, "xlsx").streaming_content)
    page = load_workbook(io.BytesIO(body), read_only=True).active
    assert page is not None
    rows = [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]
    assert rows[1][:4] == ["代码", "名称", "受理", "立案"] and rows[2][1] == "公用设施"
    assert '"list":"statistics"' in Entry.objects.filter(verb="export").latest("seq").facts
    assert sit("dispatcher").status("records/statistics/export/", {"form": "docx"}) == 422


def test_one_command_writes_the_same(cast: Cast, tmp_path: Path, capsys: Any) -> None:
    cast.snap(at=NOW)
    out = tmp_path / "11.docx"
    said = ["sheet", "statistics", "--area", "柳岸街道", "--first", "2026-11-01", "--out", str(out)]
    assert main([*said, "--as", "王芳", "--reason", "月报"]) == 0
    assert Document(str(out)).tables and "写在" in capsys.readouterr().out
    assert main([*said[:-1], str(tmp_path / "x.pdf"), "--as", "王芳", "--reason", "月报"]) == 1
    assert main(["sheet", "daily", "--area", "柳岸街道", "--as", "王芳", "--reason", "早会"]) == 0
    assert "柳岸街道日报" in capsys.readouterr().out

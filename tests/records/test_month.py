"""The month of a community and of a grid: the same figures with their lists, against the month before."""

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from gongzhi.domains.incidents.queries import after_period, records_month
from gongzhi.domains.incidents.queries.records_month import Month
from gongzhi.kernel.models import Entry
from gongzhi.site.cli import main
from tests.cast import Cast, clock
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
NOW = clock("2026-11-20 10:00")
OCTOBER, NOVEMBER = clock("2026-10-15 10:00"), clock("2026-11-05 10:00")


def of(cast: Cast, area: str, name: str) -> Month:
    period = after_period.now("month", NOW)
    return records_month.month(cast.areas[area], period, by=cast.acting(name, NOW), at=NOW)


def test_a_month_is_told_in_a_sentence_against_the_one_before(cast: Cast) -> None:
    cast.snap(at=OCTOBER)
    for _ in range(3):
        cast.snap(at=NOVEMBER)
    told = of(cast, "community", "desk")
    assert told.sentence.startswith("2026 年 11 月，来了 3 件，比上月多 2 件；办结 0 件，和上月一样。")
    assert "最多的是“路灯不亮”，3 件" in told.sentence and told.kinds[0].before == 1


def test_each_number_of_the_page_opens_its_list(cast: Cast, sit: Sit, hour: Clock) -> None:
    cast.snap(at=OCTOBER), cast.snap(at=NOVEMBER), cast.snap("井盖响", category="manhole", at=NOVEMBER)
    desk = sit("desk")
    page = desk.page("records/month/")
    links = re.findall(r'href="(/desk/records/list/[^"]*)" aria-label="[^"]*?(\d+) 件，看清单"', page)
    assert len(links) >= 4
    for href, n in links:
        listed = desk.client.get(href.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r'class="item"', listed)) == int(n)


def test_a_grid_tells_the_place_and_never_how_fast_its_one_worker_was(
    cast: Cast, sit: Sit, hour: Clock
) -> None:
    cast.snap(at=NOVEMBER), cast.snap(at=NOVEMBER, area=cast.areas["next_grid"])
    worker, grid = sit("worker"), cast.areas["grid"].pk
    page = re.sub(r"<[^>]*>", "", worker.page("records/month/"))
    assert "来了 1 件" in page and "按期" not in page and "超期" not in page
    for which in ("late", "ontime", "toolate", "due"):
        assert worker.status(f"records/list/?which={which}") == 404
        assert sit("desk").status(f"records/list/?area={grid}&which={which}") == 404
    assert sit("desk").status(f"records/month/?area={grid}") == 200
    for name in ("neighbour", "dispatcher", "centre", "other_desk"):
        assert sit(name).status(f"records/month/?area={grid}") == 404


def test_what_is_private_or_elsewhere_is_not_in_the_month(cast: Cast, sit: Sit, hour: Clock) -> None:
    cast.snap("老公打我，现在还在砸门", category="", at=NOVEMBER)
    cast.snap(at=NOVEMBER, area=cast.areas["other_community"])
    assert of(cast, "community", "desk").lines[0].n == 0
    assert of(cast, "street", "dispatcher").lines[0].n == 1
    assert sit("part_timer").status("records/month/") == 403


def test_the_month_goes_out_as_a_file_with_its_purpose(
    cast: Cast, sit: Sit, hour: Clock, tmp_path: Path, capsys: Any
) -> None:
    cast.snap(at=NOVEMBER)
    answer: Any = sit("desk").client.post("/desk/records/month/export/", {"purpose": "file", "form": "csv"})
    said = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "新增,1,0,比上月多 1 件" in said and "用途：存档" in said
    assert '"list":"month"' in Entry.objects.filter(verb="export").latest("seq").facts
    assert sit("desk").status("records/month/export/", {"form": "csv"}) == 422
    out = tmp_path / "11.xlsx"
    said_to = ["sheet", "month", "--area", "柳岸社区", "--first", "2026-11-01", "--out", str(out)]
    assert main([*said_to, "--as", "王芳", "--reason", "月报"]) == 0
    assert load_workbook(out).active is not None and "来了" in capsys.readouterr().out

"""The lists: what waits, in which order, page by page, within eight statements, and nothing for an outsider."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.queries import desk as lists
from tests.cast import Cast, clock
from tests.workbench.sitting import Clock, Desk, Sit

pytestmark = pytest.mark.django_db
BUDGET = 8


def statements(desk: Desk, path: str) -> int:
    desk.page(path)  # packs, calendar and the place's name are kept from here on
    with CaptureQueriesContext(connection) as seen:
        desk.page(path)
    counted = [
        one["sql"]
        for one in seen.captured_queries
        if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    return len(counted)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "?tab=late",
        "?tab=done",
        "?tab=mine",
        "?tab=watch",
        "all/",
        "?q=路灯&days=30",
        "all/?q=路灯",
        "?tab=late&branch=ob_public",
    ],
)
def test_a_page_takes_at_most_eight_statements_whatever_the_rows(cast: Cast, sit: Sit, path: str) -> None:
    desk = sit("desk")
    cast.snap()
    few = statements(desk, path)
    for n in range(30):
        cast.snap(at=clock(f"2026-11-20 09:{n:02d}"))
    assert statements(desk, path) <= BUDGET and few <= BUDGET


def test_what_waits_is_grouped_and_sorted_by_what_is_due(cast: Cast, sit: Sit, hour: Clock) -> None:
    cast.snap(place="甲处", at=clock("2026-11-20 08:40"))
    cast.snap(place="乙处", at=clock("2026-11-19 08:40"))
    page = sit("desk").page()
    assert page.index("已超期") < page.index("乙处") < page.index("今天到期") < page.index("甲处")
    assert "待受理" in page and "2 工作时" in page


def test_pages_are_cut_by_key_and_lose_nothing(cast: Cast, hour: Clock) -> None:
    for n in range(7):
        cast.snap(place=f"{n} 号", at=clock("2026-11-20 08:52") if n % 2 else clock(f"2026-11-20 09:0{n}"))
    for tab in ("todo", "all", "late"):
        hour.set("2026-11-20 17:20")
        found: list[str] = []
        after, by = "", cast.desk(hour.now)
        for _ in range(6):
            page = lists.page(tab, lists.Filters(), by=by, at=hour.now, after=after, limit=3)
            found += [row.matter.place for row in page.rows]
            after = page.after
            if not after:
                break
        twice = 2 if tab == "late" else 1  # the proposal and the acceptance of each
        assert len(found) == 7 * twice, tab
        assert set(found) == {f"{n} 号" for n in range(7)}, tab


def test_filters_and_two_characters_find(cast: Cast, sit: Sit) -> None:
    cast.snap("井盖响", category="manhole", place="南门")
    cast.snap("路灯不亮", place="北门")
    desk = sit("desk")
    assert "南门" in desk.page("?q=井盖") and "北门" not in desk.page("?q=井盖")
    assert "北门" not in desk.page("?branch=ob_road").replace("南门", "") or "南门" not in desk.page(
        "?branch=ob_road"
    )
    nothing = desk.page("?q=喷泉&days=30")
    assert "待办里没有“喷泉”" in nothing and "不限条件再找" in nothing


def test_done_and_begun_follow_the_hand(cast: Cast, sit: Sit, hour: Clock) -> None:
    told = cast.snap(place="西门")
    take(told.matter, "accept", by=cast.desk(), at=hour.now)
    desk = sit("desk")
    assert "西门" in desk.page("?tab=done") and "西门" not in desk.page("?tab=mine")
    desk.client.post(
        "/desk/report/",
        {
            "way": "chat",
            "words": "群里说路灯坏了",
            "area": cast.areas["grid"].pk,
            "place": "东门",
            "key": "a" * 32,
        },
    )
    assert "东门" in desk.page("?tab=mine")


def test_what_is_late_below_stands_on_the_list_of_the_level_above(cast: Cast, sit: Sit, hour: Clock) -> None:
    told = cast.snap(place="后街")
    hour.set("2026-11-23 15:00")
    assert told.matter.pk and "后街" in sit("street_leader").page("?tab=late")
    assert "后街" not in sit("street_leader").page("?tab=todo")
    assert "后街" not in sit("works").page("?tab=late")


@pytest.mark.parametrize("name", ["outsider", "other_desk", "neighbour"])
def test_a_stranger_finds_nothing_in_any_list(cast: Cast, sit: Sit, name: str) -> None:
    told = cast.snap(place="隐秘巷", category="lamp")
    desk: Any = sit(name)
    for path in (
        "",
        "?tab=late",
        "?tab=done",
        "?tab=mine",
        "?tab=watch",
        "all/",
        "all/?q=隐秘",
        f"all/?q={told.matter.number}",
    ):
        page = desk.page(path)
        assert "隐秘巷，" not in page and f"/desk/m/{told.matter.pk}/" not in page

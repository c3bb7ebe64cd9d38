"""The command centre: every figure opens to its list, nobody sees what is not theirs, and nothing tells on anybody."""

import re

import pytest
from django.test import Client

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Area, Entry, Mandate
from gongzhi.kernel.people.duty import duty
from gongzhi.surfaces.command import charts, here, maps
from tests.cast import Cast, clock
from tests.command.afternoon import NOW, text_of
from tests.kernel.test_rehome import with_ground

pytestmark = pytest.mark.django_db
SECRET = "3号楼2单元401的李大爷说灯不亮"


def test_every_counter_leads_to_a_list_of_that_length(cast: Cast, sitting) -> None:
    for hour in (9, 11, 14):
        cast.snap(at=clock(f"2026-11-20 {hour:02}:00"))
    client = sitting("dispatcher")
    page = text_of(client.get("/command/"))
    counters = re.findall(r'href="(/command/list/\?[^"]+)">([^<]+) <b[^>]*>(\d+)</b>', page)
    assert [label for _, label, _ in counters] == [
        "在办",
        "今天新增",
        "今天办结",
        "今天到期",
        "超期",
        "督办中",
    ]
    assert [int(n) for _, _, n in counters][:2] == [3, 3]
    for href, label, number in counters:
        listed = text_of(client.get(href.replace("&amp;", "&")))
        assert f"{number} 件</span>" in listed, label
        assert len(re.findall(r'class="table__title"', listed)) == int(number), label


def test_the_map_is_drawn_with_links_and_says_it_is_schematic(cast: Cast, sitting) -> None:
    with_ground(cast)
    cast.snap()
    page = text_of(sitting("dispatcher").get("/command/?view=map"))
    assert "示意图，不是测绘边界" in page and ">列表</a>" in page
    grid = cast.areas["grid"]
    assert re.search(rf'<a href="\?area=\d+&amp;view=map&amp;grid={grid.pk}#map"', page)
    assert "第一网格，在办 1 件，超期 1 件" in page
    assert 'style="' not in page and "<style" not in page and "onclick" not in page


def test_without_borders_the_list_is_offered(cast: Cast, sitting) -> None:
    Area.objects.update(polygon=None)
    cast.snap()
    page = text_of(sitting("dispatcher").get("/command/"))
    assert "这里还没有网格的边界，先看列表。" in page
    assert "第一网格" in text_of(sitting("dispatcher").get("/command/grids/"))


@pytest.mark.parametrize("measure", [*here.MEASURES, "nonsense"])
def test_each_measure_draws(cast: Cast, sitting, measure: str) -> None:
    with_ground(cast)
    cast.snap()
    for who in ("dispatcher", "chief", "secretary"):
        for view in ("map", "list"):
            for days in (1, 7, 30):
                assert sitting(who).get(f"/command/?m={measure}&view={view}&p={days}").status_code == 200


@pytest.mark.parametrize("who", ["worker", "part_timer", "works", "law"])
def test_who_commands_nothing_is_told_so(cast: Cast, sitting, who: str) -> None:
    cast.snap(SECRET)
    for address in (
        "/command/",
        "/command/screen/",
        "/command/live/",
        "/command/grids.geojson",
        "/command/list/?which=open",
        "/command/grids/",
    ):
        answer = sitting(who).get(address)
        assert answer.status_code == 403
        assert "李大爷" not in text_of(answer) and "lamp" not in text_of(answer)


def test_another_areas_pages_are_as_if_they_were_not(cast: Cast, sitting) -> None:
    for name in ("other_street", "district", "other_community"):
        client = sitting("desk" if name == "other_community" else "dispatcher")
        for path in (
            "/command/",
            "/command/live/",
            "/command/screen/",
            "/command/grids.geojson",
            "/command/list/",
        ):
            assert client.get(f"{path}?area={cast.areas[name].pk}").status_code == 404
    assert sitting("dispatcher").get("/command/?area=nonsense").status_code == 404
    assert sitting("dispatcher").get("/command/list/?which=nonsense").status_code == 404
    assert sitting("dispatcher").get("/command/list/?which=opened&day=2026-13-01").status_code == 404
    assert Client().get("/command/").headers["Location"].startswith("/desk/login/")


def test_the_organisation_complained_of_finds_no_trace(cast: Cast, sitting) -> None:
    with_ground(cast)
    cast.snap("居委会不办事，一直推", about=("committee",))
    for who in ("desk", "secretary"):
        client = sitting(who)
        for path in ("/command/", "/command/list/?which=open", "/command/grids/", "/command/live/"):
            page = text_of(client.get(path))
            assert "一直推" not in page and "261120" not in page
        assert re.search(r"在办 <b>0</b>", text_of(client.get("/command/")))
        found = client.get("/command/grids.geojson").json()
        assert sum(one["properties"]["open"] for one in found["features"]) == 0
    page = text_of(sitting("dispatcher").get("/command/list/?which=open"))
    assert "261120" in page, "the level that accepts it sees it"


def test_the_live_queue_tells_kinds_and_communities_only(cast: Cast, sitting) -> None:
    cast.snap(SECRET, place="3号楼2单元401", at=clock("2026-11-20 14:00"))
    cast.snap("楼上半夜装修", category="noise_home", at=clock("2026-11-20 14:10"))
    page = text_of(sitting("dispatcher").get("/command/live/"))
    assert page.count("<li") == 1 and "柳岸社区" in page and "上报" in page
    told = re.sub(r"\d{15,}", "", page)  # the long numbers of rows hold any three digits by chance
    for word in ("李大爷", "2单元", "噪", "周海燕", "138****", "1381234"):
        assert word not in told


def test_a_live_queue_ends_with_the_session_and_the_mandate(cast: Cast, sitting) -> None:
    asks = {"HTTP_HX_REQUEST": "true"}
    client = sitting("dispatcher")
    assert client.get("/command/live/", **asks).status_code == 200
    Mandate.objects.filter(person=cast.people["dispatcher"]).update(until=clock("2026-11-20 08:00"))
    ended = client.get("/command/live/", **asks)
    assert ended.status_code == 401 and "重新登录" in ended.content.decode()
    assert Client().get("/command/live/", **asks).status_code == 401
    assert Client().get("/command/live/").status_code == 302


def test_a_live_queue_in_which_nothing_happened_is_not_sent_again(cast: Cast, sitting) -> None:
    told = cast.snap(at=clock("2026-11-20 14:00"))
    client = sitting("dispatcher")
    first = client.get("/command/live/")
    again = client.get("/command/live/", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first.headers["Cache-Control"] == "private, no-cache"
    take(told.matter, "accept", by=cast.desk(), at=clock("2026-11-20 14:30"))
    assert client.get("/command/live/", HTTP_IF_NONE_MATCH=first.headers["ETag"]).status_code == 200
    other = sitting("street_leader").get("/command/live/", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert other.status_code == 200, "an answer is kept for one hand only"


def test_pages_are_kept_nowhere(cast: Cast, sitting) -> None:
    assert sitting("dispatcher").get("/command/").headers["Cache-Control"] == "no-store"


def test_a_street_finds_its_own_acts_and_none_over_a_district_department(cast: Cast, sitting) -> None:
    late = cast.snap(at=clock("2026-11-17 09:00")).matter
    take(late, "accept", by=cast.desk(), at=clock("2026-11-17 09:10"))
    take(late, "raise_to_street", by=cast.desk(), at=clock("2026-11-17 09:20"))
    page = text_of(sitting("dispatcher").get("/command/"))
    assert "转区指挥中心</a>" in page
    take(late, "raise_to_district", by=cast.dispatcher(), at=clock("2026-11-17 10:00"))
    take(late, "dispatch", by=cast.centre(), at=clock("2026-11-17 10:10"), to=cast.organisations["works"].pk)
    page = text_of(sitting("street_leader").get("/command/"))
    assert "催办</a>" in page and "报请区里督办</a>" in page and "派遣</a>" not in page
    assert ">督办</a>" not in page
    assert ">督办</a>" in text_of(sitting("leader").get("/command/"))


def test_the_roster_is_the_same_when_everyone_logs_out(cast: Cast, sitting) -> None:
    street = cast.areas["street"]
    before = duty(street, NOW, ("street_dispatcher",))
    clients = [sitting(name) for name in ("worker", "neighbour", "dispatcher", "desk")]
    assert duty(street, NOW, ("street_dispatcher",)) == before
    for client in clients:
        client.logout()
    assert duty(street, NOW, ("street_dispatcher",)) == before
    assert (before.grids, before.grids_held, before.communities_held) == (3, 3, 2)
    Mandate.objects.filter(area=cast.areas["grid"], role="grid_worker").update(until=NOW)
    after = duty(street, NOW, ("street_dispatcher",))
    assert (after.grids_held, [one.name for one in after.vacant]) == (2, ["第一网格"])


def test_looking_writes_nothing(cast: Cast, sitting) -> None:
    cast.snap()
    before = Entry.objects.count()
    sitting("chief").get("/command/")
    assert Entry.objects.count() == before


def test_the_page_costs_the_same_however_many_there_are(
    cast: Cast, sitting, django_assert_max_num_queries
) -> None:
    with_ground(cast)
    for n in range(12):
        cast.snap(at=clock(f"2026-11-20 09:{n:02}"))
    client = sitting("dispatcher")
    client.get("/command/")
    with django_assert_max_num_queries(64):
        client.get("/command/")


def test_charts_begin_at_zero_and_end_at_a_round_number() -> None:
    assert [charts.ceiling(n) for n in (1, 3, 7, 11, 35, 70, 101)] == [2, 4, 10, 20, 40, 100, 200]
    assert charts.trend([]).bars == ()


def test_classes_hold_every_number_once() -> None:
    values = [0, 0, 1, 2, 3, 4, 5, 7, 8, 40]
    edges = charts.bounds(values * 3)
    found = charts.classes(values, edges)
    assert sum(one.areas for one in found) == len(values) and [one.tone for one in found] == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]
    assert [charts.tone(n, charts.COUNTS[0]) for n in (0, 1, 2, 3, 4, 5, 7, 8)] == [1, 2, 3, 4, 4, 5, 5, 6]


def test_names_beside_a_map_keep_their_order_and_distance() -> None:
    placed = maps.spread([10, 12, 14, 200, 398], 40, 400)
    assert placed == sorted(placed) and all(b - a >= 39.9 for a, b in zip(placed, placed[1:], strict=False))
    assert placed[-1] <= 380 and maps.spread([], 40, 400) == []


def test_a_community_without_a_grid_still_shows_its_page(cast: Cast, sitting) -> None:
    assert sitting("other_desk").get("/command/").status_code == 200
    assert Area.objects.filter(parent=cast.areas["other_community"]).count() == 0

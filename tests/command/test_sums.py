"""What may be read off a wall, a sum or a rate: never a person, a house, a word; never more than the level may know."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel.models import Matter
from tests.cast import Cast, clock, key
from tests.command.afternoon import NOW, text_of
from tests.command.test_acting import at_the_works
from tests.incidents.test_figures import rated
from tests.kernel.test_rehome import with_ground
from tests.stories.eyes import make, settled

pytestmark = pytest.mark.django_db
NOT_FOR_A_WALL = ("noise", "company", "committee", "kept_out", "danger")


@pytest.mark.parametrize("who", ["dispatcher", "centre", "chief", "secretary"])
def test_nothing_that_is_not_for_everyone_changes_the_wall(cast: Cast, sitting, who: str) -> None:
    with_ground(cast)
    client = sitting(who)
    pages = ("/command/screen/", "/command/screen/?m=new&p=7")
    before = [settled(client.get(path)) for path in pages]
    for kind in NOT_FOR_A_WALL:
        make(cast, kind)
    assert [settled(client.get(path)) for path in pages] == before
    make(cast, "lamp")
    assert [settled(client.get(path)) for path in pages] != before


def test_the_wall_names_nobody_no_house_no_unit_and_no_word(cast: Cast, sitting) -> None:
    with_ground(cast)
    matter = at_the_works(cast)
    cast.snap("3号楼2单元401的李大爷说灯不亮", place="3号楼2单元401", at=clock("2026-11-20 14:00"))
    for who in ("dispatcher", "centre"):
        wall = text_of(sitting(who).get("/command/screen/"))
        assert "路灯" in wall and "柳岸社区" in wall and "已超期" in wall and "15:00:00 更新" in wall
        names = [person.name for person in cast.people.values()]
        for word in ("李大爷", "2单元", "3号楼", "138****", "1381234", "区市政中心", matter.number, *names):
            assert word not in wall, word
        assert "/command/m/" not in wall and 'style="' not in wall and "<script>" not in wall
        assert "在岗" not in wall and "网格员 <b>3</b> / 3 格有人" in wall


@pytest.mark.parametrize("who", ["worker", "part_timer", "works", "outsider"])
def test_a_wall_needs_a_mandate_that_may(cast: Cast, sitting, who: str) -> None:
    assert sitting(who).get("/command/screen/").status_code == 403
    assert Client().get("/command/screen/").headers["Location"].startswith("/desk/login/")
    assert sitting("dispatcher").get(f"/command/screen/?area={cast.areas['district'].pk}").status_code == 404


def private(cast: Cast, count: int) -> None:
    for _ in range(count):
        make(cast, "danger")


def test_four_private_matters_leave_no_trace_and_five_are_a_sum(cast: Cast, sitting) -> None:
    street, district = sitting("dispatcher"), sitting("centre")
    before = settled(street.get("/command/"))
    private(cast, 4)
    assert settled(street.get("/command/")) == before
    assert street.get("/command/list/?which=unseen").status_code == 404
    private(cast, 1)
    for client in (street, district):
        assert "5 件不公开的事在办" in text_of(client.get("/command/"))
        page = text_of(client.get("/command/list/?which=unseen"))
        for one in Matter.objects.all():
            assert one.number in page and f"/desk/m/{one.pk}/" not in page
        for word in ("水塔", "打我", "砸门", "家", "第一网格", "柳岸社区"):
            assert word not in page.replace("家里的事、孩子老人遇险这类", ""), word


def test_a_sum_of_private_matters_is_not_the_communitys_nor_of_those_it_would_tell_on(
    cast: Cast, sitting
) -> None:
    private(cast, 5)
    for who in ("desk", "secretary", "private_officer"):
        page = sitting(who).get("/command/")
        assert "不公开的事在办" not in text_of(page)
        assert sitting(who).get("/command/list/?which=unseen").status_code == 404
    make(cast, "committee")
    sitting("secretary")
    assert sitting("works").get("/command/list/?which=unseen").status_code == 403


def test_a_rate_opens_to_numerator_and_denominator(cast: Cast, sitting) -> None:
    rated(cast, 6, bad=2)
    client = sitting("dispatcher")
    page = text_of(client.get("/command/?p=7"))
    assert "<b>6</b><small> / 6 件</small>" in page and "%" not in page[page.index("cmd__rates") :]
    closed = text_of(client.get("/command/list/?which=closed&p=7"))
    assert (
        "7 天办结 <b>6</b>" in closed
        and "7 天按期办结 <b>6</b>" in closed
        and "7 天晚办结 <b>0</b>" in closed
    )
    marks = text_of(client.get("/command/list/?which=marked&p=7"))
    assert "满意率 <b>4</b> / 6 件" in marks and marks.count('class="table__title"') == 6
    assert "不满意" not in marks, "who gave which mark is nobody's here"


@pytest.mark.parametrize("which", ["open", "late", "closed", "toolate", "asked", "rated", "marked"])
def test_a_list_takes_at_most_eight_statements(cast: Cast, sitting, which: str) -> None:
    rated(cast, 8)
    client = sitting("dispatcher")
    client.get(path := f"/command/list/?which={which}&p=7")  # packs and calendar are kept from here on
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    assert len([one for one in seen.captured_queries if one["sql"].startswith("SELECT")]) <= 8


def test_a_street_is_no_remainder_of_the_districts_sum(cast: Cast, sitting) -> None:
    def sums() -> list[bool]:
        district = sitting("centre")
        areas = (cast.areas[name].pk for name in ("district", "street", "other_street"))
        pages = [text_of(district.get(f"/command/?area={one}")) for one in areas]
        return ["不公开的事在办" in page for page in pages]

    private(cast, 9)
    assert sums() == [True, True, False]
    moved = list(Matter.objects.order_by("pk").values_list("pk", flat=True)[:4])
    Matter.objects.filter(pk__in=moved).update(street=cast.areas["other_street"], community=None, grid=None)
    assert sums() == [True, False, False], "five here would tell of the four there"
    one = Matter.objects.exclude(pk__in=moved).first()
    client = sitting("dispatcher")
    assert "5 件不公开的事在办" in text_of(client.get("/command/")), "the street's own desk sees no district"
    private(cast, 1)
    Matter.objects.filter(pk=one.pk).update(street=cast.areas["other_street"], community=None, grid=None)
    assert sums() == [True, True, True]


def test_few_ratings_are_shown_nowhere(cast: Cast, sitting) -> None:
    rated(cast, 4, bad=1)
    client = sitting("dispatcher")
    assert "不足 5 件，不显示" in text_of(client.get("/command/"))
    assert "满意率：不足 5 件，不显示" in text_of(client.get("/command/list/?which=marked&p=30"))


def test_side_ends_stand_beside_the_rates_each_with_its_list(cast: Cast, sitting) -> None:
    rated(cast, 1)
    told = cast.snap()
    take(told.matter, "withdraw", by=cast.reporter(told), at=clock("2026-11-20 12:00"), key=key())
    client = sitting("dispatcher")
    page = text_of(client.get("/command/?p=1"))
    href = re.search(r'href="([^"]+)">已撤回 1</a>', page)
    assert href is not None and "1 件没有办成" in page
    listed = text_of(client.get(href[1].replace("&amp;", "&")))
    assert told.matter.number in listed and "今天已撤回" in listed


@pytest.mark.parametrize(("days", "new"), [(1, 1), (7, 2), (30, 3)])
def test_the_period_moves_every_figure_with_its_list(cast: Cast, sitting, days: int, new: int) -> None:
    for day in ("2026-10-30", "2026-11-17", "2026-11-20"):
        cast.snap(at=clock(f"{day} 09:00"))
    client = sitting("dispatcher")
    page = text_of(client.get(f"/command/?p={days}&m=new"))
    assert f"</svg>新增 {new}</span>" in page and "第一网格，在办 3 件，超期" in page
    assert f"格 <b>{new}</b>" in page, "the measure of the list follows"
    listed = text_of(client.get(f"/command/list/?which=new&p={days}"))
    assert f"{new} 件</span>" in listed and listed.count('class="table__title"') == new


def test_each_row_says_of_itself_what_the_rate_counts_it_as(cast: Cast, sitting) -> None:
    rated(cast, 2)
    late = at_the_works(cast)
    Matter.objects.filter(pk=late.pk).update(
        stage="closed", counts="closed", closed_at=NOW, promised_at=clock("2026-11-19 17:00")
    )
    slow = Matter.objects.exclude(pk=late.pk).earliest("pk")
    Matter.objects.filter(pk=slow.pk).update(closed_at=NOW, promised_at=clock("2026-11-19 17:00"))
    Incident.objects.filter(pk=slow.pk).update(result_at=clock("2026-11-18 10:00"))
    client = sitting("dispatcher")
    in_time = text_of(client.get("/command/list/?which=ontime&p=7"))
    too_late = text_of(client.get("/command/list/?which=toolate&p=7"))
    assert slow.number in in_time and "超过答应的时间" not in in_time, "closed late, but done in time"
    assert late.number in too_late and "按期办结</" not in too_late.split("<tbody>")[1]


def test_the_bar_of_an_hour_opens_to_what_came_in_that_hour(cast: Cast, sitting) -> None:
    for moment in ("2026-11-20 09:10", "2026-11-20 09:50", "2026-11-20 11:05"):
        cast.snap(at=clock(moment))
    client = sitting("dispatcher")
    page = text_of(client.get("/command/?p=1"))
    bars = re.findall(r'href="(/command/list/[^"]*hour=(\d+))" aria-label="[^"]*新增 (\d+) 件', page)
    told = {int(hour): int(n) for _, hour, n in bars}
    assert told[9] == 2 and told[11] == 1 and told[10] == 0
    for address, _, n in bars:
        listed = text_of(client.get(address.replace("&amp;", "&")))
        assert f"，{n} 件" in listed, address

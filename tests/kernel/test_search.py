"""Finding by number, address and text on both databases, and forgetting again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel.models import Area, Matter, ProcessVersion
from gongzhi.kernel.process import search

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def matter():
    area = Area.objects.create(code="130803", name="某区", level="district", path="/1/", valid_from=NOW)
    process = ProcessVersion.objects.create(digest="d", name="incident", pack="cn", page="{}", stored_at=NOW)

    def make(number, text, *, opened=NOW, closed=None, private=False):
        made = Matter.objects.create(
            number=number,
            kind="incident",
            process=process,
            pack="cn",
            stage="submitted",
            area=area,
            district=area,
            source="portal",
            title="路灯",
            opened_at=opened,
            closed_at=closed,
            private=private,
        )
        search.index(made.pk, f"{number} {text}")
        return made

    return make


def found(query, **more):
    return sorted(Matter.objects.filter(search.find(query, at=NOW, **more)).values_list("number", flat=True))


def test_two_characters_a_number_or_an_address_find_it(matter):
    matter("261120-0001", "3号楼路灯不亮，滨河小区北门")
    matter("261120-0002", "井盖松动，滨河小区南门 WIFI")
    for query in ("路灯", "3号楼", "3 号楼", "路燈", "261120-0001", "北门 滨河", "不亮"):
        assert found(query) == ["261120-0001"], query
    for query in ("滨河", "2611", "261120", "小区"):
        assert found(query) == ["261120-0001", "261120-0002"], query
    assert found("wifi") == ["261120-0002"]
    assert found("北门 井盖") == [] and found("喷泉") == [] and found("灯") == []


@pytest.mark.parametrize(
    "query", ["'; DROP TABLE kernel_matter; --", '" OR 1', "路灯*", "NOT 路灯", "(", "𠀀𠀁", "%s"]
)
def test_no_question_breaks_the_search(matter, query):
    matter("261120-0001", "3号楼路灯不亮")
    assert isinstance(found(query), list)


def test_what_is_written_anew_replaces_what_was_found_before(matter):
    made = matter("261120-0001", "路灯不亮")
    search.index(made.pk, "井盖松动")
    assert found("路灯") == [] and found("井盖") == ["261120-0001"]


def test_removed_words_are_found_no_more_and_leave_no_trace(matter):
    made, other = matter("261120-0001", "消防通道"), matter("261120-0002", "消防栓")
    search.unindex(made.pk)
    search.settle()
    assert found("消防") == ["261120-0002"] and found("261120") == ["261120-0002"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT group_concat(hex(block)) FROM kernel_search_data")
            assert "通道".encode().hex().upper() not in cursor.fetchone()[0]
    search.unindex(other.pk)
    search.unindex()
    assert found("消防") == []


def test_open_ones_and_the_last_year_come_first_older_on_request(matter):
    long_ago = NOW - timedelta(days=800)
    matter("240101-0001", "路灯旧事", opened=long_ago, closed=long_ago + timedelta(days=3))
    matter("240101-0002", "路灯还开着", opened=long_ago)
    matter("261101-0001", "路灯新办结", opened=NOW - timedelta(days=19), closed=NOW)
    assert found("路灯") == ["240101-0002", "261101-0001"]
    assert found("路灯", older=True) == ["240101-0001", "240101-0002", "261101-0001"]


def test_a_private_matter_is_not_found_even_if_somebody_indexed_it(matter):
    matter("261120-0001", "路灯", private=True)
    assert found("路灯") == []


def test_many_are_written_in_one_statement(matter):
    made = [matter(f"261120-{n:04d}", "") for n in range(1, 6)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        search.index_all([(one.pk, f"路灯 {one.number}") for one in made])
        search.unindex(*[one.pk for one in made[:2]])
    assert len(queries) == 2
    assert found("路灯") == ["261120-0003", "261120-0004", "261120-0005"]
    search.index_all([])

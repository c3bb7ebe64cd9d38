"""The calendar itself: against the library that follows the notices, provisional years, adoption, explanation."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from gongzhi.kernel.clock import calendar as calendars
from gongzhi.kernel.clock.calendar import adopt_year, calendar_for, calendar_from_pack, forget
from gongzhi.kernel.clock.command import MomentError, explain
from gongzhi.kernel.clock.models import CalendarYear
from gongzhi.kernel.clock.tables import YearTable, calendar_of, hours, years
from gongzhi.kernel.clock.terms import Term, ends
from gongzhi.kernel.clock.workdays import CalendarError

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
NOTICE = {date(2027, 1, day): (False, "元旦") for day in (1, 2, 3)} | {date(2027, 1, 9): (True, "元旦调休")}


@pytest.fixture(autouse=True)
def fresh():
    """No calendar kept from one test to the next."""
    forget()
    yield
    forget()


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_of_the_official_years_is_what_the_library_says(year):
    cn = calendar_from_pack("cn")
    day = date(year, 1, 1)
    while day.year == year:
        assert cn.is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
    assert year in cn.official
    assert "国务院办公厅" in cn.sources[year]


def test_2027_stands_provisionally_with_its_statutory_days_only():
    cn = calendar_from_pack("cn")
    assert 2027 not in cn.official
    off = [day for day, worked in cn.days.items() if day.year == 2027 and not worked]
    assert len(off) == 13  # 全国年节及纪念日放假办法: 1 + 4 + 1 + 2 + 1 + 1 + 3
    assert not any(worked for day, worked in cn.days.items() if day.year == 2027)


def test_a_year_nobody_wrote_falls_back_to_the_week_and_is_provisional():
    due = ends(Term(3, "wd"), datetime(2031, 5, 8, 2, tzinfo=UTC), calendar_from_pack("cn"))
    assert due.provisional
    assert due.at == datetime(2031, 5, 13, 2, tzinfo=UTC)


def test_a_nearer_pack_changes_single_days_by_key():
    table = {"2026": {"status": "official", "source": "x", "off": {"2026-05-01..2026-05-03": "劳动节"},
                      "work": {"2026-05-02": "本地上班"}}}  # fmt: skip
    cal = calendar_of(years(table), hours({"weekdays": [["09:00", "17:00"]]}))
    assert [cal.is_working(date(2026, 5, day)) for day in (1, 2, 3, 4)] == [False, True, False, True]
    assert cal.names[date(2026, 5, 2)] == "本地上班"


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ({"status": "maybe", "source": "x"}, "status"),
        ({"status": "official"}, "没有写来源"),
        ({"status": "official", "source": "x", "off": {"国庆": "国庆节"}}, "不是日子"),
        ({"status": "official", "source": "x", "off": {"2026-10-07..2026-10-01": "国庆节"}}, "倒着写"),
        ({"status": "official", "source": "x", "off": {"2025-10-01": "国庆节"}}, "不在这一年"),
    ],
)
def test_a_wrong_table_is_refused_with_a_sentence(says, sentence):
    with pytest.raises(CalendarError, match=sentence):
        years({"2026": says})


def test_a_notice_may_borrow_a_december_day_of_the_year_before():
    assert YearTable(2027, True, "x", {date(2026, 12, 27): (True, "元旦调休")}).days


def test_explain_shows_each_day_and_where_the_year_comes_from():
    said = explain("2026-09-30 10:00", "3wd", "cn", database=False)
    assert "到期  2026-10-10（周六）10:00" in said
    assert "2026-10-10（周六）  国庆节调休上班，第 3 个工作日" in said
    assert "2026-10-01（周四）  国庆节放假" in said
    assert "2026 年  正式：国务院办公厅" in said
    assert "暂定" not in said


def test_explain_says_provisional_and_where_counting_begins():
    said = explain("2026-12-31 20:00", "2wd", "cn", database=False)
    assert "不在办公时间，从 2027-01-04（周一）08:30 算起" in said
    assert "到期  2027-01-06（周三）08:30（暂定）" in said
    assert "2027 年  暂定：全国年节及纪念日放假办法" in said
    assert "到期  2026-11-23（周一）24:00" in explain("2026-11-06 10:00", "15d", "cn", database=False)
    assert "周六）  周末休息，第 15 天\n2026-11-22（周日）  周末休息，顺延" in explain(
        "2026-11-06 10:00", "15d", "cn", database=False
    )
    assert explain("2026-11-06 10:00", "24h", "cn", database=False).endswith("到期  2026-11-07（周六）10:00")


def test_explain_refuses_a_start_nobody_can_read():
    with pytest.raises(MomentError, match="看不懂"):
        explain("昨天", "3wd", "cn", database=False)


@pytest.mark.django_db
def test_adopting_a_year_makes_it_official_is_recorded_and_followed(
    django_capture_on_commit_callbacks, monkeypatch
):
    seen, written = [], []
    monkeypatch.setattr(calendars, "after_adoption", [seen.append])
    start = datetime(2026, 12, 31, 2, tzinfo=UTC)  # Thursday 10:00
    before = ends(Term(6, "wd"), start, calendar_for("cn"))
    with django_capture_on_commit_callbacks(execute=True):
        adopt_year(
            "cn", 2027, NOTICE, "国务院办公厅关于2027年部分节假日安排的通知", by="某人", at=NOW,
            record=lambda *said, **more: written.append((said, more)),
        )  # fmt: skip
    after = ends(Term(6, "wd"), start, calendar_for("cn"))
    assert before.provisional
    assert not after.provisional
    assert (before.at, after.at) == (
        datetime(2027, 1, 11, 2, tzinfo=UTC),
        datetime(2027, 1, 9, 2, tzinfo=UTC),
    )
    ((said, more),) = written
    assert said == ("calendar", "adopt_year")
    assert more["facts"]["work"] == ["2027-01-09"]
    assert [a.changed for a in seen] == [(date(2027, 1, 9),)]
    assert calendar_for("cn").names[date(2027, 2, 5)] == "春节"  # what the notice left unsaid stays


@pytest.mark.django_db
def test_a_refused_adoption_leaves_nothing_behind():
    with pytest.raises(RuntimeError):
        adopt_year("cn", 2027, NOTICE, "通知", by="某人", at=NOW, record=_broken)
    assert not CalendarYear.objects.exists()
    forget()
    assert 2027 not in calendar_for("cn").official


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError

"""How moments and time left are said."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.kernel.clock import speak
from gongzhi.kernel.clock.calendar import calendar_from_pack
from gongzhi.kernel.clock.terms import Due, Term, ends
from gongzhi.kernel.clock.workdays import SHANGHAI, WorkCalendar

CN = calendar_from_pack("cn")
CAL = WorkCalendar(
    days=CN.days, official=CN.official, hours=((time(8, 30), time(12)), (time(14), time(17, 30)))
)


def at(text: str) -> datetime:
    """Local time to a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NOW = at("2026-11-20 10:26")  # a Friday


def test_moments_for_staff_residents_and_elders():
    assert speak.moment_staff(at("2026-11-25 10:26"), NOW) == "11-25（周三）10:26"
    assert speak.moment_staff(at("2026-11-20 16:26"), NOW) == "今天 16:26"
    assert (
        speak.moment_staff(at("2027-01-04 10:00"), NOW, provisional=True) == "2027-01-04（周一）10:00（暂定）"
    )
    assert speak.moment_resident(at("2026-11-27 10:26"), NOW) == "11 月 27 日（周五）10:26"
    assert speak.moment_resident(at("2027-01-04 10:26"), NOW) == "2027 年 1 月 4 日（周一）10:26"
    assert speak.moment_elder(at("2026-11-27 10:26"), NOW) == "11 月 27 日（周五）上午"
    assert speak.moment_elder(at("2026-11-27 14:26"), NOW) == "11 月 27 日（周五）下午"


def test_midnight_is_said_as_24_of_the_day_that_ends():
    assert speak.moment_staff(at("2026-11-24 00:00"), NOW) == "11-23（周一）24:00"
    assert speak.moment_resident(at("2026-11-24 00:00"), NOW) == "11 月 23 日（周一）24:00"
    assert speak.moment_elder(at("2026-11-24 00:00"), NOW) == "11 月 23 日（周一）"
    assert speak.left(at("2026-11-21 00:00"), NOW, CAL) == "今天 24:00 到期"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (None, "不计时"),
        ("2026-11-23 10:26", "剩 1 个工作日"),
        ("2026-11-24 17:00", "剩 2 个工作日"),
        ("2026-11-23 09:00", "剩 5 工作时"),
        ("2026-11-20 11:31", "今天 11:31 到期"),
        ("2026-11-20 10:26", "刚超期"),
        ("2026-11-20 10:00", "已超期 26 分钟"),
        ("2026-11-19 15:00", "已超期 4 小时"),
        ("2026-11-19 10:00", "已超期 1 个工作日"),
        ("2026-11-06 10:00", "已超期 10 个工作日"),
    ],
)
def test_time_left_is_rounded_down(due, said):
    assert speak.left(due and at(due), NOW, CAL) == said


def test_time_left_in_clock_time_provisional_and_to_the_minute():
    assert speak.left(at("2026-11-21 09:26"), NOW, CAL, term=Term(24, "h")) == "剩 23 小时"
    assert speak.left(at("2026-11-27 00:00"), NOW, CAL, term=Term(15, "d")) == "剩 6 天"
    assert speak.left(Due(at("2027-01-08 10:26"), True), NOW, CAL).endswith("个工作日（暂定）")
    assert speak.left(at("2026-11-23 08:30"), at("2026-11-20 20:00"), CAL) == "11-23（周一）08:30 到期"
    assert speak.left_today(Due(at("2026-11-20 11:31"), False), NOW, CAL) == "今天 11:31 到期，剩 1 小时 5 分"
    assert speak.paused(at("2026-11-24 09:00"), NOW) == "暂停到 11-24"
    assert speak.paused(None, NOW) == "暂停"
    assert speak.term_words(Term(3, "wd")) == "3 个工作日"


def lit(start: str, term: str, now: str, **more) -> str:
    """The light of a wait."""
    t = Term.parse(term)
    return speak.light(ends(t, at(start), CAL), at(start), at(now), CAL, term=t, **more)


def test_lights():
    assert lit("2026-11-16 10:00", "8wd", "2026-11-24 10:00") == "normal"
    assert lit("2026-11-16 10:00", "8wd", "2026-11-24 11:00") == "due_soon"  # under a quarter
    assert lit("2026-11-16 10:00", "1wd", "2026-11-17 09:00") == "due_soon"  # under two working hours
    assert lit("2026-11-16 10:00", "1wd", "2026-11-17 10:00") == "overdue"
    assert lit("2026-11-16 10:00", "1wd", "2026-11-18 10:00", ended=at("2026-11-17 10:00")) == "done"
    assert lit("2026-11-16 10:00", "1wd", "2026-11-18 10:00", ended=at("2026-11-17 10:01")) == "overdue"
    assert lit("2026-11-16 10:00", "1wd", "2026-11-18 10:00", is_paused=True) == "paused"
    assert speak.light(None, NOW, NOW, CAL) == "none"


def test_groups_of_a_worklist():
    expected = {
        "2026-11-20 10:00": "已超期",
        "2026-11-20 17:30": "今天到期",
        "2026-11-23 10:00": "两个工作日内",
        "2026-11-24 17:00": "两个工作日内",
        "2026-11-25 10:00": "往后",
    }
    assert {due: speak.group(at(due), NOW, CAL) for due in expected} == expected
    assert speak.group(None, NOW, CAL) == "往后"


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda w: w.replace(tzinfo=SHANGHAI))


@settings(max_examples=1000, deadline=None)
@given(moments, moments)
def test_whatever_the_moments_something_true_is_said(due, now):
    said = speak.left(due, now, CAL)
    assert ("超期" in said) == (now >= due)
    assert "剩 0" not in said and "超期 0" not in said
    light = speak.light(due, due - timedelta(days=3), now, CAL)
    assert (light == "overdue") == (now >= due)

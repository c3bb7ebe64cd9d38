"""When terms end: what the issue promises, and by the thousand against a recount written apart."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.kernel.clock.calendar import calendar_from_pack
from gongzhi.kernel.clock.terms import (
    Due,
    Pause,
    Term,
    TermError,
    ends,
    pauses_from,
    pauses_text,
    recompute,
    worked,
)
from gongzhi.kernel.clock.workdays import SHANGHAI, CalendarError, WorkCalendar

HOURS = ((time(8, 30), time(12)), (time(14), time(17, 30)))
CN = calendar_from_pack("cn")
OFFICE = WorkCalendar(days=CN.days, official=CN.official, hours=HOURS)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """Local time to a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def end(term: str, start: str, *pauses: tuple[str, str | None]) -> str:
    """When a term ends, local time, with an asterisk when provisional."""
    held = [Pause(at(a), b and at(b)) for a, b in pauses]
    due = ends(Term.parse(term), at(start), OFFICE, held)
    if due.at is None:
        return "open"
    return f"{due.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" + "*" * due.provisional


# What is promised ------------------------------------------------------------------------------------------------


def test_three_working_days_over_national_day_end_on_the_make_up_saturday():
    assert end("3wd", "2026-09-30 10:00") == "2026-10-10 10:00"
    due = ends(Term.parse("3wd"), at("2026-09-30 10:00"), CN)
    assert due == Due(datetime(2026, 10, 10, 2, tzinfo=UTC), False)


def test_a_term_into_2027_is_provisional():
    assert end("3wd", "2026-12-30 10:00") == "2027-01-05 10:00*"
    assert end("10wh", "2026-12-31 15:00") == "2027-01-05 09:00*"
    assert end("15d", "2026-12-25 10:00") == "2027-01-12 00:00*"
    assert end("1wd", "2026-12-30 10:00") == "2026-12-31 10:00"
    assert end("24h", "2026-12-31 10:00") == "2027-01-01 10:00"  # clock hours ask no calendar


@pytest.mark.parametrize(
    ("term", "start", "expected"),
    [
        ("1wd", "2026-11-20 18:00", "2026-11-24 08:30"),  # Friday evening: Monday's opening, so Tuesday's
        ("1wd", "2026-11-21 10:00", "2026-11-24 08:30"),  # Saturday
        ("1wd", "2026-11-20 12:30", "2026-11-23 14:00"),  # lunch is outside office hours
        ("1wd", "2026-11-20 17:30", "2026-11-24 08:30"),  # closing time is no office hour
        ("1wd", "2026-11-20 08:30", "2026-11-23 08:30"),
        ("2wh", "2026-11-20 11:00", "2026-11-20 15:00"),
        ("2wh", "2026-11-20 15:30", "2026-11-20 17:30"),  # a full interval ends at its closing
        ("2wh", "2026-11-20 16:00", "2026-11-23 09:00"),
        ("4wh", "2026-11-20 10:26", "2026-11-20 16:26"),
        ("24h", "2026-11-20 10:00", "2026-11-21 10:00"),
        ("15d", "2026-11-05 10:00", "2026-11-21 00:00"),  # the 20th, to 24:00
        ("15d", "2026-11-06 10:00", "2026-11-24 00:00"),  # the 21st is a Saturday: Monday, to 24:00
        ("15d", "2026-09-16 10:00", "2026-10-09 00:00"),  # 1 October: moved past the whole holiday
        ("15d", "2026-09-05 10:00", "2026-09-21 00:00"),  # a Sunday that is worked is not moved
    ],
)
def test_the_four_kinds_of_term(term, start, expected):
    assert end(term, start) == expected


@pytest.mark.parametrize(
    ("term", "pauses", "expected"),
    [
        ("3wd", [("2026-11-23 10:00", "2026-11-24 10:00")], "2026-11-26 10:00"),
        ("3wd", [("2026-11-21 10:00", "2026-11-22 10:00")], "2026-11-25 10:00"),  # a weekend costs nothing
        ("3wd", [("2026-11-23 10:00", "2026-11-23 11:00")], "2026-11-25 11:00"),
        ("3wd", [("2026-11-23 08:00", "2026-11-24 08:00")], "2026-11-26 10:00"),
        ("3wd", [("2026-11-23 09:00", "2026-11-23 11:00"), ("2026-11-23 10:00", "2026-11-23 12:00")],
         "2026-11-25 15:00"),  # overlapping pauses count once
        ("3wd", [("2026-11-25 10:00", "2026-11-30 10:00")], "2026-11-25 10:00"),  # begun when it was over
        ("3wd", [("2026-11-23 10:00", "2026-11-24 10:00"), ("2026-11-25 11:00", "2026-11-25 12:00")],
         "2026-11-26 11:00"),  # the second falls into what the first added
        ("3wd", [("2026-11-23 10:00", None)], "open"),
        ("4wh", [("2026-11-20 11:00", "2026-11-20 14:30")], "2026-11-20 17:30"),
        ("24h", [("2026-11-20 12:00", "2026-11-20 18:00")], "2026-11-21 16:00"),
        ("15d", [("2026-11-20 12:00", "2026-11-21 18:00")], "2026-12-08 00:00"),  # a day and six hours: two days
    ],
)  # fmt: skip
def test_pauses_push_the_end_by_what_they_took(term, pauses, expected):
    assert end(term, "2026-11-20 10:00", *pauses) == expected


@pytest.mark.parametrize(
    "text", ["", "3", "wd", "0wd", "-1wd", "3 wd", "3WD", "1.5h", "99999d", "3w", "３wd"]
)
def test_a_term_nobody_can_read_is_refused_with_a_sentence(text):
    with pytest.raises(TermError, match="看不懂"):
        Term.parse(text)


def test_a_calendar_without_a_working_day_says_so_instead_of_running_forever():
    never = WorkCalendar(days=dict.fromkeys(_all_days(), False), official=frozenset(), hours=HOURS)
    for term in ("3wd", "2wh", "15d"):
        with pytest.raises(CalendarError, match="没有工作日"):
            ends(Term.parse(term), at("2026-01-05 10:00"), never)


@pytest.mark.parametrize(
    "hours", [(), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(17))), ((time(8), time(8)),)]
)
def test_impossible_office_hours_are_refused(hours):
    with pytest.raises(CalendarError):
        WorkCalendar(days={}, official=frozenset(), hours=hours)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        ends(Term(3, "wd"), datetime(2026, 11, 20, 10), OFFICE)


def test_pauses_are_stored_and_read_back_and_the_deadline_recomputed_from_them():
    held = (
        Pause(at("2026-11-23 10:00"), at("2026-11-24 10:00"), "等配件"),
        Pause(at("2026-11-30 10:00"), None),
    )
    assert pauses_from(pauses_text(held)) == held
    again = recompute("3wd", at("2026-11-20 10:00"), pauses_text(held), OFFICE)
    assert again == ends(Term(3, "wd"), at("2026-11-20 10:00"), OFFICE, held)
    assert pauses_from("") == pauses_from("[]") == ()


# By the thousand -------------------------------------------------------------------------------------------------

many = settings(max_examples=1000, deadline=None)
starts = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1)).map(
    lambda wall: wall.replace(tzinfo=SHANGHAI)
)
terms = st.builds(Term, st.integers(1, 25), st.sampled_from(["wd", "wh", "h", "d"]))
BROKEN_DAY = ((time(8), time(11)), (time(13), time(15)), (time(16), time(18)))


def _shuffled(seed: int) -> WorkCalendar:
    """A calendar with sixty days turned round at random, and one of three timetables."""
    dice = random.Random(seed)
    flips = {date(2025, 1, 1) + timedelta(days=dice.randrange(1095)): dice.random() < 0.5 for _ in range(60)}
    hours = dice.choice([HOURS, ((time(9), time(17)),), BROKEN_DAY])
    return WorkCalendar(days={**CN.days, **flips}, official=frozenset({2025, 2026}), hours=hours)


calendars = st.integers(0, 10**6).map(_shuffled)


def _all_days() -> list[date]:
    return [date(2025, 1, 1) + timedelta(days=n) for n in range(8000)]


def _recount(term: Term, start: datetime, calendar: WorkCalendar) -> datetime:
    """The end again, minute by minute or day by day, as one would on paper (start on a whole minute)."""
    wall = start.astimezone(SHANGHAI).replace(tzinfo=None)
    is_open = lambda m: calendar.is_working(m.date()) and any(a <= m.time() < b for a, b in calendar.hours)  # noqa: E731
    if term.unit == "h":
        return wall + timedelta(hours=term.count)
    if term.unit == "d":
        last = wall.date() + timedelta(days=term.count)
        while not calendar.is_working(last):
            last += timedelta(days=1)
        return datetime.combine(last + timedelta(days=1), time())
    if term.unit == "wd":
        while not is_open(wall):
            wall += MINUTE
        left = term.count
        while left:
            wall += timedelta(days=1)
            left -= calendar.is_working(wall.date())
        return wall
    left = term.count * 60
    while left:
        left -= is_open(wall)
        wall += MINUTE
    return wall


@settings(max_examples=200, deadline=None)
@given(terms, starts.map(lambda moment: moment.replace(second=0, microsecond=0)), calendars)
def test_the_end_is_what_counting_on_paper_gives(term, start, calendar):
    found = ends(term, start, calendar).at
    assert found.astimezone(SHANGHAI).replace(tzinfo=None) == _recount(term, start, calendar)


@many
@given(terms, starts, st.timedeltas(timedelta(0), timedelta(days=40)), calendars)
def test_who_starts_later_never_ends_earlier(term, start, later, calendar):
    assert ends(term, start, calendar).at <= ends(term, start + later, calendar).at


@many
@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from(["wd", "wh", "h"]), starts, calendars)
def test_two_terms_in_a_row_are_one_of_their_sum(first, second, unit, start, calendar):
    midway = ends(Term(first, unit), start, calendar).at
    assert (
        ends(Term(second, unit), midway, calendar).at == ends(Term(first + second, unit), start, calendar).at
    )


@many
@given(starts, st.integers(1, 20), calendars)
def test_what_is_worked_inside_a_term_is_its_length(start, count, calendar):
    assert worked(start, ends(Term(count, "wh"), start, calendar).at, calendar) in (
        count * 3600,
        count * 3600 - 1,
    )
    day = int(calendar.day_length.total_seconds())
    assert abs(worked(start, ends(Term(count, "wd"), start, calendar).at, calendar) - count * day) <= 1


@many
@given(starts, st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), min_size=2, max_size=2), calendars)
def test_worked_time_adds_up(start, steps, calendar):
    middle, last = start + steps[0], start + steps[0] + steps[1]
    parts = worked(start, middle, calendar) + worked(middle, last, calendar)
    assert 0 <= worked(start, last, calendar) - parts <= 1  # whole seconds, rounded down twice
    assert worked(last, start, calendar) == 0 or last == start


@many
@given(terms, starts, calendars, st.data())
def test_a_pause_pushes_the_end_by_exactly_the_time_it_took(term, start, calendar, data):
    plain = ends(term, start, calendar).at
    since = start + data.draw(st.floats(0, 0.999)) * (plain - start)
    until = since + data.draw(st.timedeltas(timedelta(minutes=1), timedelta(days=6)))
    late = ends(term, start, calendar, [(since, until, "")]).at
    assert late >= plain
    if term.unit == "h":
        assert late - plain == until - since
    elif term.unit == "d":
        assert timedelta(0) <= late - plain or late == plain
    else:
        assert abs(worked(plain, late, calendar) - worked(since, until, calendar)) <= 1
    assert ends(term, start, calendar, [(since, since, ""), (plain + MINUTE, None, "")]).at == plain


@many
@given(terms, starts, calendars, st.data())
def test_one_pause_cut_in_two_is_the_same_pause(term, start, calendar, data):
    plain = ends(term, start, calendar).at
    since = start + data.draw(st.floats(0, 0.999)) * (plain - start)
    middle = since + data.draw(st.timedeltas(timedelta(0), timedelta(days=4)))
    until = middle + data.draw(st.timedeltas(timedelta(0), timedelta(days=4)))
    whole = ends(term, start, calendar, [(since, until, "")])
    assert ends(term, start, calendar, [(middle, until, ""), (since, middle, "")]) == whole


@many
@given(terms, starts, calendars)
def test_the_zone_a_start_is_written_in_changes_nothing_and_ends_are_in_utc(term, start, calendar):
    due = ends(term, start, calendar)
    assert due == ends(term, start.astimezone(UTC), calendar)
    assert due.at.tzinfo is UTC
    wall = due.at.astimezone(SHANGHAI)
    assert wall.utcoffset() == timedelta(hours=8)  # no summer time to lose an hour in
    if term.unit != "h":
        assert calendar.is_working(wall.date() if wall.time() != time() else wall.date() - timedelta(days=1))


@many
@given(terms, starts, calendars)
def test_a_term_is_provisional_exactly_when_a_year_it_asked_is(term, start, calendar):
    due = ends(term, start, calendar)
    last = (due.at.astimezone(SHANGHAI) - timedelta(microseconds=1)).year
    assert due.provisional == (term.unit != "h" and last not in calendar.official)

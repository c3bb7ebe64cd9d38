"""Rates after a closing, counted by hand: what is due is not what came, and nothing tells who gave which mark."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import after_lists, after_rates
from gongzhi.domains.incidents.queries.after_few import few_left
from gongzhi.domains.incidents.queries.after_parts import MEASURES, OPINIONS
from gongzhi.domains.incidents.queries.after_period import Period, period
from gongzhi.kernel.indicators.figure import Figure
from gongzhi.kernel.models import Matter
from gongzhi.kernel.process.verdict import NotYours
from tests.browser.every_page import dispatched, replied
from tests.cast import Cast, clock

pytestmark = pytest.mark.django_db
NOVEMBER = period("month", date(2026, 11, 20))
AFTER = clock("2026-12-02 09:00")


def done(cast: Cast, opened: str, answered: str) -> Matter:
    """A lamp snapped on one day, sent to the department at once, and closed on another."""
    matter = cast.snap(at=clock(opened)).matter
    dispatched(cast, matter, clock(opened))
    replied(cast, matter, clock(answered))
    return matter


def told(cast: Cast, which: Period = NOVEMBER) -> dict[str, Figure]:
    """The department's line, as the district's centre reads it."""
    table = after_rates.by_unit(cast.areas["district"], which, by=cast.centre(AFTER), at=AFTER)
    works = cast.organisations["works"].pk
    return dict(next(one for one in table.lines if one.pk == works).figures)


def test_the_formulas_give_the_figures_of_a_published_month() -> None:
    sums = {"due": 972, "ended": 911, "timed": 972, "in_time": 737}
    assert after_rates.rate("closing", sums, "cn").percent == 93.7
    assert after_rates.rate("on_time", sums, "cn").percent == 75.8


def test_due_is_what_was_promised_for_the_month_not_what_came_in_it(cast: Cast) -> None:
    early = done(cast, "2026-10-29 09:00", "2026-11-03 10:00")  # came in October, due in November
    late = done(cast, "2026-11-27 09:00", "2026-11-27 11:00")  # came in November, due in December
    Matter.objects.filter(pk=early.pk).update(promised_at=clock("2026-11-02 09:00"))
    Matter.objects.filter(pk=late.pk).update(promised_at=clock("2026-12-04 09:00"))
    found = told(cast)
    assert (found["closing"].value, found["closing"].whole) == (1, 1)
    assert (found["on_time"].value, found["on_time"].whole) == (0, 1), "closed a day after what was promised"
    assert (found["first_time"].value, found["first_time"].whole) == (2, 2), "both were closed in November"
    assert found["repeat"].whole == 1, "one of them came in November"
    assert after_lists.matters(
        cast.areas["district"], "due", NOVEMBER, by=cast.centre(AFTER), at=AFTER
    ).get() == early  # fmt: skip


def test_what_is_due_tomorrow_is_not_due_yet(cast: Cast) -> None:
    matter = done(cast, "2026-11-09 09:00", "2026-11-09 11:00")
    Matter.objects.filter(pk=matter.pk).update(promised_at=clock("2026-11-20 09:00"))
    at = clock("2026-11-19 09:00")
    table = after_rates.by_unit(cast.areas["district"], NOVEMBER, by=cast.centre(at), at=at)
    assert table.total.figures["closing"].whole == 0


def test_every_part_opens_to_exactly_its_matters(cast: Cast) -> None:
    first = done(cast, "2026-11-02 09:00", "2026-11-03 10:00")
    done(cast, "2026-11-04 09:00", "2026-11-05 10:00")
    cast.snap("又一盏灯", at=clock("2026-11-06 09:00"))
    Incident.objects.filter(pk=first.pk).update(rated_at=clock("2026-11-07 09:00"), was_solved="solved")
    area, by = cast.areas["district"], cast.centre(AFTER)
    table = after_rates.by_unit(area, NOVEMBER, by=by, at=AFTER)
    for name, parts in MEASURES.items():
        for part, n in ((parts.value, "value"), (parts.whole, "whole")):
            rows = after_lists.matters(area, part, NOVEMBER, by=by, at=AFTER).count()
            if name in OPINIONS:
                assert rows < 5 and table.total.figures[name].whole == 0, f"{name}: fewer than five"
            else:
                assert rows == getattr(table.total.figures[name], n), f"{name} {part}"


def test_lines_add_up_and_stand_in_order_of_their_names(cast: Cast) -> None:
    done(cast, "2026-11-02 09:00", "2026-11-03 10:00")
    cast.snap("又一盏灯", at=clock("2026-11-06 09:00"))
    for table in (
        after_rates.by_unit(cast.areas["district"], NOVEMBER, by=cast.centre(AFTER), at=AFTER),
        after_rates.by_area(cast.areas["district"], NOVEMBER, by=cast.centre(AFTER), at=AFTER),
    ):
        assert sum(one.figures["repeat"].whole or 0 for one in table.lines) == 2
        assert table.total.figures["repeat"].whole == 2
    assert [one.label for one in table.lines] == ["柳岸街道", "桥头街道"]


def test_a_table_costs_the_same_whatever_the_rows(cast: Cast) -> None:
    for day in (2, 3, 4):
        done(cast, f"2026-11-0{day} 09:00", f"2026-11-0{day} 15:00")
    area, by = cast.areas["district"], cast.centre(AFTER)
    after_rates.by_unit(area, NOVEMBER, by=by, at=AFTER)
    with CaptureQueriesContext(connection) as units:
        after_rates.by_unit(area, NOVEMBER, by=by, at=AFTER)
    with CaptureQueriesContext(connection) as areas:
        after_rates.by_area(area, NOVEMBER, by=by, at=AFTER)
    with CaptureQueriesContext(connection) as own:
        after_rates.of_own(NOVEMBER, by=cast.works(AFTER), at=AFTER)
    assert (len(units), len(areas), len(own)) <= (5, 5, 5)


def test_another_area_and_another_unit_are_refused(cast: Cast) -> None:
    with pytest.raises(NotYours):
        after_rates.by_unit(cast.areas["street"], NOVEMBER, by=cast.other_desk(AFTER), at=AFTER)
    with pytest.raises(NotYours):
        after_rates.by_unit(cast.areas["district"], NOVEMBER, by=cast.works(AFTER), at=AFTER)
    for nobody in (cast.worker(AFTER), cast.part_timer(AFTER)):
        with pytest.raises(NotYours):
            after_rates.of_own(NOVEMBER, by=nobody, at=AFTER)


def reworked(cast: Cast) -> Matter:
    """Answered, sent back by the check, answered again and closed."""
    matter = cast.snap(at=clock("2026-11-02 09:00")).matter
    dispatched(cast, matter, clock("2026-11-02 09:00"))
    said = {"contacted": "talked", "reply_done": "换了灯头。", "reply_result": "亮了。", "solved": "solved"}
    at = clock("2026-11-03 10:00")
    take(matter, "reply", by=cast.works(at), at=at, **said)
    take(matter, "send_back", by=cast.worker(at), at=at, check_way="look", missing="灯罩没有装。")
    replied(cast, matter, clock("2026-11-04 10:00"))
    return matter


def test_done_again_is_not_done_at_once(cast: Cast) -> None:
    reworked(cast)
    done(cast, "2026-11-05 09:00", "2026-11-05 15:00")
    found = told(cast)
    assert (found["first_time"].value, found["first_time"].whole) == (1, 2)
    assert (found["rework"].value, found["rework"].whole) == (1, 2)


def test_a_return_is_counted_against_what_was_handed_over(cast: Cast) -> None:
    matter = cast.snap(at=clock("2026-11-02 09:00")).matter
    dispatched(cast, matter, clock("2026-11-02 09:00"))
    at = clock("2026-11-02 10:00")
    take(matter, "return_order", by=cast.works(at), at=at, return_reason="not_duty", basis="灯属物业")
    take(matter, "refuse_return", by=cast.centre(at), at=at, reason="灯杆编号在市政台账里")
    done(cast, "2026-11-05 09:00", "2026-11-05 15:00")
    found = told(cast)
    assert (found["returned"].value, found["returned"].whole) == (1, 2)


def months(*asked: int) -> list[dict[str, int]]:
    """So many asked in each month, of everything."""
    return [{MEASURES[name].whole: n for name in OPINIONS} for n in asked]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ((6, 7, 8), False),  # every month is told
        ((6, 1, 7), True),  # the quarter less two months is one rating
        ((6, 3, 2), False),  # what is left is five
        (
            (6, 1, 7, 6, 3, 2, 6, 6, 6, 6, 6, 6),
            True,
        ),  # the second quarter is told: the year leaves the one again
        ((6, 3, 7, 6, 3, 7, 6, 6, 6, 6, 6, 6), False),  # two quarters are hidden: six are left of the year
        ((6, 6, 6, 6, 3, 2, 6, 6, 6, 6, 6, 6), False),
    ],
)
def test_no_few_ratings_are_left_by_taking_periods_from_each_other(
    asked: tuple[int, ...], left: bool
) -> None:
    assert few_left(months(*asked)) is left

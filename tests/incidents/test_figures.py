"""Figures: each opens to exactly its list, adds up to a recount, and never tells on anybody."""

import contextlib
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import counters as counting
from gongzhi.domains.incidents.queries import figures, lists, live, rates, trend
from gongzhi.kernel.indicators.fold import fold
from gongzhi.kernel.models import Matter, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours, Refusal
from tests.cast import Cast, clock, key
from tests.kernel.test_fold import MOVES

pytestmark = pytest.mark.django_db
AT = clock("2026-11-20 15:00")


def history(cast: Cast, seed: int = 3) -> None:
    """A day and a half of this and that."""
    luck = random.Random(seed)
    reports = [cast.snap(area=cast.areas[luck.choice(["grid", "next_grid"])]) for _ in range(14)]
    at = clock("2026-11-19 09:00")
    for _ in range(90):
        at += timedelta(minutes=luck.choice([3, 20, 40]))
        report, (name, action, said) = luck.choice(reports), luck.choice(MOVES)
        by = cast.reporter(report) if name == "reporter" else cast.acting(name, at)
        said = said | {"to": cast.organisations[said["to"]].pk} if "to" in said else said
        with contextlib.suppress(Refusal):
            take(report.matter, action, by=by, at=at, key=key(), **said)


def hands(cast: Cast) -> Iterator[tuple[str, Acting]]:
    yield from (
        ("street", cast.dispatcher(AT)),
        ("district", cast.centre(AT)),
        ("community", cast.secretary(AT)),
    )


@pytest.mark.parametrize("folded", [False, True])
def test_every_counter_opens_to_exactly_its_matters(cast: Cast, folded: bool) -> None:
    history(cast)
    if folded:
        fold()
    for area, by in hands(cast):
        for figure in counting.counters(cast.areas[area], by=by, at=AT):
            listing = lists.listing(cast.areas[area], lists.Asked(figure.listing), by=by, at=AT)
            assert figure.value == listing.total == len(listing.rows), f"{area} {figure.label}"
    told = {
        one.id: one.value for one in counting.counters(cast.areas["street"], by=cast.dispatcher(AT), at=AT)
    }
    late = {
        w.matter_id for w in Wait.objects.filter(ended_at=None, due_at__lte=AT).exclude(desk_role="reporter")
    }
    open_ones = Matter.objects.filter(counts="open")
    assert told["open"] == open_ones.count() > 0
    assert told["late"] == open_ones.filter(pk__in=late).count() > 0


def test_the_map_adds_up_to_the_counters(cast: Cast) -> None:
    history(cast)
    street, by = cast.areas["street"], cast.dispatcher(AT)
    cells = counting.measures(street, "grid", by=by, at=AT)
    totals = {one.id: one.value for one in counting.counters(street, by=by, at=AT)}
    assert sum(cell.open for cell in cells.values()) == totals["open"]
    assert sum(cell.late for cell in cells.values()) == totals["late"]
    for name, which in (("new", "new"), ("done", "closed"), ("on_time", "ontime")):
        listed = lists.matters(street, lists.Asked(which, 30), by=by, at=AT).count()
        assert sum(getattr(cell, name) for cell in cells.values()) == listed
    in_time = set(lists.matters(street, lists.Asked("ontime", 30), by=by, at=AT))
    too_late = set(lists.matters(street, lists.Asked("toolate", 30), by=by, at=AT))
    closed = set(lists.matters(street, lists.Asked("closed", 30), by=by, at=AT))
    assert in_time | too_late == closed and not in_time & too_late


def test_what_is_late_comes_longest_first(cast: Cast) -> None:
    for hour in (11, 9, 10):
        cast.snap(at=clock(f"2026-11-20 {hour:02}:00"))
    late = counting.late(cast.areas["street"], by=cast.dispatcher(AT), at=AT)
    assert [one.wait.due_at for one in late] == sorted(one.wait.due_at for one in late) and len(late) == 3
    assert (late[0].where, late[0].desk) == ("柳岸社区第一网格", "社区受理台")


def test_a_complaint_is_in_no_figure_below_the_level_that_accepts_it(cast: Cast) -> None:
    cast.snap("物业公司不修门", about=("property_company",))
    community, street = cast.areas["community"], cast.areas["street"]
    assert [one.value for one in counting.counters(community, by=cast.secretary(AT), at=AT)] == [0] * 6
    assert counting.counters(street, by=cast.dispatcher(AT), at=AT)[0].value == 1
    assert (
        figures.community(street, at=AT).due == 0 and live.live(street, by=cast.dispatcher(AT), at=AT) == []
    )


def test_sums_tell_nobody_of_a_matter_about_their_own(cast: Cast) -> None:
    cast.snap("街道办不管", about=("street_office",))
    district, by = cast.areas["district"], cast.centre(AT)
    assert counting.counters(district, by=by, at=AT)[0].value == 1
    both = Acting("person", by.name, by.person, by.mandate, (*by.mandates, *cast.dispatcher(AT).mandates))
    assert [one.value for one in counting.counters(district, by=both, at=AT)] == [0] * 6


def test_private_matters_are_in_no_figure(cast: Cast) -> None:
    cast.snap("他打孩子，孩子在哭")
    assert Matter.objects.get().private
    assert all(one.value == 0 for one in counting.counters(cast.areas["district"], by=cast.centre(AT), at=AT))
    assert all(day.new == 0 for day in trend.trend(cast.areas["district"], by=cast.centre(AT), at=AT))


@pytest.mark.parametrize(
    ("who", "area"),
    [("dispatcher", "other_street"), ("dispatcher", "district"), ("desk", "other_community"), ("works", "district"),
     ("worker", "grid"), ("part_timer", "grid"), ("other_desk", "community")],
)  # fmt: skip
def test_nobody_counts_what_is_not_theirs_to_oversee(cast: Cast, who: str, area: str) -> None:
    by = cast.acting(who, AT)
    for read in (
        lambda: counting.counters(cast.areas[area], by=by, at=AT),
        lambda: counting.measures(cast.areas[area], "grid", by=by, at=AT),
        lambda: rates.rates(cast.areas[area], by=by, at=AT),
        lambda: trend.trend(cast.areas[area], by=by, at=AT),
        lambda: live.live(cast.areas[area], by=by, at=AT),
    ):
        with pytest.raises(NotYours):
            read()


def rated(cast: Cast, count: int, bad: int = 0) -> None:
    """Lamps solved on the spot and rated."""
    for n in range(count):
        told = cast.snap("楼道门关不上", category="other", at=clock("2026-11-18 09:00"))
        at = clock("2026-11-18 10:00")
        take(told.matter, "self_handle", by=cast.worker(at), at=at, done_on_spot="紧了合页，能关上了")
        mark = (
            {"was_solved": "no", "satisfied": "bad"}
            if n < bad
            else {"was_solved": "solved", "satisfied": "good"}
        )
        take(told.matter, "rate", by=cast.reporter(told), at=clock("2026-11-18 18:00"), key=key(),
             was_contacted="yes", **mark)  # fmt: skip


def test_fewer_than_five_ratings_are_not_shown_and_fewer_than_thirty_have_no_percentage(cast: Cast) -> None:
    street, by = cast.areas["street"], cast.dispatcher(AT)
    rated(cast, 4, bad=1)
    assert all(one.hidden and one.value == 0 for one in rates.rates(street, by=by, at=AT).four[:3])
    rated(cast, 3)
    satisfied = rates.rates(street, by=by, at=AT).satisfied
    assert (satisfied.value, satisfied.whole, satisfied.percent, satisfied.hidden) == (6, 7, None, False)
    Incident.objects.filter(satisfied="bad").update(satisfied="fair")
    assert rates.rates(street, by=by, at=AT).satisfied.value == 7


def test_rates_have_their_list_and_no_result_stands_beside(cast: Cast) -> None:
    rated(cast, 6, bad=2)
    told = cast.snap()
    take(told.matter, "withdraw", by=cast.reporter(told), at=clock("2026-11-20 12:00"), key=key())
    street, by = cast.areas["street"], cast.dispatcher(AT)
    found = rates.rates(street, by=by, at=AT)
    assert (found.solved.value, found.solved.whole, found.on_time.value, found.on_time.whole) == (4, 6, 6, 6)
    assert found.no_result == 1 and [(one.label, one.n) for one in found.ended] == [("已撤回", 1)]
    assert lists.listing(street, lists.Asked(found.solved.listing, 30), by=by, at=AT).total == 6
    assert lists.listing(street, lists.Asked("noresult", 30), by=by, at=AT).total == 1
    assert lists.listing(street, lists.Asked("closed", 30), by=by, at=AT).total == 6, (
        "withdrawn is not closed"
    )


def test_the_trend_counts_each_day(cast: Cast) -> None:
    rated(cast, 2)
    cast.snap()
    days = trend.trend(cast.areas["street"], by=cast.dispatcher(AT), at=AT)
    assert len(days) == 30 and days[-1].unfinished
    assert {day.day.day: (day.new, day.closed) for day in days if day.new} == {18: (2, 2), 20: (1, 0)}


def test_what_residents_may_see(cast: Cast) -> None:
    rated(cast, 5, bad=1)
    cast.snap("楼上半夜装修", category="noise_home", at=clock("2026-11-18 09:00"))
    community = cast.areas["community"]
    shown = figures.community(community, at=AT)
    assert (shown.due, shown.closed, shown.on_time, shown.satisfied, shown.rated) == (5, 5, 5, 4, 5)
    assert len(figures.rows_behind(community, "satisfied", at=AT)) == 5, "who gave which mark is not told"
    done = figures.done_lately(community, at=AT)
    assert len(done) == 3 and done[0].took == "当天办结" and done[0].title.endswith("，柳岸社区")
    with pytest.raises(KeyError):
        figures.rows_behind(community, "anything", at=AT)


def test_the_live_queue_tells_kind_and_community_only(cast: Cast) -> None:
    cast.snap("3号楼2单元401的灯不亮，找李大爷", place="3号楼2单元401")
    cast.snap("楼上半夜装修", category="noise_home")
    rows = live.live(cast.areas["street"], by=cast.dispatcher(AT), at=AT)
    assert [(row.act, row.community) for row in rows] == [("上报", "柳岸社区")]
    assert not any(word in row.words for row in rows for word in ("401", "李", "号楼"))


def test_figures_cost_the_same_however_much_there_is(cast: Cast) -> None:
    street, by = cast.areas["street"], cast.dispatcher(AT)
    counts = []
    counting.late(street, by=by, at=AT)  # pages and roles are read once
    for _ in range(3):
        history(cast, seed=len(counts))
        with CaptureQueriesContext(connection) as said:
            counting.counters(street, by=by, at=AT)
            counting.measures(street, "grid", by=by, at=AT)
            counting.late(street, by=by, at=AT)
            rates.rates(street, by=by, at=AT)
            trend.trend(street, by=by, at=AT)
            live.live(street, by=by, at=AT)
        counts.append(len(said))
    assert max(counts[1:]) <= counts[0] <= 20, counts

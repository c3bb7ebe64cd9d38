"""The daily sheet: ten lines, each with its list, told at half past eight to the heads of a street."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.queries import records_daily
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.telling import sendings
from gongzhi.kernel.telling.models import HowTold, Sending
from tests.cast import Cast, clock
from tests.workbench.sitting import Clock, Desk, Sit, hour, sit

__all__ = ["hour", "sit"]

pytestmark = pytest.mark.django_db
YESTERDAY = clock("2026-11-19 10:00")


def lines(page: str) -> dict[str, int]:
    """Each line of the sheet with its number."""
    found = re.findall(r"<li class=\"row row--ends\"><span>(.*?)</span><span.*?(\d+)(?:</b>)? 件", page)
    return {label: int(n) for label, n in found}


def hrefs(page: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(r'href="(/desk/records/list/[^"]*)"', page)]


def test_ten_lines_tell_the_morning_and_each_opens_its_list(cast: Cast, sit: Sit, hour: Clock) -> None:
    for _ in range(3):
        cast.snap(at=YESTERDAY)
    cast.snap("井盖响", category="manhole", at=YESTERDAY)
    cast.snap("今天的", at=clock("2026-11-20 08:00"))
    hour.set("2026-11-20 08:31")
    desk = sit("dispatcher")
    page = desk.page("records/daily/")
    told = lines(page)
    assert len(told) <= records_daily.LINES
    assert told["昨天新增"] == 4 and told["在办"] == 5
    (hot,) = [n for label, n in told.items() if label.startswith("集中")]
    assert hot == 4  # three of yesterday and this morning's, all lamps of the first grid
    for href in hrefs(page):
        listed = str(desk.client.get(href).content.decode())
        n = int(re.search(r"(\d+) 件</span>", listed).group(1))  # type: ignore[union-attr]
        assert n == len(re.findall(r'class="item"', listed)) > 0


def test_private_and_foreign_matters_are_in_no_line(cast: Cast, sit: Sit, hour: Clock) -> None:
    assert cast.snap("老公打我，现在还在砸门", category="", at=YESTERDAY).matter.private
    hour.set("2026-11-20 08:31")
    assert lines(sit("dispatcher").page("records/daily/"))["在办"] == 0
    cast.snap(at=YESTERDAY)
    other = sit("other_desk").page("records/daily/")
    assert lines(other)["在办"] == 0
    assert sit("other_desk").status(f"records/daily/?area={cast.areas['community'].pk}") == 404
    assert sit("outsider").status("records/daily/") == 403


def test_the_sheet_costs_three_statements_whatever_came(cast: Cast, hour: Clock) -> None:
    by, at = cast.dispatcher(hour.now), hour.now
    records_daily.sheet(cast.areas["street"], by=by, at=at)  # packs and calendars are read once
    counts = []
    for _ in range(2):
        for _ in range(3):
            cast.snap(at=YESTERDAY)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            records_daily.sheet(cast.areas["street"], by=by, at=at)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 3, counts


def test_heads_of_the_street_are_told_once_at_half_past_eight(cast: Cast, sit: Sit, hour: Clock) -> None:
    HowTold.objects.create(person=cast.people["street_leader"], channel="email")
    HowTold.objects.create(person=cast.people["secretary"], channel="email")
    assert records_daily.plan(clock("2026-11-20 08:29")) == 0
    assert records_daily.plan(clock("2026-11-22 09:00")) == 0  # a Sunday
    assert records_daily.plan(clock("2026-11-20 08:30")) == 1
    assert records_daily.plan(clock("2026-11-20 08:31")) == 0
    (sending,) = Sending.objects.filter(kind="daily")
    cast.snap(at=YESTERDAY)
    letter = records_daily.write(sending, clock("2026-11-20 08:32"))
    assert letter is not None and "昨天新增 1 件" in letter.text and "/desk/records/daily/" in letter.text
    hour.set("2026-11-20 08:35")
    assert "今天的日报" in sit("street_leader").page("inbox/")
    assert "今天的日报" not in sit("secretary").page("inbox/")


def test_who_heads_the_street_no_more_is_told_nothing(cast: Cast) -> None:
    how = HowTold.objects.create(person=cast.people["street_leader"], channel="email")
    street = cast.areas["other_street"]
    key = f"daily:{how.person_id}:{street.pk}:2026-11-20"
    gone: Any = sendings.to_person(key, "daily", how, clock("2026-11-20 08:30"))
    assert records_daily.write(gone, clock("2026-11-20 08:32")) is None


def test_the_command_draws_the_same_lines(cast: Cast) -> None:
    cast.snap(at=YESTERDAY)
    at = clock("2026-11-20 09:00")
    by = Acting.operator("王芳", "早会")
    mine = records_daily.sheet(cast.areas["street"], by=cast.dispatcher(at), at=at)
    assert [one.n for one in records_daily.sheet(cast.areas["street"], by=by, at=at).all] == [
        one.n for one in mine.all
    ]


def test_a_list_nobody_named_is_not_there(cast: Cast, sit: Sit) -> None:
    desk: Desk = sit("dispatcher")
    for which in ("", "rated", "x", "new&first=nonsense"):
        assert desk.status(f"records/list/?which={which}") in (404, 200)
    assert desk.status("records/list/?which=rated") == 404

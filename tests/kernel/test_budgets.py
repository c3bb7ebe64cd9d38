"""Statement budgets (counted without BEGIN, COMMIT, SAVEPOINT): intake 12, any other action 14, 6 a further matter."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import Reported, take
from gongzhi.kernel.clock import calendar
from gongzhi.kernel.ledger.files import Stored
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import take_all
from gongzhi.kernel.process.orders import Order, Outcome, Step
from gongzhi.kernel.process.tick import tick
from tests.cast import Cast, clock, fresh, key

pytestmark = pytest.mark.django_db
INTAKE, ACTION, FURTHER = 12, 14, 6
UNCOUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
REPLY = {"contacted": "talked", "reply_done": "换了新灯头。", "reply_result": "灯亮了。", "solved": "solved"}


@pytest.fixture(autouse=True)
def calendar_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calendar is read once a minute; no minute ends inside a count."""
    monkeypatch.setattr(calendar, "FRESH", float("inf"))


class Counted(AbstractContextManager["Counted"]):
    """Counts the statements of a block and, when there are too many, prints them."""

    def __init__(self, most: int) -> None:
        self.most, self.captured = most, CaptureQueriesContext(connection)

    def __enter__(self) -> "Counted":
        self.captured.__enter__()
        return self

    def __exit__(self, kind: Any, *rest: Any) -> None:
        self.captured.__exit__(kind, *rest)
        said = [one["sql"] for one in self.captured.captured_queries]
        counted = [sql[:160] for sql in said if not sql.upper().startswith(UNCOUNTED)]
        if kind is None:
            assert len(counted) <= self.most, f"{len(counted)} statements:\n" + "\n".join(counted)


def photo(name: str, media_type: str = "image/jpeg") -> Stored:
    return Stored(digest=name * 8, media_type=media_type, bytes=1000, width=640, height=480)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"photos": (photo("a"), photo("b"))},
        {"photos": (photo("a"),), "voice": photo("c", "audio/ogg")},
        {"about": ("property_company",)},
        {"keep_out": True},
    ],
    ids=["words", "photos", "photo and voice", "a complaint", "kept from the grid"],
)
def test_intake(cast: Cast, more: dict[str, Any]) -> None:
    cast.snap()  # the page is stored and a block of numbers reserved: once a version, once in twenty
    with Counted(INTAKE):
        cast.snap(**more)


class Hands:
    """Takes actions one after the other, each within the budget."""

    def __init__(self, cast: Cast, told: Reported) -> None:
        self.cast, self.told = cast, told

    def __call__(self, who: str, action: str, when: str, **said: Any) -> None:
        at = clock(when)
        by = self.cast.reporter(self.told) if who == "reporter" else self.cast.acting(who, at)
        seen = fresh(self.told).seq
        with Counted(ACTION):
            take(self.told.matter, action, by=by, at=at, seen=seen, key=key(), **said)


def _to_the_centre(cast: Cast, hand: Hands) -> None:
    hand("worker", "propose", "2026-11-20 09:05", level="district", urgency="normal", photos=[photo("d")])
    hand("desk", "accept", "2026-11-20 09:20", note="灯杆归区里管")
    hand("desk", "raise_to_street", "2026-11-20 09:30", note="归街道看")
    hand("dispatcher", "raise_to_district", "2026-11-20 09:40", note="归区里管")
    unit, other = cast.organisations["works"].pk, cast.organisations["law"].pk
    hand("centre", "dispatch", "2026-11-20 10:26", to=unit, assisting=[other], summary="修灯", note="老人多")


def test_the_long_road(cast: Cast) -> None:
    hand = Hands(cast, cast.snap())
    cast.snap()
    _to_the_centre(cast, hand)
    hand("works", "sign_in", "2026-11-20 11:00")
    hand(
        "works",
        "request_extension",
        "2026-11-20 14:00",
        extension_reason="parts",
        extend_by="2wd",
        note="停产",
    )
    hand("centre", "grant_extension", "2026-11-20 15:00")
    hand(
        "works",
        "request_suspension",
        "2026-11-20 15:30",
        suspend_ground="force_majeure",
        resume_on="2026-11-25",
        note="雪",
    )
    hand("centre", "grant_suspension", "2026-11-20 16:00", resume_on="2026-11-25")
    hand("centre", "resume", "2026-11-23 09:00")
    hand("leader", "supervise", "2026-11-23 09:10", supervise_ground="late", demand="今天修好")
    hand("reporter", "urge", "2026-11-23 09:20")
    hand("works", "answer_supervision", "2026-11-23 10:00", supervise_reply="下午修好。")
    hand("works", "reply", "2026-11-23 15:00", **REPLY, reply_request="路灯不亮", after_photos=[photo("e")])
    hand("worker", "send_back", "2026-11-23 16:00", check_way="look", missing="还有一盏不亮")
    hand("works", "reply", "2026-11-24 09:00", **REPLY)
    hand("worker", "pass_check", "2026-11-24 10:00", check_way="look", after_photos=[photo("f")])
    hand("centre", "close", "2026-11-24 11:00")
    hand(
        "reporter",
        "rate",
        "2026-11-24 18:00",
        was_contacted="yes",
        was_solved="no",
        satisfied="bad",
        rating_words="不亮",
    )
    hand("centre", "order_rework", "2026-11-25 09:00", missing="换整根电线")


def test_refused_twice_and_arbitrated(cast: Cast) -> None:
    hand = Hands(cast, cast.snap())
    cast.snap()
    _to_the_centre(cast, hand)
    unit, other = cast.organisations["works"].pk, cast.organisations["law"].pk
    said = {"return_reason": "not_duty", "basis": "三定方案第二条", "proposed": other, "note": "不归我们"}
    hand("works", "return_order", "2026-11-20 11:00", **said)
    hand("centre", "refuse_return", "2026-11-20 11:30", reason="归你们")
    hand("works", "return_order", "2026-11-20 14:00", **said)
    hand("chief", "arbitrate", "2026-11-20 15:00", decided=unit, reason="按三定方案")


def test_everything_in_one_click(cast: Cast) -> None:
    told = cast.snap()
    cast.snap()
    with Counted(ACTION):
        then = [("raise_to_street", {"note": "归街道"})]
        take(
            told.matter, "accept", by=cast.desk(), at=clock("2026-11-20 09:20"), seen=1, key=key(), then=then
        )


def _all(orders: list[Order]) -> list[Outcome]:
    return take_all(orders)


@pytest.mark.parametrize("bulk", [_all], ids=["take_all"])
def test_each_further_matter(cast: Cast, bulk: Callable[[list[Order]], list[Outcome]]) -> None:
    works = cast.organisations["works"].pk
    for count in (2, 12):
        matters = [cast.snap().matter for _ in range(count)]
        at: datetime = clock("2026-11-20 09:20")
        road: list[tuple[Acting, list[Step]]] = [
            (cast.worker(), [Step("propose", {"level": "district"})]),
            (cast.desk(), [Step("accept"), Step("raise_to_street")]),
            (cast.dispatcher(), [Step("raise_to_district")]),
            (cast.centre(), [Step("dispatch", {"to": works})]),
            (cast.works(), [Step("sign_in")]),
            (cast.works(), [Step("reply", REPLY)]),
        ]
        for by, steps in road:
            with Counted(ACTION + FURTHER * (count - 1)):
                outcomes = bulk([Order(one.pk, tuple(steps), by, at) for one in matters])
            assert all(outcome.entries for outcome in outcomes), [one.refusal for one in outcomes]


def test_the_clock(cast: Cast) -> None:
    for _ in range(10):
        cast.snap()
    with Counted(3 * (ACTION + FURTHER * 9)):  # proposals, acceptances and the look for what is left
        assert tick(clock("2026-11-20 11:00")) == 10

"""A hundred thousand matters, thirty thousand of them late, half of those at desks where nobody sits; two clocks."""

import threading
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction

from gongzhi.kernel.models import Entry, Mandate, Matter, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.flush import flush
from gongzhi.kernel.process.opening import NewMatter, begin
from gongzhi.kernel.process.tick import tick
from tests.cast import MORNING, PACK, Cast, clock

ALL, LATE, BATCH = 100_000, 30_000, 500
EMPTY = "other_community"  # its desk holds no mandate
NOW = clock("2026-11-20 18:00")
SECONDS = 1_800


def opened(cast: Cast, count: int, first: int, *, area: str, at: datetime) -> None:
    """Reports in bulk, each with its own entry, waits and deliveries as the door writes them."""
    for start in range(0, count, BATCH):
        works = []
        for place in range(start, min(start + BATCH, count)):
            new = NewMatter(
                kind="incident",
                pack=PACK,
                area=cast.areas[area],
                action="report",
                title="路灯不亮",
                source="portal",
                said={"words": "路灯不亮", "urgency": "normal", "channel": "portal"},
                category="lamp",
            )
            moment = at + timedelta(milliseconds=place)
            works.append(begin(new, f"L{first + place:09}", by=Acting.public(), at=moment))
        with transaction.atomic():
            flush(works)


def two_clocks() -> list[int]:
    """Two clocks at the same moment, each with a connection of its own; how many each acted on."""
    acted: list[int] = []

    def run() -> None:
        try:
            acted.append(tick(NOW))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    return acted


@pytest.mark.django_db(transaction=True)
def test_every_late_matter_among_a_hundred_thousand_is_acted_on_once(cast: Cast) -> None:
    Mandate.objects.filter(area=cast.areas[EMPTY]).update(until=MORNING)
    began = time.monotonic()
    opened(cast, LATE // 2, 0, area="grid", at=MORNING)
    opened(cast, LATE // 2, LATE, area=EMPTY, at=MORNING)
    opened(cast, ALL - LATE, 2 * LATE, area="grid", at=NOW - timedelta(minutes=1))
    due = Wait.objects.filter(next_at__lte=NOW, ended_at=None)
    late = set(due.values_list("matter_id", flat=True))
    assert (Matter.objects.count(), len(late)) == (ALL, LATE)
    rungs = Counter(due.values_list("matter_id", flat=True))
    ready = time.monotonic()
    acted = two_clocks()
    took = time.monotonic() - ready
    assert len(acted) == 2, "a clock broke"
    assert not due.exists(), "nothing that is due was left"
    done = Entry.objects.filter(actor="clock")
    assert set(done.values_list("matter_id", flat=True)) == late, "only the late ones, all of them"
    steps = Counter(done.values_list("matter_id", "verb", "facts"))  # the facts name the wait
    assert set(steps.values()) == {1}, "no rung of a ladder was climbed twice"
    assert sum(acted) == done.count() >= sum(rungs.values())
    print(f"\nprepared in {ready - began:.0f} s; {sum(acted):,} acts by two clocks {acted} in {took:.0f} s")

"""What was done without signal and sent later counts as the device says, within the pack's limit."""

from datetime import datetime

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Entry, Matter, Wait
from tests.cast import Cast, clock, key

pytestmark = pytest.mark.django_db
DONE = clock("2026-11-20 09:30")  # the grid worker's look; it was due at 14:52 that day


def judged(cast: Cast, at: datetime, happened: datetime | None) -> tuple[Entry, Wait]:
    """The worker's judgement as it arrived, and the wait it ended."""
    lamp: Matter = cast.snap().matter
    entry = take(
        lamp, "propose", by=cast.worker(at), at=at, seen=1, key=key(), level="community", happened=happened
    )
    return entry, Wait.objects.get(matter=lamp, what="propose")


@pytest.mark.parametrize("sent", ["2026-11-20 18:00", "2026-11-21 09:30"])
def test_sent_within_a_day_it_was_done_in_time(cast: Cast, sent: str) -> None:
    entry, wait = judged(cast, clock(sent), DONE)
    assert (entry.at, entry.happened) == (clock(sent), DONE)
    assert wait.ended_at == DONE and wait.due_at is not None and wait.ended_at < wait.due_at


@pytest.mark.parametrize(
    ("sent", "happened"),
    [
        ("2026-11-21 09:31", "2026-11-20 09:30"),  # a minute more than a day
        ("2026-11-20 18:00", "2026-11-20 18:30"),  # a device whose clock runs ahead
        ("2026-11-20 18:00", None),
    ],
)
def test_otherwise_the_servers_receipt_counts_and_what_the_device_said_is_shown(
    cast: Cast, sent: str, happened: str | None
) -> None:
    said = clock(happened) if happened else None
    entry, wait = judged(cast, clock(sent), said)
    assert wait.ended_at == clock(sent) and entry.happened == said


def test_nothing_ends_before_it_was_awaited(cast: Cast) -> None:
    _, wait = judged(cast, clock("2026-11-20 09:00"), clock("2026-11-20 08:00"))
    assert wait.ended_at == wait.since

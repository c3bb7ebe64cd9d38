"""The demonstration's stage: many stories at once, told in the order of their moments through the real actions.

A story is a generator: it acts, then yields the moment at which it goes on. The stage keeps all of them in one
queue, so that matters, numbers and the clock run as they would have run. What lies after the end of the play stays
undone: those matters are open.
"""

import heapq
import logging
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction

from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.process import rehearsal, tick
from gongzhi.kernel.telling import post
from gongzhi.surfaces.jobs.demo_people import World

log = logging.getLogger(__name__)
Story = Iterator[datetime]
TOLD_LATELY = timedelta(
    days=4
)  # so much of the play is told: inboxes and outbox are not empty at first sight
TICKS = (time(9, 5), time(11, 40), time(14, 35), time(17, 5))


class Ended(Exception):
    """A story that does not go on: the door said no, or nobody acts any more."""


class Stage:
    """The queue of stories with the place, its people, the dice and the moment it is."""

    def __init__(self, world: World, first: datetime, last: datetime, dice: random.Random) -> None:
        self.world, self.first, self.last, self.dice = world, first, last, dice
        self.calendar = calendar_for(world.pack.name)
        self.now = first
        self.refused: list[str] = []
        self.receipts: list[tuple[str, str]] = []
        self._queue: list[tuple[datetime, int, Story]] = []
        self._count = 0

    def begin(self, at: datetime, story: Callable[["Stage"], Story]) -> None:
        """Put a story into the queue; it begins at ``at``."""
        self._push(at, story(self))

    def play(self) -> None:
        """Run every story to the end of the play, day by day, the clock acting four times a day."""
        day = self.calendar.local(self.first).date()
        while day <= self.calendar.local(self.last).date():
            self._day(day)
            day += timedelta(days=1)

    def after(self, least: float, most: float) -> datetime:
        """Some office hours from now, somewhere between two numbers."""
        hours = timedelta(hours=self.dice.uniform(least, most))
        wall = self.calendar.add_office(self.calendar.local(self.now), hours)
        return self.calendar.moment(wall + timedelta(seconds=self.dice.randint(0, 50)))

    def office_hours_ago(self, ago: timedelta) -> datetime:
        """So much office time before the end of the play."""
        begins = self.last - ago
        while self.calendar.office_time(self.calendar.local(begins), self.calendar.local(self.last)) < ago:
            begins -= timedelta(minutes=30)
        return begins

    def later(self, least: float, most: float) -> datetime:
        """Some clock hours from now, kept out of the night: residents have no office hours."""
        wall = self.calendar.local(self.now) + timedelta(hours=self.dice.uniform(least, most))
        if wall.hour < 7 or wall.hour > 21:
            wall = wall.replace(hour=self.dice.randint(8, 20)) + timedelta(days=wall.hour > 21)
        return max(self.calendar.moment(wall), self.now + timedelta(minutes=1))

    def day_said(self) -> str:
        """The day as people say it in a reply: ``9 月 3 日``."""
        today = self.calendar.local(self.now).date()
        return f"{today.month} 月 {today.day} 日"

    def _push(self, at: datetime, story: Story) -> None:
        self._count += 1
        heapq.heappush(self._queue, (at, self._count, story))

    def _day(self, day: date) -> None:
        """One day in one transaction: stories and ticks in order, then what follows the entries."""
        with transaction.atomic():
            for moment in [*TICKS, time(23, 59)]:
                until = min(self.calendar.moment(datetime.combine(day, moment)), self.last)
                self._until(until)
                if moment in TICKS and until < self.last:
                    tick.tick(until)
            rehearsal.tell_nobody(min(until, self.last - TOLD_LATELY))
            while post.deliver(until):  # what a delivery does may have to be told in turn
                continue

    def _until(self, until: datetime) -> None:
        while self._queue and self._queue[0][0] <= until:
            at, _, story = heapq.heappop(self._queue)
            self.now = at
            try:
                self._push(next(story), story)
            except StopIteration:
                continue
            except Ended as end:
                if str(end):
                    self.refused.append(str(end))
                    log.info("demonstration: %s", end)

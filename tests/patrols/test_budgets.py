"""What a route, a patrol and what is found on it cost in statements."""

from datetime import timedelta

import pytest

from gongzhi.domains.patrols import actions
from gongzhi.domains.patrols.points import Told
from gongzhi.kernel.process.tick import tick
from tests.cast import MORNING, Cast, key
from tests.kernel.test_budgets import ACTION, Counted, calendar_in_hand
from tests.patrols.walks import pass_by, route, walk

__all__ = ["calendar_in_hand"]
pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


def test_no_action_costs_more_than_fourteen_however_many_points(cast: Cast) -> None:
    house = cast.areas["building"].pk
    many = [Told(f"{n} 单元楼道灯", "lamp", house) for n in range(1, 41)]
    said = actions.Planned(cast.areas["grid"], "楼道灯", many, "2026-11-20")
    desk, worker = cast.desk(), cast.worker()
    actions.take(route(cast), "retire", by=desk, at=MORNING, key=key())  # the page is stored and known
    with Counted(ACTION):
        laid = actions.plan(said, by=desk, at=MORNING, key=key())
    with Counted(ACTION):
        actions.edit(laid.pk, said, by=desk, at=LATER, seen=1, key=key())
    with Counted(ACTION):
        actions.take(laid, "retire", by=desk, at=LATER, key=key())
    matter = walk(cast, points=many)
    lamp = cast.snap().matter
    every = ",".join(str(n) for n in range(1, 40))
    with Counted(ACTION):
        actions.take(matter, "clear", by=worker, at=LATER, key=key(), stops=every)
    with Counted(ACTION + 4):  # with the look whether the hand reads the matter
        actions.found(matter.pk, 40, lamp.pk, by=worker, at=LATER, key=key())
    with Counted(ACTION):
        actions.take(matter, "finish", by=worker, at=LATER, seen=matter.seq, key=key())


def test_the_clock_opens_many_for_little_more_than_one(cast: Cast) -> None:
    for _ in range(5):
        route(cast)
    pass_by(MORNING - timedelta(days=1))
    with Counted(6 * 5 + ACTION):
        tick(MORNING + timedelta(minutes=1))

"""The clock: finds every due wait, oldest first, unassigned ones too, and acts exactly once however many run."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import waits
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.door import BATCH, take_all
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.orders import Order, Outcome, Step
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.kernel.process.versions import pinned

log = logging.getLogger(__name__)


def tick(at: datetime, limit: int | None = None) -> int:
    """Act on every wait whose next moment has come. Returns how many were acted on."""
    acted = 0
    while limit is None or acted < limit:
        due = Wait.objects.filter(ended_at=None, next_at__lte=at).order_by("next_at", "id")
        rows = list(due.select_related("matter")[:BATCH])
        if not rows:
            break
        acted += _act_on(rows, at)
    return acted


def _act_on(rows: list[Wait], at: datetime) -> int:
    orders, later = [], []
    taken: set[int] = set()
    for wait in rows:
        if wait.matter_id in taken:
            continue  # one wait a matter a round: the next round sees what this one changed
        taken.add(wait.matter_id)
        steps = waits.ladder(wait, pinned(wait.matter.process_id))
        if wait.step >= len(steps):
            later.append(wait.pk)
            continue
        orders.append(_order(wait, steps[wait.step]["do"], at))
    acted = 0
    for outcome in _take(orders):
        acted += len(outcome.entries) > 0
        if outcome.refusal is not None and outcome.order.wait_id is not None:
            log.warning("clock refused: %s %s", outcome.order.steps[0].action, outcome.refusal.code)
            later.append(outcome.order.wait_id)
    with transaction.atomic():
        Wait.objects.filter(pk__in=later).update(next_at=at + timedelta(hours=1))
    return acted


def _take(orders: list[Order]) -> list[Outcome]:
    """All at once; where one of them breaks, each alone, so that a broken page stops nobody else's clock."""
    try:
        return take_all(orders)
    except Exception:
        log.exception("clock: a batch broke, taking its orders one by one")
    outcomes: list[Outcome] = []
    for order in orders:
        try:
            outcomes += take_all([order])
        except Exception:
            log.exception("clock broke: %s", order.steps[0].action)
            outcomes.append(Outcome(order, refusal=Refusal("时钟没能办成。")))
    return outcomes


def _order(wait: Wait, action: str, at: datetime) -> Order:
    return Order(
        wait.matter_id,
        (Step(action),),
        Acting.clock(),
        at,
        wait_id=wait.pk,
        check=_still_due(wait.pk, wait.step, at),
    )


def _still_due(wait_id: int, step: int, at: datetime) -> Callable[[Work], bool]:
    """Whether, under the lock, the wait still stands on the rung it was found on: another clock may have climbed it."""

    def check(work: Work) -> bool:
        wait = next((one for one in work.open_waits() if one.pk == wait_id and one.step == step), None)
        return wait is not None and wait.next_at is not None and wait.next_at <= at

    return check

"""Deliveries: the outbox is worked off after commit, at least once, with back-off; what stays stuck is shown."""

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.process import registry

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
BACK_OFF = [1, 5, 15, 60, 240, 720]  # minutes between tries; after the last the delivery is stuck


def deliver(at: datetime, limit: int = 500) -> int:
    """Work off what is due, oldest first. Returns how many deliveries were done."""
    due = Delivery.objects.filter(~Q(follower="seal"), state="pending", next_at__lte=at)
    done = 0
    for delivery in due.select_related("entry", "entry__matter").order_by("next_at", "id")[:limit]:
        if _claimed(delivery, at):
            done += _carry(delivery, at)
    return done


def _claimed(delivery: Delivery, at: datetime) -> bool:
    rows = Delivery.objects.filter(pk=delivery.pk, state="pending", next_at=delivery.next_at)
    return rows.update(next_at=at + LEASE) == 1


def _carry(delivery: Delivery, at: datetime) -> bool:
    try:
        handler(delivery.follower)(delivery, at)
    except Exception as fault:  # the outbox must outlive any follower's fault; it is kept and shown
        log.exception("delivery failed: %s", delivery.follower)
        _failed(delivery, at, f"{type(fault).__name__}: {fault}"[:300])
        return False
    Delivery.objects.filter(pk=delivery.pk).update(state="done", done_at=at, error="")
    return True


def handler(follower: str) -> registry.Follower:
    """Who carries a delivery: a teller for ``tell:<whom>``, else the reaction of that name."""
    if follower.startswith("tell:"):
        return registry.TELLERS.get(follower.removeprefix("tell:"), nobody)
    return registry.FOLLOWERS[follower]


def nobody(delivery: Delivery, at: datetime) -> None:
    """Addressees who see it on their list anyway: nothing is sent."""


def _failed(delivery: Delivery, at: datetime, error: str) -> None:
    tries = delivery.tries + 1
    stuck = tries > len(BACK_OFF)
    Delivery.objects.filter(pk=delivery.pk).update(
        tries=tries,
        error=error,
        state="stuck" if stuck else "pending",
        next_at=at + timedelta(minutes=BACK_OFF[min(tries, len(BACK_OFF)) - 1]),
    )


def stuck() -> list[Delivery]:
    """Deliveries that failed at least once and are not done, for the operator's page."""
    rows = Delivery.objects.filter(~Q(state="done"), tries__gt=0).select_related("entry", "entry__matter")
    return list(rows.order_by("-id")[:200])


def try_again(delivery_id: int, at: datetime) -> None:
    """Put a stuck delivery back into the queue."""
    Delivery.objects.filter(pk=delivery_id, state="stuck").update(state="pending", tries=0, next_at=at)

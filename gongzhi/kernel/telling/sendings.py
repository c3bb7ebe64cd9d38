"""Messages out: planned once by key, claimed, carried by their channel, tried again with back-off, never lost.

A channel that does not answer keeps its own post waiting, nobody else's. A channel that is off closes its post as
not sent, and says so.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.process.models import Receipt
from gongzhi.kernel.telling.channels import CHANNELS, WRITERS, NoAnswer, NotSent, hand_over
from gongzhi.kernel.telling.models import DONE, JOINED, PENDING, STUCK, UNSENT, HowTold, Sending

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
BACK_OFF = [1, 5, 15, 60, 240, 720]  # minutes between tries; after the last the message is stuck
REST = timedelta(minutes=1)  # how long a channel that did not answer is left alone
GATHERED = "told"  # the kind of which only the last of several is sent


def to_person(key: str, kind: str, how: HowTold, at: datetime, *, entry: Entry | None = None) -> Sending:
    """A message to a member of staff the way they chose."""
    return Sending(
        key=key, kind=kind, channel=how.channel, person_id=how.person_id, entry=entry, born_at=at, next_at=at
    )


def to_receipt(
    key: str, kind: str, channel: str, receipt: Receipt, at: datetime, *, entry: Entry, not_before: datetime
) -> Sending:
    """A message to the reporter who holds a receipt."""
    return Sending(
        key=key, kind=kind, channel=channel, receipt=receipt, entry=entry, born_at=at, next_at=not_before
    )


def plan(messages: Iterable[Sending]) -> None:
    """Keep messages to be sent; one whose key is known is there already."""
    if rows := list(messages):
        Sending.objects.bulk_create(rows, ignore_conflicts=True)


def last_told(receipt: Receipt) -> datetime | None:
    """When a reporter was last sent what happened, to gather what follows."""
    rows = Sending.objects.filter(receipt=receipt, kind=GATHERED, state=DONE)
    return rows.order_by("-done_at").values_list("done_at", flat=True).first()


def work_off(at: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first. Returns how many messages went out."""
    due = Sending.objects.filter(state=PENDING, next_at__lte=at)
    done, silent = 0, set[str]()
    for one in due.select_related("entry", "entry__matter", "receipt", "person").order_by("next_at", "id")[
        :limit
    ]:
        if one.channel not in silent and _claimed(one, at):
            try:
                done += _carry(one, at)
            except NoAnswer:
                silent.add(one.channel)
    for name in silent:
        waiting = Sending.objects.filter(state=PENDING, channel=name, next_at__lte=at)
        waiting.update(next_at=at + REST)
    return done


def _claimed(one: Sending, at: datetime) -> bool:
    rows = Sending.objects.filter(pk=one.pk, state=PENDING, next_at=one.next_at)
    return rows.update(next_at=at + LEASE) == 1


def _carry(one: Sending, at: datetime) -> bool:
    channel = CHANNELS.get(one.channel)
    if channel is None or channel.off:
        _close(one, UNSENT, at, f"{channel.label if channel else one.channel}没有接通，没有发")
        return False
    if _later_one(one, at):
        _close(one, JOINED, at)
        return False
    if one.receipt is not None:
        one.receipt.refresh_from_db(fields=["phone_enc"])  # may have been taken away while others were sent
    try:
        letter = WRITERS[one.kind](one, at)
        if letter is not None:
            hand_over(channel, letter, one.key)
    except NoAnswer as fault:
        _failed(one, at, str(fault))
        raise
    except NotSent as fault:
        _failed(one, at, str(fault)[:300])
        return False
    except Exception as fault:  # the post must outlive any gateway's fault; it is kept and shown
        log.exception("message not sent: %s by %s", one.kind, one.channel)
        _failed(one, at, f"{type(fault).__name__}: {fault}"[:300])
        return False
    _close(one, DONE, at)
    return letter is not None


def _later_one(one: Sending, at: datetime) -> bool:
    """Whether a newer message to the same reporter is due as well: several changes within minutes are one text."""
    if one.kind != GATHERED or one.receipt_id is None:
        return False
    newer = Sending.objects.filter(receipt=one.receipt_id, kind=GATHERED, state=PENDING, pk__gt=one.pk)
    return newer.filter(channel=one.channel, next_at__lte=at).exists()


def _close(one: Sending, state: str, at: datetime, why: str = "") -> None:
    Sending.objects.filter(pk=one.pk).update(state=state, done_at=at, error=why)


def _failed(one: Sending, at: datetime, why: str) -> None:
    tries = one.tries + 1
    wait = timedelta(minutes=BACK_OFF[min(tries, len(BACK_OFF)) - 1])
    state = STUCK if tries > len(BACK_OFF) else PENDING
    Sending.objects.filter(pk=one.pk).update(tries=tries, error=why, state=state, next_at=at + wait)


def troubled() -> list[Sending]:
    """Messages that failed at least once or were closed unsent, newest first, for the operator's page."""
    rows = Sending.objects.exclude(state__in=(DONE, JOINED)).filter(Q(tries__gt=0) | Q(state=UNSENT))
    return list(rows.select_related("entry__matter").order_by("-id")[:200])


def try_again(sending_id: int, at: datetime) -> None:
    """Put a stuck or unsent message back into the queue."""
    rows = Sending.objects.filter(pk=sending_id, state__in=(STUCK, UNSENT))
    rows.update(state=PENDING, tries=0, error="", done_at=None, next_at=at)


def forget(before: datetime) -> int:
    """Remove what is left of messages born before a moment; how many."""
    gone, _ = Sending.objects.filter(born_at__lt=before).delete()
    return gone

"""Lamps that several people report, and how such a matter goes through: the acts the tests of this folder share."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from gongzhi.domains.incidents.actions import Contact, Reported, take
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import deliver
from gongzhi.kernel.telling import sendings
from gongzhi.kernel.telling.channels import WRITERS
from gongzhi.kernel.telling.models import Sending
from tests.cast import Cast, clock

FIXED = {"contacted": "talked", "reply_done": "换了新灯头。", "reply_result": "灯亮了。", "solved": "solved"}
POINT = (41.021, 117.701)
TEN, NOON = clock("2026-11-20 10:00"), clock("2026-11-20 12:00")


def reported(cast: Cast, phone: str = "13812341234", **more: Any) -> Reported:
    """A broken lamp, with a number left for news."""
    return cast.snap(contact=Contact(phone=phone, told_by="sms"), **more)


def merge(one: Reported, into: Reported, *, by: Acting, at: datetime) -> None:
    """One becomes part of the other."""
    take(one.matter, "merge", by=by, at=at, into=into.matter.number)


def ahead(cast: Cast, one: Reported) -> None:
    """Accepted and raised, so that it waits at the street's desk."""
    take(one.matter, "accept", by=cast.desk(), at=TEN)
    take(one.matter, "raise_to_street", by=cast.desk(), at=TEN)


def done(cast: Cast, one: Reported) -> None:
    """Accepted, raised, taken on by the street, answered; every delivery carried."""
    ahead(cast, one)
    take(one.matter, "take_on", by=cast.street_desk(), at=TEN)
    take(one.matter, "answer", by=cast.street_desk(), at=NOON, **FIXED)
    carried()


def carried(at: datetime = NOON) -> None:
    """Work off the outbox."""
    while deliver.deliver(at):
        pass


def told(phone: str) -> list[str]:
    """The texts planned for a number, in their words."""
    carried(max(NOON, timezone.now()))
    letters = [WRITERS[one.kind](one, NOON) for one in Sending.objects.order_by("pk") if one.channel == "sms"]
    return [one.text for one in letters if one is not None and one.to == phone]


def verbs(one: Reported) -> list[str]:
    """What was done on a matter, in order."""
    return list(Entry.objects.filter(matter=one.matter).order_by("seq").values_list("verb", flat=True))


__all__ = ["FIXED", "ahead", "carried", "done", "merge", "reported", "sendings", "told", "verbs"]

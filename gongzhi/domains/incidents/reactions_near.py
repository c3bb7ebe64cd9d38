"""What follows by itself: a repeat is marked, those gathered under a cause are closed with it or go on alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from gongzhi.domains.incidents import near
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.near import Ground
from gongzhi.domains.incidents.queries.joined import result_of
from gongzhi.domains.incidents.queries.near import around
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Delivery, Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.door import take, take_all
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.process.orders import Order, Step
from gongzhi.kernel.process.registry import follower
from gongzhi.kernel.process.standing import ABOUT
from gongzhi.kernel.process.verdict import Refusal

DONE = ("self_handle", "answer", "pass_check")
NOT_DONE = ("decline", "transfer_out", "return_outer", "void", "list_long_term", "terminate", "withdraw")


@follower("incident.repeat", "incident", "report")
def mark_repeat(delivery: Delivery, at: datetime) -> None:
    """The same place and kind again within the pack's days of its closing: by place and kind, never by person."""
    matter = delivery.entry.matter
    if matter is None or matter.private or matter.counts != "open":
        return
    earlier = closed_before(matter)
    if earlier is None:
        return
    try:
        take(
            matter,
            "mark_repeat",
            by=Acting.clock(),
            at=at,
            cause=delivery.entry_id,
            key=f"repeat-{delivery.entry_id}",
            repeat_of=earlier.number,
        )
    except Refusal:
        return  # closed meanwhile: there is nothing left to look at


def closed_before(matter: Matter) -> Matter | None:
    """The last matter of this kind and place that was closed within the pack's days before this one was opened.

    A complaint is repeated by one about the same organisations alone: no other matter's page tells that it stands.
    """
    reach = near.circle(packs.load(matter.pack), "repeat")
    if not matter.category or matter.category in reach.but:
        return None
    since = matter.opened_at - reach.back
    closed = Q(counts="closed", closed_at__gte=since, closed_at__lte=matter.opened_at)
    same = Q(private=False, restricted=matter.restricted, about_person=matter.about_person)
    found = around(Ground.of(matter), [matter.category], reach, since, closed & same & ~Q(pk=matter.pk))
    told = [one.matter for one in found if one.metres is not None or one.matter.place == matter.place != ""]
    about = _about([matter.pk, *(one.pk for one in told)])
    told = [one for one in told if about[one.pk] == about[matter.pk]]
    return max(told, key=lambda one: one.closed_at or one.opened_at, default=None)


def _about(ids: Sequence[int]) -> dict[int, set[int | None]]:
    """Whom each of these matters is about (one statement)."""
    found: dict[int, set[int | None]] = {pk: set() for pk in ids}
    rows = Tie.objects.filter(matter__in=ids, role=ABOUT, until=None)
    for matter_id, organisation_id in rows.values_list("matter", "organisation"):
        found[matter_id].add(organisation_id)
    return found


@follower("incident.settle", "incident", *DONE)
def settle(delivery: Delivery, at: datetime) -> None:
    """The cause is done: everything gathered under it is closed with its result, each with its entry, once."""
    cause, entry = delivery.entry.matter, delivery.entry
    if cause is None or not _is_cause(cause):
        return
    said = _result(cause, entry)
    _all(cause, "settle", said, delivery, at)


@follower("incident.release", "incident", *NOT_DONE)
def release(delivery: Delivery, at: datetime) -> None:
    """The cause ended without a result: what was gathered under it goes on alone."""
    cause = delivery.entry.matter
    if cause is not None and _is_cause(cause):
        _all(cause, "release", {}, delivery, at)


def _is_cause(matter: Matter) -> bool:
    return Incident.objects.filter(pk=matter.pk).exclude(cause_kind="").exists()


def _result(cause: Matter, entry: Entry) -> dict[str, Any]:
    """Who did it, who sent it, and the answer written for all (four statements)."""
    ties = dict(
        Tie.objects.filter(matter=cause, until=None, role__in=("holder", "sender")).values_list(
            "role", "organisation"
        )
    )
    known = Organisation.objects.in_bulk(ties.values())
    rows = list(Entry.objects.filter(matter=cause).select_related("words").order_by("seq"))
    words = result_of(Incident.objects.get(pk=cause.pk), [one for one in rows if one.seq <= entry.seq])
    said = {
        name: known.get(ties.get(role, 0)) for role, name in (("holder", "settled_by"), ("sender", "sent_by"))
    }
    return {name: value for name, value in {**said, "result_words": words}.items() if value}


def _all(cause: Matter, action: str, said: dict[str, Any], delivery: Delivery, at: datetime) -> None:
    rows = Incident.objects.filter(cause=cause, matter__stage="gathered").values_list("pk", flat=True)
    take_all(_orders(rows.order_by("pk"), action, said, delivery, at))


def _orders(ids: Any, action: str, said: dict[str, Any], delivery: Delivery, at: datetime) -> Iterator[Order]:
    for pk in ids:
        yield Order(
            pk,
            (Step(action, said),),
            Acting.clock(),
            at,
            key=f"{action}-{delivery.entry_id}-{pk}",
            cause=delivery.entry_id,
        )

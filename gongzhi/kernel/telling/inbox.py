"""The staff's inbox: made by deliveries after commit, read through the gate, opened and done with.

An item is a row without words. Whoever may no longer read its matter no longer finds it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Delivery, Entry
from gongzhi.kernel.packs import keeping
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.process import gate, registry
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.telling import sendings
from gongzhi.kernel.telling.addressees import FINDERS, addressees
from gongzhi.kernel.telling.channels import presses
from gongzhi.kernel.telling.models import HowTold, InboxItem

PAGE = 50
MOST = 99


def tell(whom: str, delivery: Delivery, at: datetime) -> int:
    """Put an entry into the inbox of everybody ``whom`` means who may read its matter now; how many were told.

    An emergency also goes out at once to those who chose a channel. Done twice it is there once.
    """
    entry = delivery.entry
    if entry.matter is None:
        return 0
    work = gate.load(entry.matter)
    told = _readable(addressees(whom, work, entry, at), work, entry, at)
    InboxItem.objects.bulk_create(
        [
            InboxItem(
                person_id=one.person_id, mandate=one, matter=entry.matter, entry=entry, whom=whom, at=entry.at
            )
            for one in told
        ],
        ignore_conflicts=True,
    )
    if told and presses(entry.matter):
        _at_once(entry, [one.person_id for one in told], at)
    return len(told)


def _readable(meant: Iterable[Mandate], work: Work, entry: Entry, at: datetime) -> list[Mandate]:
    """Of the mandates meant, the first of each person by which they may read the matter; not the one who did it."""
    others = [one for one in meant if entry.actor != f"person:{one.person_id}"]
    every: dict[int, list[Mandate]] = {}
    rows = Mandate.objects.filter(holding(at), person__in={one.person_id for one in others})
    for one in rows.select_related("area", "organisation__area", "stands_in_for").order_by("pk"):
        every.setdefault(one.person_id, []).append(one)
    found: dict[int, Mandate] = {}
    for one in others:
        by = Acting("person", one.person.name, one.person, one, tuple(every[one.person_id]))
        if one.person_id not in found and gate.level_of(work, by):
            found[one.person_id] = one
    return list(found.values())


def _at_once(entry: Entry, persons: list[int], at: datetime) -> None:
    rows = HowTold.objects.filter(person__in=persons).exclude(channel="")
    sendings.plan(
        [
            sendings.to_person(f"urgent:{entry.pk}:{one.person_id}", "urgent", one, at, entry=entry)
            for one in rows
        ]
    )


def register() -> None:
    """Make every addressee that pages may name one whom the inbox tells (called when the kernel is ready)."""
    for whom in FINDERS:
        registry.TELLERS.setdefault(whom, _teller(whom))


def _teller(whom: str) -> registry.Follower:
    def carry(delivery: Delivery, at: datetime) -> None:
        tell(whom, delivery, at)

    return carry


def items(*, by: Acting, at: datetime, before: int | None = None, limit: int = PAGE) -> list[InboxItem]:
    """What was told to this hand and may still be read, newest first (one statement)."""
    rows = _mine(by, at)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    joined = rows.select_related("entry", "matter", "matter__area", "matter__community", "matter__street")
    return list(joined.order_by("-id")[:limit])


def unread(*, by: Acting, at: datetime) -> int:
    """How many items this hand has not opened, counted to 99 (one statement)."""
    return len(_mine(by, at).filter(read_at=None).values_list("pk", flat=True)[:MOST])


def unread_here(by: Acting) -> tuple[Q, Coalesce]:
    """For a statement over matters that passes the gate: which have something new for this hand, and how much."""
    rows = InboxItem.objects.filter(mandate=by.mandate.pk if by.mandate else 0, read_at=None)
    of_matter = rows.filter(matter=OuterRef("pk")).order_by().values("matter").annotate(n=Count("pk"))
    return Q(pk__in=rows.values("matter")), Coalesce(Subquery(of_matter.values("n")), 0)


def elsewhere(*, by: Acting, at: datetime) -> bool:
    """Whether something unread waits for the person under another of their mandates (one statement for each)."""
    others = [one for one in by.mandates if by.mandate is not None and one.pk != by.mandate.pk]
    hands = (replace(by, mandate=one) for one in others)
    return any(_mine(hand, at).filter(read_at=None).exists() for hand in hands)


def open_item(item_id: int, *, by: Acting, at: datetime) -> int | None:
    """Mark one item as seen; the id of its matter, None where there is no such item for this hand."""
    found = _mine(by, at).filter(pk=item_id).values_list("matter", "read_at").first()
    if found is None:
        return None
    if found[1] is None:
        InboxItem.objects.filter(pk=item_id, read_at=None).update(read_at=at)
    return int(found[0])


def seen(matter_id: int, *, by: Acting, at: datetime) -> None:
    """The matter's page was opened: what was told about it is seen (one statement, two where something was new)."""
    if by.mandate is None:
        return
    rows = InboxItem.objects.filter(mandate=by.mandate.pk, matter=matter_id, read_at=None)
    if rows.exists():
        rows.update(read_at=at)


def all_seen(*, by: Acting, at: datetime, upto: int) -> int:
    """Everything told up to an item is seen; how many were new."""
    if by.mandate is None:
        return 0
    return InboxItem.objects.filter(mandate=by.mandate.pk, read_at=None, pk__lte=upto).update(read_at=at)


def sweep(at: datetime) -> int:
    """Remove items and what is left of messages as old as the common pack says; how many went."""
    before = keeping.kept(packs.load("cn"), "told").before(at)
    gone, _ = InboxItem.objects.filter(at__lt=before).delete()
    return gone + sendings.forget(before)


def _mine(by: Acting, at: datetime) -> QuerySet[InboxItem]:
    if by.mandate is None:
        return InboxItem.objects.none()
    may = gate.visible(by=by, at=at).filter(pk=OuterRef("matter"))
    return InboxItem.objects.filter(Exists(may), mandate=by.mandate.pk)

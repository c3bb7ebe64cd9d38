"""Loading matters under lock and writing all their rows in bulk: the statement budget lives here."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from gongzhi.kernel.indicators.models import MOVED, Delta
from gongzhi.kernel.ledger.models import Attachment, Delivery, Entry, Words
from gongzhi.kernel.process import erase
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Matter, Tie, Wait
from gongzhi.kernel.process.standing import FOLLOWER
from gongzhi.kernel.process.versions import pinned

MATTER_FIELDS = [
    "process",
    "stage",
    "area",
    *(f"{level}" for level in ("city", "district", "street", "community", "grid", "building")),
    "category",
    "place",
    "title",
    "lat",
    "lon",
    "promised_at",
    "closed_at",
    "counts",
    "private",
    "about_person",
    "restricted",
    "seq",
    "head",
]
WAIT_FIELDS = [
    "desk_role",
    "desk_area",
    "desk_org",
    "person",
    "term",
    "pauses",
    "due_at",
    "provisional",
    "step",
    "next_at",
    "ended_by",
    "ended_at",
]


def load_works(ids: Sequence[int]) -> dict[int, Work]:
    """Lock matters in ascending id with their living ties and open waits (three statements for any number).

    Those who only follow are left out: there may be thousands, and nothing is decided by them.

    A child's parent is locked with it, before it: whether all children are closed is decided under that lock.
    """
    wanted = Matter.objects.filter(pk__in=set(ids))
    parents = wanted.exclude(parent=None).values("parent")
    rows = Matter.objects.select_for_update(of=("self",)).filter(pk__in=wanted.values("pk").union(parents))
    matters = [one for one in rows.select_related("area").order_by("pk") if one.pk in set(ids)]
    ties: dict[int, list[Tie]] = {}
    for tie in Tie.objects.filter(matter__in=matters, until=None).exclude(role=FOLLOWER).order_by("pk"):
        ties.setdefault(tie.matter_id, []).append(tie)
    waits: dict[int, list[Wait]] = {}
    for wait in Wait.objects.filter(matter__in=matters, ended_at=None).order_by("pk"):
        waits.setdefault(wait.matter_id, []).append(wait)
    return {
        matter.pk: Work(matter, pinned(matter.process_id), ties.get(matter.pk, []), waits.get(matter.pk, []))
        for matter in matters
    }


def flush(works: Sequence[Work]) -> None:
    """Write everything: new rows in bulk, changed ones in one statement a table."""
    if not works:
        return
    _matters(works)
    Entry.objects.bulk_create([entry for work in works for entry in work.entries])
    _bulk(Words, [one for work in works for one in work.words])
    _bulk(Tie, [tie for work in works for tie in work.new_ties()])
    _changed(Tie, [tie for work in works for tie in work.ended_ties()], ["until"])
    _bulk(Wait, [wait for work in works for wait in work.new_waits()])
    _waits(works)
    _bulk(Delivery, [one for work in works for one in work.deliveries])
    _bulk(Attachment, [one for work in works for one in work.attachments])
    _bulk(Delta, [delta for work in works for delta in deltas(work)])
    for work in works:
        for save in work.saves:
            save()
    erase.carry_out(works)


def _matters(works: Sequence[Work]) -> None:
    new = [work.matter for work in works if work.new]
    old = [work.matter for work in works if not work.new]
    _bulk(Matter, new)
    if len(old) == 1:
        old[0].save(update_fields=MATTER_FIELDS)
    elif old:
        Matter.objects.bulk_update(old, MATTER_FIELDS)


def _bulk(model: type, rows: Sequence[object]) -> None:
    if rows:
        model.objects.bulk_create(rows)  # type: ignore[attr-defined]


def _waits(works: Sequence[Work]) -> None:
    """Most waits only end: then two columns are written, and a statement with a dozen is not built."""
    rows = [wait for work in works for wait in work.changed_waits()]
    ending = all(work.only_ended(wait) for work in works for wait in work.changed_waits())
    _changed(Wait, rows, ["ended_by", "ended_at"] if ending else WAIT_FIELDS)


def _changed(model: type, rows: Sequence[Any], names: list[str]) -> None:
    if len(rows) == 1:
        rows[0].save(update_fields=names)
    elif rows:
        model.objects.bulk_update(rows, names)  # type: ignore[attr-defined]


def deltas(work: Work) -> list[Delta]:
    """The small rows that roll-ups are folded from: one where only the class changed, two where it moved.

    Moved means: to another area, another holder, or into what is private; the row that arrives says where it counted.
    """
    was, now = work.before, work.standing()
    if now == was:
        return []
    day = timezone.localtime(work.entries[-1].at).date()
    if was[1:] == now[1:] or not was[0]:
        return [_delta(now, was[0], now[0], day)]
    return [_delta(was, was[0], "", day), _delta(now, f"{MOVED}{was[0]}", now[0], day)]


def _delta(stands: tuple[str, int | None, int | None, str], before: str, after: str, day: date) -> Delta:
    _, area_id, organisation_id, kind = stands
    assert area_id is not None, "a matter stands somewhere"
    return Delta(
        area_id=area_id, organisation_id=organisation_id, kind=kind, before=before, after=after, day=day
    )

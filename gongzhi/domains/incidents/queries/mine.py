"""A resident's own list: what stands on each row, in a handful of statements however many rows there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries.receipts import follows, own_hand
from gongzhi.domains.incidents.queries.states import STATES, kind_of, side_of, state_of
from gongzhi.kernel.models import Matter, Receipt, Wait
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.versions import pinned


@dataclass(frozen=True)
class Listed:
    """One row: number, title, the state in words (or which side end), what was promised, when it was sent."""

    number: str
    title: str
    state: str
    side: str
    promised_at: datetime | None
    provisional: bool
    opened_at: datetime


def listed(rows: Sequence[Receipt], shared: Collection[int] = ()) -> list[Listed]:
    """The rows of these receipts, in their order; one for a matter that several receipts name (two statements).

    Of ``shared`` receipts (by id), and of what is only followed, the kind alone is told.
    """
    ids = [one.matter_id for one in rows]
    rated = set(Incident.objects.filter(pk__in=ids).exclude(rated_at=None).values_list("pk", flat=True))
    waits = Wait.objects.filter(matter__in=ids, what="handle", ended_at=None, provisional=True)
    provisional = set(waits.values_list("matter", flat=True))
    first = {one.matter_id: one for one in reversed(rows)}
    shut = _shut([one.matter_id for one in rows if follows(one)])
    return [
        _listed(
            one,
            one.matter_id in rated or follows(one),
            one.matter_id in provisional,
            one.pk in shared or follows(one),
        )
        for one in rows
        if first[one.matter_id] is one and _own(one) and not (follows(one) and one.matter_id in shut)
    ]


def _shut(followed: Collection[int]) -> set[int]:
    """Of followed matters those no longer open to anyone (one statement; none without any)."""
    if not followed:
        return set()
    still = Matter.objects.filter(gate.public(), pk__in=followed)
    return set(followed) - set(still.values_list("pk", flat=True))


def _own(receipt: Receipt) -> bool:
    work = Work(receipt.matter, pinned(receipt.matter.process_id), [], [])
    return gate.level_of(work, own_hand(receipt)) is not None


def _listed(receipt: Receipt, rated: bool, provisional: bool, kind_only: bool) -> Listed:
    matter = receipt.matter
    stage = pinned(matter.process_id).stages[matter.stage]
    open_now = matter.counts == "open"
    return Listed(
        number=matter.number,
        title=kind_of(matter) if kind_only else matter.title,
        state=STATES[state_of(matter.stage, stage.resident, rated) - 1],
        side=side_of(matter.stage, stage.resident),
        promised_at=matter.promised_at if open_now else None,
        provisional=provisional,
        opened_at=matter.opened_at,
    )

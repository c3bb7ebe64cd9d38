"""What the other side says of something we gave: taken, or refused with their reason; by sheet, API or by hand."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.outer.models import OuterOutgoing, UpperRow
from gongzhi.domains.incidents.outer.row import EXTENSION, REPLY, RETURN, SUSPENSION
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import door
from gongzhi.kernel.process.orders import Order, Outcome, Step

DUE, GIVEN, TAKEN, REFUSED = "due", "given", "taken", "refused"
ANSWERED = ("resolved", "closed", "archived")


def verb_for(kind: str, state: str, stage: str) -> str:
    """The action by which a word from the other side is taken up, by what it is about and where the matter stands."""
    if state == TAKEN:
        return "outer_taken"
    if kind == REPLY:
        return "outer_reply_refused" if stage in ANSWERED else "outer_return_refused"
    if kind == RETURN:
        return "outer_return_refused"
    if kind == SUSPENSION and stage == "suspended":
        return "outer_pause_refused"
    assert kind in (EXTENSION, SUSPENSION)
    return "outer_refused"


def marked(row: OuterOutgoing, state: str, why: str, *, by: Acting, at: datetime) -> Order:
    """The order of the door for one word about one thing that went back."""
    verb = verb_for(row.kind, state, row.order.matter.stage)
    said: dict[str, Any] = {"outer_kind": row.kind}
    if state == REFUSED:
        said["outer_why"] = why
    return Order(row.order_id, (Step(verb, said),), by, at, key=f"outer-{row.pk}-{state}")


def mark(
    rows: Iterable[OuterOutgoing], state: str, why: str = "", *, by: Acting, at: datetime
) -> list[Outcome]:
    """Note a word from the other side about several things at once."""
    return door.take_all([marked(row, state, why, by=by, at=at) for row in rows])


def given(rows: Sequence[OuterOutgoing], *, by: Acting, at: datetime) -> list[Outcome]:
    """Note that these stand in a sheet that was handed over (or in an answer of the API)."""
    return door.take_all(
        Order(
            row.order_id,
            (Step("outer_given", {"outer_kind": row.kind}),),
            by,
            at,
            key=f"outer-{row.pk}-given",
        )
        for row in rows
    )


def upper_given(rows: Sequence[UpperRow], *, by: Acting, at: datetime) -> list[Outcome]:
    """Note that these matters stand in a sheet for a platform."""
    return door.take_all(
        Order(row.matter_id, (Step("upper_given", {"platform": row.platform}),), by, at, key=_key(row, at))
        for row in rows
    )


def _key(row: UpperRow, at: datetime) -> str:
    return f"upper-{row.pk}-{row.since.isoformat()}-given"

"""The call-backs that wait at a hand's own desk, and what is asked of one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from gongzhi.domains.incidents.desks_after import WAIT
from gongzhi.domains.incidents.queries.desk import own_pack
from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.standing import at_desk, role_table

PAGE = 100
ABOVE = ("street", "district")


@dataclass(frozen=True)
class Call:
    """One call to make: the row, how often it was missed, how often it is tried at all."""

    row: Row
    missed: int
    tries: int


def may_call(by: Acting) -> bool:
    """Whether the hand sits where call-backs may wait: a desk above the community, or the hotline's (no statement)."""
    pack = own_pack(by)
    role = role_table(pack).get(by.role, {})
    desks = packs.load(pack).table("call_back").get("desk", {}).values()
    named = by.role in {row["role"] for row in desks}
    return by.whole and (named or (role.get("level") in ABOVE and bool(role.get("speaks"))))


def waiting(*, by: Acting, at: datetime) -> list[Call]:
    """The call-backs at the hand's desk, first due first, a hundred at most (five statements)."""
    found = gate.waiting(by=by, at=at).filter(what=WAIT).select_related("matter", "matter__area")
    waits = list(found.order_by(F("due_at").asc(nulls_last=True), "pk")[:PAGE])
    rows = rows_of([wait.matter for wait in waits], by, at, waits, pictured=False)
    return _told(rows, by)


def one(matter_id: int, *, by: Acting, at: datetime) -> Call | None:
    """One call-back that waits at the hand's desk; None where none does (five statements)."""
    found = gate.one(matter_id, by=by, at=at)
    if found is None or found[1] != "full":
        return None
    work = found[0]
    wait = next((w for w in work.open_waits(WAIT) if at_desk(w, by, work.matter.pack)), None)
    return _told([Row(work, "full", wait)], by)[0] if wait is not None else None


def _told(rows: list[Row], by: Acting) -> list[Call]:
    drawn = Entry.objects.filter(
        matter__in=[row.matter.pk for row in rows], verb__in=("ask_back", "call_missed")
    )
    missed: dict[int, int] = {}
    for matter_id, verb in drawn.order_by("matter", "seq").values_list("matter_id", "verb"):
        missed[matter_id or 0] = 0 if verb == "ask_back" else missed.get(matter_id or 0, 0) + 1
    tries = int(packs.load(own_pack(by)).get("call_back.tries", 1))
    return [Call(row, missed.get(row.matter.pk, 0), tries) for row in rows]

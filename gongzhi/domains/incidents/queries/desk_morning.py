"""A head's morning: what is late and on whose desk, and what others own. Grouped by desk, never by a person."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F

from gongzhi.domains.incidents.queries import desk, scope
from gongzhi.domains.incidents.queries.counters import role_label
from gongzhi.domains.incidents.queries.desk_filters import LISTED, RAISED, desk_key, kept
from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.kernel.ids import new_id
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate, registry
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.standing import at_desk, standing
from gongzhi.kernel.process.verdict import Denied

MOST = 200  # late ones looked at, the longest late first
OWNED = 8  # of what others own, on the page
URGE = "urge"
ONE_OF_A_KIND = ("department", "utility", "district_centre", "street_office", "committee")
HANDED_UP = {
    "raise_to_street": "已上报街道",
    "raise_to_district": "已转区指挥中心",
    "ask_supervision": "已报请督办",
}


@dataclass
class LateDesk:
    """A desk with what is late on it. ``mine``: the hand's own; ``may_urge``: matters it may urge, not urged today."""

    key: str
    label: str
    mine: bool
    rows: list[Row] = field(default_factory=list)
    may_urge: list[Row] = field(default_factory=list)
    urged: datetime | None = None


@dataclass(frozen=True)
class Owned:
    """Something the hand cannot settle: how it was handed on and when, who has it now, when it is looked at again."""

    row: Row
    how: str
    since: datetime | None
    owner: str
    again: date | None
    due: datetime | None


@dataclass(frozen=True)
class Elsewhere:
    """What others own: the rows shown, and how many were handed up and put on the long list (counted to 99)."""

    shown: list[Owned]
    raised: int
    listed: int


def late_by_desk(*, by: Acting, at: datetime) -> list[LateDesk]:
    """What is late here by the desk it stands on, the desk of the longest late first (four statements).

    Of the desks below, only what the hand may fully read; a desk is an office or a post, never a person.
    """
    waits = desk.open_waits(by).filter(desk.late(by, at)).order_by("due_at", "id")
    joined = waits.select_related(
        *("matter", "matter__area", "matter__grid", "matter__community", "matter__street"),
        *("desk_area", "desk_org"),
    )
    found = list(joined.defer("desk_area__polygon")[:MOST])
    rows = rows_of([wait.matter for wait in found], by, at, found, pictured=False)
    urged = _urged_today({row.matter.pk for row in rows}, at)
    desks: dict[str, LateDesk] = {}
    for row in rows:
        assert row.wait is not None
        one = desks.setdefault(desk_key(row.wait), _desk(row, by))
        one.rows.append(row)
        if row.matter.pk in urged:
            one.urged = max(one.urged or urged[row.matter.pk], urged[row.matter.pk])
        elif not one.mine and row.matter.pk not in {other.matter.pk for other in one.may_urge}:
            one.may_urge += [row] if may_urge(row, by, at) else []
    return list(desks.values())


def _desk(row: Row, by: Acting) -> LateDesk:
    wait, pack = row.wait, row.matter.pack
    assert wait is not None
    return LateDesk(desk_key(wait), _called(row), at_desk(wait, by, pack))


def _called(row: Row) -> str:
    """A unit by its short name where the district has one of it, else by its full; a post by its place."""
    wait, matter = row.wait, row.matter
    assert wait is not None
    if wait.desk_org is not None:
        return str(wait.desk_org) if wait.desk_org.kind in ONE_OF_A_KIND else wait.desk_org.name
    area = wait.desk_area
    above = matter.community if area is not None and area.level == "grid" else None
    where = " ".join(one.name for one in (above, area) if one is not None)
    return f"{where} {role_label(wait.desk_role, matter.pack)}".strip()


def may_urge(row: Row, by: Acting, at: datetime) -> bool:
    """Whether the door would let this hand urge the matter now. Pure for staff."""
    action = row.work.process.actions.get(URGE)
    role = standing(row.work, action, by) if action is not None else None
    if action is None or role is None or row.matter.stage not in action.from_:
        return False
    deed = Deed(row.work, action, by, at, role, Entry(id=new_id()), {})
    return not any(isinstance(registry.GUARDS[name](deed), Denied) for name in action.needs)


def _urged_today(ids: Iterable[int], at: datetime) -> dict[int, datetime]:
    """When staff urged each of these matters today (one statement)."""
    start = scope.today(at)[0]
    rows = Entry.objects.filter(matter__in=list(ids), verb=URGE, at__gte=start, actor__startswith="person:")
    return dict(rows.order_by("at").values_list("matter", "at"))


def elsewhere(*, by: Acting, at: datetime) -> Elsewhere:
    """What was handed up or put on the long list: who has it, when it is looked at again (seven statements)."""
    seen = gate.visible(by=by, at=at, kinds=("incident",), levels=("full",))
    counted = {which: seen.filter(kept(which, by)) for which in ("raised", "listed")}
    matters: list[Matter] = []
    for rows in counted.values():
        matters += rows.select_related("area", "grid", "community", "street", "incident").order_by(
            F("promised_at").asc(nulls_last=True), "id"
        )[:OWNED]
    numbers = {which: rows.values_list("pk", flat=True)[:99] for which, rows in counted.items()}
    shown = rows_of(matters, by, at, pictured=False)
    entries = _handed(matters)
    units = Organisation.objects.in_bulk({pk for row in shown if (pk := _owner_id(row, entries))})
    told = [_owned(row, entries, units) for row in shown]
    return Elsewhere(told, len(numbers["raised"]), len(numbers["listed"]))


def _handed(matters: Iterable[Matter]) -> dict[int, Entry]:
    """The entry by which each was last handed on."""
    verbs = ["list_long_term", *{verb for verbs in RAISED.values() for verb in verbs}]
    rows = Entry.objects.filter(matter__in=[one.pk for one in matters], verb__in=verbs).order_by("seq")
    return {entry.matter_id: entry for entry in rows if entry.matter_id}


def _owner_id(row: Row, entries: dict[int, Entry]) -> int | None:
    entry = entries.get(row.matter.pk)
    named = json.loads(entry.facts).get("owner") if entry and row.matter.stage == LISTED else None
    return int(named) if named else row.work.holder_id


def _owned(row: Row, entries: dict[int, Entry], units: dict[int, Organisation]) -> Owned:
    entry, matter = entries.get(row.matter.pk), row.matter
    unit = units.get(_owner_id(row, entries) or 0)
    roles = [wait.desk_role for wait in row.work.open_waits() if wait.desk_role not in ("", "reporter")]
    owner = unit.name if unit else role_label(roles[0], matter.pack) if roles else "还没有定"
    listed = matter.stage == LISTED
    how = "列入长期办理" if listed else HANDED_UP.get(entry.verb if entry else "", "已上报")
    again = matter.incident.look_again_on if listed and hasattr(matter, "incident") else None
    return Owned(row, how, entry.at if entry else None, owner, again, None if listed else matter.promised_at)

"""Re-homing: what stands in a redrawn area, or waits at a desk where nobody sits, goes to a living one.

Taken by the clock as the action ``rehome``. Open matters hang in the area that succeeds theirs; closed ones keep the
area they had, only what still waits on them moves. The entry keeps from and to; both desks and the reporter are told.
"""

from datetime import date, datetime

from django.utils.timezone import localtime

from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.desks import (
    REPORTER,
    Sitting,
    Way,
    desk_of_wait,
    nearest,
    sitting,
)
from gongzhi.kernel.process.door import take_all
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.kernel.process.opening import hang, way_up
from gongzhi.kernel.process.orders import Order, Step
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.registry import body
from gongzhi.kernel.process.unattended import Orphan, orphan_desks
from gongzhi.kernel.territory import redraw
from gongzhi.kernel.territory.models import Area

ACTION = "rehome"
TOLD = "former_desk"
LISTED = "orphan_desks"


def rehome(at: datetime) -> int:
    """Move every matter and every wait that stands where nothing stands any more. Returns how many matters moved."""
    who = sitting(at)
    todo = sorted(_in_ended_areas(localtime(at).date()) | _at_dead_desks(who) | _left_behind(who))
    outcomes = take_all(Order(one, (Step(ACTION),), Acting.clock(), at) for one in todo)
    return sum(bool(outcome.entries) for outcome in outcomes)


def _in_ended_areas(day: date) -> set[int]:
    matters = Matter.objects.filter(counts=OPEN, area__valid_to__lte=day)
    waits = Wait.objects.filter(ended_at=None, desk_area__valid_to__lte=day)
    return {*matters.values_list("pk", flat=True), *waits.values_list("matter", flat=True)}


def _left_behind(who: Sitting) -> set[int]:
    """Matters taken by a person who holds no mandate any more."""
    taken = Wait.objects.filter(ended_at=None, person__isnull=False).exclude(person__in=who.persons)
    return set(taken.values_list("matter", flat=True))


def _at_dead_desks(who: Sitting) -> set[int]:
    """Matters with a wait at a role's desk where nobody sits, while somebody sits at one above."""
    rows = Wait.objects.filter(ended_at=None, desk_area__isnull=False)
    desks = rows.values_list("desk_role", "desk_area", "matter__pack").distinct()
    dead = [(role, area, pack) for role, area, pack in desks if not who.has(Desk(role, area), pack)]
    areas = Area.objects.in_bulk({area for _, area, _ in dead})
    found: set[int] = set()
    for role, area, pack in dead:
        better = nearest(role, way_up(areas[area]), pack, who)
        if better is not None and better != Desk(role, area):
            there = rows.filter(desk_role=role, desk_area=area, matter__pack=pack)
            found |= set(there.values_list("matter", flat=True))
    return found


@body("*", ACTION)
def move(deed: Deed) -> None:
    """Hang an open matter where its area went, and set each wait at the nearest living desk."""
    matter, home = deed.matter, home_of(deed.matter, deed.at)
    way = way_up(home)
    if matter.counts == OPEN and home.pk != matter.area_id:
        deed.facts |= {"area_was": matter.area_id, "area_now": home.pk}
        hang(matter, home)
    units = {wait.desk_org_id for wait in deed.work.open_waits() if wait.desk_org_id}
    who = sitting(deed.at, [one.pk for one in way.values() if one], units)
    moved = [said for wait in deed.work.open_waits() if (said := _seat(wait, way, matter.pack, who))]
    if moved:
        deed.facts["desks"] = moved
        deed.tells.append(TOLD)


def _seat(wait: Wait, way: Way, pack: str, who: Sitting) -> dict[str, str] | None:
    """Set a wait at a living desk; says what it was and is, None where it stays."""
    was, taken = desk_of_wait(wait), wait.person_id
    if taken is not None and taken not in who.persons:
        wait.person_id = None
    if was.area_id is not None and was.role != REPORTER:
        now = nearest(was.role, way, pack, who) or was
        wait.desk_role, wait.desk_area_id = now.role, now.area_id
    now = desk_of_wait(wait)
    if now == was and wait.person_id == taken:
        return None
    return {"wait": wait.what, "was": _named(was), "now": _named(now)}


def _named(desk: Desk) -> str:
    return f"{desk.role}@{desk.area_id}" if desk.area_id else f"organisation:{desk.org_id}"


def home_of(matter: Matter, at: datetime) -> Area:
    """Where a matter belongs today: a building that goes on, the grid around its point, the one successor, or above."""
    day, area = localtime(at).date(), matter.area
    if area.valid_to is None or area.valid_to > day:
        return area
    if area.level == "building":
        heirs = redraw.heirs_of(area, day)
        if len(heirs) == 1:
            return heirs[0]
    return redraw.successor_for(matter, at) or area


def list_orphans(at: datetime) -> int:
    """Once a day, keep in the register of people which desks had work and nobody at them, and who sees each.

    Returns how many there are; the list itself stands on the pages of the level above.
    """
    day = localtime(at).date()
    kept = Entry.objects.filter(register="people", verb=LISTED, path=day.isoformat())
    orphans = orphan_desks(at)
    if orphans and not kept.exists():
        facts = {"desks": [_told(one) for one in orphans]}
        registers.record("people", LISTED, by=Acting.clock(), at=at, facts=facts, path=str(day))
    return len(orphans)


def _told(orphan: Orphan) -> dict[str, object]:
    above = _named(orphan.seen_by) if orphan.seen_by else ""
    return {"desk": _named(orphan.desk), "waits": orphan.waits, "seen_by": above}


def ready() -> None:
    """Importing this module has registered its body; said aloud where the application starts."""


__all__ = ["home_of", "list_orphans", "ready", "rehome"]

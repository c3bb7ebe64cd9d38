"""What stands beside the map: what is late, what waits at one's own desk; each row with the acts this hand may take."""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.domains.incidents.queries import counters
from gongzhi.domains.incidents.queries.counters import Late
from gongzhi.domains.incidents.queries.figures import kind_label
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.possible import possible
from gongzhi.surfaces import lights
from gongzhi.surfaces.command.here import Here, to_matter
from gongzhi.surfaces.lights import Light

PRESSING = ("dispatch", "raise_to_district", "supervise", "ask_supervision", "urge", "accept")
SHOWN = 5


@dataclass(frozen=True)
class Waiting:
    """One row: its light, where, whose desk, what it waits for, and the acts this hand may take now."""

    id: str
    title: str
    where: str
    desk: str
    what: str
    light: Light | None
    supervised: bool
    href: str
    acts: tuple[tuple[str, str], ...]


def late(here: Here, *, by: Acting, at: datetime) -> list[Waiting]:
    """The longest late."""
    return [_row(one, here, by, at) for one in counters.late(here.area, by=by, at=at, limit=SHOWN)]


def mine(here: Here, *, by: Acting, at: datetime) -> tuple[list[Waiting], int]:
    """What waits at this hand's own desk in the area, first due on top, and how many there are."""
    found, total = counters.mine(here.area, by=by, at=at, limit=SHOWN)
    return [_row(one, here, by, at) for one in found], total


def _names(one: Late) -> list[str]:
    """The acts worth a link, what ends the wait before what presses."""
    ending = [name for name, act in one.row.work.process.actions.items() if one.wait.what in act.ends]
    return list(dict.fromkeys([*ending, *PRESSING]))


def _row(one: Late, here: Here, by: Acting, at: datetime) -> Waiting:
    matter = one.row.matter
    wanted = _names(one)
    found = possible(one.row.work, by=by, at=at, among=wanted)
    allowed = {act.action: act.label for act in found if act.allowed and not act.grave}
    acts = [(allowed[name], to_matter(here, matter.pk, name)) for name in wanted if name in allowed]
    due = one.wait.due_at is not None
    return Waiting(
        id=str(matter.pk),
        title=matter.title if one.row.level == "full" else kind_label(matter),
        where=one.where,
        desk=one.desk,
        what=one.row.work.process.waits.get(one.wait.what, ""),
        light=lights.of(one.wait, at, calendar_for(matter.pack)) if due else None,
        supervised=one.row.supervised,
        href=to_matter(here, matter.pk),
        acts=tuple(acts[:2]),
    )

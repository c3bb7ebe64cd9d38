"""What is near: the same kind around a place. Residents see what anyone may; staff what the gate lets them read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from gongzhi.domains.incidents import near
from gongzhi.domains.incidents.near import Circle, Ground
from gongzhi.domains.incidents.queries.joined import met
from gongzhi.domains.incidents.queries.states import STATES, kind_of, state_of
from gongzhi.kernel import packs
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.alike import likeness
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.versions import pinned
from gongzhi.kernel.territory.models import Area

MOST = 200  # looked at around one place; more of one kind so near is a cause to be marked
SHOWN = 3
SHOWS = ("area", "street", "community", "grid")  # what a row of a list names
SAME_PLACE = 0.6  # likeness of place words where neither has a point or a grid


@dataclass(frozen=True)
class Found:
    """A matter near a ground; ``metres`` is None where one of both has no point."""

    matter: Matter
    metres: float | None


@dataclass(frozen=True)
class Hint:
    """What a resident reads of a near matter: kind, community, day, plain state, how many met it. Never its words.

    ``cause`` is the pack's sentence where one cause for many is known, else "".
    """

    number: str
    kind: str
    where: str
    opened_at: datetime
    state: str
    met: int
    cause: str = ""


def around(
    ground: Ground, leaves: Collection[str], reach: Circle, at: datetime, *conditions: Q
) -> list[Found]:
    """Incidents of these kinds near a ground, the nearest first (one or two statements, ``MOST`` rows each)."""
    rows = Matter.objects.filter(kind="incident", category__in=leaves, opened_at__gte=at - reach.back)
    rows = rows.filter(*conditions).select_related(*SHOWS).order_by("-opened_at")
    found = {one.matter.pk: one for arm in _arms(ground, reach, rows) for one in arm}
    return sorted(found.values(), key=lambda one: (one.metres is None, one.metres or 0, -one.matter.pk))


def _arms(ground: Ground, reach: Circle, rows: QuerySet[Matter]) -> Iterable[list[Found]]:
    """By point; by grid where one of both has none; by place words where there is no grid either."""
    if ground.point is not None:
        south, north, west, east = near.box(ground.point, reach.metres + reach.coarse)
        inside = rows.filter(lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east)[:MOST]
        measured = [Found(one, near.metres(ground.point, _shown_at(one, reach))) for one in inside]
        yield [one for one in measured if one.metres is not None and one.metres <= reach.metres]
    grid, community = ground.areas.get("grid"), ground.areas.get("community")
    if grid is not None:
        here = rows.filter(grid=grid)
        yield [Found(one, None) for one in (here.filter(lat=None) if ground.point else here)[:MOST]]
    elif ground.point is None and community is not None and ground.place:
        same = rows.filter(community=community)[:MOST]
        yield [Found(one, None) for one in same if likeness(one.place, ground.place) >= SAME_PLACE]


def _shown_at(matter: Matter, reach: Circle) -> tuple[float, float]:
    return near.blurred((matter.lat or 0, matter.lon or 0), reach.coarse)


def ground_of(area: Area, point: tuple[float, float] | None = None, place: str = "") -> Ground:
    """The ground of an area with what was said of the place (one statement the first time)."""
    from gongzhi.kernel.process.opening import ancestor_ids

    return Ground(ancestor_ids(area), point, place)


def hints(ground: Ground, leaf: str, pack: Pack, *, at: datetime) -> list[Hint]:
    """Open matters anyone may see that a report here may repeat; a known cause first. At most three (6 statements)."""
    reach = replace(near.circle(pack, "resident"), coarse=near.TO_ANYONE)
    if leaf not in pack.table("categories").get("leaf", {}) or leaf in reach.but:
        return []
    known = _known(ground, leaf, pack, at)
    gathered = Q(incident__cause=None)
    rows = around(ground, [leaf], reach, at, gate.public(), Q(counts=OPEN), gathered)
    found = list({one.matter.pk: one.matter for one in [*known, *rows]}.values())[:SHOWN]
    counted = met([one.pk for one in found])
    says = {one.matter.pk: _say(one.matter, pack) for one in known}
    return [_hint(one, counted[one.pk], says.get(one.pk, "")) for one in found]


def _known(ground: Ground, leaf: str, pack: Pack, at: datetime) -> list[Found]:
    """Open matters marked as one cause for many, from which this kind may come."""
    causes = near.causes_of(pack, leaf)
    if not causes:
        return []
    leaves = {one for name in causes for one in pack.get(f"causes.cause.{name}.leaves", ())}
    named = Q(incident__cause_kind__in=causes, counts=OPEN)
    reach = replace(near.circle(pack, "cause"), coarse=near.TO_ANYONE)
    return around(ground, leaves, reach, at, gate.public(), named)


def _say(matter: Matter, pack: Pack) -> str:
    return str(pack.get(f"causes.cause.{matter.incident.cause_kind}.say", ""))


def _hint(matter: Matter, people: int, cause: str) -> Hint:
    stage = pinned(matter.process_id).stages[matter.stage]
    state = STATES[state_of(matter.stage, stage.resident, False) - 1]
    where = matter.community.name if matter.community is not None else ""
    return Hint(matter.number, kind_of(matter), where, matter.opened_at, state, people, cause)


def hint_of(number: str, *, at: datetime) -> Hint | None:
    """One near matter by its number, as anyone may see it; None for every other."""
    matter = (
        Matter.objects.filter(gate.public(), number=number, counts=OPEN).select_related("community").first()
    )
    if matter is None:
        return None
    pack = packs.load(matter.pack)
    return _hint(matter, met([matter.pk])[matter.pk], _say(matter, pack))

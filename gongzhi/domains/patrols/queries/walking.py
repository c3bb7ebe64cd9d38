"""What whoever walks reads: the patrols that are open here, one with its points, where a found matter came from."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from gongzhi.domains.patrols.models import Patrol, Stop
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import Stage
from gongzhi.kernel.process.possible import Asked, Possible, asked_of, possible
from gongzhi.kernel.process.versions import current, pinned
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

KIND = "patrol"
PAGE = 40


@dataclass(frozen=True)
class Line:
    """A patrol on a list: how many of its points were seen, how many gave a matter."""

    patrol: Patrol
    stage: Stage
    points: int
    seen: int
    found: int
    why: str

    @property
    def matter(self) -> Matter:
        """The patrol's matter."""
        return self.patrol.matter


@dataclass(frozen=True)
class Seen:
    """A point on the walk: what to look at, what came of it, the found matter where this hand may read it."""

    stop: Stop
    look: str
    say: str
    found: Matter | None


@dataclass(frozen=True)
class Walk:
    """One patrol with its points and what may be done."""

    line: Line
    stops: tuple[Seen, ...]
    acts: tuple[Possible, ...]
    seq: int

    @property
    def left(self) -> list[Seen]:
        """The points not seen yet."""
        return [one for one in self.stops if not one.stop.result]

    def may(self, action: str) -> Possible | None:
        """The act as this hand finds it, where it is one of theirs here."""
        return next((one for one in self.acts if one.action == action), None)


def own_area(by: Acting) -> Area | None:
    """The area of the hand's mandate, where it has all of its desk."""
    return by.mandate.area if by.mandate is not None and by.whole else None


def may_read(by: Acting) -> bool:
    """Whether patrols are shown to the hand's role at all."""
    area = own_area(by)
    if area is None:
        return False
    sees = current(pack_name(area), KIND).sees
    return by.role in sees.get("full", ()) or by.role in sees.get("task", ())


def listed(*, open_only: bool, by: Acting, at: datetime, after: str = "") -> tuple[list[Line], str]:
    """Patrols the hand may read, what is due first, or those that are over, newest first; the key of the next page."""
    seen = gate.visible(by=by, at=at, kinds=(KIND,)).values("pk")
    rows = _counted(Patrol.objects.filter(pk__in=seen))
    if open_only:
        return [line(one) for one in rows.filter(matter__counts="open").order_by("until_on", "pk")[:PAGE]], ""
    rows = rows.exclude(matter__counts="open").order_by("-pk")
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    return [line(one) for one in found[:PAGE]], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def _counted(rows: QuerySet[Patrol]) -> QuerySet[Patrol]:
    counted = rows.annotate(
        points=Count("stops"),
        seen=Count("stops", filter=~Q(stops__result="")),
        finds=Count("stops", filter=Q(stops__result="found")),
    )
    return counted.select_related("matter__area", "matter__community").defer(
        "matter__area__polygon", "matter__community__polygon"
    )


def line(row: Patrol) -> Line:
    """A counted row as a line."""
    matter = row.matter
    reasons = packs.load(matter.pack).get("fields.patrol", {})
    choices = {
        **reasons.get("left_reason", {}).get("choices", {}),
        **reasons.get("miss_reason", {}).get("choices", {}),
    }
    points, seen, finds = (int(getattr(row, name)) for name in ("points", "seen", "finds"))
    stage = pinned(matter.process_id).stages[matter.stage]
    return Line(row, stage, points, seen, finds, choices.get(row.why, ""))


def walk(matter_id: int, *, by: Acting, at: datetime) -> Walk | None:
    """One patrol; None where it does not exist for this hand (eight statements)."""
    opened = gate.one(matter_id, by=by, at=at)
    if opened is None or opened[0].matter.kind != KIND:
        return None
    work, _ = opened
    row = _counted(Patrol.objects.filter(pk=matter_id)).get()
    stops = list(Stop.objects.filter(patrol=matter_id).select_related("area").order_by("n"))
    found = {one.found_id for one in stops if one.found_id is not None}
    seen = gate.visible(by=by, at=at, kinds=("incident",)).in_bulk(found) if found else {}
    looks = packs.load(work.matter.pack).table("looks").get("look", {})
    told = tuple(_seen(one, looks.get(one.look, {}), seen) for one in stops)
    acts = tuple(one for one in possible(work, by=by, at=at) if one.state in ("now", "not_yet"))
    return Walk(line(row), told, acts, work.matter.seq)


def _seen(stop: Stop, look: dict[str, str], seen: dict[int, Matter]) -> Seen:
    return Seen(stop, look.get("label", ""), look.get("say", ""), seen.get(stop.found_id or 0))


@dataclass(frozen=True)
class Source:
    """Where a report begins that is made at a point: the patrol, the point, its area and place."""

    patrol_id: int
    n: int
    area: Area
    place: str
    point: tuple[float, float] | None


def source(named: str, *, by: Acting, at: datetime) -> Source | None:
    """The point an address names (``12-3``: the third of patrol 12); None where this hand does not read that patrol."""
    patrol_id, _, n = named.partition("-")
    if not (patrol_id.isdecimal() and n.isdecimal()):
        return None
    opened = gate.one(int(patrol_id), by=by, at=at)
    if opened is None or opened[0].matter.kind != KIND:
        return None
    stop = Stop.objects.filter(patrol=int(patrol_id), n=int(n)).select_related("area").first()
    if stop is None:
        return None
    point = (stop.lat, stop.lon) if stop.lat is not None and stop.lon is not None else None
    return Source(int(patrol_id), int(n), stop.area, stop.label, point)


def asked(matter: Matter, action: str) -> list[Asked]:
    """What an act asks, as the pack has it today."""
    process = pinned(matter.process_id)
    return asked_of(process.actions[action], process)

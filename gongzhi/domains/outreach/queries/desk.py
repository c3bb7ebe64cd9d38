"""What those who write notices read: their area's list, one with what may be done next, where one may be written."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from gongzhi.domains.outreach.models import Notice
from gongzhi.domains.outreach.queries.posted import KIND, Posted, told
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.possible import Asked, Possible, asked_of, possible
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.kernel.territory.packing import pack_name

PAGE = 60
TABS = {"now": ("draft", "published"), "past": ("ended", "replaced", "withdrawn", "discarded")}
NOT_HERE = "邻里通知由网格、社区、街道写，只写本辖区的。"


@dataclass(frozen=True)
class Sheet:
    """A notice on the desk: as residents read it, what stands on the page, what may be done, who wrote it last."""

    posted: Posted
    acts: tuple[Possible, ...]
    seen: int
    area: Area
    place: str
    kind_id: str


def may_write(by: Acting) -> bool:
    """Whether the hand's role writes notices over its area; a deputy for approvals does not."""
    area = by.mandate.area if by.mandate is not None and by.whole else None
    return area is not None and by.role in current(pack_name(area), KIND).actions["draft"].by


def listed(tab: str, *, by: Acting, at: datetime) -> list[Posted]:
    """Notices the hand may read, newest first: those that stand or wait, or those that are over. NotYours."""
    if not may_write(by) and by.role not in _readers(by):
        raise NotYours(NOT_HERE)
    seen = gate.visible(by=by, at=at, kinds=(KIND,)).filter(stage__in=TABS[tab])
    ids = list(seen.order_by("-pk").values_list("pk", flat=True)[:PAGE])
    rows = Notice.objects.filter(pk__in=ids).select_related(
        "matter__area", "matter__community", "matter__street", "replaces"
    )
    return told(list(rows.order_by("-pk")), at)


def _readers(by: Acting) -> tuple[str, ...]:
    area = by.mandate.area if by.mandate is not None else None
    return current(pack_name(area), KIND).sees["full"] if area is not None else ()


def sheet(matter_id: int, *, by: Acting, at: datetime) -> Sheet | None:
    """One notice with what this hand may do; None where it does not exist for them."""
    found = gate.one(matter_id, by=by, at=at)
    if found is None or found[0].matter.kind != KIND:
        return None
    work, _ = found
    row = Notice.objects.select_related(
        "matter__area", "matter__community", "matter__street", "replaces"
    ).get(pk=matter_id)
    acts = tuple(one for one in possible(work, by=by, at=at) if one.state != "not_yours")
    return Sheet(told([row], at)[0], acts, work.matter.seq, work.matter.area, work.matter.place, row.kind)


def asked(by: Acting) -> list[Asked]:
    """What writing a notice asks, as the pack of the hand's area has it today."""
    area = by.mandate.area if by.mandate is not None else None
    process = current(pack_name(area), KIND)
    return asked_of(process.actions["draft"], process)


def kinds(by: Acting) -> dict[str, dict[str, str]]:
    """The kinds of notice of the hand's pack, by id."""
    area = by.mandate.area if by.mandate is not None else None
    table: dict[str, dict[str, str]] = packs.load(pack_name(area)).table("notices").get("notice", {})
    return table


def wheres(*, by: Acting, at: datetime) -> list[tuple[str, str]]:
    """Where the hand may post, as (key, label): its area, what lies below, and the estates in it. NotYours."""
    own = by.mandate.area if by.mandate is not None else None
    if own is None or not may_write(by):
        raise NotYours(NOT_HERE)
    day = localtime(at).date()
    below = [one for one in tree.areas(day, within=own) if one.level != "city"]
    known = {one.pk: one for one in below}
    found = [(f"area-{one.pk}", _named(one, own, known)) for one in sorted(below, key=lambda one: one.path)]
    estates = Place.objects.filter(tree.subtree(own, "area__path"), kind="estate").select_related("area")
    return (
        found[:1]
        + [(f"place-{one.pk}", f"{one.label}（小区）") for one in estates.order_by("label")]
        + found[1:]
    )


def _named(area: Area, own: Area, known: dict[int, Area]) -> str:
    """The names from below the hand's own area down: ``第一网格 3 号楼``."""
    if area.pk == own.pk:
        return f"全{own.name}" if own.level != "grid" else own.name
    way = [known[one] for one in tree.ids_above(area) if one in known and one != own.pk]
    return " ".join(one.name for one in way)


def chosen(key: str, *, by: Acting, at: datetime) -> tuple[Area, str] | None:
    """The area and the name of the estate meant by one of :func:`wheres`; None for a stranger."""
    if key not in dict(wheres(by=by, at=at)):
        return None
    sort, _, pk = key.partition("-")
    if sort == "place":
        place = Place.objects.select_related("area").get(pk=int(pk))
        return place.area, place.label
    return Area.objects.defer("polygon").get(pk=int(pk)), ""

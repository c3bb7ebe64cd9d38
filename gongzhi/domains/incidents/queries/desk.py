"""The lists of a desk: what waits for it, what it did, what it began, what is late below it, all it may see.

Every page is cut by key, never by offset, from arms of the one gate; counters look at open waits only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries.desk_filters import Filters, narrow
from gongzhi.domains.incidents.queries.desk_rows import REPORTERS_OWN, Row, rows_of
from gongzhi.domains.incidents.queries.desk_search import ways
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.clock.speak import group
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.desks import NO_STAFF
from gongzhi.kernel.process.following import followed
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.telling import inbox
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

TABS = {"todo": "待办", "done": "已办", "mine": "我发起", "watch": "关注", "late": "超期"}
KEPT = ("done", "mine", "watch")
ON_WAITS = ("todo", "late")
PAGE = 50
MOST = 999
GROUPS = ("已超期", "今天到期", "两个工作日内", "往后")
WATCHES = ("community", "street", "district")
BELOW = {"district": "street", "street": "community", "community": "grid"}
_below: dict[int, tuple[datetime, list[Area]]] = {}


@dataclass(frozen=True)
class Page:
    """Rows of a list, and the key after which the next page begins ("" at the end)."""

    rows: list[Row]
    after: str = ""


@dataclass
class Counts:
    """Open waits by tab and, as the filters stand, by group, and what was kept; counted to 999 and no further."""

    todo: int = 0
    late: int = 0
    done: int = 0
    mine: int = 0
    watch: int = 0
    shown: int = 0
    unread: int = 0
    groups: dict[str, int] = field(default_factory=dict)
    capped: bool = False


def page(
    tab: str,
    filters: Filters,
    *,
    by: Acting,
    at: datetime,
    after: str = "",
    limit: int = PAGE,
    pictured: bool = True,
) -> Page:
    """One page of a list: ``todo``, ``late``, ``done``, ``mine``, ``watch`` or ``all`` (four statements at most)."""
    if tab in ON_WAITS:
        waits, more = _waits(tab, filters, by, at, after, limit)
        rows = rows_of([wait.matter for wait in waits], by, at, waits, pictured=pictured)
        return Page(rows, _wait_key(waits[-1]) if more else "")
    matters, more = _matters(tab, filters, by, at, after, limit)
    return Page(rows_of(matters, by, at, pictured=pictured), str(matters[-1].pk) if more else "")


def counts(tab: str, filters: Filters, *, by: Acting, at: datetime) -> Counts:
    """What the tabs and the group heads say (two statements)."""
    narrowed = narrow(filters, at, "matter__", by)
    mine = gate.my_desk(by)
    rows = (
        open_waits(by)
        .filter(mine | late(by, at))
        .annotate(
            is_mine=Case(When(mine, then=Value(True)), default=Value(False)),
            passes=Case(When(narrowed, then=Value(True)), default=Value(False)) if narrowed else Value(True),
        )
    )
    found = rows.order_by("-is_mine", F("due_at").asc(nulls_last=True)).values_list(
        "due_at", "is_mine", "passes"
    )
    out, calendar = Counts(groups=dict.fromkeys(GROUPS, 0)), calendar_for(own_pack(by))
    taken = list(found[: MOST + 1])
    for due, is_mine, passes in taken:
        is_late = due is not None and due <= at
        out.todo += is_mine
        out.late += is_late
        if passes and (is_mine if tab == "todo" else is_late):
            out.shown += 1
            out.groups[group(due, at, calendar)] += 1
    out.capped = len(taken) > MOST
    _count_kept(out, by, at)
    return out


def _count_kept(out: Counts, by: Acting, at: datetime) -> None:
    """What is new to me, and what I did, began and follow, of all I may read now (one statement).

    What is new comes first, then the followed, then the newest.
    """
    marks = [Case(When(_of_tab(name, by)[0], then=Value(1)), default=Value(0)) for name in KEPT]
    touched = Q(pk__in=Entry.objects.filter(actor=by.actor, matter__isnull=False).values("matter"))
    touched |= Q(pk__in=followed(by).values("matter"))
    told, new = inbox.unread_here(by)
    rows = gate.visible(by=by, at=at).filter(touched | told)
    found = rows.order_by(new.desc(), marks[-1].desc(), "-id").values_list(new, *marks)[: MOST + 1]
    for unread, done, mine, watch in found:
        out.unread += unread
        out.done, out.mine, out.watch = out.done + done, out.mine + mine, out.watch + watch


def titles(ids: Iterable[int], *, by: Acting, at: datetime) -> dict[int, str]:
    """``261119-0007 北门，路灯不亮`` of those matters the hand may read in full (one statement)."""
    seen = gate.visible(by=by, at=at, levels=("full",)).filter(pk__in=list(ids))
    return {pk: f"{number} {title}" for pk, number, title in seen.values_list("pk", "number", "title")}


def desk_label(key: str, pack: str) -> str:
    """What a desk is called that an address names: the office, or the post and its area (one statement)."""
    kind, _, rest = key.partition("-")
    if kind == "org" and rest.isdecimal():
        return str(Organisation.objects.filter(pk=int(rest)).first() or "")
    area, _, role = rest.partition("-")
    where = (
        Area.objects.filter(pk=int(area)).values_list("name", flat=True).first() if area.isdecimal() else ""
    )
    return f"{where or ''} {role_table(pack).get(role, {}).get('label', '')}".strip()


@dataclass(frozen=True)
class Beside:
    """Where a matter stands on the hand's own list: its place from 1, how many, the ones before and after (or 0)."""

    place: int
    total: int
    before: int
    after: int


def beside(matter_id: int, *, by: Acting, at: datetime) -> Beside | None:
    """A matter's place in 待办 (one statement); None where nothing of it waits for this hand."""
    rows = open_waits(by).filter(gate.my_desk(by)).order_by(F("due_at").asc(nulls_last=True), "id")
    ids = list(dict.fromkeys(rows.values_list("matter_id", flat=True)[: MOST + 1]))
    if matter_id not in ids:
        return None
    at_place = ids.index(matter_id)
    before = ids[at_place - 1] if at_place else 0
    return Beside(at_place + 1, len(ids), before, ids[at_place + 1] if at_place + 1 < len(ids) else 0)


def areas_below(*, by: Acting, at: datetime) -> list[Area]:
    """The areas one level below the hand's own, for the filter (read once a minute; none for a grid)."""
    own = own_area(by)
    if own is None or own.level not in BELOW:
        return []
    kept, minute = _below.get(own.pk), at.replace(second=0, microsecond=0)
    if kept is None or kept[0] != minute:
        kept = minute, list(tree.areas(localtime(at).date(), BELOW[own.level], own))
        _below[own.pk] = kept
    return kept[1]


def forget_areas() -> None:
    """Read the areas anew at their next use."""
    _below.clear()


def own_area(by: Acting) -> Area | None:
    """The area of the mandate, or the one its organisation stands in."""
    if by.mandate is None:
        return None
    if by.mandate.area is not None:
        return by.mandate.area
    return by.mandate.organisation.area if by.mandate.organisation is not None else None


def how_many(tab: str, filters: Filters, *, by: Acting, at: datetime) -> int:
    """How many a list of matters holds, counted to 99 (for the way on from an empty page)."""
    return len(_matters(tab, filters, by, at, "", 99)[0])


def own_pack(by: Acting) -> str:
    """The pack in force where the hand stands."""
    return pack_name(own_area(by))


def open_waits(by: Acting) -> QuerySet[Wait]:
    """Every open wait on what is not closed to the hand; ``gate.my_desk`` and ``late`` say which to look at."""
    closed = Matter.objects.filter(gate.closed_to(by)).values("pk")
    return Wait.objects.filter(ended_at=None).exclude(matter__in=closed)


def late(by: Acting, at: datetime) -> Q:
    """What is late and the hand's to watch: its own, and for desks of a level all it may fully read."""
    late = Q(due_at__lte=at) & ~Q(what__in=REPORTERS_OWN) & ~Q(desk_role__in=NO_STAFF)
    mine = late & gate.my_desk(by)
    level = role_table(own_pack(by)).get(by.role, {}).get("level")
    if level not in WATCHES:
        return mine
    below = gate.visible(by=by, at=at, levels=("full",)).values("pk")
    return mine | (late & Q(matter__in=below))


def _waits(
    tab: str, filters: Filters, by: Acting, at: datetime, after: str, limit: int
) -> tuple[list[Wait], bool]:
    which = gate.my_desk(by) if tab == "todo" else late(by, at)
    rows = open_waits(by).filter(which).filter(narrow(filters, at, "matter__", by)).filter(_after_wait(after))
    joined = rows.select_related(
        "matter", "matter__area", "matter__grid", "matter__community", "matter__street"
    )
    found = list(joined.order_by(F("due_at").asc(nulls_last=True), "id")[: limit + 1])
    return found[:limit], len(found) > limit


def _matters(
    tab: str, filters: Filters, by: Acting, at: datetime, after: str, limit: int
) -> tuple[list[Matter], bool]:
    narrowed = Q(narrow(filters, at, "", by), *_of_tab(tab, by))
    arms = ways(filters.text, filters.pack, by=by, at=at) if filters.text else gate.arms(by)
    found = newest(arms, narrowed, by=by, after=after, limit=limit)
    return found[:limit], len(found) > limit


def newest(
    arms: Iterable[Q], narrowed: Q, *, by: Acting, after: str = "", limit: int, beside: tuple[str, ...] = ()
) -> list[Matter]:
    """Matters by key from the newest, one more than ``limit`` if there are more: the union of the arms, each walked
    over its own index to its own limit, merged and cut once. ``beside`` names what else is loaded."""
    cuts = []
    for arm in arms:
        rows = Matter.objects.filter(arm, narrowed).exclude(gate.closed_to(by))
        if after.isdecimal():
            rows = rows.filter(pk__lt=int(after))
        cuts.append(rows.order_by("-id").values("pk")[: limit + 1])
    joined = Matter.objects.filter(gate.any_of(cuts)).select_related(
        "area", "grid", "community", "street", *beside
    )
    return list(joined.order_by("-id")[: limit + 1])


def _of_tab(tab: str, by: Acting) -> list[Exists]:
    """What I did (any entry after the first), began (the first entry) or follow; nothing more for all."""
    if tab == "watch":
        return [Exists(followed(by).filter(matter=OuterRef("pk")))]
    mine = Entry.objects.filter(matter=OuterRef("pk"), actor=by.actor)
    if tab == "done":
        return [Exists(mine.filter(seq__gt=1))]
    return [Exists(mine.filter(seq=1))] if tab == "mine" else []


def _after_wait(after: str) -> Q:
    due, _, pk = after.rpartition("_")
    if not pk.isdecimal():
        return Q()
    if not due:
        return Q(due_at=None, pk__gt=int(pk))
    try:
        moment = datetime.fromisoformat(due)
    except ValueError:
        return Q()
    return Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=int(pk)) | Q(due_at=None)


def _wait_key(wait: Wait) -> str:
    return f"{wait.due_at.isoformat() if wait.due_at else ''}_{wait.pk}"

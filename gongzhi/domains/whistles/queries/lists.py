"""The lists of whistles: what waits for this hand, what its house called, all it may read; the list behind a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from gongzhi.domains.whistles.models import Whistle, WhistlePart
from gongzhi.domains.whistles.queries import counting
from gongzhi.domains.whistles.row import KIND, PART
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Tie, Wait
from gongzhi.kernel.process.page import Stage
from gongzhi.kernel.process.standing import at_desk
from gongzhi.kernel.process.versions import current, pinned
from gongzhi.kernel.territory.packing import pack_name

PAGE = 40
TABS = {"todo": "等我们办", "open": "正在吹的", "ours": "我们吹的", "over": "了结的"}


@dataclass(frozen=True)
class Row:
    """One whistle of a list: how many were called, answered, came, were done; what is awaited first and by whom."""

    row: Whistle
    stage: Stage
    kind: str
    called: int
    answered: int
    arrived: int
    done: int
    wait: Wait | None
    wanted: str

    @property
    def matter(self) -> Matter:
        """The matter itself."""
        return self.row.matter


@dataclass(frozen=True)
class Page:
    """Rows, and the key after which the next page begins ("" at the end)."""

    rows: list[Row]
    after: str = ""


def may_open(by: Acting) -> bool:
    """Whether the page is this hand's: whoever reads whistles by role or may be called (a part-timer is neither)."""
    mandate = by.mandate
    if mandate is None:
        return False
    pack = pack_name(mandate.area or (mandate.organisation.area if mandate.organisation else None))
    return by.role in current(pack, KIND).sees["full"] or by.role in packs.load(pack).get(
        "roles.tie.called.speaks", ()
    )


def page(tab: str, *, by: Acting, at: datetime, after: str = "", limit: int = PAGE) -> Page:
    """One page of a tab, newest first (three statements)."""
    return of(visible(by=by, at=at).filter(_of_tab(tab, by)), by=by, at=at, after=after, limit=limit)


def behind(which: str, unit: int, *, by: Acting, at: datetime, after: str = "", limit: int = PAGE) -> Page:
    """The list behind a figure (``counting.ASKERS``, ``counting.UNITS``). LookupError for another."""
    rows = visible(by=by, at=at)
    if which in counting.ASKERS:
        rows = rows.filter(counting.ASKERS[which], whistle__asker=unit).filter(counting.since(at))
    else:
        parts = counting.parts(by=by, at=at).filter(counting.UNITS[which](at), whistle_part__unit=unit)
        rows = rows.filter(pk__in=parts.values("parent"))
    return of(rows, by=by, at=at, after=after, limit=limit)


def visible(*, by: Acting, at: datetime) -> QuerySet[Matter]:
    """Whistles this hand may read."""
    return gate.visible(by=by, at=at, kinds=(KIND,)).filter(kind=KIND)


def of(rows: QuerySet[Matter], *, by: Acting, at: datetime, after: str, limit: int) -> Page:
    """A page of some whistles."""
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    ids = list(rows.order_by("-pk").values_list("pk", flat=True)[: limit + 1])
    shown = ids[:limit]
    joined = Whistle.objects.filter(pk__in=shown).select_related("matter__area", "asker")
    found = list(joined.annotate(**_how_many()).order_by("-pk"))
    waits = _awaited(shown)
    return Page([_row(one, waits, by) for one in found], str(shown[-1]) if len(ids) > limit else "")


def _of_tab(tab: str, by: Acting) -> Q:
    """Todo: something of it waits at this desk, on the whistle or on a part."""
    if tab == "ours":
        house = by.mandate.organisation_id if by.mandate else None
        return Q(Exists(Tie.objects.filter(matter=OuterRef("pk"), role="asker", organisation=house)))
    if tab == "over":
        return ~Q(counts="open")
    if tab != "todo":
        return Q(counts="open")
    mine = Wait.objects.filter(gate.my_desk(by), ended_at=None, matter__kind__in=(KIND, PART))
    return Q(pk__in=mine.filter(matter__kind=KIND).values("matter")) | Q(
        pk__in=mine.filter(matter__kind=PART).values("matter__parent")
    )


def _how_many() -> dict[str, Count]:
    part, here = "matter__children__whistle_part", ~Q(matter__children__stage="released")
    return {
        "called": Count(part, filter=here),
        "answered": Count(part, filter=here & Q(**{f"{part}__answered_at__isnull": False})),
        "arrived": Count(part, filter=here & Q(**{f"{part}__arrived_at__isnull": False})),
        "done": Count(part, filter=Q(matter__children__stage="confirmed")),
    }


def _awaited(ids: Sequence[int]) -> dict[int, list[Wait]]:
    """Open waits of whistles and of their parts, by whistle, first due first (one statement)."""
    found: dict[int, list[Wait]] = {}
    here = Q(matter__in=ids) | Q(matter__parent__in=ids, matter__kind=PART)
    rows = Wait.objects.filter(here, ended_at=None).select_related("matter")
    for wait in rows.order_by(F("due_at").asc(nulls_last=True), "pk"):
        whistle = wait.matter_id if wait.matter.kind == KIND else wait.matter.parent_id
        found.setdefault(whistle or 0, []).append(wait)
    return found


def _row(one: Whistle, waits: dict[int, list[Wait]], by: Acting) -> Row:
    matter = one.matter
    process, awaited = pinned(matter.process_id), waits.get(matter.pk, [])
    mine = next((wait for wait in awaited if at_desk(wait, by, matter.pack)), None)
    wait = mine or next(iter(awaited), None)
    labels = pinned(wait.matter.process_id).waits if wait else {}
    return Row(
        one,
        process.stages[matter.stage],
        kind_label(one.kind, matter.pack),
        one.called,  # type: ignore[attr-defined]
        one.answered,  # type: ignore[attr-defined]
        one.arrived,  # type: ignore[attr-defined]
        one.done,  # type: ignore[attr-defined]
        wait,
        f"{'请您' if mine else '等'}{labels.get(wait.what, '')}" if wait else "",
    )


def kind_label(kind: str, pack: str) -> str:
    """``联合执法`` and so on."""
    return str(packs.load(pack).get(f"fields.whistle.whistle_kind.choices.{kind}", kind))


def part_rows(whistle: int) -> list[WhistlePart]:
    """The parts of a whistle in the order they were called (one statement)."""
    rows = WhistlePart.objects.filter(matter__parent=whistle).select_related("matter__area", "unit")
    return list(rows.order_by("pk"))

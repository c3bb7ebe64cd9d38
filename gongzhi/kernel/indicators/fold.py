"""Folding deltas into roll-ups, and reading a count: the folded rows plus the unfolded rest, in one statement."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from gongzhi.kernel.indicators.models import MOVED, Delta, Rollup
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.tree import subtree

ALL = 0
NEW = "new"
ROWS = 400  # rows an insert carries
Cell = tuple[int, int, str, str, date]
_ADD = (
    "INSERT INTO kernel_rollup (area_id, organisation_id, kind, counts, day, n) VALUES {rows} "
    "ON CONFLICT (area_id, organisation_id, kind, counts, day) DO UPDATE SET n = kernel_rollup.n + excluded.n"
)


def cells(delta: Delta, path: str) -> Counter[Cell]:
    """What one delta adds and takes, for each ancestor and for all organisations together as well as its own.

    ``before`` empty: a new matter; ``-open``: one that stood elsewhere, where it counted as open. Each class entered
    also counts a flow ``+class`` on its day, never taken back.
    """
    found: Counter[Cell] = Counter()
    was, came = delta.before.removeprefix(MOVED), delta.before.startswith(MOVED)
    for area_id in (int(part) for part in path.split("/") if part):
        for organisation in {ALL, delta.organisation_id or ALL}:
            base = (area_id, organisation, delta.kind)
            if delta.after:
                found[(*base, delta.after, delta.day)] += delta.n
            if was and not came:
                found[(*base, was, delta.day)] -= delta.n
            if delta.before == "":
                found[(*base, NEW, delta.day)] += delta.n
            elif delta.after and was and was != delta.after:
                found[(*base, f"+{delta.after}", delta.day)] += delta.n
    return found


def fold(at: datetime | None = None, limit: int = 2000) -> int:
    """Fold every delta into roll-ups, each exactly once however many fold at once. Returns how many were folded.

    Oldest first, ``limit`` a transaction; ``at`` is when the job runs and changes nothing.
    """
    folded = batch = _fold_some(limit)
    while batch == limit:
        batch = _fold_some(limit)
        folded += batch
    return folded


def _fold_some(limit: int) -> int:
    """One transaction: the rows stay locked until they are gone, so a second folder waits and finds others."""
    with transaction.atomic():
        rows = list(
            Delta.objects.select_for_update(of=("self",)).select_related("area").order_by("id")[:limit]
        )
        total: Counter[Cell] = Counter()
        for delta in rows:
            total.update(cells(delta, delta.area.path))
        _add([(*cell, n) for cell, n in sorted(total.items()) if n])
        Delta.objects.filter(pk__in=[delta.pk for delta in rows]).delete()
    return len(rows)


def _add(rows: Sequence[tuple[int, int, str, str, date, int]]) -> None:
    """Add to the roll-ups, in one order for all, so that two folders never wait for each other in a ring."""
    day = connection.ops.adapt_datefield_value
    for start in range(0, len(rows), ROWS):
        some = [(*row[:4], day(row[4]), row[5]) for row in rows[start : start + ROWS]]
        marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(_ADD.format(rows=marks), [value for row in some for value in row])


def count(
    area: Area,
    counts: str,
    *,
    since: date | None = None,
    until: date | None = None,
    organisation: int = ALL,
    kind: str = "",
) -> int:
    """Matters in a class below an area: the net count so far, or what came in the days ``since`` to ``until``.

    ``counts``: open, closed, no_result (net), new, ``+closed``, ``+no_result`` (flows). ``kind`` narrows to one kind;
    private matters count under ``kind*``.
    """
    found = tally([area], [counts], since=since, until=until, organisation=organisation, kind=kind)
    return sum(found.values())


def daily(
    area: Area, counts: Sequence[str], *, since: date, until: date, organisation: int = ALL, kind: str = ""
) -> dict[tuple[str, date], int]:
    """(class, day) → count, for a trend (one statement)."""
    found: Counter[tuple[str, date]] = Counter()
    rows = tally([area], counts, since=since, until=until, organisation=organisation, kind=kind)
    for (_, name, day), n in rows.items():
        found[(name, day)] += n
    return dict(found)


def tally(
    areas: Collection[Area],
    counts: Sequence[str],
    *,
    since: date | None = None,
    until: date | None = None,
    organisation: int = ALL,
    kind: str = "",
) -> Counter[tuple[int, str, date]]:
    """(area id, class, day) → count for several areas, folded and unfolded read in one statement.

    One statement, because a fold between two would hide what it moves, or show it twice.
    """
    found: Counter[tuple[int, str, date]] = Counter()
    wanted, ids = set(counts), {area.pk for area in areas}
    for what, row in _rows(areas, wanted, _when(since, until, kind), organisation):
        if what:
            found[(row[0], row[4], row[6])] += row[7]
            continue
        delta = Delta(organisation_id=row[1], kind=row[2], before=row[3], after=row[4], day=row[6], n=row[7])
        for (area_id, org, _, name, day), n in cells(delta, row[5]).items():
            if area_id in ids and org == organisation and name in wanted:
                found[(area_id, name, day)] += n
    return found


def _when(since: date | None, until: date | None, kind: str) -> Q:
    chosen = Q(kind=kind) if kind else Q()
    chosen &= Q(day__gte=since) if since else Q()
    return chosen & (Q(day__lte=until) if until else Q())


def _rows(
    areas: Collection[Area], counts: set[str], chosen: Q, organisation: int
) -> Iterable[tuple[bool, tuple[int, int | None, str, str, str, str, date, int]]]:
    text = CharField(max_length=160)
    folded: QuerySet[Rollup] = Rollup.objects.filter(
        chosen, area__in=areas, organisation_id=organisation, counts__in=counts
    )
    nothing = Cast(Value(""), text)
    first = folded.annotate(of=F("organisation_id"), was=nothing, now=F("counts"), path=nothing)
    inside = Q(pk__in=[])
    for area in areas:
        inside |= subtree(area, "area__path")
    loose = Delta.objects.filter(chosen, inside)
    second = loose.annotate(of=F("organisation"), was=F("before"), now=F("after"), path=F("area__path"))
    names = ("area", "of", "kind", "was", "now", "path", "day", "n")
    both = first.values_list(*names).union(second.values_list(*names), all=True)
    return [(not row[5], row) for row in both]

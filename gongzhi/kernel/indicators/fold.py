"""Folding deltas into roll-ups, and reading a count: the folded rows plus the unfolded rest."""

from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import F, Q, Sum

from gongzhi.kernel.indicators.models import Delta, Rollup
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.tree import subtree

ALL = 0
NEW = "new"
ARRIVED = "-"
Cell = tuple[int, int, str, str, date]


def cells(delta: Delta, path: str) -> Counter[Cell]:
    """What one delta adds and takes, for each ancestor and for all organisations together as well as its own.

    ``before`` empty: a new matter; ``-``: one that came from elsewhere. Each class entered also counts a flow
    ``+class`` on its day, never taken back.
    """
    found: Counter[Cell] = Counter()
    for area_id in (int(part) for part in path.split("/") if part):
        for organisation in {ALL, delta.organisation_id or ALL}:
            base = (area_id, organisation, delta.kind)
            if delta.after:
                found[(*base, delta.after, delta.day)] += delta.n
            if delta.before not in ("", ARRIVED):
                found[(*base, delta.before, delta.day)] -= delta.n
            if delta.before == "":
                found[(*base, NEW, delta.day)] += delta.n
            elif delta.after and delta.before != ARRIVED and delta.before != delta.after:
                found[(*base, f"+{delta.after}", delta.day)] += delta.n
    return found


def fold(limit: int = 2000) -> int:
    """Fold the oldest deltas into roll-ups, each exactly once. Returns how many were folded."""
    with transaction.atomic():
        rows = list(Delta.objects.select_for_update().select_related("area").order_by("id")[:limit])
        total: Counter[Cell] = Counter()
        for delta in rows:
            total.update(cells(delta, delta.area.path))
        for (area, organisation, kind, counts, day), n in total.items():
            _add(area, organisation, kind, counts, day, n)
        Delta.objects.filter(pk__in=[delta.pk for delta in rows]).delete()
    return len(rows)


def _add(area: int, organisation: int, kind: str, counts: str, day: date, n: int) -> None:
    if n == 0:
        return
    same = {"area_id": area, "organisation_id": organisation, "kind": kind, "counts": counts, "day": day}
    if not Rollup.objects.filter(**same).update(n=F("n") + n):
        Rollup.objects.create(**same, n=n)


def count(
    area: Area, counts: str, *, since: date | None = None, until: date | None = None, organisation: int = ALL
) -> int:
    """Matters in a class below an area: the net count so far, or what came in the days ``since`` to ``until``.

    ``counts``: open, closed, no_result (net), new, ``+closed``, ``+no_result`` (flows).
    """
    days = Q()
    if since:
        days &= Q(day__gte=since)
    if until:
        days &= Q(day__lte=until)
    rows = Rollup.objects.filter(days, area=area, organisation_id=organisation, counts=counts)
    folded = rows.aggregate(total=Sum("n"))["total"] or 0
    rest = Delta.objects.filter(days, subtree(area, "area__path")).select_related("area")
    loose: Counter[Cell] = Counter()
    for delta in rest:
        loose.update(cells(delta, delta.area.path))
    unfolded = sum(
        n for (a, org, _, c, _), n in loose.items() if a == area.pk and org == organisation and c == counts
    )
    return int(folded) + unfolded

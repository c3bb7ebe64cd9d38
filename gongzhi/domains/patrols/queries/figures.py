"""What patrols came to, per area, never per person: the share of matters found by patrol, points seen of all named.

Each number is counted over what the hand may read, and :func:`behind` lists exactly what was counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localtime

from gongzhi.domains.patrols.models import Stop
from gongzhi.domains.patrols.queries.walking import own_area
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area

SOURCE = "patrol"
DAYS = (30, 90)
PAGE = 50
BELOW = {"district": "street", "street": "community", "community": "grid", "grid": ""}


@dataclass(frozen=True)
class Share:
    """One area's figures: matters reported, those found by patrol; walks, those that did not happen; points, seen."""

    area: Area
    matters: int = 0
    by_patrol: int = 0
    walks: int = 0
    missed: int = 0
    points: int = 0
    seen: int = 0

    @property
    def percent(self) -> int | None:
        """Of a hundred matters, how many a patrol found; None where there are none."""
        return round(100 * self.by_patrol / self.matters) if self.matters else None


def shares(days: int, *, by: Acting, at: datetime) -> list[Share]:
    """The hand's own area first, then each area one level below (four statements)."""
    own = own_area(by)
    if own is None:
        return []
    level = BELOW.get(own.level, "")
    below = list(tree.areas(localtime(at).date(), level, own).defer("polygon")) if level else []
    column = f"{level or own.level}_id"
    found = _matters(days, by, at).values(column)
    matters = {
        row[column]: row
        for row in found.annotate(matters=Count("pk"), by_patrol=Count("pk", filter=Q(source=SOURCE)))
    }
    walks = gate.visible(by=by, at=at, kinds=("patrol",)).filter(opened_at__gt=at - timedelta(days=days))
    closed = walks.exclude(counts="open")
    stops = {
        row[f"patrol__matter__{column}"]: row
        for row in Stop.objects.filter(patrol__in=closed.values("pk"))
        .values(f"patrol__matter__{column}")
        .annotate(
            points=Count("pk"),
            seen=Count("pk", filter=~Q(result="")),
            walks=Count("patrol", distinct=True),
            missed=Count("patrol", distinct=True, filter=Q(patrol__matter__counts="no_result")),
        )
    }
    told = [_share(one, matters.get(one.pk, {}), stops.get(one.pk, {})) for one in below]
    return [_sum(own, [*matters.values()], [*stops.values()]), *sorted(told, key=lambda one: one.area.path)]


def _matters(days: int, by: Acting, at: datetime) -> QuerySet[Matter]:
    seen = gate.visible(by=by, at=at, kinds=("incident",))
    return seen.filter(opened_at__gt=at - timedelta(days=days))


NAMES = (("matters", "by_patrol"), ("walks", "missed", "points", "seen"))


def _share(area: Area, matters: dict[str, int], stops: dict[str, int]) -> Share:
    first, second = NAMES
    return Share(
        area, **{one: matters.get(one, 0) for one in first}, **{one: stops.get(one, 0) for one in second}
    )


def _sum(area: Area, matters: list[dict[str, int]], stops: list[dict[str, int]]) -> Share:
    first, second = NAMES
    whole = {one: sum(row[one] for row in matters) for one in first}
    return Share(area, **whole, **{one: sum(row[one] for row in stops) for one in second})


def behind(
    days: int, *, by: Acting, at: datetime, area_id: int = 0, patrol_only: bool = True, after: str = ""
) -> tuple[list[Matter], str]:
    """The matters behind a share, newest first, and the key of the next page; ``area_id`` narrows to one area."""
    rows = _matters(days, by, at).order_by("-pk")
    if patrol_only:
        rows = rows.filter(source=SOURCE)
    area = Area.objects.filter(pk=area_id).only("pk", "level").first() if area_id else None
    if area is not None:
        rows = rows.filter(**{f"{area.level}_id": area.pk})
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.select_related("area", "grid", "community", "street")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""

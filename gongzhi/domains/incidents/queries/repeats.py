"""The same place and kind again after closing: how many, by kind and by community, each figure with its list.

Counted by place and kind, never by person. Other pages may build on :func:`repeated`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.domains.incidents.queries.near import SHOWS
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

PAGE = 50
PERIODS = (30, 90, 365)
BY = {"kind": "category", "community": "community"}


@dataclass(frozen=True)
class Counted:
    """One line: a kind or a community by its key, its name, how many of all that came repeat a closed one."""

    key: str
    label: str
    repeats: int
    of: int


def came(days: int, *, by: Acting, at: datetime) -> QuerySet[Matter]:
    """Incidents opened in the period that the hand may read in full."""
    rows = gate.visible(by=by, at=at, kinds=("incident",), levels=("full",))
    return rows.filter(opened_at__gte=at - timedelta(days=days), opened_at__lte=at)


def repeated(days: int, *, by: Acting, at: datetime) -> QuerySet[Matter]:
    """Of these, those at the place and of the kind of one closed shortly before."""
    return came(days, by=by, at=at).filter(incident__repeat_of__isnull=False)


def counted(days: int, group: str, *, by: Acting, at: datetime) -> list[Counted]:
    """Lines by ``kind`` or ``community``, most repeats first (three statements). KeyError for another group."""
    name = BY[group]
    rows = came(days, by=by, at=at).exclude(**{name: None}).values_list(name).order_by()
    told = rows.annotate(Count("pk"), again=Count("pk", filter=Q(incident__repeat_of__isnull=False)))
    found = [(key, of, again) for key, of, again in told if again]
    labels = _labels(group, [key for key, _, _ in found], by)
    lines = [Counted(str(key), labels.get(str(key), str(key)), again, of) for key, of, again in found]
    return sorted(lines, key=lambda one: (-one.repeats, one.label))


def listed(
    days: int, group: str, key: str, *, by: Acting, at: datetime, before: int | None = None
) -> list[Row]:
    """The list behind a line, newest first, a page by key (four statements). KeyError for another group."""
    if group == "community" and not key.isdecimal():
        return []
    rows = repeated(days, by=by, at=at).filter(**{BY[group]: key})
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return rows_of(list(rows.select_related(*SHOWS).order_by("-pk")[:PAGE]), by, at, pictured=False)


def _labels(group: str, keys: Sequence[int | str], by: Acting) -> dict[str, str]:
    if group == "community":
        return {str(pk): name for pk, name in Area.objects.filter(pk__in=keys).values_list("pk", "name")}
    area = by.mandate.area if by.mandate else None
    leaves = packs.load(pack_name(area)).get("categories.leaf", {})
    return {str(key): str(leaves.get(str(key), {}).get("label", key)) for key in keys}

"""月报 of a community or a grid: what came and what became of it, against the month before. Never by person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from gongzhi.domains.incidents.queries import records
from gongzhi.domains.incidents.queries.after_period import Period
from gongzhi.domains.incidents.queries.records import Asked, Line
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

OF_AN_AREA = ("new", "closed", "ontime", "toolate", "noresult", "again")
OF_A_GRID = ("new", "closed", "noresult", "again")
KINDS = 10  # named; the rest is told as one list


@dataclass(frozen=True)
class Month:
    """The record of an area: its numbers, what came by kind, and the sentence on top."""

    area: Area
    period: Period
    lines: tuple[Line, ...]
    kinds: tuple[Line, ...]

    @property
    def sentence(self) -> str:
        """The month in one plain sentence."""
        new, closed = self.lines[0], self.lines[1]
        told = f"{self.period.label}，来了 {new.n} 件，{new.change}；办结 {closed.n} 件，{closed.change}。"
        return told + (f"最多的是“{self.kinds[0].label}”，{self.kinds[0].n} 件。" if self.kinds else "")


def days(period: Period) -> tuple[date, date]:
    """First and last day of a period."""
    return period.first, period.next.first - timedelta(days=1)


def month(area: Area, period: Period, *, by: Acting, at: datetime) -> Month:
    """The record of an area's month (two statements). NotYours."""
    names = OF_A_GRID if area.level == records.GRID else OF_AN_AREA
    now = [Asked(name, *days(period)) for name in names]
    was = [Asked(name, *days(period.before)) for name in names]
    found = records.counted(area, [*now, *was], by=by, at=at)
    pairs = zip(now, was, found[: len(now)], found[len(now) :], strict=True)
    lines = [Line(a.label, n, a.href(area), m, b.href(area)) for a, b, n, m in pairs]
    return Month(area, period, tuple(lines), _kinds(area, period, by, at))


def _kinds(area: Area, period: Period, by: Acting, at: datetime) -> tuple[Line, ...]:
    """What came, by kind, the most first; against the month before (one statement)."""
    now, was = Asked("new", *days(period)), Asked("new", *days(period.before))
    here = records.inside(area, by=by, at=at).filter(now.filter(at) | was.filter(at), about_person=False)
    rows = here.exclude(Q(category="")).values("category")
    told = rows.annotate(n=Count("pk", filter=now.filter(at)), m=Count("pk", filter=was.filter(at))).filter(
        n__gt=0
    )
    leaves = packs.load(pack_name(area)).get("categories.leaf", {})
    return tuple(
        Line(
            str(leaves.get(row["category"], {}).get("label", "别的事")),
            row["n"],
            Asked("new", *days(period), kind=row["category"]).href(area),
            row["m"],
            Asked("new", *days(period.before), kind=row["category"]).href(area),
        )
        for row in told.order_by("-n", "category")[:KINDS]
    )

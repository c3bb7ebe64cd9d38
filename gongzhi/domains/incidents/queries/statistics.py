"""Statistics in the city-management manner (GB/T 30428): by class and sub-class, by area, by unit, of a period.

应结案 is what was due in the period, not what came in it. Nothing is left out here and no appeal is taken off: that
is the page of rates, told beside it. Every count has the list behind it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from gongzhi.domains.incidents.queries import records
from gongzhi.domains.incidents.queries.after_parts import held, touched
from gongzhi.domains.incidents.queries.after_period import Period
from gongzhi.domains.incidents.queries.desk_rows import rows_of
from gongzhi.domains.incidents.queries.lists import CLOSED, ON_TIME
from gongzhi.domains.incidents.queries.records import Listing
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

BELOW = {records.DISTRICT: records.STREET, records.STREET: records.COMMUNITY}
BY = {"kind": "按大类、小类", "area": "按辖区", "unit": "按处置单位"}
PARTS = {
    "reported": "受理",
    "filed": "立案",
    "due": "应结案",
    "closed": "结案",
    "in_time": "按期结案",
    "handled": "处置",
    "finished": "本期结案",
    "at_once": "一次完成",
    "answered": "本期处置",
    "reworked": "返工",
}
RATES = {  # name: (label, numerator, denominator)
    "filing": ("立案率", "filed", "reported"),
    "closing": ("结案率", "closed", "due"),
    "on_time": ("按期结案率", "in_time", "due"),
    "handling": ("处置率", "handled", "due"),
    "first_time": ("一次完成率", "at_once", "finished"),
    "rework": ("返工率", "reworked", "answered"),
}
SAYS = (
    "应结案＝期限落在这段时间里的，不是这段时间里收到的；当场办结、没有期限的不算。结案率＝结案÷应结案，按期结案率＝按期结案÷应结案。",
    "立案＝受理的里面没有作废、不予受理、转出、撤回或者并掉的。处置＝应结案的里面处置单位已经写了结果的。",
    "一次完成率＝没有返工的÷本期结案；返工率＝返工过的÷本期处置。",
    "没有扣除申诉成立的，没有排除哪一类；扣除以后的在“办理率”。不公开的事不算在内。",
)
NOT_COMPUTED = (
    "漏报率（应报未报÷应报）不算：没有第二支队伍重走一遍，就没有“应报”的数。",
    "误派率、差错率不算：退回有很多正当的理由，退回率在“办理率”里，带着理由。",
    "岗位评价不算：这里不按人排数。",
)
SOURCE = "GB/T 30428.4 绩效评价；GB/T 30428.8 立案、处置和结案；各地核定"


@dataclass(frozen=True)
class Line:
    """The counts of a class, an area or a unit; ``key`` opens its lists, ``depth`` 1 for a sub-class."""

    key: str
    label: str
    code: str
    counts: Mapping[str, int]
    depth: int = 0

    @property
    def shares(self) -> list[str]:
        """The rates in their order, ``93.72``; ``""`` where there is no denominator."""
        return [percent(self.counts[value], self.counts[whole]) for _, value, whole in RATES.values()]


@dataclass(frozen=True)
class Table:
    """All lines of a period with their sum."""

    area: Area
    period: Period
    by: str
    lines: tuple[Line, ...]
    total: Line


def percent(value: int, whole: int) -> str:
    """The share in per cent with two decimals, halves up, as statistics are printed; ``""`` of nothing."""
    if not whole:
        return ""
    return str((Decimal(value) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def conditions(period: Period, at: datetime) -> dict[str, Q]:
    """What each part counts. What is due later than ``at`` is not due yet."""
    start, end, last = period.start, period.end, min(period.end, at)
    due = Q(promised_at__gte=start, promised_at__lt=last, counts__in=(OPEN, CLOSED))
    closed = due & Q(counts=CLOSED, closed_at__lt=last)
    reported = Q(opened_at__gte=start, opened_at__lt=end)
    finished = Q(counts=CLOSED, closed_at__gte=start, closed_at__lt=end)
    answered = Q(incident__result_at__gte=start, incident__result_at__lt=end)
    return {
        "reported": reported,
        "filed": reported & Q(counts__in=(OPEN, CLOSED)),
        "due": due,
        "closed": closed,
        "in_time": closed & ON_TIME,
        "handled": due & (closed | Q(incident__result_at__lt=last)),
        "finished": finished,
        "at_once": finished & Q(incident__reworks=0),
        "answered": answered,
        "reworked": answered & Q(incident__reworks__gt=0),
    }


def table(area: Area, period: Period, group: str, *, by: Acting, at: datetime) -> Table:
    """The statistics of an area (two statements). KeyError for another group; NotYours."""
    column = _column(area, group)
    here = touched(records.inside(area, by=by, at=at), period)
    wanted = conditions(period, at)
    sums = {f"n_{name}": Count("pk", filter=one) for name, one in wanted.items()}
    rows = held(here).values(column).annotate(**sums).order_by()
    found = {row[column]: Counter({name: row[f"n_{name}"] for name in PARTS}) for row in rows}
    found = {key: counts for key, counts in found.items() if any(counts.values())}
    total = Line("", "合计", "", sum(found.values(), Counter()))
    lines = _kinds(found, area) if group == "kind" else _named(found, group)
    return Table(area, period, group, tuple(lines), total)


def groups(area: Area) -> dict[str, str]:
    """The ways an area's statistics may be told."""
    return {name: label for name, label in BY.items() if name != "area" or area.level in BELOW}


def _column(area: Area, group: str) -> str:
    below = BELOW.get(area.level, "")
    columns = {"kind": "category", "unit": "holding__organisation"} | (
        {"area": f"{below}_id"} if below else {}
    )
    return columns[group]


def _kinds(found: Mapping[Any, Counter[str]], area: Area) -> list[Line]:
    """Classes with their sub-classes below them, in the pack's order."""
    categories = packs.load(pack_name(area)).table("categories")
    leaves, branches = categories.get("leaf", {}), categories.get("branch", {})
    by_branch: dict[str, list[str]] = {}
    for key in leaves:
        if key in found:
            by_branch.setdefault(str(leaves[key].get("parent", "")), []).append(key)
    unknown = [key for key in found if key not in leaves]
    lines: list[Line] = []
    for branch in [one for one in branches if one in by_branch]:
        code = str(branches[branch].get("code", ""))
        keys = by_branch[branch]
        counts = sum((found[key] for key in keys), Counter[str]())
        lines.append(Line(f"b:{branch}", str(branches[branch]["label"]), code, counts))
        lines += [
            Line(key, str(leaves[key]["label"]), str(leaves[key].get("code", "")), found[key], 1)
            for key in keys
        ]
    if unknown:
        counts = sum((found[key] for key in unknown), Counter[str]())
        lines.append(Line("b:", "没有定类别的", "", counts))
    return lines


def _named(found: Mapping[Any, Counter[str]], group: str) -> list[Line]:
    """Areas or units by name; what belongs to none at the end."""
    rows: Any = Organisation.objects if group == "unit" else Area.objects
    names = dict(rows.filter(pk__in=[key for key in found if key]).values_list("pk", "name"))
    rest = "还没有处置单位" if group == "unit" else "直接在本级的"
    order = sorted(found, key=lambda key: (key is None, names.get(key, "")))
    return [Line(str(key or 0), names.get(key, rest), "", found[key]) for key in order]


def matters(
    table_by: str, key: str, part: str, area: Area, period: Period, *, by: Acting, at: datetime
) -> QuerySet[Matter]:
    """Exactly the matters a count counts; ``key`` "" for the sum. KeyError for another part or group."""
    here = held(touched(records.inside(area, by=by, at=at), period)).filter(conditions(period, at)[part])
    if not key:
        return here
    column = _column(area, table_by)
    if table_by == "kind":
        return (
            here.filter(category__in=_leaves(key, area))
            if key != "b:"
            else here.exclude(category__in=_leaves("", area))
        )
    if not key.isdecimal():
        raise KeyError(key)
    return here.filter(**{column: int(key)}) if int(key) else here.filter(**{f"{column}__isnull": True})


def _leaves(key: str, area: Area) -> list[str]:
    leaves = packs.load(pack_name(area)).get("categories.leaf", {})
    if not key:
        return list(leaves)
    branch = key.removeprefix("b:") if key.startswith("b:") else None
    return [name for name, row in leaves.items() if row.get("parent") == branch] if branch else [key]


def listing(
    group: str, key: str, part: str, area: Area, period: Period, *, by: Acting, at: datetime, after: str = ""
) -> Listing:
    """One page of the list behind a count, newest first. KeyError for another part or group."""
    found = matters(group, key, part, area, period, by=by, at=at)
    total = found.count()
    rows = found.filter(pk__lt=int(after)) if after.isdecimal() else found
    joined = rows.select_related("area", "community", "grid", "street", "incident").order_by("-pk")
    some = list(joined[: records.PAGE + 1])
    more = str(some[records.PAGE - 1].pk) if len(some) > records.PAGE else ""
    return Listing(rows_of(some[: records.PAGE], by, at, pictured=False), total, more)

"""办理率: what follows a closing, per unit and area; every figure with its fraction, its words and its list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import after_appeals, after_lists, after_period, after_rates
from gongzhi.domains.incidents.queries.after_parts import CALLED, MEASURES, OPINIONS, RATED
from gongzhi.domains.incidents.queries.after_period import Period
from gongzhi.domains.incidents.queries.after_rates import Line, Table
from gongzhi.domains.incidents.queries.desk import own_pack
from gongzhi.kernel import packs
from gongzhi.kernel.ids import whole
from gongzhi.kernel.indicators.figure import FEW, FEWEST, Figure
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.seat import post
from gongzhi.surfaces.workbench import sheets, shown
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_export import FORMS, PURPOSES

GROUPS = (("居民自己评的", RATED), ("回访问到的", CALLED), ("办得怎么样", ()))
BY = {"unit": "按单位", "area": "按辖区"}


@dataclass(frozen=True)
class Asked:
    """Whose figures, of which period, told by what; ``area`` None: the hand's own unit."""

    area: Area | None
    period: Period
    by: str = "unit"

    def href(self, **more: Any) -> str:
        """An address of these figures."""
        said = {"kind": self.period.kind, "first": self.period.first, "by": self.by}
        said |= {"area": self.area.pk} if self.area is not None else {}
        return "?" + urlencode({**said, **more})


@dataclass(frozen=True)
class Cell:
    """One figure as it is drawn: the list of its denominator and, where it may be listed, of its numerator."""

    figure: Figure
    says: str
    source: str
    whole_href: str
    value_href: str


def asked(request: HttpRequest, by: Acting, at: datetime) -> Asked:
    """What the address asks for; 404 for an area that is none of the hand's."""
    period = after_period.read(request.GET.get("kind", ""), request.GET.get("first", ""), at)
    area, chosen = after_rates.overseen(by), whole(request.GET.get("area", ""))
    if area is not None and chosen and chosen != area.pk:
        area = Area.objects.defer("polygon").filter(pk=chosen, path__startswith=area.path).first()
        if area is None:
            raise Http404
    told_by = "area" if request.GET.get("by") == "area" and area is not None else "unit"
    return Asked(area, period, told_by)


@staffed
def rates(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The figures of the own area by unit or area; for a unit, its own."""
    now = asked(request, by, at)
    table = _table(now, by, at)
    pack = own_pack(by)
    parted = now.area is not None and now.area.level in after_rates.BELOW
    said = {
        "title": "办理率",
        "here": "rates",
        "now": now,
        "table": table,
        "groups": _groups(table.total, now, pack),
        "lines": [(one, _cells(one, now, pack), _own_href(one, now)) for one in table.lines],
        "heads": [(name, row["label"]) for name, row in _measures(pack).items()],
        "weighted": after_rates.weighted(table.total, pack),
        "weights": [(row["label"], row["weight"]) for row in _measures(pack).values() if row.get("weight")],
        "levels": after_lists.solved_at(now.area, now.period, by=by, at=at) if now.area else [],
        "left": after_lists.left(now.area, now.period, by=by, at=at) if now.area else [],
        "kinds": after_period.LABELS.items(),
        "told_by": BY.items() if parted else (),
        "few": FEW,
        "fewest": FEWEST,
        "running": not now.period.over(at),
        "next": now.period.next.first if now.period.next.start <= at else None,
    }
    return page(request, "rates", by, said)


def _table(now: Asked, by: Acting, at: datetime) -> Table:
    if now.area is None:
        return after_rates.of_own(now.period, by=by, at=at)
    tell = after_rates.by_area if now.by == "area" else after_rates.by_unit
    return tell(now.area, now.period, by=by, at=at)


def _measures(pack: str) -> dict[str, Any]:
    return {name: row for name, row in packs.load(pack).table("rates")["measure"].items() if name in MEASURES}


def _groups(line: Line, now: Asked, pack: str) -> list[tuple[str, list[Cell]]]:
    cells = {cell.figure.id: cell for cell in _cells(line, now, pack, total=True)}
    work = tuple(name for name in cells if name not in OPINIONS)
    return [(label, [cells[name] for name in names or work if name in cells]) for label, names in GROUPS]


def _cells(line: Line, now: Asked, pack: str, *, total: bool = False) -> list[Cell]:
    of: dict[str, Any] = {} if total else {"unit": line.pk} if now.by == "unit" else {"area": line.pk}
    found = []
    for name, row in _measures(pack).items():
        figure, parts = line.figures[name], MEASURES[name]
        to = now.href(**of, measure=name) if not figure.hidden else ""
        listed = to and figure.whole and (now.by == "unit" or line.pk or total)
        value = f"/desk/rates/list/{to}&part={parts.value}" if listed and name not in OPINIONS else ""
        wholes = f"/desk/rates/list/{to}&part={parts.whole}" if listed else ""
        found.append(Cell(figure, str(row["says"]), str(row["source"]), wholes, value))
    return found


def _own_href(line: Line, now: Asked) -> str:
    """The way from an area's line to its own page."""
    return f"/desk/rates/{now.href(area=line.pk, by='unit')}" if now.by == "area" and line.pk else ""


@staffed
def listing(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Exactly the matters a part of a rate counts."""
    now, part = asked(request, by, at), request.GET.get("part", "")
    unit = whole(request.GET["unit"]) if "unit" in request.GET else None
    if part in {one for name in OPINIONS for one in (MEASURES[name].value, MEASURES[name].whole)}:
        _told_at_all(now, part, unit, by, at)
    try:
        found = after_lists.behind(
            now.area, part, now.period, by=by, at=at, unit=unit, after=request.GET.get("after", "")
        )
    except KeyError as fault:
        raise Http404 from fault
    more = {"part": part, "after": found.after} | ({"unit": unit} if unit is not None else {})
    said = {
        "title": _part_label(part, request.GET.get("measure", ""), own_pack(by)),
        "here": "rates",
        "now": now,
        "found": found,
        "rows": shown.rows(found.rows, at),
        "opinions": part in {MEASURES[name].whole for name in OPINIONS},
        "next": now.href(**more) if found.after else "",
    }
    return page(request, "rates_list", by, said)


def _told_at_all(now: Asked, part: str, unit: int | None, by: Acting, at: datetime) -> None:
    """404 where the figure itself is not told to this hand: then neither is the list behind it."""
    table = _table(Asked(now.area, now.period), by, at)
    line = table.total if unit is None else next((one for one in table.lines if one.pk == unit), None)
    names = [name for name in OPINIONS if part in (MEASURES[name].whole, MEASURES[name].value)]
    if line is None or any(line.figures[name].hidden for name in names):
        raise Http404


def _part_label(part: str, measure: str, pack: str) -> str:
    row = _measures(pack).get(measure)
    if row is None or measure not in MEASURES:
        return "名单"
    return f"{row['label']}：{row['part'] if part == MEASURES[measure].whole else '其中算数的'}"


@staffed
def export(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponseBase:
    """Ask what for (GET); the figures as a file, and an entry in the access register (POST)."""
    now = asked(request, by, at)
    purpose, form = request.POST.get("purpose", ""), request.POST.get("form", "xlsx")
    if request.method != "POST" or purpose not in PURPOSES or form not in FORMS:
        wrong = "先选导出用来做什么。" if request.method == "POST" else ""
        said: dict[str, Any] = {
            "title": "导出办理率",
            "list": f"办理率，{now.period.label}",
            "chosen": [],
            "purposes": list(PURPOSES.items()),
            "forms": list(FORMS.items()),
            "columns": ("单位或辖区", *(row["label"] for row in _measures(own_pack(by)).values())),
            "back": f"/desk/rates/{now.href()}",
            "wrong": wrong,
        }
        return page(request, "export_ask", by, said, 422 if wrong else 200)
    file = sheets.spooled(form, _lines(now, purpose, form, by, at))
    answer = StreamingHttpResponse(sheets.pieces(file), content_type=sheets.FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="rates-{localtime(at):%Y%m%d-%H%M}.{form}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _lines(now: Asked, purpose: str, form: str, by: Acting, at: datetime) -> Iterator[Sequence[str]]:
    """The head, a line per unit or area, the sum, the definitions, and who took it out."""
    table, measures = _table(now, by, at), _measures(own_pack(by))
    parts = ("分子", "分母", "%")
    yield (now.period.label, *(f"{row['label']}{part}" for row in measures.values() for part in parts))
    for line in table.lines:
        yield (line.label, *_numbers(line, measures))
    yield ("合计", *_numbers(table.total, measures))
    for row in measures.values():
        yield (str(row["label"]), str(row["says"]), str(row["source"]))
    entry = after_lists.exported(now.period, purpose, form, len(table.lines), by=by, at=at)
    who = f"{post(by.mandate) if by.mandate else ''} {by.name}".strip()
    yield (
        f"{who}导出，{localtime(at):%Y-%m-%d %H:%M}，用途：{PURPOSES[purpose]}，访问台账第 {entry.seq} 笔",
    )


def _numbers(line: Line, measures: dict[str, Any]) -> Iterator[str]:
    for name in measures:
        figure = line.figures[name]
        if figure.hidden:
            yield from ("不显示", "不显示", "")
        else:
            yield from (
                str(figure.value),
                str(figure.whole),
                "" if figure.percent is None else str(figure.percent),
            )


@staffed
def appeals(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """考评申诉: for a unit what counts and may be appealed against; for an area its appeals and their outcome."""
    area = after_rates.overseen(by)
    mine = request.GET.get("of") == "own" or area is None
    rows = (
        after_appeals.of_own(by=by, at=at)
        if mine or area is None
        else after_appeals.of_area(area, by=by, at=at)
    )
    open_pages = after_appeals.readable(rows, by=by, at=at)
    said = {
        "title": "考评申诉",
        "here": "rates",
        "rows": [(one, one.matter.pk in open_pages) for one in rows],
        "mine": mine,
        "both": area is not None and after_rates.speaks(by),
        "now": at,
    }
    return page(request, "appeals", by, said)

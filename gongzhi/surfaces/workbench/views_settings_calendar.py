"""日历: official and provisional years, their days off and worked weekends; a year made official by its notice."""

import calendar as months
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.kernel.clock import calendar, notice
from gongzhi.kernel.clock.tables import Named, YearTable
from gongzhi.kernel.clock.workdays import CalendarError, WorkCalendar
from gongzhi.kernel.datafolder import private_folder
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import recompute
from gongzhi.surfaces.workbench.administering import keeping, pack_of
from gongzhi.surfaces.workbench.hands import page

LONGEST = 20_000  # signs of a notice
SAMPLE = "日期,安排,名称\n2027-02-05..2027-02-11,放假,春节\n2027-02-20,上班,春节调休"


@dataclass(frozen=True)
class Day:
    """A day of a month: what kind it is for the reader, and its name where it departs from the week's rule."""

    day: date | None
    kind: str = ""
    name: str = ""


@keeping("calendar")
def year(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """A year month by month; POST looks at a notice (``look``) or adopts it (``adopt``)."""
    asked = request.POST.get("year") or request.GET.get("year", "")
    this = localtime(at).year
    chosen = int(asked) if asked.isdecimal() and this - 2 <= int(asked) <= this + 2 else this
    if request.method != "POST":
        return _page(request, chosen, by, at, {})
    text, source = request.POST.get("days", "").strip(), request.POST.get("source", "").strip()
    said: dict[str, Any] = {"days": text, "source": source}
    try:
        days = _read(text, chosen, source)
        table = YearTable(chosen, True, source, days)
        seen, moved = recompute.would_move(pack_of(by).name, table)
        if "adopt" not in request.POST:
            return _page(request, chosen, by, at, {**said, "look": _look(by, table, seen, moved)})
        _adopt(chosen, days, source, by, at)
    except CalendarError as no:
        return _page(request, chosen, by, at, {**said, "faults": str(no).splitlines()}, 422)
    messages.success(
        request, f"{chosen} 年是正式的了。重新算过 {seen} 个暂定的期限，{moved} 个变了，都会告诉。"
    )
    return redirect(f"/desk/settings/calendar/?year={chosen}")


def _read(text: str, year: int, source: str) -> Mapping[date, Named]:
    """The notice as it was pasted, read as a file is on the command line."""
    if not text or len(text) > LONGEST:
        raise CalendarError(
            "把通知里的日子贴在这里，一行一段。" if not text else "太长了，不像是一年的放假通知。"
        )
    ending = "csv" if text.startswith(notice.COLUMNS[0]) else "toml"
    path = private_folder("tmp") / f"notice-{secrets.token_hex(8)}.{ending}"
    try:
        path.write_text(text)
        return notice.read(path, year, source)
    except CalendarError as no:
        raise CalendarError(str(no).replace(path.name, "贴的内容")) from no
    finally:
        path.unlink(missing_ok=True)


def _adopt(year: int, days: Mapping[date, Named], source: str, by: Acting, at: datetime) -> None:
    keepers.need(by, "calendar")
    calendar.adopt_year(pack_of(by).name, year, days, source, by=by, at=at, record=registers.record)


def _look(by: Acting, table: YearTable, seen: int, moved: int) -> dict[str, Any]:
    name = pack_of(by).name
    before, after = calendar.calendar_for(name), calendar.calendar_with(name, table)
    changed = sorted(
        one
        for one in {*before.days, *after.days}
        if one.year == table.year and before.is_working(one) != after.is_working(one)
    )
    days = [(one, "上班" if after.is_working(one) else "休息", after.names.get(one, "")) for one in changed]
    return {"seen": seen, "moved": moved, "days": days}


def _page(
    request: HttpRequest, year: int, by: Acting, at: datetime, said: dict[str, Any], status: int = 200
) -> HttpResponse:
    office = calendar.calendar_for(pack_of(by).name)
    this = localtime(at).year
    around = {
        "year": year,
        "years": [(one, one in office.official) for one in range(this - 1, this + 2)],
        "official": year in office.official,
        "source_now": office.sources.get(year, ""),
        "months": [(number, _month(office, year, number)) for number in range(1, 13)],
        "named": _named(office, year),
        "hours": "、".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in office.hours),
        "sample": SAMPLE,
        "here": "calendar",
        "title": "日历",
        **said,
    }
    return page(request, "settings/calendar", by, around, status=status)


def _month(office: WorkCalendar, year: int, number: int) -> list[list[Day]]:
    """A month's weeks, Monday first; days of other months are empty."""
    found = []
    for week in months.Calendar().monthdatescalendar(year, number):
        found.append([_day(office, one) if one.month == number else Day(None) for one in week])
    return found


def _day(office: WorkCalendar, one: date) -> Day:
    if one not in office.days:
        return Day(one, "" if one.weekday() < 5 else "rest")
    worked = office.days[one]
    kind = ("work" if one.weekday() >= 5 else "") if worked else "off"
    return Day(one, kind, office.names.get(one, ""))


def _named(office: WorkCalendar, year: int) -> list[tuple[str, list[date], list[date]]]:
    """Each holiday with its days off and the weekends worked for it."""
    found: dict[str, tuple[list[date], list[date]]] = {}
    for one in sorted(office.days):
        if one.year == year:
            name = office.names.get(one, "").removesuffix("调休")
            found.setdefault(name, ([], []))[office.days[one]].append(one)
    return [(name, off, worked) for name, (off, worked) in found.items()]

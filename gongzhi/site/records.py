"""``gongzhi sheet``: the records of an area on the command line, in an operator's session."""

import argparse
from pathlib import Path

from gongzhi.site.failures import Refused
from gongzhi.site.opening import _area, _operator, _session

Said = argparse.Namespace


def daily(said: Said) -> int:
    """Print the daily sheet of an area as it stands now."""
    by, at = _operator(said)
    from django.utils.timezone import localtime

    from gongzhi.domains.incidents.queries import records_daily

    area = _area(said.area, at)
    found = records_daily.sheet(area, by=by, at=at)
    _session(by, at, "sheet daily", area=area.pk)
    print(f"{area.name}日报，{localtime(at):%Y-%m-%d %H:%M}")
    for place, line in enumerate(found.all, start=1):
        print(f"{place:2}. {'集中：' if line in found.hot else ''}{line.label}：{line.n} 件")
    return 0


def statistics_file(said: Said) -> int:
    """Write the statistics of an area and a period as a file."""
    by, at = _operator(said)
    from django.utils.timezone import localtime

    from gongzhi.domains.incidents.queries import after_period, statistics
    from gongzhi.surfaces.workbench import statistics_file as files

    out, area = Path(said.out), _area(said.area, at)
    form = out.suffix.lower().lstrip(".")
    if form not in files.FORMS:
        raise Refused("文件名要以 .docx、.xlsx 或 .csv 结尾。")
    if said.by not in statistics.groups(area):
        raise Refused(f"{area.name}下面不再分辖区统计。")
    period = after_period.read(said.kind, said.first or localtime(at).date().isoformat(), at)
    found = statistics.table(area, period, said.by, by=by, at=at)
    _session(by, at, "sheet statistics", area=area.pk, period=period.label)
    made = files.made(
        form, found, f"{said.operator}导出，{localtime(at):%Y-%m-%d %H:%M}，用途：{said.reason}"
    )
    out.write_bytes(made if isinstance(made, bytes) else made.read())
    print(f"{files.title(found)}，{len(found.lines)} 行，写在 {out}。")
    return 0


def month_file(said: Said) -> int:
    """Write the month of an area as a file."""
    by, at = _operator(said)
    from django.utils.timezone import localtime

    from gongzhi.domains.incidents.queries import after_period, records_month
    from gongzhi.surfaces.workbench import sheets, views_month

    out, area = Path(said.out), _area(said.area, at)
    form = out.suffix.lower().lstrip(".")
    if form not in sheets.FORMS:
        raise Refused("文件名要以 .xlsx 或 .csv 结尾。")
    period = after_period.read("month", said.first or localtime(at).date().isoformat(), at)
    found = records_month.month(area, period, by=by, at=at)
    _session(by, at, "sheet month", area=area.pk, period=period.label)
    foot = f"{said.operator}导出，{localtime(at):%Y-%m-%d %H:%M}，用途：{said.reason}"
    out.write_bytes(sheets.spooled(form, views_month.lines(found, foot)).read())
    print(f"{area.name}月报，{period.label}，写在 {out}。{found.sentence}")
    return 0


def binder_file(said: Said) -> int:
    """Write a binder as a zip."""
    by, at = _operator(said)
    from django.utils.timezone import localtime

    from gongzhi.domains.incidents.queries import after_period, binder
    from gongzhi.surfaces.workbench import binder_file as files

    out, area = Path(said.out), _area(said.area, at)
    period = after_period.read(said.kind, said.first or localtime(at).date().isoformat(), at)
    found = binder.matters(said.of, area, period, by=by, at=at)
    n = found.count()
    if not 0 < n <= binder.MOST:
        raise Refused(f"这一段有 {n} 件，一本要有 1 到 {binder.MOST} 件。换一段时间，或者按辖区分开做。")
    _session(by, at, "sheet binder", area=area.pk, of=said.of, period=period.label, rows=n)
    foot = f"{said.operator}导出，{localtime(at):%Y-%m-%d %H:%M}，用途：{said.reason}"
    title = f"{area.name}，{said.of}，{period.label}，{n} 件"
    with out.open("wb") as file:
        file.writelines(files.stream(found, title, foot, by=by, at=at))
    print(f"{title}，写在 {out}。")
    return 0

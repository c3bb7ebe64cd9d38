"""``gongzhi sheet``: the records of an area on the command line, in an operator's session."""

import argparse

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

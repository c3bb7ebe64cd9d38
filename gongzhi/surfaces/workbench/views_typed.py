"""每张表要填几项: of every form how much is written by hand, month by month; an indicator of the system itself."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from gongzhi.domains.incidents.queries import after_period, records
from gongzhi.domains.incidents.queries.desk import own_pack
from gongzhi.kernel import packs
from gongzhi.kernel.indicators import typed
from gongzhi.kernel.indicators.typed import Counted
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.versions import current
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_records import HERE

SURFACES = {"desk": "工作台", "portal": "居民端"}


@staffed
def forms(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """This month's forms against last month's."""
    records.home(by)
    now = after_period.read("month", request.GET.get("first", ""), at)
    this, last = typed.month(now.first), typed.month(now.before.first)
    rows = [
        (_called(one, own_pack(by)), one, last.get(key), _change(one, last.get(key)))
        for key, one in this.items()
    ]
    said = {
        "title": "每张表要填几项",
        "here": HERE,
        "period": now,
        "rows": sorted(rows, key=lambda row: row[0]),
        "next": now.next.first if now.next.start <= at else None,
    }
    return page(request, "typed", by, said)


def _called(one: Counted, pack: str) -> str:
    """``事件，签收（工作台）``."""
    kind, _, action = one.form.partition(".")
    if kind not in packs.load(pack).processes:
        return one.form
    process = current(pack, kind)
    label = process.actions[action].label if action in process.actions else action
    return f"{process.label}，{label}（{SURFACES.get(one.surface, one.surface)}）"


def _change(now: Counted, before: Counted | None) -> str:
    if before is None:
        return "上月没有"
    more = round(now.each - before.each, 1)
    return "和上月一样" if not more else f"比上月{'多' if more > 0 else '少'} {abs(more)} 项"

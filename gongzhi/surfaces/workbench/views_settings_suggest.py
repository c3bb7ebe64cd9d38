"""类别建议: what the district's own decisions taught, how often it is right, beside the word rules; learn it anew."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.domains.incidents import learn
from gongzhi.domains.incidents.queries import learned
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.workbench.administering import keeping, own_area, pack_of
from gongzhi.surfaces.workbench.hands import page

SETS = {
    "newest": "最新的一批，按时间留出来的，没有学过；和学过的一字不差的不算",
    "held": "另外写的句子，不是本区的，也不是演示里的话",
}
WAYS = (
    ("rules", "按词的规则", "rules_three"),
    ("learned", "按本区以往的更正", "learned_three"),
    ("commonest", "全猜最多的那一类", ""),
)
ENOUGH = 30  # texts below which a share says nothing
WHY_NOT = {"few": "定过类别的事还不够多，没有学", "failed": "没有学成，看日志"}


@keeping("suggestions")
def suggestions(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The last trainings with their figures; POST asks for another."""
    district = own_area(by)
    if request.method == "POST":
        learn.ask(district, by=by, at=at)
        messages.success(request, "记下了，几分钟内重新学一遍。")
        return redirect("workbench:settings_suggestions")
    found = learned.trainings(district, by=by, at=at)
    latest = next((one for one in found if one.measured), None)
    said = {
        "title": "类别建议",
        "here": "suggestions",
        "rule": pack_of(by).table("learned")["suggestion"]["kind"],
        "trainings": [(one.row, WHY_NOT.get(one.row.why_not, "")) for one in found],
        "latest": latest.row if latest else None,
        "tables": [_table(one) for one in latest.measured] if latest else [],
        "waiting": any(one.row.done_at is None for one in found),
    }
    return page(request, "settings/suggestions", by, said)


def _table(one: learned.Measured) -> tuple[str, int, list[tuple[str, str, str]]]:
    """What it was measured on, how many texts, and per way how often the first, or one of three, is right."""
    rows = [
        (
            label,
            _share(one.counts.get(name, 0), one.texts),
            _share(one.counts.get(three, 0), one.texts) if three else "",
        )
        for name, label, three in WAYS
    ]
    return SETS.get(one.name, one.name), one.texts, rows


def _share(right: int, texts: int) -> str:
    return f"{right} 句，{round(100 * right / texts)}%" if texts >= ENOUGH else f"{right} 句"

"""Pages of those who keep the house: stuck deliveries, desks nobody holds, looks at numbers."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.domains.incidents.queries import desk_watch
from gongzhi.kernel import packs
from gongzhi.kernel.ids import whole
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import phone_codes
from gongzhi.kernel.process.phone_codes import Rules
from gongzhi.kernel.telling.channels import CHANNELS, FAKE, OFF, ON
from gongzhi.surfaces.workbench.hands import page, staffed

WHOM = {
    "tell:reporter": "反映人",
    "tell:holder": "承办单位",
    "tell:sender": "派出方",
    "tell:acceptor": "受理台",
    "tell:awaited": "经办的台",
    "tell:lead": "单位负责人",
    "tell:above": "上一级",
    "tell:former_holder": "原承办单位",
    "tell:supervisor": "督办人",
    "tell:phone_code": "要验证码的手机",
    "tell:former_desk": "原来的台",
    "staff": "工作人员",
    "digest": "工作人员，每天一条",
    "incident.archive": "自动归档",
    "incident.call_back": "抽回访",
    "seal": "封印",
}


@staffed
def stuck(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """没送到的通知; POST tries one again."""
    if request.method == "POST":
        kind, _, chosen = request.POST.get("delivery", "").rpartition(":")
        if chosen.isdecimal():
            desk_watch.try_again(kind, int(chosen), by=by, at=at)
            messages.success(request, "已放回队列，马上再试。")
        return redirect("workbench:stuck")
    rows = [(one, WHOM.get(one.whom, one.whom)) for one in desk_watch.stuck(by=by, at=at)]
    codes = phone_codes.spent(at, Rules.of(packs.load("cn")))
    return page(
        request,
        "watch_stuck",
        by,
        {"rows": rows, "channels": _channels(), "codes": codes, "here": "stuck", "title": "没送到的通知"},
    )


def _channels() -> list[tuple[str, str]]:
    """Each way out of the house, and whether it is connected here."""
    said = {ON: "接通了", FAKE: "演示，不真发", OFF: "没有接通"}
    return [(one.label, said[one.state()]) for one in CHANNELS.values()]


@staffed
def desks(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """没人值守的台: open waits and nobody to take them up."""
    rows = desk_watch.desks(by=by, at=at)
    return page(request, "watch_desks", by, {"rows": rows, "here": "desks", "title": "没人值守的台"})


@staffed
def looks(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """看号码的记录: who, when, which matter, what for."""
    asked = request.GET.get("before", "")
    rows = desk_watch.looks(by=by, at=at, before=whole(asked))
    more = rows[-1].seq if len(rows) == desk_watch.PAGE else 0
    return page(
        request, "watch_looks", by, {"rows": rows, "more": more, "here": "looks", "title": "看号码的记录"}
    )

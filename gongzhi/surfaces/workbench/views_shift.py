"""The hotline's hand-over: what is left open in ten lines, on paper too, signed by who leaves and who comes."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from gongzhi.domains.incidents import calls as desk
from gongzhi.domains.incidents.queries import calls, desk_report, knowledge, shift
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours, Refusal
from gongzhi.surfaces.workbench.hands import page, staffed


@staffed
def sheet(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The sheet as it stands now, and the one that waits to be taken."""
    told = {
        "title": "交班单",
        "here": "hotline",
        "sheet": shift.sheet(by=by, at=at),
        "waiting": shift.waiting_sheet(by=by, at=at),
        "now": at,
        "within": shift.ANSWER_WITHIN,
    }
    return page(request, "hotline/shift", by, told)


@require_POST
@staffed
def sign(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Leave the desk (what is open now is signed), or take over what another left."""
    of = request.POST.get("of", "")
    try:
        if of.isdecimal():
            desk.take_over(int(of), by=by, at=at)
            messages.success(request, "接班签了。")
        else:
            desk.hand_over(by=by, at=at, lines=shift.sheet(by=by, at=at).counts)
            messages.success(request, "交班签了，等接班的人签。")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("workbench:shift")


@staffed
def knowledge_cards(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Every card of the desk, those past their day first, with who must look at them."""
    if not calls.sits(by):
        raise NotYours("知识卡在热线台上看。")
    rows = knowledge.everything(desk_report.own_pack(by), localtime(at).date())
    return page(request, "hotline/knowledge", by, {"title": "知识卡", "here": "hotline", "rows": rows})

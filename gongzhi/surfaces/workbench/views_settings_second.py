"""待第二人确认: what one administrator proposed and another person confirms or declines."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.kernel.ledger import proposals
from gongzhi.kernel.ledger.staffing import NotAppointed
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Proposal
from gongzhi.surfaces.workbench.administering import keeping, roles
from gongzhi.surfaces.workbench.hands import page

WHAT = {"appoint": "任职", "stand_in": "代岗", "password": "重设初始密码"}


@keeping("people", "confirm")
def second(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The list; POST confirms, declines or takes back one."""
    if request.method != "POST":
        return _page(request, by)
    number, confirm = request.POST.get("proposal", ""), "confirm" in request.POST
    if not number.isdecimal():
        return redirect("workbench:settings_second")
    try:
        if confirm:
            person = Proposal.objects.select_related("person").filter(pk=int(number)).first()
            text = proposals.confirm(int(number), by=by, at=at, roles=roles(by))
            if text and person is not None:
                said = {"person": person.person, "password": text, "here": "second", "title": "初始密码"}
                return page(request, "settings/password_once", by, said)
            messages.success(request, "确认了，现在起算数。")
        else:
            proposals.decline(int(number), by=by, at=at)
            messages.success(request, "没有同意，什么也没有给。")
    except NotAppointed as no:
        return _page(request, by, str(no))
    return redirect("workbench:settings_second")


def _page(request: HttpRequest, by: Acting, refusal: str = "") -> HttpResponse:
    table, own = roles(by), by.person.pk if by.person else 0
    rows = [
        {
            "one": one,
            "what": WHAT[one.kind],
            "role": table.get(one.role, {}).get("label", ""),
            "where": str(one.area or one.organisation or ""),
            "own": one.proposed_by_id == own,
            "may": keepers.may(by, "confirm") and own not in (one.proposed_by_id, one.person_id),
        }
        for one in proposals.open_ones(by=by)
    ]
    said = {"rows": rows, "refusal": refusal, "here": "second", "title": "待第二人确认"}
    return page(request, "settings/second", by, said, status=422 if refusal else 200)

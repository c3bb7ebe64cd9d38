"""来信: letters that became no report, for the district's desk; each is read by somebody and settled."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from gongzhi.domains.incidents import mails as desk
from gongzhi.domains.incidents.queries import mails
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.workbench.hands import page, staffed


@staffed
def listed(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The letters that wait, the oldest first."""
    rows = mails.listed(by=by, at=at)
    return page(request, "mails", by, {"title": "来信", "here": "mails", "rows": rows})


@staffed
def letter(request: HttpRequest, *, by: Acting, at: datetime, row_id: int) -> HttpResponse:
    """One letter with its text; that it was opened is kept."""
    told = {"title": "来信", "here": "mails", "one": mails.opened(row_id, by=by, at=at)}
    return page(request, "mail", by, told)


@require_POST
@staffed
def settle(request: HttpRequest, *, by: Acting, at: datetime, row_id: int) -> HttpResponse:
    """Dealt with: reported by hand, or nothing to do."""
    desk.settle(row_id, by=by, at=at)
    messages.success(request, "办过了，信的原文删掉了。")
    return redirect("workbench:mails")

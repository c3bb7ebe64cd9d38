"""On a matter's page, what it has to do with other systems; the caller reached with one tap, two matters linked."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.outer import beside
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.possible import possible
from gongzhi.kernel.process.verdict import NotYours, Refusal, SayMore
from gongzhi.surfaces.workbench.hands import staffed


def told(sheet: Sheet, by: Acting, at: datetime) -> dict[str, Any]:
    """What the page shows; nothing where the matter has to do with no other system."""
    found = beside.beside(sheet.matter, by=by, at=at)
    if found is None:
        return {}
    said: dict[str, Any] = {"outer": found, "ways": beside.WAYS}
    if found.order is not None:
        may = {one.action for one in possible(sheet.work, by=by, at=at) if one.allowed}
        said |= {"contacts_caller": "contact_caller" in may, "links_outer": "link_outer" in may}
    return said


@staffed
def contacted(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """已联系来电人: one tap, at this moment."""
    way = request.POST.get("way", "")
    return _taken(request, matter_id, "contact_caller", "记下了。", by, at, contact_way=way)


@staffed
def same(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """是同一个事: linked, each answered on its own side."""
    number = request.POST.get("same_as", "")
    return _taken(request, matter_id, "link_outer", "连在一起了，各答各的。", by, at, same_as=number)


def _taken(
    request: HttpRequest, matter_id: int, verb: str, done: str, by: Acting, at: datetime, **said: Any
) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.take(matter_id, verb, by=by, at=at, key=secrets.token_hex(16), **said)
            messages.success(request, done)
        except NotYours:
            raise
        except SayMore as more:
            messages.error(request, str(next(iter(more.errors.values()))))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    return redirect(f"/desk/m/{matter_id}/#outer")

"""通知: what this hand was told; and how a person wants to be told outside it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from gongzhi.domains.incidents.queries import desk_inbox, records_daily
from gongzhi.domains.incidents.queries.desk_inbox import Item
from gongzhi.kernel.ids import whole
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import SayMore
from gongzhi.kernel.telling import choice, inbox
from gongzhi.surfaces.workbench.hands import page, staffed


@staffed
def items(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """通知, newest first, under 今天 and 更早."""
    asked = request.GET.get("before", "")
    found = desk_inbox.page(by=by, at=at, before=whole(asked))
    said = {
        "title": "通知",
        "here": "inbox",
        "groups": _groups(found.items, at),
        "new": sum(one.new for one in found.items),
        "newest": found.items[0].id if found.items else 0,
        "after": found.after,
        "elsewhere": found.elsewhere,
        "daily": records_daily.ready(by, at) if not asked else None,
    }
    return page(request, "inbox", by, said)


def _groups(found: list[Item], at: datetime) -> list[tuple[str, list[Item]]]:
    today = localtime(at).date()
    fresh = [one for one in found if localtime(one.at).date() == today]
    older = [one for one in found if localtime(one.at).date() != today]
    return [(label, rows) for label, rows in (("今天", fresh), ("更早", older)) if rows]


@staffed
def opened(request: HttpRequest, *, by: Acting, at: datetime, item_id: int) -> HttpResponse:
    """On to the matter; the item is seen."""
    matter_id = inbox.open_item(item_id, by=by, at=at)
    if matter_id is None:
        raise Http404
    return redirect("workbench:matter", matter_id=matter_id)


@require_POST
@staffed
def all_seen(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """全部看过, up to the newest item that was on the screen."""
    newest = request.POST.get("newest", "")
    if newest.isdecimal():
        inbox.all_seen(by=by, at=at, upto=int(newest))
    return redirect("workbench:inbox")


def told(by: Acting, at: datetime, typed: dict[str, str] | None = None, **wrong: str) -> dict[str, Any]:
    """What the section 怎么通知我 of the own page shows."""
    chosen = choice.of(by=by, at=at)
    said = typed or {"channel": chosen.channel, "address": ""}
    return {"told": chosen, "told_said": said, "told_wrong": wrong}


@require_POST
@staffed
def choose(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Take the choice; what was typed stays where it is wrong."""
    typed = {name: request.POST.get(name, "").strip()[:120] for name in ("channel", "address")}
    try:
        choice.choose(typed["channel"], typed["address"], by=by, at=at)
    except SayMore as more:
        said = {"here": "me", **told(by, at, typed, **more.errors)}
        return page(request, "me", by, said, status=422)
    messages.success(request, "记下了。" if typed["channel"] else "记下了，只在这里通知。")
    return redirect("workbench:me")

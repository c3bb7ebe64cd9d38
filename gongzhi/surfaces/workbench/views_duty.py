"""Desk against desk: the long list, listed supervision, hard problems by class, and papers for staff alone."""

import secrets
from datetime import datetime

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.domains.incidents import several
from gongzhi.domains.incidents.queries import desk_duty, duty_lists
from gongzhi.kernel import packs
from gongzhi.kernel.ids import whole
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.seeing import CLASSING, may_class


@staffed
def long_term(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """长期清单: the overdue reviews first, then by the day they are looked at again."""
    level = request.GET.get("level", "")
    level = level if level in duty_lists.LEVEL_NAMES else ""
    found = duty_lists.long_term(by=by, at=at, level=level, after=request.GET.get("after", ""))
    said = {
        "title": "长期清单",
        "here": "long-term",
        "found": found,
        "level": level,
        "levels": [(name, label, found.counts[name]) for name, label in duty_lists.LEVEL_NAMES.items()],
    }
    return page(request, "long_term", by, said)


@staffed
def listed(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """挂牌督办: what the district's leader has listed and not lifted."""
    rows = duty_lists.listings(by=by, at=at)
    return page(request, "listed", by, {"title": "挂牌督办", "here": "listed", "rows": rows})


@staffed
def hard(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """面广难办: by class with its way of answer; the street's leader classes one or several at once."""
    if request.method == "POST":
        return _class(request, by, at)
    return _hard(request, by, at)


def _class(request: HttpRequest, by: Acting, at: datetime) -> HttpResponse:
    pairs = [one.partition(".") for one in request.POST.getlist("one")]
    chosen = {int(pk): int(seq) for pk, _, seq in pairs if whole(pk) and whole(seq)}
    named, why = request.POST.get("hard_class", ""), request.POST.get("hard_why", "").strip()
    wrong = (
        "还没有选。先勾上归到这一类的几件。"
        if not chosen
        else "选一类。"
        if named not in duty_lists.classes(by)
        else "写一句研究的意见。"
        if not why
        else ""
    )
    if wrong:
        return _hard(request, by, at, wrong=wrong, why=why, named=named, chosen=chosen, status=422)
    key = request.POST.get("key", "") or secrets.token_hex(16)
    done = several.take_several(chosen, CLASSING, by=by, at=at, key=key, hard_class=named, hard_why=why)
    refused = [one.refusal.sentence for one in done if one.refusal is not None]
    if len(refused) == len(done):
        return _hard(request, by, at, wrong=refused[0], why=why, named=named, chosen=chosen, status=409)
    rest = f"，{len(refused)} 件没有归：{refused[0]}" if refused else "。"
    messages.success(request, f"{len(done) - len(refused)} 件归了类{rest}")
    return redirect("workbench:hard")


def _hard(request: HttpRequest, by: Acting, at: datetime, status: int = 200, **more: object) -> HttpResponse:
    said = {
        "title": "面广难办",
        "here": "hard",
        "found": duty_lists.hard(by=by, at=at, before=whole(request.GET.get("before", ""))),
        "classes": duty_lists.classes(by),
        "classing": may_class(by),
        "key": secrets.token_hex(16),
        "leaves": packs.load(pack_name(by.mandate.area if by.mandate else None))
        .table("categories")
        .get("leaf", {}),
        **more,
    }
    return page(request, "hard", by, said, status)


@staffed
def paper(request: HttpRequest, *, by: Acting, at: datetime, paper_id: int) -> FileResponse:
    """One paper as a download, through the gate; never shown inside the page."""
    found = desk_duty.paper(paper_id, by=by, at=at)
    if found is None:
        raise Http404
    row, path = found
    headers = {
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    file = path.open("rb")
    return FileResponse(
        file, as_attachment=True, filename=row.name, content_type=row.media_type, headers=headers
    )

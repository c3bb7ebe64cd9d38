"""Privacy centre of one matter: what is kept and until when, who looked and why, take it along, take it away.

Only for the reporter's own hand: the device that reported, the first that opened the link, or a code to the number.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from gongzhi.domains.incidents.queries import record as records
from gongzhi.domains.incidents.queries.looks import looks
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.parcel import parcel
from gongzhi.surfaces.portal import drafts, phone_session, views_acts, views_follow
from gongzhi.surfaces.portal.shown import Shown

GONE = {"forget": "forget_contact", "erase": "remove_words"}


def centre(request: HttpRequest, number: str) -> HttpResponse:
    """What of one matter is kept until when, and who looked at it and why."""
    found = views_follow.owned(request, number)
    matter = found.receipt.matter
    said = {
        "shown": found,
        "follow": found.f,
        "kept": records.kept_until(matter),
        "looks": looks(matter),
        "by_phone": phone_session.current(request, timezone.now()),
    }
    return render(request, "portal/centre.html", said)


def record(request: HttpRequest, number: str) -> HttpResponse:
    """把我的记录给我, to read and to print."""
    found = views_follow.owned(request, number)
    return render(request, "portal/record.html", {"follow": found.f, "shown": found, "record": _held(found)})


def record_json(request: HttpRequest, number: str) -> HttpResponse:
    """The same for a machine."""
    found = views_follow.owned(request, number)
    response = HttpResponse(_text(_held(found)), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return response


def record_zip(request: HttpRequest, number: str) -> StreamingHttpResponse:
    """Everything with its photos and voice notes, packed while it is sent."""
    found = views_follow.owned(request, number)
    held = _held(found)
    page = render_to_string("portal/record_file.html", {"record": held})
    texts = [("我的记录.html", page), ("我的记录.json", _text(held))]
    own = records.own_files(found.receipt, by=found.hand)
    stream = parcel(texts, ((one.name, one.path) for one in own))
    response = StreamingHttpResponse(stream, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{number}.zip"'
    return response


def _held(found: Shown) -> dict[str, Any]:
    return records.record(found.receipt, by=found.hand, at=timezone.now())


def _text(held: dict[str, Any]) -> str:
    return json.dumps(held, ensure_ascii=False, indent=2, default=str)


def forget(request: HttpRequest, number: str) -> HttpResponse:
    """删掉我的联系方式: asks once, then it is gone."""
    return _gone(request, number, "forget")


def erase(request: HttpRequest, number: str) -> HttpResponse:
    """删掉我写的话和照片, once the matter is over: asks once, then they are gone."""
    return _gone(request, number, "erase")


def _gone(request: HttpRequest, number: str, name: str) -> HttpResponse:
    found = views_follow.owned(request, number)
    said: dict[str, Any] = {"follow": found.f, "shown": found, "key": drafts.new().key, "name": name}
    if request.method != "POST":
        return render(request, "portal/forget.html", said)
    try:
        views_acts.take(request, found, GONE[name], {})
    except Refusal as refusal:
        return render(request, "portal/forget.html", {**said, "sentence": refusal.sentence}, status=409)
    back = reverse("portal:follow", args=[number]) if found.kept_here else reverse("portal:mine")
    return redirect(f"{back}?done={name}")

"""What was reported, as other systems may list it: one request by its number, many by kind, time and status."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from gongzhi.domains.incidents.queries import shared
from gongzhi.domains.incidents.queries.shared import Line
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import files
from gongzhi.kernel.models import Matter
from gongzhi.surfaces.api.open311.asked import Asked, span
from gongzhi.surfaces.api.open311.callers import Caller, reader
from gongzhi.surfaces.api.open311.refusals import Absent, Missing
from gongzhi.surfaces.api.open311.rules import place_of, rule

DIGITS = 6  # of a degree: a tenth of a metre
STATUS = ("open", "closed")


def many(said: Asked) -> tuple[str, Any]:
    """``GET /requests``: the ids asked for, else what fits the filters, newest first, at most a thousand."""
    at = timezone.now()
    caller = reader(said, at)
    rows = _here(said, shared.listed(by=caller.by, within=caller.within, at=at), at)
    most = int(rule("limits", "most"))
    ids = said.several("service_request_id")
    if len(ids) > most:
        raise Missing(f"service_request_id 一次最多 {most} 个，现在有 {len(ids)} 个，请分几次要。")
    rows = rows.filter(number__in=ids) if ids else rows.filter(_filters(said, at))
    size = said.whole("page_size", most, 1, most)
    start = (said.whole("page", 1, 1, most) - 1) * size
    page = (
        rows.order_by("-opened_at", "-pk")[start : min(start + size, most)] if start < most else rows.none()
    )
    return "service_requests", _told(page, caller, said.request)


def one(said: Asked, number: str) -> tuple[str, Any]:
    """``GET /requests/{id}``: 404 alike for what is not there and what may not be known of."""
    at = timezone.now()
    caller = reader(said, at)
    rows = shared.listed(by=caller.by, within=caller.within, at=at).filter(number=number)
    found = _told(_here(said, rows, at), caller, said.request)
    if not found:
        raise Absent
    return "service_requests", found


def picture(request: HttpRequest, pk: str) -> FileResponse:
    """A picture that staff released."""
    shot = shared.released(int(pk)) if len(pk) < 19 else None
    try:
        path = files.open_file(shot.digest) if shot is not None else None
    except FileNotFoundError:
        path = None
    if path is None or shot is None:
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=shot.media_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


def _here(said: Asked, rows: QuerySet[Matter], at: datetime) -> QuerySet[Matter]:
    """Of the district named, where one is."""
    if not said.get("jurisdiction_id"):
        return rows
    place = place_of(said, at)
    return rows.filter(district=place) if place is not None else rows


def _filters(said: Asked, at: datetime) -> Q:
    first, last = span(said.moment("start_date"), said.moment("end_date"), rule("limits", "days"), at)
    wanted = Q(opened_at__gte=first, opened_at__lte=last)
    wanted &= shared.changed(said.moment("updated_after"), said.moment("updated_before"))
    if codes := said.several("service_code"):
        wanted &= Q(category__in=codes)
    return wanted & _of_status(said.several("status"))


def _of_status(asked: list[str]) -> Q:
    """``open`` is what rates count as open; everything that ended, with or without a result, is ``closed``."""
    strange = [one for one in asked if one not in STATUS]
    if strange:
        raise Missing(f"status 只有 open 和 closed，没有“{strange[0]}”。")
    if len(asked) != 1:
        return Q()
    return Q(counts="open") if asked == ["open"] else ~Q(counts="open")


def _told(rows: QuerySet[Matter], caller: Caller, request: HttpRequest) -> list[dict[str, Any]]:
    found = shared.lines(rows, by=caller.by, within=caller.within, at=caller.at)
    return [_request(line, request) for line in found]


def _request(line: Line, request: HttpRequest) -> dict[str, Any]:
    matter, media = line.matter, None
    if line.pictures:
        media = request.build_absolute_uri(reverse("open311-media", kwargs={"pk": str(line.pictures[0])}))
    return {
        "service_request_id": matter.number,
        "status": "open" if line.open else "closed",
        "status_notes": line.says or None,
        "service_name": str(packs.load(matter.pack).get(f"categories.leaf.{matter.category}.label", "")),
        "service_code": matter.category,
        "description": line.words or None,
        "agency_responsible": line.holder or None,
        "service_notice": None,
        "requested_datetime": matter.opened_at,
        "updated_datetime": line.changed_at,
        "expected_datetime": matter.promised_at,
        "address": line.place or None,
        "address_id": None,
        "zipcode": None,
        "lat": round(line.point[0], DIGITS) if line.point else None,
        "long": round(line.point[1], DIGITS) if line.point else None,
        "media_url": media,
    }

"""Answers for a phone that sends what was done without signal: the same acts, told as data instead of as a page."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, JsonResponse

from gongzhi.kernel.process.verdict import Refusal, SayMore

SAME_MOMENT = timedelta(minutes=2)  # a device that says so much is telling the moment it sends
SHOW = "Gongzhi-Show"  # the phone goes to the next page at once: say there what was done
STATUSES = {"say_more": 422, "not_kept": 503, "not_yours": 403}


def wanted(request: HttpRequest) -> bool:
    """Whether a script asks that reads data."""
    return "application/json" in request.headers.get("Accept", "")


def happened(request: HttpRequest, at: datetime) -> datetime | None:
    """When the device says it was done; None where it says nothing, something unreadable, now, or what is to come."""
    try:
        said = datetime.fromisoformat(request.POST.get("happened", ""))
    except ValueError:
        return None
    moment = said if said.tzinfo else said.replace(tzinfo=UTC)
    return moment if at - moment > SAME_MOMENT else None


def done(request: HttpRequest, sentence: str, to: str, **more: Any) -> JsonResponse:
    """It was taken: what to say and where to go on."""
    if request.headers.get(SHOW):
        messages.success(request, sentence)
    return _json({"state": "done", "sentence": sentence, "to": to, **more}, 200)


def refused(refusal: Refusal, **more: Any) -> JsonResponse:
    """It was not taken: which refusal, its sentence, and for what has to be said more, a sentence by field."""
    errors = refusal.errors if isinstance(refusal, SayMore) else {}
    said = "，".join(errors.values()) if errors else refusal.sentence
    return _json(
        {"state": refusal.code, "sentence": said, "errors": errors, **more}, STATUSES.get(refusal.code, 409)
    )


def _json(said: dict[str, Any], status: int) -> JsonResponse:
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})

"""The door's refusals, translated once into HTTP. Every body is ``{"refusal": sentence, "code": …, "errors": {…}}``."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gongzhi.kernel.ledger.files import NoRoom, NotAccepted
from gongzhi.kernel.process.verdict import (
    NotNow,
    NotYet,
    NotYours,
    OtherContent,
    Refusal,
    SayMore,
    SomeoneWasFaster,
)
from gongzhi.surfaces.api.hands import SIGN_IN

NOT_HERE = "没有这件事，或者不归您看。"
LOOK = "有几处要改：{fields}。"
WRONG = "这一项写得不对。"
STATUS: dict[type[Refusal], int] = {
    NotYours: 403,
    SomeoneWasFaster: 409,
    NotNow: 409,
    NotYet: 409,
    SayMore: 422,
    OtherContent: 409,
}
SENTENCES = {
    "missing": "这一项要写。",
    "int_parsing": "这里要写整数。",
    "int_type": "这里要写整数。",
    "float_parsing": "这里要写数字。",
    "bool_parsing": "这里写 true 或 false。",
    "datetime_parsing": "时间写成 2026-11-30T17:30:00+08:00 这样。",
    "datetime_from_date_parsing": "时间写成 2026-11-30T17:30:00+08:00 这样。",
    "json_invalid": "这不是 JSON。",
    "string_too_long": "太长了。",
    "less_than_equal": "太大了。",
    "greater_than_equal": "太小了。",
}


class Absent(Exception):
    """Nothing here, or nothing this hand may know of: both answer alike."""


class TooOften(Exception):
    """So much from one address that it has to wait."""

    sentence = "这里一下子送来得太多，请过几分钟再送。您写的都还在。"


def install(api: NinjaAPI) -> None:
    """Give the API one way to say no."""

    def say(request: HttpRequest, status: int, code: str, sentence: str, **more: Any) -> HttpResponse:
        return api.create_response(request, {"refusal": sentence, "code": code, **more}, status=status)

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        if refusal.more.get("hidden"):
            return say(request, 404, "not_here", NOT_HERE)
        errors = {"errors": refusal.errors} if isinstance(refusal, SayMore) else {}
        rule = {"rule": refusal.more["rule"]} if refusal.more.get("rule") else {}
        return say(request, STATUS.get(type(refusal), 409), refusal.code, refusal.sentence, **errors, **rule)

    @api.exception_handler(NotAccepted)
    def not_accepted(request: HttpRequest, refusal: NotAccepted) -> HttpResponse:
        full = isinstance(refusal, NoRoom)
        return say(request, 503 if full else 422, "no_room" if full else "say_more", refusal.sentence)

    @api.exception_handler(Absent)
    @api.exception_handler(Http404)
    def absent(request: HttpRequest, refusal: Exception) -> HttpResponse:
        return say(request, 404, "not_here", NOT_HERE)

    @api.exception_handler(TooOften)
    def too_often(request: HttpRequest, refusal: TooOften) -> HttpResponse:
        return say(request, 429, "too_often", refusal.sentence)

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, refusal: HttpError) -> HttpResponse:
        if isinstance(refusal, AuthenticationError):
            sentence = SIGN_IN if refusal.message == "Unauthorized" else refusal.message
            return say(request, 401, "sign_in", sentence)
        return say(request, refusal.status_code, "refused", refusal.message)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
        errors = {_name(one["loc"]): SENTENCES.get(one["type"], WRONG) for one in refusal.errors}
        return say(request, 422, "say_more", LOOK.format(fields="、".join(errors)), errors=errors)


def _name(place: Any) -> str:
    """The field's own name out of where pydantic found it; list positions are left out."""
    names = [str(part) for part in place if not isinstance(part, int)]
    return names[-1] if names else ""

"""The door's refusals, translated once into HTTP. Every body is ``{"refusal": sentence, "code": …, "errors": {…}}``."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gongzhi.kernel.ledger.files import NoRoom, NotAccepted
from gongzhi.kernel.process.verdict import (
    NotKept,
    NotNow,
    NotYet,
    NotYours,
    OtherContent,
    Refusal,
    SayMore,
    SomeoneWasFaster,
)
from gongzhi.surfaces.api.hands import SIGN_IN

Body = dict[str, Any]
Answer = Callable[[Any], tuple[int, Body]]
Handler = Callable[[HttpRequest, Any], HttpResponse]

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
    NotKept: 503,
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

    def with_body(answer: Answer) -> Handler:
        def handle(request: HttpRequest, refusal: Any) -> HttpResponse:
            status, body = answer(refusal)
            return api.create_response(request, body, status=status)

        return handle

    for kind, answer in ANSWERS.items():
        api.add_exception_handler(kind, with_body(answer))


def refused(refusal: Refusal) -> tuple[int, Body]:
    """The door's no; what may not be known of answers as if it were not there."""
    if refusal.more.get("hidden"):
        return absent(refusal)
    body: Body = {"refusal": refusal.sentence, "code": refusal.code}
    if isinstance(refusal, SayMore):
        body["errors"] = refusal.errors
    if refusal.more.get("rule"):
        body["rule"] = refusal.more["rule"]
    return STATUS.get(type(refusal), 409), body


def not_accepted(refusal: NotAccepted) -> tuple[int, Body]:
    """A file that was not taken: the sender's to mend, or the server's (a full disk)."""
    if isinstance(refusal, NoRoom):
        return 503, {"refusal": refusal.sentence, "code": "no_room"}
    return 422, {"refusal": refusal.sentence, "code": "say_more"}


def absent(refusal: Exception) -> tuple[int, Body]:
    """Nothing here, or nothing of theirs: the same answer."""
    return 404, {"refusal": NOT_HERE, "code": "not_here"}


def too_often(refusal: TooOften) -> tuple[int, Body]:
    """A flood waits."""
    return 429, {"refusal": refusal.sentence, "code": "too_often"}


def http(refusal: HttpError) -> tuple[int, Body]:
    """Nobody known, or somebody without a mandate."""
    if isinstance(refusal, AuthenticationError):
        sentence = SIGN_IN if refusal.message == "Unauthorized" else refusal.message
        return 401, {"refusal": sentence, "code": "sign_in"}
    return refusal.status_code, {"refusal": refusal.message, "code": "refused"}


def invalid(refusal: ValidationError) -> tuple[int, Body]:
    """What has the wrong shape, each under its field."""
    errors = {_name(one["loc"]): SENTENCES.get(one["type"], WRONG) for one in refusal.errors}
    return 422, {"refusal": LOOK.format(fields="、".join(errors)), "code": "say_more", "errors": errors}


ANSWERS: dict[type[Exception], Answer] = {
    Refusal: refused,
    NotAccepted: not_accepted,
    Absent: absent,
    Http404: absent,
    TooOften: too_often,
    HttpError: http,
    ValidationError: invalid,
}


def _name(place: Any) -> str:
    """The field's own name out of where pydantic found it; list positions are left out."""
    names = [str(part) for part in place if not isinstance(part, int)]
    return names[-1] if names else ""

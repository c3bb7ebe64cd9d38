"""What every address here has in common: form, methods, refusals in their form, no caches, other origins by setting."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from gongzhi.kernel.ledger.files import NotAccepted
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.api.open311 import refusals
from gongzhi.surfaces.api.open311.asked import Asked
from gongzhi.surfaces.api.open311.refusals import Fault
from gongzhi.surfaces.api.open311.written import answer

View = Callable[..., tuple[str, Any]]


def endpoint(**views: View) -> Callable[..., HttpResponse]:
    """An address with a view for each method (``get=…, post=…``); a view gives back a name and what is under it."""

    @csrf_exempt
    def handle(request: HttpRequest, form: str = "xml", **more: str) -> HttpResponse:
        view = views.get((request.method or "").lower().replace("head", "get"))
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        elif view is None:
            response = refused(Fault(405, refusals.NOT_THIS_WAY.format(method=request.method)), form)
        else:
            response = _answered(functools.partial(view, **more), request, form)
        return _with_headers(response, [name.upper() for name in views])

    return handle


def refused(fault: Fault, form: str) -> HttpResponse:
    """The no, in its form."""
    response = answer("errors", fault.rows, form, fault.status)
    if fault.status == 429:
        response["Retry-After"] = "600"
    return response


def _answered(view: View, request: HttpRequest, form: str) -> HttpResponse:
    try:
        name, value = view(Asked(request))
        return answer(name, value, form)
    except Fault as fault:
        return refused(fault, form)
    except Refusal as refusal:
        return refused(refusals.of_the_door(refusal), form)
    except NotAccepted as refusal:
        return refused(refusals.of_a_file(refusal), form)


def _with_headers(response: HttpResponse, methods: list[str]) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    if response.status_code == 405:
        response["Allow"] = ", ".join(methods)
    if settings.OPEN311_ORIGIN:
        response["Access-Control-Allow-Origin"] = settings.OPEN311_ORIGIN
        response["Access-Control-Allow-Methods"] = ", ".join([*methods, "OPTIONS"])
        response["Access-Control-Allow-Headers"] = "Idempotency-Key"
    return response

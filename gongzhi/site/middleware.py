"""What every request passes: an id and a log line, a limit on its body, the headers that keep a page to itself."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from gongzhi.site import metrics
from gongzhi.site.logs import request_id
from gongzhi.site.refusals import absent, too_large

Handler = Callable[[HttpRequest], HttpResponseBase]
NUL = "\x00"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
log = logging.getLogger("gongzhi.requests")

# Only our own files: no inline script, no style attribute, nothing from elsewhere. Maps draw from blobs.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def request_log(answer: Handler) -> Handler:
    """Give each request an id, and write one line when it is answered: route, not address; no person, no token."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        token = request_id.set(secrets.token_hex(8))
        began = time.monotonic()
        try:
            response = answer(request)
            response["X-Request-Id"] = request_id.get()
            _write(request, response, began)
            return response
        finally:
            request_id.reset(token)

    return handle


class CompressedText(GZipMiddleware):
    """Compress pages and JSON, padded against guessing by length; photos and other files are left as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed where it is text and the browser takes it."""
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith(("text/", "application/json")):
            return response
        return super().process_response(request, response)


def _write(request: HttpRequest, response: HttpResponseBase, began: float) -> None:
    route = getattr(request.resolver_match, "route", None)
    if route is None or route in ("healthz", "metrics"):
        return
    spent = round((time.monotonic() - began) * 1000, 1)
    metrics.count("/" + route, str(request.method), response.status_code, spent / 1000)
    said = {"route": "/" + route, "method": request.method, "status": response.status_code, "ms": spent}
    log.info("answered", extra=said)


def body_limit(answer: Handler) -> Handler:
    """Refuse a body beyond ``BODY_LIMIT`` bytes before any of it is read."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if _length(request) > settings.BODY_LIMIT:
            return too_large(request)
        return answer(request)

    return handle


def plain_signs(answer: Handler) -> Handler:
    """Leave out of forms the one sign nobody types and PostgreSQL cannot keep (NUL); no address with it is there."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if NUL in request.path_info:
            return absent(request)
        request.GET = _plain(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and request.content_type in FORMS:
            request.POST = _plain(request.POST)  # type: ignore[assignment]
        return answer(request)

    return handle


def _plain(said: QueryDict) -> QueryDict:
    if not any(NUL in one for name, values in said.lists() for one in (name, *values)):
        return said
    clean = QueryDict(mutable=True)
    for name, values in said.lists():
        clean.setlist(name.replace(NUL, ""), [one.replace(NUL, "") for one in values])
    clean._mutable = False
    return clean


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def headers(answer: Handler) -> Handler:
    """Set the content policy, keep pages of a demonstration out of search engines, and private pages out of caches."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.DEMO:
            response.setdefault("X-Robots-Tag", "noindex, nofollow")
        if request.path.startswith("/api/"):
            response.setdefault("Cache-Control", "no-store")
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
            response.setdefault(
                "Cache-Control", "no-store" if request.path.startswith("/desk") else "no-cache"
            )
        return response

    return handle

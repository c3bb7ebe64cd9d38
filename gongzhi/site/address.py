"""Behind a proxy: the sender's own address, as the proxy tells it, for limits that count by address last."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponseBase]


def real_address(answer: Handler) -> Handler:
    """Believe ``X-Forwarded-For`` only where it comes from one of ``PROXIES``, and of it the last stranger only."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        proxies = set(settings.PROXIES)
        if request.META.get("REMOTE_ADDR") in proxies:
            told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
            strangers = [one.strip() for one in told if one.strip() and one.strip() not in proxies]
            if strangers:
                request.META["REMOTE_ADDR"] = strangers[-1][:45]
        return answer(request)

    return handle

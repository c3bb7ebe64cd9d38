"""The fakes looked at in the browser: what would have been sent, newest first. Only in a demonstration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from gongzhi.gateways import fakes
from gongzhi.kernel.telling.channels import CHANNELS

LINK = re.compile(r"https?://[!-~]+")
CODE = re.compile(r"\d{4} \d{4} \d{4}")
SHOWN = 60


@dataclass(frozen=True)
class Sent:
    """One message as a phone would show it: its text in parts, each plain or an address to tap."""

    at: datetime
    to: str
    subject: str
    parts: tuple[tuple[str, str], ...]


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """短信、邮件、微信: one channel at a time. Http404 in a real deployment."""
    if not settings.GATEWAY_FAKES:
        raise Http404
    chosen = request.GET.get("c", "")
    here = chosen if chosen in CHANNELS else next(iter(CHANNELS))
    said = {
        "channels": [(name, one.label, name == here) for name, one in CHANNELS.items()],
        "label": CHANNELS[here].label,
        "messages": [_sent(one) for one in fakes.kept(here, SHOWN)],
    }
    return render(request, "gateways/outbox.html", said)


def _sent(one: fakes.Message) -> Sent:
    return Sent(datetime.fromisoformat(one.at), one.to, one.subject, tuple(_parts(one.text)))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Text and links of this site in turn: (text, "") or (shown, address on this site)."""
    end = 0
    for found in LINK.finditer(text):
        if found.start() > end:
            yield _whole(text[end : found.start()]), ""
        address = found.group()
        own = address.startswith(settings.SITE_URL + "/")
        yield address, address.removeprefix(settings.SITE_URL) if own else ""
        end = found.end()
    if end < len(text):
        yield _whole(text[end:]), ""


def _whole(text: str) -> str:
    """A query code stays on one line."""
    return CODE.sub(lambda found: found.group().replace(" ", "\u00a0"), text)

"""What the resident's own device remembers: receipts, the last place, the scanned code. Signed, HttpOnly, no person.

``gz_mine`` receipts whose link was opened or whose report was sent here: they may act. ``gz_seen`` receipts opened by
number and digits, and shared links: they only read. ``gz_spot`` the place used last. ``gz_code`` a scanned sticker.
``gz_draft`` the random key of the report being written. ``gz_sent`` what the sent page shows, for half an hour.
``gz_phone`` which phone code this browser asked for (the server knows whether it was typed, and until when it holds).
``gz_link`` a reporter's link on its way from the address to this device. ``gz_said`` reviews this device took part in.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

MINE, SEEN, SPOT, CODE, DRAFT, SENT = "gz_mine", "gz_seen", "gz_spot", "gz_code", "gz_draft", "gz_sent"
PHONE, LINK, SAID = "gz_phone", "gz_link", "gz_said"
AGES = {
    MINE: timedelta(days=365),
    SEEN: timedelta(hours=12),
    SPOT: timedelta(days=180),
    CODE: timedelta(hours=2),
    DRAFT: timedelta(hours=24),
    SENT: timedelta(minutes=30),
    PHONE: timedelta(hours=2),
    LINK: timedelta(minutes=10),
    SAID: timedelta(days=180),
}
MOST = 40  # receipts kept on one device; the oldest go first


@dataclass(frozen=True)
class Held:
    """Receipts of this device by their id: its own, those it may read by code, those shown to it by a link."""

    own: tuple[int, ...] = ()
    read: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()

    def mode(self, receipt_id: int) -> str:
        """``own``, ``read``, ``shared`` or ""."""
        if receipt_id in self.own:
            return "own"
        return "read" if receipt_id in self.read else "shared" if receipt_id in self.shared else ""

    @property
    def all(self) -> tuple[int, ...]:
        """Every receipt of this device, its own first."""
        return tuple(dict.fromkeys((*self.own, *self.read, *self.shared)))

    def with_one(self, mode: str, receipt_id: int) -> "Held":
        """One receipt more, newest first."""
        kept = (receipt_id, *(one for one in getattr(self, mode) if one != receipt_id))[:MOST]
        return replace(self, **{mode: kept})

    def without(self, receipt_id: int) -> "Held":
        """One receipt less, in every mode."""
        left = {
            name: tuple(one for one in getattr(self, name) if one != receipt_id)
            for name in ("own", "read", "shared")
        }
        return Held(**left)


def held(request: HttpRequest) -> Held:
    """The receipts of this device; nothing where the cookies are absent or were tampered with."""
    seen = read(request, SEEN) or {}
    return Held(own=_ids(read(request, MINE)), read=_ids(seen.get("read")), shared=_ids(seen.get("shared")))


def keep_held(response: HttpResponse, now_held: Held) -> None:
    """Write both receipt cookies."""
    write(response, MINE, list(now_held.own))
    write(response, SEEN, {"read": list(now_held.read), "shared": list(now_held.shared)})


def read(request: HttpRequest, name: str) -> Any:
    """The content of a signed cookie, or None."""
    try:
        return signing.loads(request.COOKIES.get(name, ""), salt=name, max_age=AGES[name])
    except signing.BadSignature:
        return None


def write(response: HttpResponse, name: str, content: Any) -> None:
    """Set a signed cookie for its own age."""
    value = signing.dumps(content, salt=name, compress=True)
    response.set_cookie(name, value, max_age=AGES[name], httponly=True, samesite="Lax", secure=settings.HTTPS)


def device(request: HttpRequest) -> str:
    """A mark of this device for limits: the oldest of its receipts; "" on a first visit."""
    mine = held(request).own
    return f"receipt-{mine[-1]}" if mine else ""


def drop(response: HttpResponse, name: str) -> None:
    """Forget a cookie."""
    response.delete_cookie(name, samesite="Lax")


def _ids(raw: Any) -> tuple[int, ...]:
    return tuple(int(one) for one in raw) if isinstance(raw, list) else ()

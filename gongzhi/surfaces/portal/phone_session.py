"""Who holds a number, in this browser and for half an hour: the code asked for, and what it opens once typed.

The cookie names the row and carries this browser's random mark; whether the code was typed, and until when that
holds, stands with the server. A staff session gets nothing here: whoever works at a desk has no residents' list.
"""

import secrets as random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from gongzhi.domains.incidents.queries import receipts
from gongzhi.kernel.models import PhoneCode, Receipt
from gongzhi.kernel.people import secrets
from gongzhi.kernel.process import phone_codes
from gongzhi.kernel.process.phone_codes import Rules
from gongzhi.surfaces.portal import cookies, writing


@dataclass(frozen=True)
class Asked:
    """The code this browser asked for last: its row (0 for none yet), this browser's mark, the number masked."""

    row: int
    browser: str
    masked: str


@dataclass(frozen=True)
class Session:
    """A number proved in this browser: its marks, the number masked, until when, and from which day on it lists."""

    tags: tuple[str, ...]
    masked: str
    until: datetime
    since: datetime


def rules(at: datetime) -> Rules:
    """The figures of the district's pack."""
    return Rules.of(writing.pack(at))


def asked(request: HttpRequest) -> Asked:
    """What this browser asked for; a fresh mark where it asked for nothing yet."""
    said: Any = cookies.read(request, cookies.PHONE)
    if isinstance(said, list) and len(said) == 3:
        return Asked(int(said[0]), str(said[1]), str(said[2]))
    return Asked(0, random.token_hex(16), "")


def keep(response: HttpResponse, one: Asked) -> None:
    """Let the browser remember what it asked for."""
    cookies.write(response, cookies.PHONE, [one.row, one.browser, one.masked])


def current(request: HttpRequest, at: datetime) -> Session | None:
    """The number proved in this browser; None without one, when its time is over, and in a staff session."""
    one = asked(request)
    if not one.row or request.user.is_authenticated:
        return None
    said = rules(at)
    row = phone_codes.session(one.row, browser=one.browser, at=at, rules=said)
    return _of(row, one, said, at) if row is not None and row.used_at is not None else None


def _of(row: PhoneCode, one: Asked, said: Rules, at: datetime) -> Session:
    assert row.used_at is not None
    tags = secrets.tags(phone_codes.phone_of(row))
    return Session(tuple(tags), one.masked, row.used_at + said.session, at - said.listed)


def receipts_of(session: Session | None) -> list[Receipt]:
    """The receipts of the last months on which this number was left, newest first."""
    return receipts.of_number(session.tags, session.since) if session else []


def receipt_of(request: HttpRequest, number: str, at: datetime) -> Receipt | None:
    """The receipt of one matter on which the proved number was left."""
    rows = receipts_of(current(request, at))
    return next((one for one in rows if one.matter.number == number), None)

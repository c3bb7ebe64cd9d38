"""登记台账: the registers as they stand, by register and day; read only."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from gongzhi.kernel.ids import whole
from gongzhi.kernel.ledger import book
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.workbench.administering import day, keeping, roles
from gongzhi.surfaces.workbench.hands import page
from gongzhi.surfaces.workbench.register_words import FACTS, REGISTERS, VERBS


@keeping("registers", "sign_ins")
def registers(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """A page of one register, newest first."""
    open_to = book.readable(by)
    asked = request.GET.get("register", "")
    register = asked if asked in open_to else open_to[0]
    on, before = day(request.GET.get("day", "")), request.GET.get("before", "")
    seen = whole(before)
    found = book.lines(register, by=by, at=at, day=on, before=seen)
    table = roles(by)
    rows: list[dict[str, Any]] = [
        {
            "one": one,
            "verb": VERBS.get(one.verb, one.verb),
            "role": table.get(one.role, {}).get("label", ""),
            "facts": [(FACTS.get(key, key), text) for key, text in one.facts],
            "short": one.hash[:8],
        }
        for one in found
    ]
    kept = {"register": register, **({"day": on.isoformat()} if on else {})}
    more = f"?{urlencode({**kept, 'before': found[-1].seq})}" if len(found) == book.PAGE else ""
    said = {
        "rows": rows,
        "tabs": [(one, REGISTERS[one]) for one in open_to],
        "register": register,
        "day": on.isoformat() if on else "",
        "next": more,
        "here": "registers",
        "title": "登记台账",
    }
    return page(request, "settings/registers", by, said)

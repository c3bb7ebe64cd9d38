"""Who looked at what a reporter left, and why: numbers shown, private matters read, sheets printed. Post and unit."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from gongzhi.kernel import packs
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.models import Entry, Mandate, Matter
from gongzhi.kernel.people.acting import Acting

REVEAL, READ, PRINT, CALL = "reveal", "read_private", "print", "call"
WHAT = {REVEAL: "看了您的号码", READ: "打开了这件事", PRINT: "打印了这件事", CALL: "看了办到哪一步"}
BY_NAME = ("grid_worker", "grid_lead")  # who appears to residents with their name (powers, section 10)


@dataclass(frozen=True)
class Look:
    """One look: when, whose (post and unit; grid workers by name), at what (an id of :data:`WHAT`), what for."""

    at: datetime
    who: str
    kind: str
    purpose: str

    @property
    def what(self) -> str:
        """What was done, in words."""
        return WHAT[self.kind]


def looks(matter: Matter, kinds: Iterable[str] = tuple(WHAT)) -> list[Look]:
    """Every look at a matter, newest first (two statements). For the reporter's own hand; the caller asked the gate."""
    rows = Entry.objects.filter(
        register="access", verb__in=list(kinds), path=f"matter:{matter.pk}", matter=None
    )
    entries = list(rows.order_by("-seq"))
    ids = {_mandate(entry) for entry in entries}
    held = Mandate.objects.select_related("person", "organisation").in_bulk(ids)
    return [
        Look(one.at, post(held.get(_mandate(one)), matter.pack), one.verb, _purpose(one, matter.pack))
        for one in entries
    ]


def keep_read(matter: Matter, *, by: Acting, at: datetime) -> None:
    """Note that somebody opened a private matter: once a day and hand, for the reporter to see."""
    if not matter.private or by.mandate is None:
        return
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    told = Entry.objects.filter(register="access", verb=READ, path=f"matter:{matter.pk}", matter=None)
    if told.filter(acting_as=by.acting_as, at__gte=midnight).exists():
        return
    facts = {"matter": str(matter.pk), "purpose": "handle"}
    registers.record("access", READ, by=by, at=at, facts=facts, path=f"matter:{matter.pk}")


def post(mandate: Mandate | None, pack: str) -> str:
    """Post and unit: ``柳岸街道办事处 街道调度``; a grid worker by name; never another's."""
    if mandate is None:
        return "工作人员"
    if mandate.role in BY_NAME:
        return f"网格员{mandate.person.name}"
    role = str(packs.load(pack).get(f"roles.role.{mandate.role}.label", "工作人员"))
    return f"{mandate.organisation} {role}" if mandate.organisation else role


def _mandate(entry: Entry) -> int:
    tail = entry.acting_as.removeprefix("mandate:")
    return int(tail) if tail.isdigit() else 0


def _purpose(entry: Entry, pack: str) -> str:
    named = json.loads(entry.facts).get("purpose", "")
    said = packs.load(pack).get("fields.incident.purpose.choices", {})
    return str(said.get(named) or PURPOSES.get(named, ""))


PURPOSES = {
    "handle": "办这件事",
    "file": "存档",
    "meeting": "会商",
    "site": "带到现场",
    "resident": "给您看",
    "upper": "报上级",
    "caller": "来电查询",
}

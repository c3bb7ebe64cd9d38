"""What those who keep the house see: deliveries that stuck, desks nobody holds, who looked at a number and why."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gongzhi.kernel import packs
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.models import Delivery, Entry, Seal
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Person
from gongzhi.kernel.process import deliver
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.process.standing import ABOUT
from gongzhi.kernel.process.unattended import EmptyDesk, unattended
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.telling import sendings
from gongzhi.kernel.telling.channels import CHANNELS
from gongzhi.kernel.telling.models import STUCK, UNSENT, Sending

KEEPERS = ("sys_admin", "district_dispatcher", "district_chief")
ABOVE = (
    "street_desk",
    "street_dispatcher",
    "street_leader",
    "sys_admin",
    "district_dispatcher",
    "district_chief",
)
AUDITORS = ("audit_admin",)
PAGE = 100


@dataclass(frozen=True)
class Look:
    """Somebody looked at a reporter's number: when, who, as what, on which matter, what for."""

    at: datetime
    who: str
    post: str
    number: str
    purpose: str
    seq: int


@dataclass(frozen=True)
class Stuck:
    """A delivery (``d``) or a message (``s``) in trouble: to whom, which way, why; ``halted`` until tried again."""

    kind: str
    id: int
    number: str
    whom: str
    way: str
    tries: int
    why: str
    halted: bool
    next_at: datetime


def pages_of(by: Acting) -> tuple[str, ...]:
    """Which of these pages a hand may open: ``stuck``, ``desks``, ``looks``."""
    open_to = {"stuck": KEEPERS, "desks": ABOVE, "looks": AUDITORS}
    return tuple(name for name, roles in open_to.items() if by.role in roles and by.whole)


def stuck(*, by: Acting, at: datetime) -> list[Stuck]:
    """What failed or was not sent and is not done, newest first. NotYours for others than the keepers.

    Of what is about an organisation of the hand's there is no trace.
    """
    _only(KEEPERS, by)
    followed, sent = deliver.stuck(), sendings.troubled()
    entries = [*(one.entry for one in followed), *(one.entry for one in sent if one.entry)]
    shut = _about_own([one.matter_id for one in entries], by)
    rows = [_delivery(one) for one in followed if one.entry.matter_id not in shut]
    rows += [_message(one) for one in sent if one.entry is None or one.entry.matter_id not in shut]
    return sorted(rows, key=lambda one: -one.id)


def _about_own(ids: Iterable[int | None], by: Acting) -> set[int | None]:
    rows = Tie.objects.filter(matter__in={one for one in ids if one}, role=ABOUT, until=None)
    return set(rows.filter(organisation__in=by.organisations).values_list("matter", flat=True))


def _delivery(one: Delivery) -> Stuck:
    matter = one.entry.matter
    number, halted = matter.number if matter else "", one.state == "stuck"
    return Stuck("d", one.pk, number, one.follower, "", one.tries, one.error, halted, one.next_at)


def _message(one: Sending) -> Stuck:
    matter = one.entry.matter if one.entry is not None else None
    whom = "tell:reporter" if one.receipt_id else "digest" if one.kind == "digest" else "staff"
    way = CHANNELS[one.channel].label if one.channel in CHANNELS else one.channel
    number, halted = matter.number if matter else "", one.state in (STUCK, UNSENT)
    return Stuck("s", one.pk, number, whom, way, one.tries, one.error, halted, one.next_at)


def try_again(kind: str, row_id: int, *, by: Acting, at: datetime) -> None:
    """Put what is stuck back into the queue. NotYours for others than the keepers."""
    _only(KEEPERS, by)
    (sendings if kind == "s" else deliver).try_again(row_id, at)


def desks(*, by: Acting, at: datetime) -> list[EmptyDesk]:
    """Desks below with open waits and no living mandate. NotYours for others than the level above."""
    _only(ABOVE, by)
    return unattended(by=by, at=at)


def looks(*, by: Acting, at: datetime, before: int | None = None) -> list[Look]:
    """Who looked at which number and what for, newest first; ``before`` is an entry number of the register."""
    _only(AUDITORS, by)
    rows = Entry.objects.filter(register="access", verb="reveal", matter=None)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    entries = list(rows.order_by("-seq")[:PAGE])
    facts = [json.loads(entry.facts) for entry in entries]
    persons = dict(
        Person.objects.filter(pk__in={_number(e.actor) for e in entries}).values_list("pk", "name")
    )
    held = Mandate.objects.select_related("organisation").in_bulk({_number(e.acting_as) for e in entries})
    numbers = dict(
        Matter.objects.filter(pk__in={int(one["matter"]) for one in facts}).values_list("pk", "number")
    )
    said = packs.load("cn").get("fields.incident.purpose.choices", {})
    out = []
    for entry, fact in zip(entries, facts, strict=True):
        mandate = held.get(_number(entry.acting_as))
        post = str(mandate.organisation or "") if mandate else ""
        who, number = persons.get(_number(entry.actor), ""), numbers.get(int(fact["matter"]), "")
        out.append(Look(entry.at, who, post, number, said.get(fact["purpose"], fact["purpose"]), entry.seq))
    return out


def _number(text: str) -> int:
    tail = text.partition(":")[2]
    return int(tail) if tail.isdigit() else 0


def _only(roles: tuple[str, ...], by: Acting) -> None:
    if by.role not in roles or not by.whole:
        raise NotYours("这一页不归您看。", hidden=True)


def printed(matter: Matter, purpose: str, form: str = "paper", *, by: Acting, at: datetime) -> None:
    """Keep that a matter was printed, by whom and what for, or as which file (an entry of the access register)."""
    facts = {"matter": str(matter.pk), "purpose": purpose, **({"form": form} if form != "paper" else {})}
    registers.record("access", "print", by=by, at=at, facts=facts, path=f"matter:{matter.pk}")


def last_seal() -> Seal | None:
    """The latest seal, for the foot of a printed sheet."""
    return Seal.objects.order_by("-seq").first()

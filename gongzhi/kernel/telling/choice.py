"""How a member of staff wants to be told outside the inbox: their own choice, kept in the register of people."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gongzhi.kernel.ledger import registers
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Person
from gongzhi.kernel.process.verdict import NotYours, SayMore
from gongzhi.kernel.telling.channels import CHANNELS, NONE
from gongzhi.kernel.telling.models import HowTold

PURPOSE = "told"


@dataclass(frozen=True)
class Way:
    """One way to choose: channel name, label, what its address is called, a hint; ``off`` says why it cannot be."""

    name: str
    label: str
    address: str
    hint: str
    off: str


@dataclass(frozen=True)
class Choice:
    """What a person has chosen (``channel`` is "" for the inbox alone), and the address, masked."""

    channel: str
    masked: str
    ways: tuple[Way, ...]


def ways() -> tuple[Way, ...]:
    """The channels there are; one that is not connected here says so."""
    return tuple(
        Way(one.name, one.label, one.address, one.hint, f"{one.label}没有接通，现在选不了" if one.off else "")
        for one in CHANNELS.values()
    )


def of(*, by: Acting, at: datetime) -> Choice:
    """What the person at the desk has chosen (one statement)."""
    row = HowTold.objects.filter(person=by.person).first() if by.person is not None else None
    if row is None or row.channel not in CHANNELS:
        return Choice(NONE, "", ways())
    return Choice(row.channel, CHANNELS[row.channel].mask(address_of(row)), ways())


def address_of(row: HowTold) -> str:
    """Where to, in full; the number a person was entered with where they gave no other."""
    if row.address_enc:
        return secrets.unseal(row.address_enc, purpose=PURPOSE)
    person: Person = row.person
    return secrets.unseal(person.phone_enc) if row.channel == "sms" and person.phone_enc else ""


def choose(channel: str, address: str, *, by: Acting, at: datetime) -> None:
    """Choose a channel ("" for the inbox alone). An empty address keeps the one there was. SayMore, NotYours.

    The register of people keeps the channel, never the address.
    """
    if by.person is None:
        raise NotYours("只有本人能选怎么通知。")
    row = HowTold.objects.filter(person=by.person).first() or HowTold(person=by.person)
    if channel != NONE:
        _set(row, channel, address.strip())
    else:
        row.channel, row.address_enc = NONE, None
    with transaction.atomic():
        row.save()
        path = f"person:{by.person.pk}"
        registers.record("people", "how_told", by=by, at=at, facts={"channel": channel or "inbox"}, path=path)


def _set(row: HowTold, channel: str, typed: str) -> None:
    chosen = CHANNELS.get(channel)
    if chosen is None or chosen.off:
        raise SayMore({"channel": f"{chosen.label}没有接通，换一种。" if chosen else "请从上面选一种。"})
    if typed:
        try:
            clean = chosen.clean(typed)
        except ValueError as fault:
            raise SayMore({"address": str(fault)}) from fault
        row.address_enc = secrets.seal(clean, purpose=PURPOSE)
    elif row.channel != channel:
        row.address_enc = None
    row.channel = channel
    if not address_of(row):
        raise SayMore({"address": f"写一下{chosen.address}，才知道发到哪里。"})

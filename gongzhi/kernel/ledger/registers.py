"""Register chains: people, territory, calendar, packs, access. Reveals, exports and sign-ins are entries here."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from gongzhi.kernel.ids import new_id
from gongzhi.kernel.ledger.chain import canonical, close
from gongzhi.kernel.ledger.models import Delivery, Entry, Register
from gongzhi.kernel.people.acting import Acting

NAMES = ["people", "territory", "calendar", "packs", "access"]


def record(
    register: str,
    verb: str,
    *,
    by: Acting,
    at: datetime,
    facts: dict[str, Any] | None = None,
    path: str = "",
) -> Entry:
    """Append one entry to a register's chain, in the caller's transaction or one of its own.

    ``facts`` holds ids, codes, dates and numbers only; never what a resident wrote.
    """
    if register not in NAMES:
        raise ValueError(f"no such register: {register}")
    with transaction.atomic():
        row = _locked(register)
        entry = Entry(id=new_id(), register=register, seq=row.seq + 1, prev=row.head, at=at)
        entry.actor, entry.acting_as, entry.role = by.actor, by.acting_as, by.role
        entry.for_whom, entry.verb, entry.path = by.for_whom, verb, path
        entry.facts = canonical(facts or {})
        close(entry).save(force_insert=True)
        Register.objects.filter(name=register).update(seq=entry.seq, head=entry.hash)
        Delivery.objects.create(entry=entry, follower="seal", next_at=entry.at)
    return entry


def hold(register: str) -> None:
    """Let nobody else write to a register until the caller's transaction ends: what was looked up stays true."""
    _locked(register)


def _locked(register: str) -> Register:
    """The register's row, held until the transaction ends (SQLite already holds its one writer's lock)."""
    Register.objects.get_or_create(name=register)
    rows = Register.objects.filter(name=register)
    return (rows.select_for_update() if connection.features.has_select_for_update else rows).get()


def version(register: str) -> int:
    """How many entries the register has: a cheap version number for caches."""
    return Register.objects.filter(name=register).values_list("seq", flat=True).first() or 0


def stamp(register: str) -> tuple[int, str]:
    """The chain's length and its last entry's id: changes with every entry, also when a restore takes some back."""
    last = (
        Entry.objects.filter(matter=None, register=register).order_by("-seq").values_list("seq", "pk").first()
    )
    return (last[0], str(last[1])) if last else (0, "")

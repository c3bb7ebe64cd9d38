"""The registers as they are read: entries by register and day, newest first, with names for the ids in them.

Open to the audit administrator; of the register of access, signing in and out also to the security administrator.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.ledger.tenure import after, midnight
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation, Person
from gongzhi.kernel.territory.models import Area

PAGE = 50
NAMED = 5  # of a longer list only so many are named
SIGN_INS = ("sign_in", "sign_out", "change_identity", "change_password", "operator_session")
PERSONS, MANDATES = ("person",), ("mandate", "mandates", "stands_in_for")
UNITS, AREAS = ("organisation", "organisations"), ("area", "serves")


@dataclass(frozen=True)
class Line:
    """An entry: its number in the chain, when, who, as what, what, and its facts as (name, text) pairs."""

    seq: int
    at: datetime
    who: str
    role: str
    verb: str
    facts: tuple[tuple[str, str], ...]
    hash: str


def readable(by: Acting) -> list[str]:
    """The registers a hand may read."""
    if keepers.may(by, "registers"):
        return list(registers.NAMES)
    return ["access"] if keepers.may(by, "sign_ins") else []


def lines(
    register: str, *, by: Acting, at: datetime, day: date | None = None, before: int | None = None
) -> list[Line]:
    """A page of a register (five statements). Raises NotKeeper."""
    if register not in readable(by):
        raise keepers.NotKeeper("登记台账归审计管理员看；登录记录，安全管理员也能看。")
    rows = Entry.objects.filter(matter=None, register=register)
    if not keepers.may(by, "registers"):
        rows = rows.filter(verb__in=SIGN_INS)
    if day is not None:
        rows = rows.filter(at__gte=midnight(day), at__lt=after(day))
    if before:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[:PAGE])
    names = Names([json.loads(one.facts) for one in found], [one.actor for one in found])
    return [_line(one, names) for one in found]


def _line(one: Entry, names: "Names") -> Line:
    said = tuple(names.said(key, value) for key, value in json.loads(one.facts).items())
    facts = tuple((key, text) for key, text in said if text)
    return Line(one.seq, one.at, names.who(one.actor), one.role, one.verb, facts, one.hash)


class Names:
    """Names for the ids a page of entries speaks of (four statements)."""

    def __init__(self, facts: Iterable[Mapping[str, Any]], actors: Iterable[str]) -> None:
        told = list(facts)
        persons = {int(one.partition(":")[2]) for one in actors if one.startswith("person:")}
        self._persons = Person.objects.in_bulk(persons | _ids(told, PERSONS))
        rows = Mandate.objects.select_related("person", "area", "organisation")
        self._mandates = rows.in_bulk(_ids(told, MANDATES))
        self._units = Organisation.objects.in_bulk(_ids(told, UNITS))
        self._areas = Area.objects.defer("polygon").in_bulk(_ids(told, AREAS))

    def who(self, actor: str) -> str:
        """The name of a hand as the ledger writes it."""
        kind, _, rest = actor.partition(":")
        if kind == "person" and rest.isdigit():
            person = self._persons.get(int(rest))
            return person.name if person else actor
        return {"operator": f"运维 {rest.partition('|')[0]}", "clock": "系统"}.get(kind, actor)

    def said(self, key: str, value: Any) -> tuple[str, str]:
        """One fact, with names for its ids."""
        tables: dict[str, Mapping[int, Any]] = {
            **dict.fromkeys(PERSONS, self._persons),
            **dict.fromkeys(MANDATES, self._mandates),
            **dict.fromkeys(UNITS, self._units),
            **dict.fromkeys(AREAS, self._areas),
        }
        if value in (None, "", []):
            return key, ""
        many = value if isinstance(value, list) else [value]
        table = tables.get(key, {})
        shown = [_called(table[one]) if one in table else _plain(one) for one in many[:NAMED]]
        return key, "、".join(shown) + (f" 等 {len(many)} 项" if len(many) > NAMED else "")


def _called(row: Any) -> str:
    if isinstance(row, Mandate):
        return f"{row.person.name}（{row.area or row.organisation or ''}）"
    return str(row)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _ids(told: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for facts in told:
        for key in keys:
            value = facts.get(key)
            many = value[:NAMED] if isinstance(value, list) else [value]
            found |= {one for one in many if isinstance(one, int)}
    return found

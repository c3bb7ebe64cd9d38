"""The ledger of a matter as staff read it: who, what in one sentence, their words, which entry. Pure over rows."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongzhi.kernel import packs
from gongzhi.kernel.clock.speak import moment_staff, term_words
from gongzhi.kernel.clock.terms import Term, TermError
from gongzhi.kernel.ledger.models import Entry, Words
from gongzhi.kernel.people.models import Mandate, Organisation, Person
from gongzhi.kernel.process import fields
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.page import Process

RATING = ("rate", "called_back")
MUTUAL = ("rate_unit", "rate_asker")  # shown by their own page, once both sides have rated
REPORTERS = ("tie:", "public")
OPENINGS = ("report", "take_over", "take_over_sent")
CALLERS = (
    *OPENINGS,
    "outer_change",
    "outer_again",
    "outer_anew",
)  # what a resident said, by whatever way it came
UNSAID = ("channel", "consent", "point_source", "platform", "outer_system", "same_as")
UNWRITTEN = ("row", "caller")  # kept to be given back, and for who has to ring; no part of the story
NAMELESS = {"clock": "系统", "public": "居民", "tie": "居民", "operator": "运维"}
GRID_ROLES = {"grid_worker": "网格员", "grid_lead": "网格长", "part_time_worker": "兼职网格员"}


@dataclass(frozen=True)
class Line:
    """One entry told: ``who``, ``sentence``, the words written (label, text), how many files, its place and hash."""

    seq: int
    short: str
    at: datetime
    happened: datetime | None
    who: str
    what: str
    sentence: str
    words: tuple[tuple[str, str], ...]
    files: int
    verb: str
    entry_id: int


@dataclass(frozen=True)
class Names:
    """People, mandates and organisations that entries name, loaded at once."""

    persons: Mapping[int, str]
    mandates: Mapping[int, Mandate]
    organisations: Mapping[int, str]


def names(entries: Iterable[Entry], process: Process) -> Names:
    """Everybody and every organisation the entries name (three statements)."""
    persons, mandates, organisations = set(), set(), set()
    for entry in entries:
        persons |= _numbered(entry.actor, "person")
        mandates |= _numbered(entry.acting_as, "mandate")
        organisations |= set(_organisation_ids(entry, process))
        persons |= set(json.loads(entry.facts).get("mention", []))
    held = Mandate.objects.select_related("organisation", "area").in_bulk(mandates)
    return Names(
        dict(Person.objects.filter(pk__in=persons).values_list("pk", "name")),
        held,
        {one.pk: str(one) for one in Organisation.objects.filter(pk__in=organisations)},
    )


def _numbered(text: str, kind: str) -> set[int]:
    name, _, number = text.partition(":")
    return {int(number)} if name == kind and number.isdigit() else set()


def _organisation_ids(entry: Entry, process: Process) -> Iterable[int]:
    table = fields.specs(process)
    for name, value in json.loads(entry.facts).items():
        if str(table.get(name, {}).get("type", "")).startswith("organisation"):
            yield from value if isinstance(value, list) else [value]
        elif name == "former" and value:
            yield value


def tell(
    work: Work, entries: Iterable[Entry], known: Names, *, words: bool, rating: bool, now: datetime
) -> list[Line]:
    """The entries told, newest first. ``words``: may the reporter's own words be read; ``rating``: the single mark."""
    return [_line(work, entry, known, words, rating, now) for entry in sorted(entries, key=lambda e: -e.seq)]


def _line(work: Work, entry: Entry, known: Names, words: bool, rating: bool, now: datetime) -> Line:
    facts = json.loads(entry.facts)
    from_reporter = entry.actor.startswith(REPORTERS) or entry.verb in CALLERS
    unrated = entry.verb in MUTUAL or (entry.verb in RATING and not rating)
    hidden = (from_reporter and not words) or unrated
    action = work.process.actions.get(entry.verb)
    label = action.label if action else entry.verb
    parts = [] if unrated else _parts(work.process, entry.verb, facts, known, now)
    return Line(
        seq=entry.seq,
        short=f"{entry.hash[:4]} {entry.hash[4:8]}",
        at=entry.at,
        happened=entry.happened,
        who=who(entry, known),
        what=label,
        sentence=f"{label}：{'，'.join(parts)}。" if parts else f"{label}。",
        words=() if hidden or entry.verb in OPENINGS else written(entry, work.process),
        files=0 if from_reporter and not words else len(facts.get("files", [])),
        verb=entry.verb,
        entry_id=entry.pk,
    )


def who(entry: Entry, known: Names) -> str:
    """``柳岸街道 李文博``, ``网格员 周海燕``, ``居民``, ``系统``; a stand-in says so."""
    kind, _, number = entry.actor.partition(":")
    if kind != "person":
        return NAMELESS.get(kind, "居民" if kind == "channel" else "系统")
    name = known.persons.get(int(number), "")
    mandate = known.mandates.get(next(iter(_numbered(entry.acting_as, "mandate")), 0))
    post = ""
    if mandate is not None:
        organisation = mandate.organisation
        post = GRID_ROLES.get(mandate.role) or (str(organisation) if organisation else "")
    return f"{post} {name}".strip() + ("（代岗）" if entry.for_whom else "")


def written(entry: Entry, process: Process) -> tuple[tuple[str, str], ...]:
    """What was written in an entry, with each field's label; empty where it was removed."""
    said = words_of(entry)
    table = fields.specs(process)
    return tuple(
        (str(table.get(name, {}).get("label", "")), text)
        for name, text in said.items()
        if text and name not in UNWRITTEN
    )


def words_of(entry: Entry) -> dict[str, str]:
    """The words of an entry by field; empty where nothing was written or it was removed."""
    try:
        found: dict[str, str] = json.loads(entry.words.text)
    except Words.DoesNotExist:
        return {}
    return found


def _parts(process: Process, verb: str, facts: Mapping[str, Any], known: Names, now: datetime) -> list[str]:
    action, table = process.actions.get(verb), fields.specs(process)
    asked = [ask.name for ask in action.asks] if action else []
    parts = [
        _said(table[name], facts[name], process, known, now)
        for name in asked
        if name in facts and name in table and name not in UNSAID
    ]
    if facts.get("wait"):
        missed = "居民没有评" if facts["wait"] == "rate" else "到期没有办"
        parts.append(f"“{process.waits.get(facts['wait'], facts['wait'])}”{missed}")
    if facts.get("was") and facts.get("now"):
        moved = datetime.fromisoformat(facts["now"])
        parts.append(f"答应居民的时间改到 {moment_staff(moved, now)}")
    if facts.get("former"):
        parts.append(f"原来是{known.organisations.get(facts['former'], '别的单位')}")
    return [one for one in parts if one]


def _said(spec: Mapping[str, Any], value: Any, process: Process, known: Names, now: datetime) -> str:
    kind = spec["type"]
    if kind == "choice":
        return fields.choices(dict(spec), process).get(str(value), str(value)) if value != "normal" else ""
    if kind.startswith("organisation"):
        listed = value if isinstance(value, list) else [value]
        return "、".join(known.organisations.get(one, "") for one in listed)
    if kind == "persons":
        return f"提醒{'、'.join(known.persons.get(one, '') for one in value)}看"
    if kind == "category":
        return str(packs.load(process.pack).get(f"categories.leaf.{value}.label", value))
    if kind == "bool":
        return str(spec["label"]) if value else ""
    return _timed(kind, value, now)


def _timed(kind: str, value: Any, now: datetime) -> str:
    try:
        if kind == "term":
            return term_words(Term.parse(str(value)))
        if kind == "datetime":
            return moment_staff(datetime.fromisoformat(str(value)), now)
        if kind == "date":
            return f"{date.fromisoformat(str(value)):%m-%d}"
    except (ValueError, TermError):
        return str(value)
    return str(value)

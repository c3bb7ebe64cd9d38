"""Further questions per kind (``questions.toml``): which are asked, what an answer may be, what was answered.

Coded answers are facts of the report's entry; what somebody wrote stands in its words, under ``answers.<code>``.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from gongzhi.domains.incidents.queries.desk_lines import words_of
from gongzhi.domains.incidents.queries.desk_secrets import reads_words
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.models import Matter
from gongzhi.kernel.packs import Pack, load
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.fields import Written

NAME = "answers"
LONGEST = 200  # signs of an answer in somebody's own words, where the pack says nothing
NEITHER: tuple[Any, ...] = ("", None, [], ())


@dataclass(frozen=True)
class Question:
    """One question. ``type``: string, number, choice, multi or date; ``stop``: which answers want another door first;
    ``door`` is the number to ring there; ``why`` what the answer is for.
    """

    code: str
    label: str
    type: str
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    why: str = ""
    unit: str = ""
    longest: int = LONGEST
    least: float | None = None
    most: float | None = None
    stop: Mapping[str, str] = field(default_factory=dict)
    door: str = ""
    order: int = 0


@dataclass(frozen=True)
class Stop:
    """An answer that belongs to another door first: what to do, which number to ring."""

    code: str
    say: str
    door: str


@dataclass
class Cleaned:
    """Answers as a report takes them, faults as sentences by code, and doors that come first."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    stops: list[Stop] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """One answer as it is read: ``shown`` in words, ``value`` as it was given (code, codes, number, ISO day, text)."""

    code: str
    label: str
    shown: str
    value: Any


def of(category: str, pack: Pack) -> list[Question]:
    """The questions of a kind, those of its branches with them, in the pack's order."""
    named = set(_way(category, pack))
    rows = pack.table("questions").get("question", {})
    found = [_question(code, row) for code, row in rows.items() if named & set(row.get("of", ()))]
    return sorted(found, key=lambda one: (one.order, one.code))


def _way(category: str, pack: Pack) -> list[str]:
    """A kind and the branches above it."""
    table = pack.table("categories")
    row: Mapping[str, Any] = table.get("leaf", {}).get(category, {})
    way = [category] if row else []
    while (above := str(row.get("parent", ""))) and above not in way:
        way.append(above)
        row = table.get("branch", {}).get(above, {})
    return way


def _question(code: str, row: Mapping[str, Any]) -> Question:
    plain = {name: row[name] for name in Question.__dataclass_fields__ if name in row}
    return Question(**{**plain, "code": code})


def clean(category: str, pack: Pack, said: Mapping[str, Any]) -> Cleaned:
    """What was said (by code; ``multi`` a list) as answers of this kind. The rest is left out."""
    out = Cleaned()
    for one in of(category, pack):
        given = said.get(one.code)
        given = given.strip() if isinstance(given, str) else given
        if given in NEITHER:
            if one.required:
                out.errors[one.code] = f"请答一下“{one.label}”。"
            continue
        try:
            value = READERS[one.type](one, given)
        except ValueError as fault:
            out.errors[one.code] = str(fault)
            continue
        out.values[one.code] = value
        codes = value if isinstance(value, list) else [str(value)]
        out.stops += [Stop(one.code, one.stop[code], one.door) for code in codes if code in one.stop]
    return out


def _string(one: Question, given: Any) -> Written:
    if len(str(given)) > one.longest:
        raise ValueError(f"最多 {one.longest} 个字，现在有 {len(str(given))} 个。")
    return Written(given)


def _number(one: Question, given: Any) -> int | float:
    try:
        found = float(given)
    except (TypeError, ValueError):
        raise ValueError("这里写一个数，比如 16。") from None
    least = one.least if one.least is not None else -1e9
    most = one.most if one.most is not None else 1e9
    if not least <= found <= most:
        raise ValueError(f"这里写 {least:g} 到 {most:g} 之间的数。")
    return int(found) if found == int(found) else found


def _choice(one: Question, given: Any) -> str:
    if str(given) not in one.choices:
        raise ValueError(f"“{one.label}”里没有这一项，请重新选。")
    return str(given)


def _multi(one: Question, given: Any) -> list[str]:
    listed = given if isinstance(given, list | tuple) else [given]
    return sorted({_choice(one, code) for code in listed if code})


def _date(one: Question, given: Any) -> str:
    try:
        return date.fromisoformat(str(given)[:10]).isoformat()
    except ValueError:
        raise ValueError("日期写成 2026-11-30 这样。") from None


READERS: dict[str, Callable[[Question, Any], Any]] = {
    "string": _string,
    "number": _number,
    "choice": _choice,
    "multi": _multi,
    "date": _date,
}


def answers(matter: Matter, *, by: Acting, at: datetime) -> list[Answer]:
    """What was answered with a report, through the gate: nothing for who may not read the reporter's own words."""
    found = gate.one(matter.pk, by=by, at=at)
    if found is None or found[1] not in ("full", "own"):
        return []
    if found[1] == "full" and not reads_words(found[0], by):
        return []
    first = Entry.objects.filter(matter=matter.pk, seq=1).select_related("words").first()
    return told(first, load(matter.pack)) if first is not None else []


def told(entry: Entry, pack: Pack) -> list[Answer]:
    """The answers of a loaded report's entry, for who may read its words; one the pack dropped keeps its code."""
    rows = pack.table("questions").get("question", {})
    given: dict[str, Any] = dict(json.loads(entry.facts).get(NAME, {}))
    given |= {
        name.partition(".")[2]: text for name, text in words_of(entry).items() if name.startswith(f"{NAME}.")
    }
    found = [_question(code, {"label": code, "type": "string", **rows.get(code, {})}) for code in given]
    ordered = sorted(found, key=lambda one: (one.order, one.code))
    return [Answer(one.code, one.label, _shown(one, given[one.code]), given[one.code]) for one in ordered]


def shown(category: str, pack: Pack, values: Mapping[str, Any]) -> list[Answer]:
    """Answers not sent yet, as they will be read."""
    asked = [one for one in of(category, pack) if one.code in values]
    return [Answer(one.code, one.label, _shown(one, values[one.code]), values[one.code]) for one in asked]


def _shown(one: Question, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(one.choices.get(code, code) for code in value)
    if isinstance(value, int | float):
        return f"{value:g} {one.unit}".strip()
    return str(one.choices.get(str(value), value))

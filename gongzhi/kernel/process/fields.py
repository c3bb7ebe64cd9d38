"""What an action asks: typed fields declared once per domain in the pack, cleaned into values, facts and words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongzhi.kernel import packs
from gongzhi.kernel.clock.terms import Term, TermError
from gongzhi.kernel.ids import whole
from gongzhi.kernel.people.models import Organisation, Person
from gongzhi.kernel.people.phones import clean_phone
from gongzhi.kernel.process.page import Action, Process

FILES = ("photos", "voice", "video", "papers")
UNTOLD = (*FILES, "phone", "other_number", "row")  # no fact: it would tell of what a reader may not see
EMPTY: tuple[Any, ...] = (None, "", [], ())
Reader = Callable[[dict[str, Any], Any, Process], Any]


class Written(str):
    """One answer in a person's own words: it goes beside the chain, never into it."""


@dataclass
class Said:
    """Cleaned answers: ``values`` for guards and bodies, ``facts`` for the chain, ``words`` sealed beside it."""

    values: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def specs(process: Process) -> dict[str, dict[str, Any]]:
    """Field declarations of a process's domain, as they stand today."""
    table: dict[str, dict[str, Any]] = packs.load(process.pack).table("fields").get(process.name, {})
    return table


def clean(action: Action, process: Process, said: dict[str, Any]) -> Said:
    """Check and convert what was said. Every fault is a sentence under its field; nothing said is lost."""
    table, out = specs(process), Said()
    for ask in action.asks:
        spec, given = table.get(ask.name, {"type": "text", "label": ask.name}), said.get(ask.name)
        if isinstance(given, str):
            given = _writable(given).strip()
        if given in EMPTY:
            if ask.required:
                out.errors[ask.name] = missing(spec)
            continue
        try:
            _keep(out, ask.name, spec, _value(spec, given, process))
        except ValueError as fault:
            out.errors[ask.name] = str(fault)
    return out


def _writable(text: str) -> str:
    """Without what no database keeps: NUL, and half a sign (a lone surrogate, which JSON can carry)."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def missing(spec: dict[str, Any]) -> str:
    """The sentence for a field left empty."""
    label = spec.get("label", "")
    return (
        f"请选“{label}”。"
        if spec["type"] in ("choice", "organisation", "category", "term")
        else f"请写“{label}”。"
    )


def _keep(out: Said, name: str, spec: dict[str, Any], value: Any) -> None:
    kind = spec["type"]
    out.values[name] = value
    if kind == "words":
        out.words[name] = value
    elif kind == "answers":
        out.facts[name] = {code: one for code, one in value.items() if not isinstance(one, Written)}
        out.words |= {f"{name}.{code}": str(one) for code, one in value.items() if isinstance(one, Written)}
    elif kind not in UNTOLD:
        out.facts[name] = _fact(value)


def _fact(value: Any) -> Any:
    if isinstance(value, Organisation | Person):
        return value.pk
    if isinstance(value, list):
        return [_fact(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _value(spec: dict[str, Any], given: Any, process: Process) -> Any:
    reader: Reader = READERS.get(spec["type"], _text)
    return reader(spec, given, process)


def _text(spec: dict[str, Any], given: Any, process: Process) -> str:
    text, longest = str(given), int(spec.get("longest", 2000))
    if len(text) > longest:
        raise ValueError(f"最多 {longest} 个字，现在有 {len(text)} 个。")
    return text


def choices(spec: dict[str, Any], process: Process) -> dict[str, str]:
    """The choices of a field: its own, or the labels of a table of the pack."""
    if "choices_from" in spec:
        table = packs.load(process.pack).table(spec["choices_from"])
        rows = table.get(spec["choices_from"].rstrip("s"), table)
        return {key: row["label"] for key, row in rows.items() if isinstance(row, dict) and "label" in row}
    found: dict[str, str] = spec.get("choices", {})
    return found


def _choice(spec: dict[str, Any], given: Any, process: Process) -> str:
    if str(given) not in choices(spec, process):
        raise ValueError(f"“{spec['label']}”里没有这一项，请重新选。")
    return str(given)


def _organisation(spec: dict[str, Any], given: Any, process: Process) -> Organisation:
    return _organisations(spec, [given], process)[0]


def _organisations(spec: dict[str, Any], given: Any, process: Process) -> list[Organisation]:
    """Organisations that stand, in the order given (one statement for any number)."""
    wanted = [one for one in (given if isinstance(given, list | tuple) else [given]) if one not in EMPTY]
    ids = [whole(str(one)) for one in wanted if not isinstance(one, Organisation)]
    known = Organisation.objects.in_bulk([pk for pk in ids if pk is not None]) if any(ids) else {}
    return [one if isinstance(one, Organisation) else _standing(known, one) for one in wanted]


def _standing(known: dict[int, Organisation], given: Any) -> Organisation:
    found = known.get(whole(str(given)) or 0)
    if found is None:
        raise ValueError("没有这个单位，请重新选。")
    if found.valid_to and found.valid_to <= timezone.localdate():
        raise ValueError(f"{found}在 {found.valid_to:%Y-%m-%d} 已经撤销，请重新选。")
    return found


def _person(spec: dict[str, Any], given: Any, process: Process) -> Person:
    if isinstance(given, Person):
        return given
    found = Person.objects.filter(pk=whole(str(given)) or 0, is_active=True).first()
    if found is None:
        raise ValueError("没有这个人，请重新选。")
    return found


def _persons(spec: dict[str, Any], given: Any, process: Process) -> list[Person]:
    given = given if isinstance(given, list | tuple) else [given]
    return [_person(spec, one, process) for one in given if one not in EMPTY]


def _date(spec: dict[str, Any], given: Any, process: Process) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given)[:10])
    except ValueError:
        raise ValueError("日期写成 2026-11-30 这样。") from None


def _datetime(spec: dict[str, Any], given: Any, process: Process) -> datetime:
    try:
        moment = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError:
        raise ValueError("时间写成 2026-11-30 17:30 这样。") from None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _term(spec: dict[str, Any], given: Any, process: Process) -> str:
    try:
        return str(Term.parse(str(given)))
    except TermError as fault:
        raise ValueError(str(fault)) from None


def _category(spec: dict[str, Any], given: Any, process: Process) -> str:
    if str(given) not in packs.load(process.pack).table("categories").get("leaf", {}):
        raise ValueError("没有这个类别，请从列表里选一个。")
    return str(given)


def _bool(spec: dict[str, Any], given: Any, process: Process) -> bool:
    return given in (True, "true", "on", "1", "yes", 1)


def _phone(spec: dict[str, Any], given: Any, process: Process) -> str:
    return clean_phone(str(given))


def _papers(spec: dict[str, Any], given: Any, process: Process) -> Any:
    if all(getattr(one, "kind", "") == "paper" for one in given):
        return given
    raise ValueError("材料请在工作台上放。")


def _as_is(spec: dict[str, Any], given: Any, process: Process) -> Any:
    return given


READERS: dict[str, Reader] = {
    "choice": _choice,
    "organisation": _organisation,
    "organisations": _organisations,
    "person": _person,
    "persons": _persons,
    "date": _date,
    "datetime": _datetime,
    "term": _term,
    "category": _category,
    "bool": _bool,
    "phone": _phone,
    "photos": _as_is,
    "voice": _as_is,
    "video": _as_is,
    "answers": _as_is,
    "papers": _papers,
}

"""A process is a page of data: read from a pack, compiled with its terms, named by its digest."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from gongzhi.kernel.ledger.chain import sm3
from gongzhi.kernel.packs import Pack

LITERAL_TERM = re.compile(r"^\d+(wd|wh|h|d)(\+\d+(wd|wh|h|d))*$")
OPEN = "open"


@dataclass(frozen=True)
class Stage:
    """环节: label for staff, plain word for residents, and what rates make of it."""

    id: str
    label: str
    resident: str = ""
    counts: str = OPEN
    tag: str = "work"


@dataclass(frozen=True)
class Opening:
    """A wait that an action opens: what, at whose desk, for how long, and what follows when it is missed."""

    wait: str
    desk: str
    term: str = ""
    overdue: str = ""


@dataclass(frozen=True)
class Ask:
    """One thing an action asks; ``required`` unless its name ends in ``?`` on the page."""

    name: str
    required: bool


@dataclass(frozen=True)
class Action:
    """动作: who may take it from which stage, what it asks, what it opens, ends, promises and tells."""

    id: str
    label: str
    from_: tuple[str, ...] = ()
    to: str = ""
    by: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    needs: tuple[str, ...] = ()
    opens: tuple[Opening, ...] = ()
    ends: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    promise: str = ""
    also: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    each: str = ""
    quiet: bool = False
    grave: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Process:
    """流程: one compiled page. ``text`` is what is stored and hashed."""

    name: str
    label: str
    start: str
    pack: str
    private: bool
    stages: dict[str, Stage]
    actions: dict[str, Action]
    sees: dict[str, tuple[str, ...]]
    waits: dict[str, str]
    terms: dict[str, str]
    ladders: dict[str, tuple[dict[str, str], ...]]
    columns: dict[str, dict[str, str]]
    lasting: frozenset[str] = frozenset()
    blind: frozenset[str] = frozenset()
    text: str = field(repr=False, default="")

    @property
    def digest(self) -> str:
        """SM3 over the stored text."""
        return sm3(self.text.encode())

    def term(self, spec: str, category: str = "") -> str:
        """The term meant by ``4wh`` (as is), ``sign_in`` (by name) or ``@handle`` (the category's column)."""
        if not spec or LITERAL_TERM.match(spec):
            return spec
        if spec.startswith("@"):
            column = self.columns.get(category, {}).get(spec[1:], "")
            return column or self.terms.get(spec[1:], "")
        return self.terms.get(spec, "")

    def openings(self) -> list[tuple[Action, Opening]]:
        """Every wait any action can open."""
        return [(action, opening) for action in self.actions.values() for opening in action.opens]

    def taken_from(self, stage: str) -> list[Action]:
        """The actions that can be taken from a stage, in the order of the page."""
        return [action for action in self.actions.values() if stage in action.from_]


def read(pack: Pack, name: str) -> Process:
    """Compile the pack's page ``processes/<name>.toml``; call :func:`gongzhi.kernel.process.check.faults` first."""
    return compile_page(pack.process(name), pack)


def compile_page(raw: dict[str, Any], pack: Pack) -> Process:
    """Compile a merged page with the pack's terms, ladders and category columns, in the order of the page."""
    frozen = {
        "page": {key: value for key, value in raw.items() if key != "sees"},
        "terms": _terms(pack),
        "ladders": _ladders(pack),
        "columns": _columns(pack),
        "pack": pack.name,
    }
    return thaw(json.dumps(frozen, ensure_ascii=False, separators=(",", ":")), sees=raw.get("sees", {}))


def thaw(text: str, sees: dict[str, list[str]] | None = None) -> Process:
    """Rebuild a process from its stored text. ``sees`` is read as it stands today, never from the stored page."""
    frozen = json.loads(text)
    raw = frozen["page"]
    stages = {key: _stage(key, value) for key, value in raw.get("stage", {}).items()}
    open_stages = [stage.id for stage in stages.values() if stage.counts == OPEN]
    return Process(
        name=raw["name"],
        label=raw.get("label", raw["name"]),
        start=raw["start"],
        pack=frozen["pack"],
        private=bool(raw.get("private", False)),
        stages=stages,
        actions={key: _action(key, value, open_stages) for key, value in raw.get("action", {}).items()},
        sees={level: tuple(names) for level, names in (sees or {}).items()},
        waits={key: value["label"] for key, value in raw.get("wait", {}).items()},
        terms=frozen["terms"],
        ladders={key: tuple(steps) for key, steps in frozen["ladders"].items()},
        columns=frozen["columns"],
        lasting=frozenset(key for key, value in raw.get("wait", {}).items() if value.get("lasts")),
        blind=frozenset(key for key, value in raw.get("wait", {}).items() if value.get("blind")),
        text=text,
    )


def _stage(key: str, raw: dict[str, Any]) -> Stage:
    return Stage(
        id=key,
        label=raw["label"],
        resident=raw.get("resident", ""),
        counts=raw.get("counts", OPEN),
        tag=raw.get("tag", "work"),
    )


def _action(key: str, raw: dict[str, Any], open_stages: list[str]) -> Action:
    lists = ["by", "needs", "ends", "keeps", "pauses", "resumes", "also", "tells"]
    from_: list[str] = []
    for stage in raw.get("from", []):
        from_ += open_stages if stage == "*open" else [stage]
    return Action(
        id=key,
        label=raw["label"],
        from_=tuple(dict.fromkeys(from_)),
        to=raw.get("to", ""),
        asks=tuple(Ask(name.rstrip("?"), not name.endswith("?")) for name in raw.get("asks", [])),
        opens=tuple(Opening(**opening) for opening in raw.get("opens", [])),
        promise=raw.get("promise", ""),
        each=raw.get("each", ""),
        quiet=bool(raw.get("quiet", False)),
        grave=bool(raw.get("grave", False)),
        hint=raw.get("hint", ""),
        **{name: tuple(raw.get(name, [])) for name in lists},
    )


def _terms(pack: Pack) -> dict[str, str]:
    return {key: value["length"] for key, value in pack.table("terms").get("term", {}).items()}


def _ladders(pack: Pack) -> dict[str, list[dict[str, str]]]:
    return {key: value.get("steps", []) for key, value in pack.table("terms").get("ladder", {}).items()}


def _columns(pack: Pack) -> dict[str, dict[str, str]]:
    leaves = pack.table("categories").get("leaf", {})
    return {
        key: {**leaf.get("terms", {}), **({"promise": leaf["promise"]} if leaf.get("promise") else {})}
        for key, leaf in leaves.items()
        if leaf.get("terms") or leaf.get("promise")
    }

"""An act's form as templates draw it: fields with proposals and their rules, deadlines, who is told."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongzhi.domains.incidents.queries.desk_form import Form
from gongzhi.kernel import packs
from gongzhi.kernel.process.possible import Asked
from gongzhi.surfaces.fields import Choice, Field, bind
from gongzhi.surfaces.posted import Posted

TERMS = {"1wd": "1 个工作日", "2wd": "2 个工作日", "3wd": "3 个工作日", "5wd": "5 个工作日"}
CATEGORY_HINT = "按原话猜的，不对就改。"
RESULTS = {"pass_check": "核查结果", "send_back": "核查结果", "verify": "核实结果"}
LIKELY, OTHERS = "多半归这几家", "其他单位"
INTO = ("reply_done", "done_on_spot", "explanation", "note")  # where a phrase goes that names no field
MANY = 6  # organisations beyond so many stand folded


@dataclass(frozen=True)
class Phrase:
    """A ready text, the field it goes into, and what it is for."""

    text: str
    into: str
    label: str


@dataclass
class Drawn:
    """A form with everything beside it. ``folded`` fields stand closed; ``key`` is made where the form is drawn."""

    form: Form
    fields: list[Field]
    folded: list[Field]
    key: str
    phrases: list[Phrase] = field(default_factory=list)
    posted: Posted = field(default_factory=Posted)
    refusal: str = ""
    rule: str = ""

    @property
    def later(self) -> str:
        """What a phone calls it while it waits to be sent: of a check or a look, that there is a result."""
        act = self.form.act
        result = next((RESULTS[one] for one in act.chain if one in RESULTS), "")
        return result or act.label

    @property
    def wrong(self) -> list[dict[str, str]]:
        """What the box on top lists, where more than one field is wrong."""
        named = {one.name: one for one in [*self.fields, *self.folded]}
        return [
            {"anchor": named[name].id, "short": sentence}
            for name, sentence in self.posted.errors.items()
            if name in named
        ]


def draw(
    form: Form, pack: str, posted: Posted | None = None, key: str = "", *, secret: bool = False
) -> Drawn:
    """Bind a form to what was typed (or to its proposals) and to what is wrong. ``secret``: a summary is needed."""
    said = posted or Posted()
    bound = bind([_ask(form, one) for one in form.act.asks], said.typed if posted else None, said.errors)
    folded = [one for one in bound if _is_folded(one, secret)]
    return Drawn(
        form=form,
        fields=[one for one in bound if one not in folded],
        folded=folded,
        key=key or secrets.token_hex(16),
        phrases=phrases(form, pack),
        posted=said,
    )


def _is_folded(one: Field, secret: bool) -> bool:
    """What is seldom needed stands closed: many organisations, a summary nobody asked secrecy for."""
    many = one.type in ("organisations", "persons") and len(one.choices) > MANY
    seldom = (one.name == "summary" and not secret) or one.name == "assist_ask"
    return not one.required and not one.error and (many or seldom)


def _ask(form: Form, one: Asked) -> dict[str, Any]:
    choices: Any = form.offered.get(one.name) or one.choices
    if one.spec["type"] == "term" and not choices:
        choices = TERMS
    if named := form.likely.get(one.name):
        choices = _likely_first(choices, named)
    hint = CATEGORY_HINT if one.name == "category" else one.spec.get("hint", "")
    return {
        **one.spec,
        "hint": hint.removeprefix("可以不拍。"),
        "name": one.name,
        "required": one.required,
        "choices": choices,
        "value": form.proposed.get(one.name, ""),
        "rule": form.rules.get(one.name, ""),
    }


def _likely_first(pairs: Iterable[tuple[str, str]], named: Sequence[str]) -> list[Choice]:
    """Choices in two groups: the likely ones, in their order, and the others."""
    labels = dict(pairs)
    first = [Choice(value, labels[value], group=LIKELY) for value in named if value in labels]
    return first + [Choice(v, label, group=OTHERS) for v, label in labels.items() if v not in named]


def phrases(form: Form, pack: str) -> list[Phrase]:
    """Ready phrases for the hurried hand, by the field each belongs in; to be edited before they go out."""
    act, table = form.act, packs.load(pack).table("canned").get("canned", {})
    written = [ask.name for ask in act.asks if ask.spec["type"] == "words"]
    found = [Phrase(one, "reply_done", "引用协办") for one in form.quotes]
    for key, row in table.items():
        fits = set(row.get("for", ())) & set(act.chain)
        if not fits or not written or form.category not in (row.get("leaves") or (form.category,)):
            continue
        into = key if key in written else next((one for one in written if one in INTO), written[-1])
        found += [Phrase(one, into, row["label"]) for one in row["phrases"]]
    return found

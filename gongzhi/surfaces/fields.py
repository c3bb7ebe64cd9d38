"""One shape for every question a form asks, whatever surface shows it, made from a process page's typed fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongzhi.kernel.process.possible import Asked

CHOICE_CHIPS = 5  # up to so many short answers stand side by side; more become a list
LONGEST_CHIP = 10  # signs
WRITTEN = {
    "words": "textarea",
    "photos": "photos",
    "voice": "voice",
    "video": "video",
    "bool": "bool",
    "phone": "phone",
    "date": "date",
    "papers": "papers",
    "row": "hidden",
}
PICKED = {"choice", "category", "organisation", "area", "person", "term"}


@dataclass(frozen=True)
class Choice:
    """One answer: what is sent, what is read, a line under it, and in a long list the group it stands in."""

    value: str
    label: str
    hint: str = ""
    group: str = ""


@dataclass(frozen=True)
class Field:
    """A question: its type, its words, what was typed so far and what is wrong with it (a sentence or "").

    ``picks`` names a datalist of the page from which the browser helps to fill it in.
    """

    name: str
    label: str
    type: str = "text"
    hint: str = ""
    required: bool = False
    choices: Sequence[Choice] = ()
    value: Any = ""
    error: str = ""
    longest: int | None = None
    unit: str = ""
    rule: str = ""
    picks: str = ""
    chips: bool = field(default=False)

    @property
    def shape(self) -> str:
        """Which piece draws it: textarea, chips, select, checks, photos, voice, bool, phone, date, number or text."""
        if self.type in ("choices", "organisations", "persons"):
            return "checks"
        if self.type in PICKED and (self.choices or self.type != "term"):
            return "chips" if self.chips or self._short() else "select"
        return WRITTEN.get(self.type, self.type if self.type in ("number", "datetime") else "text")

    @property
    def id(self) -> str:
        """The control's id, also the anchor of the error box."""
        return f"f-{self.name}"

    @property
    def values(self) -> list[str]:
        """What is chosen, as a list, for questions with several answers."""
        return [str(one) for one in self.value] if isinstance(self.value, list | tuple) else [str(self.value)]

    def _short(self) -> bool:
        few = self.type in ("choice", "term") and 0 < len(self.choices) <= CHOICE_CHIPS
        return few and all(len(one.label) <= LONGEST_CHIP for one in self.choices)


def bind(
    asks: Sequence[Mapping[str, Any]],
    said: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Field]:
    """Fields for the template from what the door asks.

    ``asks``: mappings with name, label, type, hint, required, choices (mapping or pairs), longest, value (prefilled),
    rule (the rule behind a prefilled value). ``said``: what was typed. ``errors``: sentences by name.
    """
    return [_bound(ask, said or {}, errors or {}) for ask in asks]


def from_door(
    asked: Sequence[Asked], said: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None
) -> list[Field]:
    """Fields for the template from the fields of a :class:`~gongzhi.kernel.process.possible.Possible`."""
    asks = [{**one.spec, "name": one.name, "required": one.required, "choices": one.choices} for one in asked]
    return bind(asks, said, errors)


def _bound(ask: Mapping[str, Any], said: Mapping[str, Any], errors: Mapping[str, str]) -> Field:
    name = str(ask["name"])
    return Field(
        name=name,
        label=str(ask.get("label", name)),
        type=str(ask.get("type", "text")),
        hint=str(ask.get("hint", "")),
        required=bool(ask.get("required", False)),
        choices=choices(ask.get("choices") or ()),
        value=said.get(name, ask.get("value", "")),
        error=errors.get(name, ""),
        longest=ask.get("longest"),
        unit=str(ask.get("unit", "")),
        rule=str(ask.get("rule", "")),
        picks=str(ask.get("picks", "")),
    )


def choices(raw: Any) -> list[Choice]:
    """Choices from a mapping value → label, from pairs, or from Choice objects."""
    pairs = raw.items() if isinstance(raw, Mapping) else raw
    return [one if isinstance(one, Choice) else Choice(str(one[0]), str(one[1])) for one in pairs]

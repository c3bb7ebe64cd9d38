"""What may be done next, and why not: the buttons of every surface and the API's list of possible actions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongzhi.kernel.ids import new_id
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import fields, registry
from gongzhi.kernel.process.deed import Deed, Work
from gongzhi.kernel.process.page import Action, Process
from gongzhi.kernel.process.standing import may_hold, refused_everywhere, standing
from gongzhi.kernel.process.verdict import Denied

AUTOMATIC = ("clock",)
NOT_STAFF = {"reporter", "follower", "public", "clock"}


@dataclass(frozen=True)
class Asked:
    """A field of an action's form: name, declaration as it stands today, whether it must be said."""

    name: str
    spec: dict[str, Any]
    required: bool
    choices: dict[str, str]


@dataclass(frozen=True)
class Possible:
    """An action as this hand finds it: ``state`` is now, not_yet (a condition), not_now (stage) or not_yours."""

    action: str
    label: str
    state: str
    why: str
    rule: str
    hint: str
    grave: bool
    fields: tuple[Asked, ...]

    @property
    def allowed(self) -> bool:
        """Whether the button stands."""
        return self.state == "now"


def possible(work: Work, *, by: Acting, at: datetime, among: Collection[str] | None = None) -> list[Possible]:
    """Every action of the process that is a person's, with whether this hand may take it now and why not.

    ``among``: only these are judged, where a list has room for few.
    """
    if refused_everywhere(work.ties, by) or not may_hold(work.matter, by, work.matter.pack):
        return []
    found = []
    for action in work.process.actions.values():
        if set(action.by) <= set(AUTOMATIC) or not action.from_:
            continue
        if among is not None and action.id not in among:
            continue
        state, why, rule = _state(work, action, by, at)
        if state == "hidden":
            continue
        asked = tuple(asked_of(action, work.process)) if state in ("now", "not_yet") else ()
        found.append(Possible(action.id, action.label, state, why, rule, action.hint, action.grave, asked))
    return found


def _state(work: Work, action: Action, by: Acting, at: datetime) -> tuple[str, str, str]:
    role = standing(work, action, by)
    if role is None:
        return ("hidden", "", "") if set(action.by) <= NOT_STAFF else ("not_yours", "不归您。", "")
    if work.matter.stage not in action.from_:
        stage = work.process.stages[work.matter.stage].label
        return "not_now", f"现在是“{stage}”。", ""
    deed = Deed(work, action, by, at, role, Entry(id=new_id()), {})
    for name in action.needs:
        verdict = registry.GUARDS[name.lstrip("~")](deed)
        if isinstance(verdict, Denied):
            return ("hidden" if name.startswith("~") else "not_yet"), verdict.reason, verdict.rule
    return "now", "", ""


def kept_back(work: Work, action: Action, role: str, by: Acting, at: datetime) -> bool:
    """Whether an action is the variant that is not meant here (``~`` of its ``needs``), and so has no button at all."""
    deed = Deed(work, action, by, at, role, Entry(id=new_id()), {})
    variants = [name.lstrip("~") for name in action.needs if name.startswith("~")]
    return any(isinstance(registry.GUARDS[name](deed), Denied) for name in variants)


def asked_of(action: Action, process: Process) -> list[Asked]:
    """The fields of an action's form, as they are declared today."""
    table = fields.specs(process)
    asked = []
    for ask in action.asks:
        spec = table.get(ask.name, {"type": "text", "label": ask.name})
        asked.append(Asked(ask.name, spec, ask.required, fields.choices(spec, process)))
    return asked

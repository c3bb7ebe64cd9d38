"""Acts short enough for the list: a yes or no that is awaited of this hand, and what needs no word at all. Pure."""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.domains.incidents.queries.desk_rows import Row
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.page import Action
from gongzhi.kernel.process.possible import kept_back
from gongzhi.kernel.process.standing import at_desk, standing

YES_OR_NO = 2


@dataclass(frozen=True)
class Quick:
    """An act offered on a row. ``plain``: taken at once; else its form opens. The door decides either way."""

    id: str
    label: str
    plain: bool


def quick(row: Row, by: Acting, at: datetime) -> list[Quick]:
    """The acts that answer the row's own wait, where there is one without a question or there are just two.

    Of variants that guards tell apart only the one that is meant here, as on the matter's page.
    """
    wait, work = row.wait, row.work
    if wait is None or row.level != "full" or not at_desk(wait, by, work.matter.pack):
        return []
    found = [
        action
        for action in work.process.actions.values()
        if wait.what in action.ends and _open_to(row, action, by, at)
    ]
    told = [Quick(one.id, one.label, not any(ask.required for ask in one.asks)) for one in found]
    return told if len(told) == YES_OR_NO or (len(told) == 1 and told[0].plain) else []


def _open_to(row: Row, action: Action, by: Acting, at: datetime) -> bool:
    if action.grave or row.matter.stage not in action.from_:
        return False
    role = standing(row.work, action, by)
    return role is not None and not kept_back(row.work, action, role, by, at)

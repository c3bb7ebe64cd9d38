"""The form a clerk fills in while somebody talks: what it asks, what the words bring up, what it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localtime

from gongzhi.domains.incidents import suggest
from gongzhi.domains.incidents.actions import Contact, Report
from gongzhi.domains.incidents.queries import desk_report, knowledge, questions
from gongzhi.domains.incidents.queries.knowledge import Card
from gongzhi.domains.incidents.queries.questions import Stop
from gongzhi.domains.incidents.suggest import Danger, Exit
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces import asking
from gongzhi.surfaces.fields import Field, bind
from gongzhi.surfaces.posted import Posted
from gongzhi.surfaces.workbench import reporting
from gongzhi.surfaces.workbench.reporting import Way

LEFT_OUT = ("channel", "photos", "video", "phone", "consent")


@dataclass(frozen=True)
class Brought:
    """What the words bring up: danger first, a door elsewhere, the kind with its questions, cards to answer from."""

    danger: Danger | None
    exit: Exit | None
    leaf: str
    label: str
    because: str
    cards: list[Card]


def brought(words: str, chosen: str, pack: Pack, at: datetime) -> Brought:
    """Read the words with the desk's pack."""
    guess = desk_report.guess(words, pack)
    leaf = chosen or guess.leaf
    label = str(pack.get(f"categories.leaf.{leaf}.label", "")) if leaf else ""
    return Brought(
        danger=suggest.danger(words, pack),
        exit=suggest.exit_for(words, pack) or (suggest.exit_of(leaf, pack) if leaf else None),
        leaf=leaf,
        label=label,
        because=guess.because.replace("您", "") if leaf == guess.leaf else "",
        cards=knowledge.find(words, leaf, pack, localtime(at).date()),
    )


def way(by: Acting, at: datetime, pack: Pack, found: Sequence[tuple[str, str]] = ()) -> Way:
    """The fields of a report for somebody, without those a call or a session answers by itself."""
    whole = reporting.way("behalf", by, at, pack, found)
    asks = [replace(one, required=one.name == "words") for one in whole.asks if one.name not in LEFT_OUT]
    return Way("behalf", asks, whole.more)


def bound(chosen: Way, said: Posted) -> tuple[list[Field], list[Field]]:
    """The fields with what was typed and what is wrong."""
    rows = [
        [{**one.spec, "name": one.name, "required": one.required, "choices": one.choices} for one in asks]
        for asks in (chosen.asks, chosen.more)
    ]
    return bind(rows[0], said.typed, said.errors), bind(rows[1], said.typed, said.errors)


def first(request: HttpRequest, kind: str, told: dict[str, Any], pack: Pack) -> list[Stop]:
    """Doors that come before a report, where nobody has said yet that they were rung."""
    if asking.CALLED in request.POST:
        return []
    return questions.clean(kind, pack, told).stops


def report_of(
    said: Posted,
    area: Area,
    pack: Pack,
    channel: str,
    number: str,
    told: dict[str, Any],
    fair: int | None = None,
) -> Report:
    """The report an answered form means; ``number`` is the one to tell, with its owner's yes."""
    made = reporting.report_of(said, "behalf", pack, area, None, told)
    contact = made.contact
    kept = Contact(number, contact.who_may_see, contact.wants_call, contact.told_by) if number else Contact()
    return replace(
        made, channel=channel, contact=kept, consent=bool(number), subject=f"fair:{fair}" if fair else ""
    )

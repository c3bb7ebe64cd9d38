"""What a whistle begins with: taken over from the matter it comes from, so that nothing is typed twice."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localtime

from gongzhi.domains.whistles import actions, lines
from gongzhi.domains.whistles.row import KIND
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import Process
from gongzhi.kernel.process.possible import Asked, asked_of
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.models import LEVELS, Area
from gongzhi.kernel.territory.packing import pack_name

SHOWN = 12  # steps of the matter that are put together
CALLERS = {"district_dispatcher": "district", "district_chief": "district"}


@dataclass(frozen=True)
class Start:
    """A whistle about to be asked for: by which action, what it asks, what is known already, whom one may want."""

    action: str
    label: str
    hint: str
    asks: list[Asked]
    area: Area
    matter: Matter | None = None
    tried: str = ""
    need: str = ""
    units: list[tuple[str, str]] = field(default_factory=list)
    running: Matter | None = None


def start(*, by: Acting, at: datetime, incident: int | None = None) -> Start | None:
    """What the form needs; None where the matter does not exist for this hand. NotYours where it may not ask."""
    found = gate.one(incident, by=by, at=at) if incident is not None else None
    if incident is not None and (found is None or found[1] != "full" or found[0].matter.kind != "incident"):
        return None
    matter = found[0].matter if found else None
    own = by.mandate.area if by.mandate else None
    area = matter.area if matter else own
    pack = pack_name(area)
    name = actions.opening(by, pack)
    assert area is not None, "who may ask has an area"
    process = current(pack, KIND)
    action = process.actions[name]
    return Start(
        name,
        action.label,
        action.hint,
        asked_of(action, process),
        area,
        matter,
        tried(matter) if matter else "",
        f"{matter.title}，请到现场一起办。" if matter else "",
        callable_from(area, caller_level(process), pack),
        Matter.objects.filter(parent=matter, kind=KIND, counts="open").first() if matter else None,
    )


def offered(matter: Matter, *, by: Acting) -> str:
    """The words of the button on a matter's page; "" where this hand may not ask for a whistle on it."""
    if matter.kind != "incident" or matter.private or matter.counts != "open":
        return ""
    return label(by, matter.pack)


def label(by: Acting, pack: str = "") -> str:
    """The words by which this hand asks for a whistle in its own area; "" where it may not."""
    pack = pack or pack_name(by.mandate.area if by.mandate else None)
    try:
        name = actions.opening(by, pack)
    except Refusal:
        return ""
    return current(pack, KIND).actions[name].label


def caller_level(process: Process) -> str:
    """The level that calls, by the page: the district's centre, or the community itself."""
    return "district" if set(process.actions["call"].by) & set(CALLERS) else "community"


def callable_from(area: Area, level: str, pack: str) -> list[tuple[str, str]]:
    """Living organisations around an area that the level may call, by kind and name (one statement)."""
    kinds = lines.kinds_called(level, packs.load(pack))
    ids = [int(one) for one in area.path.strip("/").split("/")]
    near = Organisation.objects.filter(Q(area__in=ids) | Q(serves__in=ids), valid_to=None, kind__in=kinds)
    rows = sorted(near.distinct(), key=lambda one: (kinds.index(one.kind), one.pk))
    return [(str(one.pk), one.name) for one in rows]


def tried(matter: Matter) -> str:
    """What was done so far, from the matter's ledger: days, organisations, acts; no person, no words."""
    entries = list(Entry.objects.filter(matter=matter).order_by("seq"))
    process = current(matter.pack, matter.kind)
    told = [one for one in entries if one.acting_as.startswith("mandate:") and _moves(one, process)]
    ids = {int(one.acting_as.removeprefix("mandate:")) for one in told}
    held = Mandate.objects.select_related("organisation").in_bulk(ids)
    units = Organisation.objects.in_bulk({pk for one in told if isinstance(pk := _facts(one).get("to"), int)})
    said = []
    for one in told[-SHOWN:]:
        mandate = held.get(int(one.acting_as.removeprefix("mandate:")))
        who = str(mandate.organisation) if mandate and mandate.organisation else ""
        to = units.get(_facts(one).get("to", 0))
        label = process.actions[one.verb].label
        said.append(f"{localtime(one.at):%m-%d} {who}{label}{f'（{to}）' if to else ''}")
    return "；".join(said) + ("。" if said else "")


def _moves(entry: Entry, process: Process) -> bool:
    action = process.actions.get(entry.verb)
    return action is not None and not action.quiet and bool(action.from_)


def _facts(entry: Entry) -> dict[str, int]:
    found: dict[str, int] = json.loads(entry.facts)
    return found


def codes(area: Area) -> list[str]:
    """The codes of an area and those above it (one statement)."""
    ids = [int(one) for one in area.path.strip("/").split("/")]
    rows = Area.objects.filter(pk__in=ids, level__in=LEVELS).exclude(code="")
    return list(rows.values_list("code", flat=True))

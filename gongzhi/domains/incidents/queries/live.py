"""What just happened in an area: when, which act, what kind, which community. Never a person, a place or a word."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from gongzhi.domains.incidents.queries import scope
from gongzhi.domains.incidents.queries.figures import kind_label
from gongzhi.kernel.ids import first_id
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.versions import pinned
from gongzhi.kernel.territory.models import Area

SHOWN = 6
BACK = timedelta(days=2)
QUIET = (
    *("file", "archive", "rate", "note", "called", "correct", "remind", "nudge", "raise", "recompute"),
    *("forget_contact", "remove_words", "rehome", "withdraw", "disagree", "ask_to_ring", "rang", "no_answer"),
)


@dataclass(frozen=True)
class Happened:
    """One line: the entry's id, its matter's, when, the act's name, kind and community."""

    id: str
    matter: str
    at: datetime
    act: str
    kind: str
    community: str

    @property
    def words(self) -> str:
        """``路灯不亮，某社区``."""
        return "，".join(part for part in (self.kind, self.community) if part)


def live(area: Area, *, by: Acting, at: datetime, limit: int = SHOWN) -> list[Happened]:
    """The last acts in an area, the newest first (three statements). What is about persons is not among them."""
    open_to_all = scope.inside(area, by=by, at=at).filter(gate.public(), pk=OuterRef("matter"))
    rows = Entry.objects.filter(
        Exists(open_to_all), id__gte=first_id(at - BACK), at__gte=at - BACK, at__lte=at
    )
    newest = list(rows.exclude(verb__in=QUIET).order_by("-at", "-id")[:limit])
    found = Matter.objects.select_related("community").in_bulk({entry.matter_id or 0 for entry in newest})
    return [_line(entry, found[entry.matter_id or 0]) for entry in newest]


def _line(entry: Entry, matter: Matter) -> Happened:
    action = pinned(matter.process_id).actions.get(entry.verb)
    community = matter.community.name if matter.community else ""
    return Happened(
        str(entry.pk), str(matter.pk), entry.at, action.label if action else "", kind_label(matter), community
    )

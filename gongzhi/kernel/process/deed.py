"""One action being taken (:class:`Deed`) and all that one transaction changes on a matter (:class:`Work`)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongzhi.kernel.ids import new_id
from gongzhi.kernel.indicators.models import PRIVATE
from gongzhi.kernel.ledger.deletions import Deletion
from gongzhi.kernel.ledger.models import Attachment, Delivery, Entry, Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter, Tie, Wait
from gongzhi.kernel.process.page import Action, Process


@dataclass(frozen=True)
class Desk:
    """Where something is awaited: a role over an area, or an organisation, or the reporter (neither)."""

    role: str = ""
    area_id: int | None = None
    org_id: int | None = None


@dataclass
class Work:
    """The matter under lock with its living ties and open waits, and every row this transaction will write.

    ``beside``: all matters locked with it, by id, as they stand in this transaction.
    """

    matter: Matter
    process: Process
    ties: list[Tie]
    waits: list[Wait]
    new: bool = False
    entries: list[Entry] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    saves: list[Callable[[], Any]] = field(default_factory=list)
    erasures: list[tuple[Deletion, datetime]] = field(default_factory=list)
    before: tuple[str, int | None, int | None, str] = ("", None, None, "")
    beside: dict[int, "Work"] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.known_ties = {tie.pk for tie in self.ties} if not self.new else set()
        self.known_waits = {wait.pk: _picture(wait) for wait in self.waits} if not self.new else {}
        counts, area_id, holder_id, kind = self.standing()
        self.before = ("" if self.new else counts, area_id, holder_id, kind)

    def standing(self) -> tuple[str, int | None, int | None, str]:
        """Where roll-ups count the matter: class, area, holder, and its kind, private ones apart."""
        kind = f"{self.matter.kind}{PRIVATE}" if self.matter.private else self.matter.kind
        return self.matter.counts, self.matter.area_id, self.holder_id, kind

    @property
    def holder_id(self) -> int | None:
        """The organisation that holds the matter now."""
        tie = self.tie("holder")
        return tie.organisation_id if tie else None

    def tie(self, role: str) -> Tie | None:
        """The living tie of a role, the latest if several."""
        living = [tie for tie in self.ties if tie.role == role and tie.until is None]
        return living[-1] if living else None

    def living_ties(self, role: str) -> list[Tie]:
        """All living ties of a role."""
        return [tie for tie in self.ties if tie.role == role and tie.until is None]

    def open_waits(self, what: str = "") -> list[Wait]:
        """Waits still open, of one kind or all."""
        return [wait for wait in self.waits if wait.ended_at is None and (not what or wait.what == what)]

    def new_ties(self) -> list[Tie]:
        """Ties this transaction adds."""
        return [tie for tie in self.ties if tie.pk not in self.known_ties]

    def ended_ties(self) -> list[Tie]:
        """Ties this transaction ends."""
        return [tie for tie in self.ties if tie.pk in self.known_ties and tie.until is not None]

    def new_waits(self) -> list[Wait]:
        """Waits this transaction opens."""
        return [wait for wait in self.waits if wait.pk not in self.known_waits]

    def changed_waits(self) -> list[Wait]:
        """Waits known before that this transaction ends, pauses, extends or moves."""
        return [w for w in self.waits if w.pk in self.known_waits and _picture(w) != self.known_waits[w.pk]]

    def only_ended(self, wait: Wait) -> bool:
        """Whether nothing of a known wait changed but that it ended."""
        return _picture(wait)[:-1] == self.known_waits[wait.pk][:-1]


def _picture(wait: Wait) -> tuple[Any, ...]:
    names = ("desk_role", "desk_area_id", "desk_org_id", "person_id", "term", "pauses", "due_at", "step")
    return (*(getattr(wait, name) for name in names), wait.next_at, wait.provisional, wait.ended_at)


@dataclass
class Deed:
    """An action in the making. Guards read it; a domain's body may change the matter, its ties and waits through it."""

    work: Work
    action: Action
    by: Acting
    at: datetime
    role: str
    entry: Entry
    said: dict[str, Any]
    words: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    tells: list[str] = field(default_factory=list)
    before: str = ""
    done_at: datetime | None = None

    @property
    def counted(self) -> datetime:
        """The moment that counts for punctuality: when it was done, within the pack's limit, else its receipt."""
        return self.done_at or self.at

    @property
    def matter(self) -> Matter:
        """The matter under lock."""
        return self.work.matter

    @property
    def process(self) -> Process:
        """The matter's pinned process."""
        return self.work.process

    def add_tie(self, role: str, *, organisation_id: int | None = None, person_id: int | None = None) -> Tie:
        """Tie an organisation, a person or (with neither) a receipt to the matter."""
        tie = Tie(
            id=new_id(),
            matter_id=self.matter.pk,
            role=role,
            organisation_id=organisation_id,
            person_id=person_id,
            since=self.at,
        )
        self.work.ties.append(tie)
        return tie

    def end_ties(self, role: str) -> None:
        """End every living tie of a role."""
        for tie in self.work.living_ties(role):
            tie.until = self.at

    def set_tie(self, role: str, organisation_id: int | None) -> None:
        """One organisation holds the role from now on, whoever held it before."""
        held = self.work.tie(role)
        if held is not None and held.organisation_id == organisation_id:
            return
        self.end_ties(role)
        if organisation_id is not None:
            self.add_tie(role, organisation_id=organisation_id)

    def end_waits(self, *whats: str) -> None:
        """End open waits of these kinds by this entry."""
        for wait in self.work.open_waits():
            if wait.what in whats:
                self.end(wait)

    def end(self, wait: Wait) -> None:
        """End a wait by this entry, at the moment that counts."""
        wait.ended_by_id, wait.ended_at = self.entry.pk, max(wait.since, self.counted)

    def after_rows(self, save: Callable[[], Any]) -> None:
        """A domain's own row, written in the same transaction once the kernel's rows stand."""
        self.work.saves.append(save)

"""What a resident reads of their own matter: five plain states, the promise, the road, the answer."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import questions
from gongzhi.domains.incidents.queries.joined import met
from gongzhi.domains.incidents.queries.looks import REVEAL, looks
from gongzhi.domains.incidents.queries.states import SIDES, STATES, kind_of, side_of, state_of
from gongzhi.domains.incidents.queries.told import Teller
from gongzhi.kernel.clock import speak
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.models import Attachment, Entry, Receipt
from gongzhi.kernel.packs import load
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.phones import mask_phone
from gongzhi.kernel.people.roster import office_line
from gongzhi.kernel.people.secrets import unseal
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.possible import possible

RATED = "办完了，您评价过了"
MINE = ("report", "add", "again")
JOINED = ("merged", "gathered")  # stages in which another matter goes on for this one
READS = ("own", "code")  # levels of the gate that open this page; who follows has a course of its own
REPLY_STAGES = ("resolved", "closed", "archived", "explained")


@dataclass(frozen=True)
class Shot:
    """A picture: attachment id, what it shows, when it was taken in."""

    id: str
    caption: str
    when: datetime


@dataclass(frozen=True)
class Passed:
    """One step of the road behind: when, in plain words, and what was written to the resident."""

    at: datetime
    sentence: str
    words: str
    verb: str


@dataclass(frozen=True)
class Changed:
    """A promise that moved: from, to, why, who agreed."""

    was: datetime
    now: datetime
    why: str
    agreed_by: str


@dataclass(frozen=True)
class Reply:
    """The answer in four parts, and who gave it."""

    asked: str
    done: str
    now: str
    again: str
    unit: str
    at: datetime
    after: tuple[Shot, ...]


@dataclass(frozen=True)
class Follow:
    """Everything on the follow page. ``state`` 1–5; ``side`` empty or one of the side ends.

    ``met_with``: another matter goes on for this one."""

    matter: str
    number: str
    title: str
    place: str
    kind: str
    opened_at: datetime
    stage: str
    state: int
    side: str
    side_sentence: str
    look_again_on: date | None
    statement: str
    promised_at: datetime | None
    left: str
    then: str
    changed: Changed | None
    steps: tuple[tuple[str, datetime | None], ...]
    road: tuple[Passed, ...]
    words: str
    photos: tuple[Shot, ...]
    voice: str
    answers: tuple[questions.Answer, ...]
    videos: tuple[Shot, ...]
    looked: tuple[tuple[str, datetime, str], ...]
    reply: Reply | None
    can: frozenset[str]
    rated: Incident | None
    rate_until: datetime | None
    seen: int
    phone: str
    contact: str
    who_may_see: str
    provisional: bool = False
    met: int = 1
    met_with: bool = False
    over: bool = False
    rows: dict[str, Any] = field(default_factory=dict, repr=False)


def follow(receipt: Receipt, *, by: Acting, at: datetime, mode: str) -> Follow | None:
    """The page for ``mode`` own (link on the own device), read (number and digits) or shared (no words, no photos)."""
    found = gate.one(receipt.matter_id, by=by, at=at)
    if found is None or found[1] not in READS:
        return None
    work, _ = found
    return _Page(work, receipt, by, at, mode).follow()


NOT_SENT: dict[str, Any] = {"words": "", "photos": (), "voice": "", "answers": (), "videos": ()}
NOT_OWN: dict[str, Any] = {"looked": (), "can": frozenset(), "rated": None, "contact": ""}


class _Page:
    """The rows one follow page is made of, each read once."""

    def __init__(self, work: Work, receipt: Receipt, by: Acting, at: datetime, mode: str) -> None:
        self.work, self.matter, self.receipt = work, work.matter, receipt
        self.by, self.at, self.mode = by, at, mode
        rows = Entry.objects.filter(matter=self.matter).order_by("seq")
        self.entries = list(rows.select_related("words"))
        self.incident = Incident.objects.get(pk=self.matter.pk)
        self.teller = Teller(work, self.incident, at, self.entries)
        self.files = list(Attachment.objects.filter(matter=self.matter, removed_at=None).order_by("id"))
        self.stage = work.process.stages[self.matter.stage]

    def follow(self) -> Follow:
        matter = self.matter
        return Follow(
            matter=str(matter.pk),
            number=matter.number,
            title=matter.title if self.mode != "shared" else self.kind_label(),
            place=self.teller.place(),
            kind=self.kind_label(),
            opened_at=matter.opened_at,
            stage=matter.stage,
            state=self.state(),
            side=side_of(matter.stage, self.stage.resident),
            side_sentence=self.teller.say(self.last_change()) if self.stage.resident in SIDES else "",
            look_again_on=self.incident.look_again_on,
            statement=RATED if self.over() else self.teller.statement(),
            over=self.over() or matter.stage == "archived",
            changed=self.changed(),
            steps=self.steps(),
            road=tuple(reversed(self.road())),
            reply=self.reply(),
            rate_until=next((w.due_at for w in self.work.open_waits("rate")), None),
            seen=matter.seq,
            phone=office_line(matter.community_id) or office_line(matter.street_id),
            who_may_see=self.receipt.who_may_see,
            provisional=any(w.provisional for w in self.work.open_waits("handle")),
            **self.told_when(),
            **self.by_mode(),
        )

    def by_mode(self) -> dict[str, Any]:
        """What was said (not on a shared link), and what only the own hand sees."""
        said = dict(self.sent() if self.mode != "shared" else NOT_SENT)
        said |= {"met": met([self.matter.pk])[self.matter.pk], "met_with": self.matter.stage in JOINED}
        return {**said, **(self.own_hand() if self.mode == "own" else NOT_OWN)}

    def told_when(self) -> dict[str, Any]:
        """What was promised, how much of it is left, and what comes after."""
        promised, open_now = self.matter.promised_at, self.matter.counts == "open"
        left = speak.left(promised, self.at, calendar_for(self.matter.pack)) if promised and open_now else ""
        then = "办好后有人去现场核查，再请您评价。" if open_now else ""
        return {"promised_at": promised, "left": left, "then": then}

    def sent(self) -> dict[str, Any]:
        """What the reporter wrote and took; a shared link shows none of it."""
        voice = next((shot.id for shot in self.shots(MINE, "voice")), "")
        told = tuple(questions.told(self.entries[0], load(self.matter.pack))) if self.entries else ()
        said = {"words": self.written("words"), "photos": self.shots(MINE, "photo")}
        return {**said, "voice": voice, "answers": told, "videos": self.shots(MINE, "video")}

    def own_hand(self) -> dict[str, Any]:
        """What only the reporter's own hand sees and may do."""
        phone = self.receipt.phone_enc
        return {
            "looked": self.looked(),
            "can": self.can(),
            "rated": self.incident if self.incident.rated_at else None,
            "contact": mask_phone(unseal(phone)) if phone else "",
        }

    def kind_label(self) -> str:
        return kind_of(self.matter)

    def state(self) -> int:
        if self.over():
            return len(STATES)
        return state_of(self.matter.stage, self.stage.resident, self.incident.rated_at is not None)

    def over(self) -> bool:
        """Rated, and nobody has to look at it again."""
        rated = self.incident.rated_at is not None
        return rated and self.matter.stage in ("resolved", "closed", "archived")

    def last_change(self) -> Entry:
        changes = [entry for entry in self.entries if entry.before != entry.after]
        return changes[-1] if changes else self.entries[-1]

    def changed(self) -> Changed | None:
        moved = [
            e
            for e in self.entries
            if e.verb in ("grant_extension", "resume", "recompute") and '"was"' in e.facts
        ]
        if not moved:
            return None
        facts = json.loads(moved[-1].facts)
        was, now = datetime.fromisoformat(facts["was"]), datetime.fromisoformat(facts["now"])
        return Changed(was, now, self.teller.reason(moved[-1]), self.teller.who(moved[-1]))

    def steps(self) -> tuple[tuple[str, datetime | None], ...]:
        when: dict[str, datetime] = {}
        for entry in self.entries:
            stage = self.work.process.stages.get(entry.after)
            if stage is not None and stage.resident in STATES:
                when.setdefault(stage.resident, entry.at)
        return tuple((label, when.get(label)) for label in STATES)

    def road(self) -> list[Passed]:
        told = []
        for entry in self.entries:
            sentence = self.teller.say(entry)
            if sentence:
                told.append(Passed(entry.at, sentence, self.told_words(entry), entry.verb))
        return told

    def told_words(self, entry: Entry) -> str:
        if self.mode == "shared":
            return ""
        written = words_of(entry)
        names = {"explain": "explanation", "uphold": "explanation", "decline": "note", "transfer_out": "note"}
        return written.get(names.get(entry.verb, ""), "")

    def written(self, name: str) -> str:
        for entry in self.entries:
            if entry.verb in MINE and name in (found := words_of(entry)):
                return found[name]
        return ""

    def shots(self, verbs: tuple[str, ...], kind: str) -> tuple[Shot, ...]:
        of = {entry.pk: entry for entry in self.entries if entry.verb in verbs}
        rows = [one for one in self.files if one.entry_id in of and one.kind == kind]
        return tuple(Shot(str(one.pk), "", of[one.entry_id].at) for one in rows)

    def looked(self) -> tuple[tuple[str, datetime, str], ...]:
        return tuple((one.who, one.at, one.purpose) for one in looks(self.matter, [REVEAL]))

    def reply(self) -> Reply | None:
        entry = next((e for e in self.entries if e.pk == self.incident.reply_entry), None)
        if entry is None or self.matter.stage not in REPLY_STAGES:
            return None
        said = words_of(entry)
        again = said.get("reply_next") or "点“又出现了”，直接回到这个单位，不用从头报。"
        return Reply(
            asked=(said.get("reply_request") or self.written("words")) if self.mode != "shared" else "",
            done=said.get("reply_done") or said.get("done_on_spot") or said.get("result_words", ""),
            now=said.get("reply_result", ""),
            again=again,
            unit=self.teller.who(entry),
            at=entry.at,
            after=self.shots(("reply", "answer", "self_handle", "pass_check"), "photo")
            if self.mode != "shared"
            else (),
        )

    def can(self) -> frozenset[str]:
        return frozenset(one.action for one in possible(self.work, by=self.by, at=self.at) if one.allowed)


def words_of(entry: Entry) -> dict[str, str]:
    """What was written with an entry, by field; empty once removed."""
    row = getattr(entry, "words", None)
    return json.loads(row.text) if row is not None else {}

"""要回的: what goes back to other systems, as a list and as rows in the columns each order came in."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.timezone import localtime

from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.outer.models import OuterBatch, OuterOutgoing
from gongzhi.domains.incidents.outer.row import REPLY, SOURCE, systems
from gongzhi.kernel import packs
from gongzhi.kernel.clock.terms import Term, TermError
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate, waits
from gongzhi.kernel.process.models import Tie

AT_ONCE = 200
PAGE = 30
WORDS = (
    "reply_request",
    "reply_done",
    "reply_result",
    "reply_next",
    "done_on_spot",
    "explanation",
    "note",
    "reason",
)
SHEETS = ("take_over", "take_over_sent", "outer_again", "outer_anew", "outer_change")
OUTCOME = {"explain": "explained", "terminate": "other", "transfer_out": "other", "void": "other"}
OUTCOME |= {"list_long_term": "other", "self_handle": "solved"}
CONTACT = {"phone": "已联系", "visit": "已联系", "not_reached": "未联系上"}


@dataclass(frozen=True)
class Pile:
    """What goes back in one file: the system, the shape of its sheet, when the last such sheet came, how many."""

    system: str
    label: str
    shape: str
    came: datetime
    due: int


def visible(*, by: Acting, at: datetime) -> QuerySet[OuterOutgoing]:
    """Everything that went or goes back of orders this hand reads in full."""
    matters = gate.visible(by=by, at=at, kinds=("incident",), levels=("full",)).filter(source=SOURCE)
    return OuterOutgoing.objects.filter(order__matter__in=matters)


def page(state: str, *, by: Acting, at: datetime, after: int = 0) -> tuple[list[OuterOutgoing], int]:
    """One page of a state, oldest first (what waits longest goes first), and the key of the next (0: none)."""
    rows = visible(by=by, at=at).filter(state=state, pk__gt=after).select_related("order__matter")
    found = list(rows.order_by("pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def counts(*, by: Acting, at: datetime) -> dict[str, int]:
    """How many stand in each state (one statement)."""
    rows = visible(by=by, at=at).values("state").annotate(n=Count("pk")).order_by()
    return {row["state"]: row["n"] for row in rows}


def piles(pack: str, *, by: Acting, at: datetime) -> list[Pile]:
    """What is due, one file a system and shape of sheet (two statements)."""
    rows = visible(by=by, at=at).filter(state="due", order__batch__isnull=False)
    said = rows.values("order__system", "order__batch__shape").annotate(n=Count("pk")).order_by()
    labels, found = systems(pack), []
    for row in said:
        last = OuterBatch.objects.filter(shape=row["order__batch__shape"]).order_by("-id").first()
        if last is not None:
            system = row["order__system"]
            found.append(Pile(system, labels.get(system, system), last.shape, last.at, row["n"]))
    return sorted(found, key=lambda one: (one.label, one.came))


def due(system: str, shape: str, *, by: Acting, at: datetime) -> Iterator[list[OuterOutgoing]]:
    """What is due in one file, a few hundred at a time."""
    after = 0
    rows = visible(by=by, at=at).filter(state="due", order__system=system, order__batch__shape=shape)
    while True:
        part = list(
            rows.filter(pk__gt=after).select_related("order__matter", "order__batch").order_by("pk")[:AT_ONCE]
        )
        if not part:
            return
        yield part
        after = part[-1].pk


@dataclass
class Told:
    """What stands in a matter's entries for its row: the cells that came, the words, the reply, what was asked."""

    row: list[str]
    words: str
    reply: str
    asked: dict[str, dict[str, Any]]


class Answers:
    """Rows of one file: the columns the order came in, the answer's own filled in or added behind."""

    def __init__(self, pack: str, system: str, shape: str) -> None:
        batch = OuterBatch.objects.filter(shape=shape, system=system).order_by("-id").first()
        self.header: list[str] = json.loads(batch.header) if batch else []
        self.columns: dict[str, str] = json.loads(batch.columns) if batch else {}
        self.said: Mapping[str, Any] = packs.load(pack).table("outer")["system"][system]
        self.pack = pack
        self.named = {
            field: next((one for one in names if one in self.header), names[0])
            for field, names in self.said["answers"].items()
        }
        self.head = [*self.header, *(one for one in self.named.values() if one not in self.header)]

    def rows(self, part: Sequence[OuterOutgoing]) -> Iterator[Sequence[str]]:
        """One row each, in the order given (six statements a part)."""
        ids = [one.order_id for one in part]
        known, entries = told(ids), Entry.objects.in_bulk([one.entry for one in part])
        incidents = Incident.objects.in_bulk(ids)
        ties = (
            Tie.objects.filter(matter__in=ids, role="holder")
            .order_by("pk")
            .values_list("matter", "organisation")
        )
        holders = dict(ties)
        names = {one.pk: str(one.name) for one in Organisation.objects.filter(pk__in=set(holders.values()))}
        for one in part:
            said = known[one.order_id]
            answer = self._answer(one, entries[one.entry], said, incidents.get(one.order_id))
            answer["unit_did"] = names.get(holders.get(one.order_id) or 0, "")
            yield self._row(one, said, answer)

    def _row(self, one: OuterOutgoing, said: Told, answer: Mapping[str, str]) -> Sequence[str]:
        cells = dict(zip(self.header, said.row, strict=False))
        cells[self.columns.get("number", "")] = one.order.number
        cells[self.columns.get("words", "")] = said.words
        cells |= {self.named[field]: text for field, text in answer.items() if field in self.named and text}
        return [cells.get(name, "") for name in self.head]

    def _answer(
        self, one: OuterOutgoing, entry: Entry, said: Told, incident: Incident | None
    ) -> dict[str, str]:
        order = one.order
        found = {
            "kind": str(self.said["kinds"].get(one.kind, one.kind)),
            "contact": CONTACT.get(order.contact_way, ""),
            "contacted": _moment(order.contact_at),
            "replied": _moment(entry.at),
        }
        if one.kind == REPLY:
            outcome = OUTCOME.get(entry.verb) or (incident.solved if incident else "") or "other"
            return found | {"reply": said.reply, "done": str(self.said["done"].get(outcome, ""))}
        asked = said.asked.get(one.kind, {})
        reason = self._reason(asked)
        return found | {"why": reason, "until": self._until(asked, one)}

    def _reason(self, asked: Mapping[str, Any]) -> str:
        fields = packs.load(self.pack).get("fields.incident", {})
        parts = [
            str(fields[name].get("choices", {}).get(asked[name], asked[name]))
            for name in ("extension_reason", "suspend_ground", "return_reason")
            if name in asked
        ]
        words = [str(asked[name]) for name in ("basis", "note") if asked.get(name)]
        proposed = [f"建议：{asked['proposed_outside']}"] if asked.get("proposed_outside") else []
        return "；".join([*parts, *words, *proposed])

    def _until(self, asked: Mapping[str, Any], one: OuterOutgoing) -> str:
        if asked.get("resume_on"):
            return str(asked["resume_on"])
        try:
            term = str(Term.parse(str(asked.get("extend_by", ""))))
        except TermError:
            return ""
        promised = one.order.matter.promised_at
        return _moment(waits.term_end(term, promised, self.pack).at) if promised else ""


ASKS = {"request_extension": "extension", "request_suspension": "suspension", "return_order": "return"}
ASKS |= {"return_outer": "return", "grant_suspension": "suspension"}


def told(ids: Sequence[int]) -> dict[int, Told]:
    """What was said of each matter, from its entries (one statement)."""
    found: dict[int, Told] = defaultdict(lambda: Told([], "", "", {}))
    replies = (
        "reply",
        "answer",
        "self_handle",
        "explain",
        "terminate",
        "transfer_out",
        "void",
        "list_long_term",
    )
    verbs = (*SHEETS, *replies, *ASKS)
    rows = Entry.objects.filter(matter__in=ids, verb__in=verbs).order_by("matter", "seq")
    for matter, verb, facts, text in rows.values_list("matter", "verb", "facts", "words__text"):
        said: dict[str, str] = json.loads(text or "{}")
        one = found[matter]
        if verb in SHEETS:
            one.row = json.loads(said["row"]) if said.get("row") else one.row
            one.words = said.get("words") or said.get("more") or one.words
        elif verb in ASKS:
            one.asked[ASKS[verb]] = one.asked.get(ASKS[verb], {}) | json.loads(facts) | said
        if verb in replies:
            one.reply = "".join(said[name] for name in WORDS if said.get(name))
    return found


def _moment(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""

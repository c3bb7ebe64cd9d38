"""Who else is in it: followers, merged matters, those gathered under one cause; and the course all of them may read."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries.states import STATES, kind_of, side_of, state_of
from gongzhi.domains.incidents.queries.told import Teller
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Matter, Receipt, Tie
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.standing import ABOUT, FOLLOWER, open_to_all

ALIKE = (
    "private",
    "restricted",
    "about_person",
)  # what of two matters must be the same for one to tell of the other
DEPTH = 10  # a merged matter of a merged matter …: no longer line is followed
RESULT = ("reply", "answer", "self_handle")
RESULT_STAGES = ("resolved", "closed", "archived")
PASSED_ON = ("tell_all", "grant_extension", "grant_suspension", "resume")  # of a cause, to those gathered


@dataclass(frozen=True)
class Course:
    """What anyone in it may read of a matter: its state, the promise, what was told to all. No words of a reporter."""

    number: str
    kind: str
    where: str
    opened_at: datetime
    state: int
    state_word: str
    side: str
    statement: str
    promised_at: datetime | None
    said: tuple[tuple[datetime, str], ...]
    result: str
    met: int
    open: bool


def met(ids: Collection[int]) -> dict[int, int]:
    """How many met each of these: its reporter, who follow, who were merged in or gathered (three statements)."""
    ties = Tie.objects.filter(matter__in=ids, role=FOLLOWER, until=None)
    counted = dict.fromkeys(ids, 1)
    for name, rows in (
        ("matter", ties),
        ("merged_into", Incident.objects.filter(merged_into__in=ids)),
        ("cause", Incident.objects.filter(cause__in=ids)),
    ):
        for pk, n in rows.values_list(name).annotate(Count("pk")).order_by():
            counted[pk] += n
    return counted


def survivor(matter: Matter) -> Matter | None:
    """The matter that goes on for a merged or gathered one: the end of the line; None where it goes on by itself."""
    found, line = None, matter.pk
    for _ in range(DEPTH):
        row = Incident.objects.filter(pk=line).select_related("merged_into", "cause").first()
        ahead = (row.merged_into or row.cause) if row is not None else None
        if ahead is None:
            break
        found, line = ahead, ahead.pk
    return found


def merged_in(matter_id: int) -> list[int]:
    """Ids of every matter merged into this one, also through others."""
    found: list[int] = []
    line = [matter_id]
    for _ in range(DEPTH):
        line = list(Incident.objects.filter(merged_into__in=line).values_list("pk", flat=True))
        if not line:
            break
        found += line
    return found


def told_with(matter: Matter, verb: str) -> list[Receipt]:
    """Receipts of others who are told when this matter's reporter is: of merged matters and, where a step is passed
    on, of those gathered under it (few statements however many)."""
    others = merged_in(matter.pk)
    if verb in PASSED_ON:
        others += Incident.objects.filter(cause=matter).values_list("pk", flat=True)
    rows = Receipt.objects.filter(matter__in=others, tie__until=None).exclude(phone_enc=None)
    return list(rows.select_related("tie", "matter").order_by("pk"))


def course(receipt: Receipt, *, by: Acting, at: datetime) -> Course | None:
    """The course of what a receipt follows: its own matter's, or that of the one it was merged into.

    None where it is not there, and from the moment on from which it is kept from this reader.
    """
    found = gate.one(receipt.matter_id, by=by, at=at)
    if found is None:
        return None
    ahead = survivor(receipt.matter)
    work = gate.load(ahead) if ahead is not None else found[0]
    return _course(work, at) if still_told(receipt, found[0], work) else None


def still_told(receipt: Receipt, own: Work, ahead: Work) -> bool:
    """Whether what a receipt goes on with may be told to it: who follows reads what anyone may; whose own was merged
    in, what is as open as that one."""
    return open_to_all(ahead) if receipt.tie.role == FOLLOWER else as_open(own, ahead)


def as_open(one: Work, other: Work) -> bool:
    """Whether two matters are for the same eyes: nothing kept from more, about the same organisations or none."""
    about = [{tie.organisation_id for tie in each.living_ties(ABOUT)} for each in (one, other)]
    if any(getattr(one.matter, name) != getattr(other.matter, name) for name in ALIKE):
        return False
    return about[0] == about[1]


def _course(work: Work, at: datetime) -> Course:
    matter, incident = work.matter, Incident.objects.get(pk=work.matter.pk)
    stage = work.process.stages[matter.stage]
    entries = list(Entry.objects.filter(matter=matter).select_related("words").order_by("seq"))
    side = side_of(matter.stage, stage.resident)
    place = matter.community or matter.street
    state = state_of(matter.stage, stage.resident, rated=True)
    return Course(
        number=matter.number,
        kind=kind_of(matter),
        where=place.name if place is not None else "",
        opened_at=matter.opened_at,
        state=state,
        state_word=STATES[state - 1],
        side=side,
        statement=_statement(work, incident, side, entries, at),
        promised_at=matter.promised_at if matter.counts == OPEN else None,
        said=tuple(reversed(_said(entries))),
        result=result_of(incident, entries) if matter.stage in RESULT_STAGES else "",
        met=met([matter.pk])[matter.pk],
        open=matter.counts == OPEN,
    )


def _statement(work: Work, incident: Incident, side: str, entries: Sequence[Entry], at: datetime) -> str:
    """The sentence on top; of a side end the tag says enough, and what is done is not this reader's to judge."""
    if side:
        return ""
    done = work.matter.stage in RESULT_STAGES
    return "办好了" if done else Teller(work, incident, at, entries).statement()


def _said(entries: Sequence[Entry]) -> list[tuple[datetime, str]]:
    return [(one.at, written(one, "public_words")) for one in entries if one.verb == "tell_all"]


def result_of(incident: Incident, entries: Sequence[Entry]) -> str:
    """The answer of a matter marked as one cause for many, which was written for all; "" of any other, whose answer
    is its reporter's own."""
    if not incident.cause_kind:
        return ""
    last = next((one for one in reversed(entries) if one.verb in RESULT), None)
    if last is None:
        return ""
    return "".join(written(last, name) for name in ("done_on_spot", "reply_done", "reply_result"))


def written(entry: Entry, name: str) -> str:
    """What was written in a field of an entry; "" once removed."""
    row = getattr(entry, "words", None)
    return str(json.loads(row.text).get(name, "")) if row is not None else ""


def joined_to(matter_id: int) -> Q:
    """Matters merged into one or gathered under it."""
    return Q(incident__merged_into=matter_id) | Q(incident__cause=matter_id)

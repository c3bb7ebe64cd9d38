"""Short bodies of the actions that do more than move a stage. Everything else needs no Python."""

import json
from typing import Any

from gongzhi.domains.incidents import retention
from gongzhi.domains.incidents.bodies_after import mark
from gongzhi.domains.incidents.outer.row import is_outer, suspension_taken
from gongzhi.domains.incidents.row import incident_of, keep
from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.process import erase, waits
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import body

INCIDENT = "incident"


def own_organisation(deed: Deed) -> int | None:
    """The organisation of the mandate acted as."""
    return deed.by.mandate.organisation_id if deed.by.mandate else None


def recategorise(deed: Deed) -> None:
    """Take over a corrected category with what hangs on it; the correction stays on record."""
    leaf_id = deed.said.get("category")
    if not leaf_id or leaf_id == deed.matter.category:
        return
    leaf = packs.load(deed.matter.pack).get(f"categories.leaf.{leaf_id}", {})
    deed.facts["category_was"] = deed.matter.category
    old = packs.load(deed.matter.pack).get(f"categories.leaf.{deed.matter.category}.label", "")
    deed.matter.category = leaf_id
    deed.matter.about_person = deed.matter.about_person or bool(leaf.get("about_person"))
    if old and old in deed.matter.title:
        deed.matter.title = deed.matter.title.replace(old, leaf.get("label", old))


@body(INCIDENT, "propose")
def propose(deed: Deed) -> None:
    """Keep the grid worker's proposal: level, urgency, kind."""
    recategorise(deed)
    urgency = deed.said.get("urgency") or incident_of(deed).urgency
    keep(deed, proposed_level=deed.said["level"], urgency=urgency)


@body(INCIDENT, "correct")
def correct(deed: Deed) -> None:
    """Correct the kind."""
    recategorise(deed)


@body(INCIDENT, "accept")
def accept(deed: Deed) -> None:
    """Who accepts answers for it first."""
    recategorise(deed)
    deed.set_tie("acceptor", own_organisation(deed))


@body(INCIDENT, "decline", "transfer_out", "void")
def refuse(deed: Deed) -> None:
    """The deciding level is kept, so that “我不同意” finds the one above it."""
    if deed.work.tie("acceptor") is None:
        deed.set_tie("acceptor", own_organisation(deed))


@body(INCIDENT, "self_handle")
def self_handle(deed: Deed) -> None:
    """Solved on the spot by the community's own hands."""
    for role in ("holder", "sender"):
        deed.set_tie(role, own_organisation(deed))
    keep(deed, solved="solved", contacted="talked", reply_entry=deed.entry.pk, result_at=deed.counted)


@body(INCIDENT, "dispatch")
def dispatch(deed: Deed) -> None:
    """The lead unit holds it; who sent it stays behind it; assisting units stand beside."""
    deed.set_tie("sender", own_organisation(deed))
    deed.set_tie("holder", deed.said["to"].pk)
    deed.end_ties("assisting")
    for unit in deed.said.get("assisting", []):
        deed.add_tie("assisting", organisation_id=unit.pk)


@body(INCIDENT, "assign_down", "take_on")
def take_on(deed: Deed) -> None:
    """The level does it itself."""
    for role in ("sender", "holder"):
        deed.set_tie(role, own_organisation(deed))


@body(INCIDENT, "return_order")
def return_order(deed: Deed) -> None:
    """Count refusals: the second is decided one level above who sent it. The promise keeps running."""
    keep(deed, returns=incident_of(deed).returns + 1)
    mark(deed, "return")


@body(INCIDENT, "accept_return")
def accept_return(deed: Deed) -> None:
    """Back to who sent it; the unit that returned it is told."""
    deed.facts["former"] = deed.work.holder_id
    deed.end_ties("holder")


@body(INCIDENT, "arbitrate")
def arbitrate(deed: Deed) -> None:
    """The level above both decides; no further return."""
    deed.facts["former"] = deed.work.holder_id
    deed.set_tie("holder", deed.said["decided"].pk)
    deed.end_waits("judge_return", "sign_in", "handle")
    keep(deed, arbitrated=True)


def _asked(deed: Deed, what: str) -> dict[str, Any]:
    wait = next(iter(deed.work.open_waits(what)), None)
    entry = Entry.objects.filter(pk=wait.opened_by_id).first() if wait else None
    facts: dict[str, Any] = json.loads(entry.facts) if entry else {}
    return facts


@body(INCIDENT, "grant_extension")
def grant_extension(deed: Deed) -> None:
    """Lengthen the unit's term and the promise by what was asked; the reporter is told why.

    An outer order's limit is its system's: both move when they have taken the request (``outer_taken``).
    """
    asked = _asked(deed, "judge_extension")
    term = asked.get("extend_by", "")
    deed.facts |= {"extend_by": term, "extension_reason": asked.get("extension_reason", "")}
    if is_outer(deed.matter):
        return
    for wait in deed.work.open_waits("handle"):
        waits.extend(wait, term, deed.process)
    was = deed.matter.promised_at
    if was is not None:
        deed.matter.promised_at = waits.term_end(term, was, deed.matter.pack).at
        deed.facts |= {
            "was": was.isoformat(),
            "now": deed.matter.promised_at and deed.matter.promised_at.isoformat(),
        }


@body(INCIDENT, "grant_suspension")
def grant_suspension(deed: Deed) -> None:
    """The ground that was asked stands in the entry, for the reporter's page."""
    deed.facts["suspend_ground"] = _asked(deed, "judge_suspension").get("suspend_ground", "")


@body(INCIDENT, "resume")
def resume(deed: Deed) -> None:
    """Move the promise by the office time that was paused."""
    was, calendar = deed.matter.promised_at, calendar_for(deed.matter.pack)
    rest = next((waits.last_pause(wait) for wait in deed.work.open_waits("handle")), None)
    if was is None or rest is None or not suspension_taken(deed):
        return
    paused = calendar.office_time(calendar.local(rest), calendar.local(deed.at))
    moved = calendar.moment(calendar.add_office(calendar.local(was), paused))
    deed.matter.promised_at = moved
    deed.facts |= {"was": was.isoformat(), "now": moved.isoformat()}


@body(INCIDENT, "reply", "answer")
def reply(deed: Deed) -> None:
    """The unit's answer: whom it reached, whether it is solved."""
    keep(
        deed,
        contacted=deed.said["contacted"],
        solved=deed.said["solved"],
        reply_entry=deed.entry.pk,
        result_at=deed.counted,
    )


@body(INCIDENT, "rate")
def rate(deed: Deed) -> None:
    """The reporter's own answers; never preselected, never filled in by silence."""
    keep(
        deed,
        rated_at=deed.at,
        was_contacted=deed.said.get("was_contacted", ""),
        was_solved=deed.said["was_solved"],
        satisfied=deed.said.get("satisfied", ""),
    )


@body(INCIDENT, "order_rework")
def order_rework(deed: Deed) -> None:
    """A second round: what is missing is said, and the result may be rated anew."""
    keep(deed, reworks=incident_of(deed).reworks + 1, rated_at=None)
    mark(deed, "rework")


@body(INCIDENT, "again")
def again(deed: Deed) -> None:
    """It came back: the same unit, without starting over."""
    keep(deed, repeats=incident_of(deed).repeats + 1, rated_at=None)


@body(INCIDENT, "list_long_term")
def list_long_term(deed: Deed) -> None:
    """Who watches it and when it is looked at again."""
    keep(deed, look_again_on=deed.said["look_again_on"])


@body(INCIDENT, "disagree")
def disagree(deed: Deed) -> None:
    """Once to the level above."""
    keep(deed, disagreed=True)


@body(INCIDENT, "supervise")
def supervise(deed: Deed) -> None:
    """A supervision order has a number, a ground, a demand and its signer."""
    deed.facts.setdefault("order_no", f"督{deed.matter.number}")
    deed.facts["signer"] = deed.by.person.pk if deed.by.person else None
    keep(deed, supervised=True)


@body(INCIDENT, "forget_contact")
def forget_contact(deed: Deed) -> None:
    """Remove how to reach the reporter; the matter goes on without."""
    erase.contact(deed)


@body(INCIDENT, "remove_words")
def remove_words(deed: Deed) -> None:
    """Remove words and pictures of the matter and what was made from them; the chain stays whole.

    By the reporter's own hand all of them; by the clock what residents wrote first, what the offices wrote later.
    """
    by_clock = deed.by.kind == "clock"
    erase.words(deed, retention.SAID if by_clock and retention.only_said(deed.matter, deed.at) else ())

"""What the process page names for orders of other systems: guards, desks, moments and short bodies."""

import json
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.bodies import INCIDENT, own_organisation
from gongzhi.domains.incidents.outer.models import OuterOutgoing
from gongzhi.domains.incidents.outer.row import EXTENSION, is_outer, keep, move, order_of, system
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.process import gate, waits
from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.desks import CLOCK, REPORTER
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.registry import body, desk, due, guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict

NO_SUCH = "没有这个编号，或者不归您看。"


@guard("outer_order")
def outer_order(deed: Deed) -> Verdict:
    """The matter came from another system."""
    return YES if is_outer(deed.matter) else Denied("这件事不是外单位的工单。")


@guard("outgoing_stands")
def outgoing_stands(deed: Deed) -> Verdict:
    """Something of that kind went back, or is to go, and has no answer yet."""
    kind = deed.said.get("outer_kind")
    rows = OuterOutgoing.objects.filter(order=deed.matter.pk, kind=kind, state__in=("due", "given"))
    return YES if kind is None or rows.exists() else Denied("没有等着对方答复的这一样。")


@guard("one_to_link")
def one_to_link(deed: Deed) -> Verdict:
    """The other matter stands, is another incident, and this hand may read it."""
    number = deed.said.get("same_as")
    if number is None:
        return YES
    pk = Matter.objects.filter(number=number.strip(), kind=INCIDENT).values_list("pk", flat=True).first()
    found = gate.one(pk, by=deed.by, at=deed.at) if pk else None
    if found is None or found[1] != "full":
        return Denied(NO_SUCH)
    return Denied("这就是它自己的编号。") if pk == deed.matter.pk else YES


@desk("rater")
def rater(deed: Deed) -> Desk | None:
    """Who reported rates. Who called another system did not come through us: we neither ask nor write to them."""
    return None if is_outer(deed.matter) else Desk(role=REPORTER)


@desk("hotline_back")
def hotline_back(deed: Deed) -> Desk | None:
    """The other system rings its caller; until its result comes in nobody of ours waits, and the record is filed."""
    return Desk(role=CLOCK) if is_outer(deed.matter) else None


@due("unit_due")
def unit_due(deed: Deed) -> datetime | None:
    """The unit is done so much earlier than the other system's limit as the pack says; else half the time."""
    limit = deed.matter.promised_at
    if not is_outer(deed.matter) or limit is None:
        return None
    name = deed.said.get("outer_system") or order_of(deed).system
    earlier = waits.less(limit, str(system(deed.matter.pack, name)["lead"]), deed.matter.pack)
    return earlier if earlier > deed.at else deed.at + (limit - deed.at) / 2 if limit > deed.at else limit


@body(INCIDENT, "take_over", "take_over_sent")
def take_over(deed: Deed) -> None:
    """What the other system promised is promised; nobody accepts a second time, whoever took it over answers for it."""
    deed.set_tie("acceptor", own_organisation(deed))
    limit = deed.said.get("promised_outside")
    if limit is not None:
        deed.matter.promised_at = limit
        deed.facts["promised"] = limit.isoformat()
    if "to" in deed.said:
        deed.set_tie("sender", own_organisation(deed))
        deed.set_tie("holder", deed.said["to"].pk)


@body(INCIDENT, "contact_caller")
def contact_caller(deed: Deed) -> None:
    """When and how the caller was reached; the moment is now where nobody says another."""
    said = deed.said.get("contact_at") or deed.counted
    keep(deed, contact_way=deed.said["contact_way"], contact_at=min(said, deed.at))


@body(INCIDENT, "link_outer")
def link_outer(deed: Deed) -> None:
    """The two stand beside each other from now on; each is answered on its own side."""
    other = Matter.objects.get(number=deed.said["same_as"].strip())
    deed.facts["linked"] = str(other.pk)
    keep(deed, linked=other)


@body(INCIDENT, "return_outer")
def return_outer(deed: Deed) -> None:
    """The level that returned it is kept."""
    if deed.work.tie("acceptor") is None:
        deed.set_tie("acceptor", own_organisation(deed))


@body(INCIDENT, "outer_noted")
def outer_noted(deed: Deed) -> None:
    """A limit the other system moved itself holds from now on, for the promise and for the unit."""
    rows = Entry.objects.filter(matter=deed.matter.pk, verb="outer_change").order_by("-seq")
    said = json.loads(rows.values_list("facts", flat=True).first() or "{}")
    if said.get("promised_outside"):
        new_limit(deed, datetime.fromisoformat(said["promised_outside"]))


def new_limit(deed: Deed, limit: datetime) -> None:
    """Another limit of the other system: the promise is it, the unit's term follows."""
    was, deed.matter.promised_at = deed.matter.promised_at, limit
    deed.facts |= {"was": was and was.isoformat(), "now": limit.isoformat()}
    for wait in deed.work.open_waits("handle"):
        if wait.fixed:
            wait.due_at, wait.step = unit_due(deed), 0
            waits.set_due(wait, deed.process)
    keep(deed, limit_at=limit)


@body(INCIDENT, "outer_again", "outer_anew")
def outer_again(deed: Deed) -> None:
    """Another round of the same matter, by the other system's word."""
    limit = deed.said.get("promised_outside")
    if limit is not None:
        new_limit(deed, limit)
    keep(deed, round=int(deed.said["outer_round"]))


@body(INCIDENT, "outer_given")
def outer_given(deed: Deed) -> None:
    """It stands in a sheet that was handed over."""
    move(deed, deed.said["outer_kind"], "given", deed.at)


@body(INCIDENT, "outer_taken")
def outer_taken(deed: Deed) -> None:
    """They have it. An extension they agreed to moves the promise and the unit's term: now it is told to them."""
    move(deed, deed.said["outer_kind"], "taken", deed.at)
    if deed.said["outer_kind"] == EXTENSION:
        longer(deed, str(_granted(deed, "grant_extension").get("extend_by", "")))


@body(INCIDENT, "outer_refused", "outer_pause_refused", "outer_reply_refused", "outer_return_refused")
def outer_refused(deed: Deed) -> None:
    """They said no: their reason is in the entry, what follows is the action's."""
    move(deed, deed.said["outer_kind"], "refused", deed.at)


def longer(deed: Deed, term: str) -> None:
    """The unit's term and the promise end so much later."""
    was = deed.matter.promised_at
    if not term:
        return
    for wait in deed.work.open_waits("handle"):
        waits.extend(wait, term, deed.process)
    if was is not None:
        now = deed.matter.promised_at = waits.term_end(term, was, deed.matter.pack).at
        deed.facts |= {"was": was.isoformat(), "now": now and now.isoformat()}


def _granted(deed: Deed, verb: str) -> dict[str, Any]:
    rows = Entry.objects.filter(matter=deed.matter.pk, verb=verb).order_by("-seq")
    found: dict[str, Any] = json.loads(rows.values_list("facts", flat=True).first() or "{}")
    return found

"""我也遇到了: following somebody else's open matter instead of reporting it again, with a receipt of one's own."""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.domains.incidents.bodies import INCIDENT
from gongzhi.domains.incidents.queries.receipts import made_of
from gongzhi.kernel.ledger.chain import sm3
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import door, erase, gate
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.models import Matter, Receipt, Tie
from gongzhi.kernel.process.registry import body
from gongzhi.kernel.process.standing import FOLLOWER
from gongzhi.kernel.process.verdict import NotYours

GONE = "这件事已经办完，或者不公开了。您可以照常报一件。"


@dataclass(frozen=True)
class Following:
    """The answer to “我也遇到了”: which matter, and the receipt for this device only."""

    matter: Matter
    token: str
    digits: str


def me_too(number: str, phone: str, *, by: Acting, at: datetime, key: str) -> Following:
    """Follow an open matter anyone may see. ``phone`` is "" or a clean number to be told by SMS when it is done.

    The same key gives the same receipt again. NotYours where there is no such matter, NotYet where it may not be.
    """
    matter = Matter.objects.filter(gate.public(), number=number).first()
    if matter is None:
        raise NotYours(GONE, hidden=True)
    entry = door.take(matter, "me_too", by=by, at=at, key=key, phone=phone)
    return Following(matter, *receipt_for(entry.pk))


def stop_following(receipt: Receipt, *, by: Acting, at: datetime, key: str) -> None:
    """No longer follow: the receipt ends and the number goes. Only the follower's own hand."""
    door.take(receipt.matter_id, "stop_following", by=by, at=at, key=key)


def receipt_for(entry_id: int) -> tuple[str, str]:
    """Token and 12 digits of a follower, by the entry that made them one."""
    return made_of(sm3(f"me too {entry_id}".encode()))


@body(INCIDENT, "me_too")
def begin(deed: Deed) -> None:
    """A tie and a receipt of one's own; no word of it goes to the one who reported."""
    tie = Tie(matter_id=deed.matter.pk, role=FOLLOWER, since=deed.at)
    token, digits = receipt_for(deed.entry.pk)
    phone = str(deed.said.get("phone", ""))
    receipt = Receipt(
        tie_id=tie.pk,
        matter_id=deed.matter.pk,
        token_hash=secrets.hash_token(token),
        digits_hash=secrets.hash_code(digits),
        phone_enc=secrets.seal(phone) if phone else None,
        phone_tag=secrets.tag(phone) if phone else "",
        who_may_see="none",
        told_by="sms" if phone else "none",
    )
    deed.facts["follower"] = str(tie.pk)
    deed.after_rows(lambda: tie.save(force_insert=True))
    deed.after_rows(lambda: receipt.save(force_insert=True))


@body(INCIDENT, "stop_following")
def end(deed: Deed) -> None:
    """The follower's tie ends and the number they left goes; the matter and its other followers do not notice."""
    erase.contact(deed)
    tie_id, at = deed.by.tie_id or 0, deed.at
    deed.after_rows(lambda: Tie.objects.filter(pk=tie_id, until=None).update(until=at))

"""Telling the reporter: by message the way they chose, or by a call that a desk is asked to make.

Within the hours the pack names, several changes gathered into one; an emergency at once.
"""

from datetime import datetime

from django.conf import settings

from gongzhi.domains.incidents.actions import STAFF_CHANNELS
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import joined
from gongzhi.domains.incidents.queries.receipts import made_of
from gongzhi.domains.incidents.queries.told import Teller, filled
from gongzhi.domains.incidents.reactions import ask_to_ring
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Delivery, Entry
from gongzhi.kernel.people.secrets import format_code, unseal
from gongzhi.kernel.process import gate, keys
from gongzhi.kernel.process.models import Matter, Receipt
from gongzhi.kernel.process.registry import teller
from gongzhi.kernel.process.standing import FOLLOWER
from gongzhi.kernel.telling import hours, sendings
from gongzhi.kernel.telling.channels import CHANNELS, Letter, presses, writer
from gongzhi.kernel.telling.models import Sending

IN_A_TEXT = 40  # signs of what was written for all that go into one text


@teller("reporter")
def tell_reporter(delivery: Delivery, at: datetime) -> None:
    """Plan a message to every reporter who left a number for it; ask a desk to ring those who want to be rung."""
    entry, matter = delivery.entry, delivery.entry.matter
    if matter is None or matter.kind != "incident":
        return
    said = bool(message(entry, at))
    rows = Receipt.objects.filter(matter=matter, tie__until=None).exclude(phone_enc=None)
    for receipt in [*rows.select_related("tie"), *joined.told_with(matter, entry.verb)]:
        if said and receipt.told_by == "call":
            ask_to_ring(delivery, receipt.matter_id, at)
        if receipt.told_by in CHANNELS:
            sendings.plan(_messages(delivery, receipt, matter, at, said))


def _messages(
    delivery: Delivery, receipt: Receipt, matter: Matter, at: datetime, said: bool
) -> list[Sending]:
    entry, key = delivery.entry, f"{delivery.pk}-{receipt.pk}"
    found, when = [], at if presses(matter) else _when(receipt, matter, at)
    if said:
        found.append(
            sendings.to_receipt(key, "told", receipt.told_by, receipt, at, entry=entry, not_before=when)
        )
    taken_down = matter.source in STAFF_CHANNELS and not matter.private
    own = receipt.matter_id == matter.pk and receipt.tie.role != FOLLOWER
    if entry.verb == "report" and taken_down and own:
        found.append(
            sendings.to_receipt(
                f"{key}-link", "link", receipt.told_by, receipt, at, entry=entry, not_before=when
            )
        )
    return found


def _when(receipt: Receipt, matter: Matter, at: datetime) -> datetime:
    """At once within the hours; a little later where something was said just before, so that one text tells both."""
    last = sendings.last_told(receipt)
    quiet = last + hours.gathered(matter.pack) if last is not None else at
    return hours.residents_from(max(at, quiet), matter.pack)


@writer("told")
def write_told(sending: Sending, at: datetime) -> Letter | None:
    """What happened, in the pack's words; nothing where the number has been removed since."""
    receipt, entry = sending.receipt, sending.entry
    if receipt is None or entry is None or receipt.phone_enc is None:
        return None
    reporter = receipt.matter_id == entry.matter_id and receipt.tie.role == "reporter"
    text = message(entry, at) if reporter else shared_message(entry, receipt, at)
    return Letter(unseal(receipt.phone_enc), text) if text else None


@writer("link")
def write_link(sending: Sending, at: datetime) -> Letter | None:
    """The acting link of a report that staff took down: it goes to the reporter's own phone and nowhere else."""
    receipt = sending.receipt
    if receipt is None or receipt.phone_enc is None or receipt.tie.role == FOLLOWER:
        return None
    return Letter(unseal(receipt.phone_enc), own_link(receipt.matter))


def own_link(matter: Matter) -> str:
    """Number, query code and acting link of a report, in the pack's words."""
    token, digits = made_of(keys.digest_for(matter.pk))
    said = packs.load(matter.pack).get("texts.message.receipt.sms", "")
    link = f"{settings.SITE_URL}/f/{token}"
    return str(said).format(number=matter.number, digits=format_code(digits), link=link)


def message(entry: Entry, at: datetime) -> str:
    """The text of one entry; empty where the pack has none for the verb, neutral for a private matter."""
    matter = entry.matter
    assert matter is not None
    pack = packs.load(matter.pack)
    said = pack.get(f"texts.follow.{entry.verb}.sms", "")
    if said and matter.private:
        said = pack.get("texts.sms_private.say", "")
    return filled(said, _values(entry, at)) if said else ""


def shared_message(entry: Entry, receipt: Receipt, at: datetime) -> str:
    """The same for who follows the matter, or whose own was merged into it: nothing of its reporter is in it."""
    matter = entry.matter
    assert matter is not None
    texts = packs.load(matter.pack).table("texts")
    said = texts["joined"].get(entry.verb, {}).get("say", "")
    work = gate.load(matter)
    own_work = work if receipt.matter_id == matter.pk else gate.load(receipt.matter)
    if not said or matter.private or not joined.still_told(receipt, own_work, work):
        return ""
    follows = receipt.matter_id == matter.pk
    around = texts["message"]["following" if follows else "joined"]["sms"]
    own = "" if follows else receipt.matter.number
    return str(around).format(number=matter.number, own=own, say=filled(said, _values(entry, at)))


def _values(entry: Entry, at: datetime) -> dict[str, str]:
    matter = entry.matter
    assert matter is not None
    values = Teller(gate.load(matter), Incident.objects.get(pk=matter.pk), at).values(entry)
    words = values["words"]
    return {**values, "words": words if len(words) <= IN_A_TEXT else f"{words[:IN_A_TEXT]}…"}

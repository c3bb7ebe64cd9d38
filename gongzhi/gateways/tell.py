"""Carrying what an action tells to whom it tells it: the reporter by text message, staff on their lists.

Each is a delivery of its own (entry, follower): sent at least once, and by its key only once.
"""

from datetime import datetime

from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries.told import Teller, filled
from gongzhi.gateways import sms
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.people.secrets import unseal
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Receipt
from gongzhi.kernel.process.registry import teller


@teller("reporter")
def tell_reporter(delivery: Delivery, at: datetime) -> None:
    """A text message to every reporter who left a number for it; a private matter's names nothing."""
    matter = delivery.entry.matter
    if matter is None or matter.kind != "incident":
        return
    rows = Receipt.objects.filter(matter=matter, told_by="sms").exclude(phone_enc=None)
    for receipt in rows:
        text = message(delivery, at)
        if text:
            sms.send(unseal(receipt.phone_enc or b""), text, f"{delivery.pk}-{receipt.pk}")


def message(delivery: Delivery, at: datetime) -> str:
    """The text of one delivery; empty where the pack has none for the verb."""
    matter = delivery.entry.matter
    assert matter is not None
    pack = packs.load(matter.pack)
    said = pack.get(f"texts.follow.{delivery.entry.verb}.sms", "")
    if said and matter.private:
        said = pack.get("texts.sms_private.say", "")
    if not said:
        return ""
    words = Teller(gate.load(matter), Incident.objects.get(pk=matter.pk), at)
    return filled(said, words.values(delivery.entry))

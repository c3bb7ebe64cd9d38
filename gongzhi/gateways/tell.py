"""Carrying what an action tells to whom it tells it: the reporter by text message, staff on their lists.

Each is a delivery of its own (entry, follower): sent at least once, and by its key only once.
"""

from datetime import datetime

from django.conf import settings

from gongzhi.domains.incidents.actions import STAFF_CHANNELS
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries.receipts import made_of
from gongzhi.domains.incidents.queries.told import Teller, filled
from gongzhi.gateways import sms
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.people.secrets import format_code, unseal
from gongzhi.kernel.process import gate, keys
from gongzhi.kernel.process.models import Matter, Receipt
from gongzhi.kernel.process.registry import teller


@teller("reporter")
def tell_reporter(delivery: Delivery, at: datetime) -> None:
    """A text message to every reporter who left a number for it; a private matter's names nothing."""
    matter = delivery.entry.matter
    if matter is None or matter.kind != "incident":
        return
    rows = Receipt.objects.filter(matter=matter, told_by="sms").exclude(phone_enc=None)
    for receipt in rows:
        number, key = unseal(receipt.phone_enc or b""), f"{delivery.pk}-{receipt.pk}"
        if text := message(delivery, at):
            sms.send(number, text, key)
        if delivery.entry.verb == "report" and matter.source in STAFF_CHANNELS and not matter.private:
            sms.send(number, own_link(matter), f"{key}-link")


def own_link(matter: Matter) -> str:
    """The acting link of a report that staff took down: it goes to the reporter's own phone and nowhere else."""
    token, digits = made_of(keys.digest_for(matter.pk))
    said = packs.load(matter.pack).get("texts.message.receipt.sms", "")
    link = f"{settings.SITE_URL}/f/{token}"
    return str(said).format(number=matter.number, digits=format_code(digits), link=link)


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

"""The six digits of a phone code: sent only where somebody left this number, in the few minutes they are good for."""

from datetime import datetime

from gongzhi.domains.incidents.queries import receipts
from gongzhi.gateways import sms
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.people import secrets
from gongzhi.kernel.process import phone_codes
from gongzhi.kernel.process.registry import teller
from gongzhi.kernel.telling.channels import CHANNELS, Letter, hand_over


@teller("phone_code")
def send_code(delivery: Delivery, at: datetime) -> None:
    """One message with the code, to a number that stands on a receipt; any other number gets nothing."""
    row = phone_codes.due(delivery, at)
    if row is None:
        return
    number = phone_codes.phone_of(row)
    if not receipts.is_left(secrets.tags(number)):
        return
    said = str(packs.load("cn").get("texts.message.code.sms", ""))
    minutes = round((row.expires_at - row.asked_at).total_seconds() / 60)
    text = said.format(code=phone_codes.code_of(row.pk), minutes=minutes)
    hand_over(CHANNELS[sms.NAME], Letter(number, text), f"code-{row.pk}")

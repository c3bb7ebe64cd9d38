"""Every kernel model in one place, so that Django sees one application."""

from gongzhi.kernel.clock.models import CalendarDay, CalendarYear
from gongzhi.kernel.indicators.models import Delta, Rollup, TypedForm
from gongzhi.kernel.ledger.models import Attachment, Delivery, Entry, Paper, Register, Seal, Words
from gongzhi.kernel.people.models import ChannelKey, Mandate, Organisation, Person, Proposal, Token
from gongzhi.kernel.process.models import (
    IdempotencyKey,
    Link,
    Matter,
    NumberBlock,
    PhoneCode,
    ProcessVersion,
    Receipt,
    Tie,
    Wait,
    Watched,
    WrongCode,
)
from gongzhi.kernel.telling.models import HowTold, InboxItem, Sending
from gongzhi.kernel.territory.models import Area, Place

__all__ = [
    "Area",
    "Attachment",
    "CalendarDay",
    "CalendarYear",
    "ChannelKey",
    "Delivery",
    "Delta",
    "Entry",
    "HowTold",
    "IdempotencyKey",
    "InboxItem",
    "Link",
    "Mandate",
    "Matter",
    "NumberBlock",
    "Organisation",
    "Paper",
    "Person",
    "PhoneCode",
    "Place",
    "ProcessVersion",
    "Proposal",
    "Receipt",
    "Register",
    "Rollup",
    "Seal",
    "Sending",
    "Tie",
    "Token",
    "TypedForm",
    "Wait",
    "Watched",
    "Words",
    "WrongCode",
]

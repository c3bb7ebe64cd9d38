"""Text messages out. The setting ``SMS_GATEWAY`` names a class with ``send(to_phone, text, key)``.

The same key is sent once. Without the setting the channel is off; a demonstration keeps what would have been sent.
"""

from pathlib import Path

from gongzhi.gateways import fakes
from gongzhi.gateways.fakes import Message
from gongzhi.kernel.people.phones import NotAPhone, clean_phone, mask_phone
from gongzhi.kernel.telling import channels
from gongzhi.kernel.telling.channels import Channel, Letter, NotSent

__all__ = ["Message", "NotSent", "outbox_path", "send", "sent"]

NAME, LABEL, SETTING = "sms", "短信", "SMS_GATEWAY"
LONGEST = 500  # characters: eight parts of 67, what carriers take as one message


def send(to_phone: str, text: str, key: str) -> str:
    """Send a text to a number in full; ``key`` is the sending's own. Returns the carrier's number. NotSent."""
    if not to_phone or not text.strip():
        raise NotSent("没有号码，或者没有要说的话")
    if len(text) > LONGEST:
        raise NotSent(f"有 {len(text)} 个字，一条最多 {LONGEST} 个字")
    return fakes.carry(NAME, LABEL, SETTING, mask_phone, Letter(to_phone, text), key)


def sent(limit: int = 50) -> list[Message]:
    """The last messages of the fake, newest first (for the page that shows the outbox, and for tests)."""
    return fakes.kept(NAME, limit)


def outbox_path() -> Path:
    """``DATA/outbox/sms.jsonl``."""
    return fakes.path_of(NAME)


def _clean(typed: str) -> str:
    try:
        return clean_phone(typed)
    except NotAPhone as fault:
        raise ValueError(fault.sentence) from fault


channels.add(
    Channel(
        name=NAME,
        label=LABEL,
        address="手机号",
        clean=_clean,
        mask=mask_phone,
        state=lambda: fakes.state(SETTING),
        send=lambda letter, key: send(letter.to, letter.text, key),
    )
)

"""Mail out, through Django's mail backend. ``MAIL_URL`` (``smtp://user:password@host:587``) switches it on.

The key becomes the Message-ID, so that a mail sent twice is one to whoever receives it.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from gongzhi.gateways import fakes
from gongzhi.kernel.telling import channels
from gongzhi.kernel.telling.channels import Channel, Letter, NotSent

NAME, LABEL, SETTING = "mail", "邮件", "MAIL_URL"
WITHIN = 10  # seconds for the mail server to answer


def send(letter: Letter, key: str) -> str:
    """Send a mail; its Message-ID. NotSent where the server does not take it."""
    if not settings.MAIL_URL:
        return fakes.carry(NAME, LABEL, SETTING, mask_mail, letter, key)
    number = f"<{key.replace(':', '.')}@{settings.MAIL_FROM.partition('@')[2] or 'localhost'}>"
    mail = EmailMessage(
        letter.subject,
        letter.text,
        settings.MAIL_FROM,
        [letter.to],
        headers={"Message-ID": number},
        connection=get_connection(timeout=WITHIN),
    )
    try:
        mail.send()
    except TimeoutError:
        raise
    except OSError as fault:  # SMTPException is one
        raise NotSent(f"邮件服务器没有收：{fault}"[:200]) from fault
    return number


def clean_mail(typed: str) -> str:
    """An address in one form. ValueError with a sentence."""
    try:
        validate_email(typed)
    except ValidationError as fault:
        raise ValueError("这不像邮箱，要有 @，比如 name@example.cn。") from fault
    return typed


def mask_mail(address: str) -> str:
    """``z***@example.cn``."""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}" if host else "***"


channels.add(
    Channel(
        name=NAME,
        label=LABEL,
        address="邮箱",
        clean=clean_mail,
        mask=mask_mail,
        state=lambda: fakes.state(SETTING),
        send=send,
    )
)

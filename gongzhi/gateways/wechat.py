"""WeChat work messages out. The setting ``WECHAT_GATEWAY`` names a class with ``send(to_user, text, key)``.

``to_user`` is the member's account in the district's own 企业微信; the class fills the template the district registered
with the text. The same key is sent once.
"""

import re

from gongzhi.gateways import fakes
from gongzhi.kernel.telling import channels
from gongzhi.kernel.telling.channels import Channel, Letter

NAME, LABEL, SETTING = "wechat", "企业微信", "WECHAT_GATEWAY"
ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,63}")


def send(letter: Letter, key: str) -> str:
    """Send a work message; the gateway's number. NotSent."""
    return fakes.carry(NAME, LABEL, SETTING, mask_account, letter, key)


def clean_account(typed: str) -> str:
    """An account as the office's 企业微信 has it. ValueError with a sentence."""
    if not ACCOUNT.fullmatch(typed):
        raise ValueError("企业微信账号是 2 到 64 个字母、数字，问单位的管理员。")
    return typed


def mask_account(account: str) -> str:
    """``zh***``."""
    return f"{account[:2]}***"


channels.add(
    Channel(
        name=NAME,
        label=LABEL,
        address="企业微信账号",
        clean=clean_account,
        mask=mask_account,
        state=lambda: fakes.state(SETTING),
        send=send,
    )
)

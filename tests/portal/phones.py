"""A resident with a phone in hand: asks for a code, reads it in the fake's outbox, types it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongzhi.gateways import sms
from gongzhi.kernel.process.deliver import deliver
from tests.workbench.sitting import Clock

MINE, OTHER, NOBODY = "13812341234", "13912341234", "13700001111"


@pytest.fixture(autouse=True)
def gateway(hour: Clock, settings: Any, tmp_path: Path) -> None:
    """What is sent lies in a folder of the test's own."""
    settings.DATA = str(tmp_path)


def text(answer: Any) -> str:
    """A page's text."""
    return str(answer.content.decode())


def ask(client: Client, phone: str = MINE) -> Any:
    """Ask for a code; gives the answer."""
    return client.post("/mine/phone/", {"phone": phone})


def sent_code(hour: Clock) -> str:
    """The newest code the fake has sent; "" where it sent none."""
    deliver(hour.now)
    found = [re.search(r"验证码(\d{6})", one.text) for one in sms.sent()]
    return next((one[1] for one in found if one), "")


def signed_in(hour: Clock, phone: str = MINE) -> Client:
    """A browser in which the code of a number was typed."""
    client = Client()
    assert ask(client, phone).status_code == 302
    code = sent_code(hour)
    assert client.post("/mine/phone/", {"code": code}).url == "/mine/"
    return client

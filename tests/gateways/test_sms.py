"""Messages out: once per key, masked in the local outbox, refused when they cannot be meant."""

import stat
import threading

import pytest

from gongzhi.gateways import sms


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA = str(tmp_path)
    return tmp_path


def test_a_message_is_kept_with_its_number_masked(data):
    number = sms.send("13812341234", "您反映的事已受理。", "1:tell:reporter")
    [message] = sms.sent()
    assert number == "1" and message.to == "138****1234" and message.text == "您反映的事已受理。"
    path = data / "outbox" / "sms.jsonl"
    assert "13812341234" not in path.read_text() and stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_delivery_twice_is_one_message():
    assert sms.send("13812341234", "一", "k") == sms.send("13812341234", "一", "k") == "1"
    assert sms.send("13812341234", "二", "k2") == "2"
    assert [message.text for message in sms.sent()] == ["二", "一"]


def test_many_at_once_lose_none():
    threads = [
        threading.Thread(target=sms.send, args=("13812341234", f"第 {n} 条", f"k{n % 10}")) for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({message.key for message in sms.sent()}) == len(sms.sent()) == 10


@pytest.mark.parametrize(("phone", "text"), [("", "x"), ("13812341234", "  "), ("13812341234", "长" * 501)])
def test_what_cannot_be_meant_is_not_sent(phone, text):
    with pytest.raises(sms.NotSent):
        sms.send(phone, text, "k")
    assert sms.sent() == []


class Elsewhere:
    """A carrier a deployment names."""

    def send(self, to_phone, text, key):
        return f"{to_phone[-4:]}/{key}"


def test_a_deployment_names_its_own_carrier(settings):
    settings.SMS_GATEWAY = f"{__name__}.Elsewhere"
    assert sms.send("13812341234", "一", "k") == "1234/k"

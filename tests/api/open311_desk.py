"""Another system at the Open311 address: with a key or without, in both forms."""

from xml.etree import ElementTree

from django.test import Client

from gongzhi.kernel.ledger import channel_register
from gongzhi.kernel.ledger.channel_register import Wanted
from gongzhi.kernel.people.acting import Acting
from tests.cast import SINCE, clock

URL = "/open311/v2"
OPERATOR = Acting.operator("王芳", "发钥匙")
LAMP = {"service_code": "lamp", "lat": "40.95", "long": "117.75", "description": "蓝色水塔旁边的灯不亮"}
EVER = clock("2036-01-01 00:00")


def key_of(cast, *verbs, organisation="works", area="district", name="路灯平台", per_hour=600, until=EVER):
    """The text of a key given to an organisation of the cast."""
    wanted = Wanted(
        name,
        "open311",
        cast.organisations[organisation],
        cast.areas[area],
        verbs or ("report",),
        per_hour,
        until,
    )
    return channel_register.give(wanted, by=OPERATOR, at=SINCE)


class System:
    """A system of somebody else's: ``key`` is sent with everything, where it has one."""

    def __init__(self, key=""):
        self.client, self.key = Client(), {"api_key": key} if key else {}

    def get(self, path, form="json", **query):
        return self.client.get(f"{URL}/{path}.{form}", {**self.key, **query})

    def post(self, path="requests", form="json", headers=None, **said):
        return self.client.post(f"{URL}/{path}.{form}", {**self.key, **said}, headers=headers or {})

    def report(self, **said):
        """The number of a report that was taken."""
        answer = self.post(**{**LAMP, **said})
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()[0]["service_request_id"]

    def lists(self, **query):
        """The numbers a list has."""
        answer = self.get("requests", **query)
        assert answer.status_code == 200, answer.content.decode()
        return [one["service_request_id"] for one in answer.json()]


ITEMS = {"services", "attributes", "values", "service_requests", "errors", "endpoints", "formats"}
ITEMS |= {"service_request_updates"}


def as_json(text):
    """An XML body as its JSON twin would have it, every value as text and every empty element as None."""
    root = ElementTree.fromstring(text)
    return _read(root)


def _read(element):
    if element.tag in ITEMS:
        return [_read(one) for one in element]
    if len(element):
        return {one.tag: _read(one) for one in element}
    return element.text


def as_text(value):
    """A JSON body with every value as text, as XML has them."""
    if isinstance(value, dict):
        return {key: as_text(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_text(one) for one in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)

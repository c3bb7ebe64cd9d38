"""A client of the API as one person of the cast, and a photo already taken in."""

import io
import json
import uuid

from django.test import Client
from PIL import Image

from gongzhi.kernel.ledger import files
from gongzhi.kernel.people import tokens
from tests.cast import clock

URL = "/api/v1"


class Asking:
    def __init__(self, headers):
        self.client, self.headers = Client(), headers

    def get(self, path, **query):
        return self.client.get(f"{URL}{path}", query, headers=self.headers)

    def act(self, matter, action, seen, key=None, **said):
        return self.client.post(
            f"{URL}/matters/{matter.pk}/actions/{action}",
            json.dumps({"seen": seen, "said": said}),
            content_type="application/json",
            headers={**self.headers, "Idempotency-Key": key or str(uuid.uuid4())},
        )


def stored():
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "JPEG")
    return files.receive_photo("a.jpg", io.BytesIO(out.getvalue()))


def spoken_by(cast, name, verbs=("*",)):
    """The client of a token issued to a person of the cast."""
    mandate = cast.acting(name).mandate
    text = tokens.issue(name, mandate, verbs=list(verbs), until=clock("2030-01-01 00:00"))[1]
    return Asking({"Authorization": f"Bearer {text}"})

"""A resident at the portal: the three screens filled in as a browser would, without JavaScript."""

import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

WORDS = "3号楼东边的路灯不亮了"


def key_of(answer: Any) -> str:
    """The draft's key, as the page's form carries it."""
    return re.search(r'name="key" value="([0-9a-f]{32})"', answer.content.decode())[1]


def photo(name: str = "路灯.jpg", colour: str = "navy") -> SimpleUploadedFile:
    """A small real photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def say(client: Client, words: str = WORDS, **more: Any) -> Any:
    """First screen; gives the answer."""
    key = key_of(client.get("/report/"))
    return client.post("/report/", {"key": key, "words": words, **more})


def reach_contact(client: Client, area_id: int, words: str = WORDS, **more: Any) -> str:
    """First and second screen; gives the key of the draft now at the third."""
    assert say(client, words, **more).status_code == 302
    key = key_of(client.get("/report/where/"))
    answer = client.post(
        "/report/where/", {"key": key, "by": "map", "area": area_id, "place_words": "东侧台阶旁"}
    )
    assert answer.status_code == 302, answer.content.decode()
    return key


def send(client: Client, area_id: int, words: str = WORDS, **contact: Any) -> Any:
    """All three screens; gives the sent page."""
    key = reach_contact(client, area_id, words)
    answer = client.post("/report/contact/", {"key": key, **contact})
    assert answer.status_code == 302, answer.content.decode()
    return client.get("/report/sent/")

"""Pages come compressed to phones that take it; photos and files stay as they are."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client

from gongzhi.site.middleware import CompressedText

pytestmark = pytest.mark.django_db


def asking() -> HttpRequest:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
    return request


def test_a_page_is_compressed_for_who_takes_it(cast: object) -> None:
    plain = Client().get("/privacy/")
    packed = Client().get("/privacy/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content)
    assert "隐私" in gzip.decompress(packed.content).decode()


@pytest.mark.parametrize(
    "response",
    [HttpResponse(b"\xff" * 900, content_type="image/jpeg"), StreamingHttpResponse(iter([b"a" * 900]))],
)
def test_a_photo_and_a_stream_are_left_alone(response: HttpResponse) -> None:
    answer = CompressedText(lambda request: response)(asking())
    assert "Content-Encoding" not in answer.headers

"""Reporting by machine: one answer per key, sentences under the field, receipts only to the reporter's own hand."""

import io
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel.models import Attachment, Matter, Words
from gongzhi.kernel.people import limits, tokens
from tests.cast import clock

pytestmark = pytest.mark.django_db
URL = "/api/v1/reports"


@pytest.fixture(autouse=True)
def _limits():
    limits.forget()


def photo(name="路灯.jpg", content=None):
    if content is None:
        out = io.BytesIO()
        Image.new("RGB", (64, 48), "navy").save(out, "JPEG")
        content = out.getvalue()
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def send(client=None, *, key=None, token=None, **said):
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return (client or Client()).post(URL, said, headers=headers)


def lamp(**more):
    return {"words": "3号楼东边的路灯不亮了", "code": "LA3B7K2M", "place": "3号楼东侧", **more}


@pytest.fixture
def clerk(cast):
    mandate = cast.worker().mandate
    return tokens.issue("热线系统", mandate, verbs=["report", "read"], until=clock("2030-01-01 00:00"))[1]


def test_anyone_reports_with_a_photo_and_gets_a_receipt(cast):
    answer = send(photos=[photo(), photo()], **lamp(phone="138 1234 1234", told_by="sms"))
    assert answer.status_code == 201, answer.content.decode()
    body = answer.json()
    matter = Matter.objects.get(pk=body["id"])
    assert isinstance(body["id"], str) and body["number"] == matter.number
    assert len(body["receipt"]) == 32 and len(body["digits"]) == 14
    assert matter.area_id == cast.areas["building"].pk and matter.source == "portal" and matter.category
    assert Attachment.objects.filter(matter=matter).count() == 2


def test_the_same_key_gives_the_first_answer_and_other_content_is_refused(cast):
    key = str(uuid.uuid4())
    first = send(key=key, **lamp())
    again = send(key=key, **lamp())
    assert again.json() == first.json() and Matter.objects.count() == 1
    other = send(key=key, **lamp(words="井盖松动"))
    assert other.status_code == 409 and other.json()["code"] == "other_content"
    assert Matter.objects.count() == 1


@pytest.mark.parametrize("key", ["", "1", "x" * 21, "a b" * 10, "键" * 30])
def test_a_write_without_a_random_key_is_refused(cast, key):
    answer = Client().post(URL, lamp(), headers={"Idempotency-Key": key.encode().decode("latin-1")})
    assert answer.status_code == 422 and "Idempotency-Key" in answer.json()["errors"]


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"code": "LA3B7K2M"}, "words", "写一句就行"),
        ({"words": "路灯不亮"}, "place", "还不知道在哪里"),
        ({"words": "路灯不亮", "code": "NOSUCH"}, "code", "没有这个楼门码"),
        ({"words": "路灯不亮", "area": "999999"}, "area", "没有这个网格或社区"),
        ({"words": "路灯不亮", "lat": "abc", "lon": "1"}, "lat", "这里要写数字。"),
        ({"words": "路灯不亮", "lat": "95", "lon": "1"}, "lat", "太大了。"),
        (lamp(phone="1381234123"), "phone", "少了 1 位。手机号是 11 位。"),
        (lamp(category="no_such"), "category", "没有这个类别"),
        (lamp(who_may_see="everyone"), "who_may_see", "里没有这一项"),
        (lamp(wants_call="true"), "phone", "请留一个电话"),
        (lamp(words="长" * 2001), "words", "太长了。"),
    ],
)
def test_what_is_wrong_is_said_under_its_field(cast, said, field, words):
    answer = send(**said)
    assert answer.status_code == 422, answer.content.decode()
    assert words in answer.json()["errors"][field]
    assert Matter.objects.count() == 0


def test_a_file_that_is_no_photo_is_named_and_nothing_is_half_written(cast):
    answer = send(photos=[photo(), photo("通知.docx", b"PK\x03\x04")], **lamp())
    assert answer.status_code == 422
    assert answer.json()["errors"]["photos"].startswith("“通知.docx”不是照片。")
    assert Matter.objects.count() == 0


def test_eleven_megabytes_are_too_much(cast):
    answer = send(photos=[photo("大.jpg", b"\xff\xd8\xff" + b"\0" * 11 * 1024 * 1024)], **lamp())
    assert answer.status_code == 422 and "10 MB" in answer.json()["errors"]["photos"]


def test_script_in_the_words_stays_words(cast):
    words = "<script>alert(1)</script> 路灯不亮"
    answer = send(**lamp(words=words))
    assert answer.status_code == 201
    assert json.loads(Words.objects.get().text)["words"] == words


def test_a_stranger_cannot_choose_the_channel(cast):
    answer = send(**lamp(channel="patrol"))
    assert Matter.objects.get(pk=answer.json()["id"]).source == "portal" and answer.json()["receipt"]


def test_another_system_reports_for_somebody_with_their_yes(cast, clerk):
    unasked = send(token=clerk, **lamp(channel="hotline", phone="13812341234"))
    assert unasked.status_code == 422 and "consent" in unasked.json()["errors"]
    assert send(token=clerk, **lamp()).json()["errors"]["channel"]
    answer = send(token=clerk, **lamp(channel="hotline", phone="13812341234", consent="true"))
    assert answer.status_code == 201
    assert answer.json()["receipt"] is None and answer.json()["digits"] is None


def test_a_wrong_token_is_not_taken_for_nobody(cast):
    answer = send(token="guess", **lamp())
    assert answer.status_code == 401 and Matter.objects.count() == 0


def test_over_the_limit_a_report_is_kept_and_looked_at(cast):
    for n in range(11):
        answer = send(**lamp(words=f"第{n}件事，路灯", phone="13812341234"))
        assert answer.status_code == 201
    assert Incident.objects.filter(over_limit=True).count() == 1


def test_a_flood_is_asked_to_wait(cast, monkeypatch):
    monkeypatch.setattr(limits, "FLOOD", limits.Limit(2, limits.FLOOD.within))
    codes = [send(**lamp(words=f"第{n}件事")).status_code for n in range(3)]
    assert codes == [201, 201, 429]

"""Reporting at the portal: three screens, no account, nothing lost, nothing twice."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongzhi.kernel.models import Attachment, Matter, Receipt, Words
from gongzhi.kernel.people import limits
from tests.portal.steps import WORDS, key_of, photo, reach_contact, say, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limits():
    limits.forget()


def text(answer):
    return answer.content.decode()


def test_a_sentence_and_a_place_are_a_report(cast, client):
    sent = text(send(client, cast.areas["building"].pk))
    matter = Matter.objects.get()
    assert matter.number in sent and "收到了" in sent
    assert matter.category == "lamp" and matter.place == "3 号楼东侧台阶旁" and matter.source == "portal"
    assert Receipt.objects.get().who_may_see == "none"


def test_photos_come_along_and_what_is_no_photo_is_told(cast, client):
    paper = SimpleUploadedFile("通知.docx", b"PK\x03\x04", content_type="application/zip")
    answer = say(client, photos=[photo(), paper])
    assert (
        answer.status_code == 422 and "“通知.docx”不是照片" in text(answer) and "别的照片还在" in text(answer)
    )
    key = key_of(answer)
    assert client.post("/report/", {"key": key, "words": WORDS}).status_code == 302
    assert client.get("/report/photo/0").headers["Content-Type"] == "image/jpeg"
    client.post("/report/where/", {"key": key, "area": cast.areas["grid"].pk})
    client.post("/report/contact/", {"key": key})
    assert Attachment.objects.get().matter == Matter.objects.get()


def test_an_empty_first_screen_says_what_is_missing(cast, client):
    answer = say(client, "")
    assert answer.status_code == 422 and "写一句就行" in text(answer)


def test_a_complaint_about_a_company_is_asked_about_first(cast, client):
    words = "物业一直不管，3号楼的路灯不亮"
    asked = say(client, words)
    assert asked.status_code == 200 and "有意见吗" in text(asked)
    again = client.post("/report/", {"key": key_of(asked), "words": words})
    assert again.status_code == 422 and "点“是”或者“不是”" in text(again)
    key = key_of(again)
    assert client.post("/report/", {"key": key, "words": words, "about": "yes"}).status_code == 302
    client.post("/report/where/", {"key": key, "area": cast.areas["grid"].pk})
    client.post("/report/contact/", {"key": key})
    matter = Matter.objects.get()
    assert matter.restricted and matter.community_id is None


def test_words_of_danger_bring_the_number_first(cast, client):
    answer = say(client, "老公打我，孩子在哭")
    assert answer.status_code == 200 and "tel:110" in text(answer) and Matter.objects.count() == 0


def test_the_same_form_sent_five_times_is_one_report(cast, client):
    key = reach_contact(client, cast.areas["grid"].pk)
    for _ in range(5):
        assert client.post("/report/contact/", {"key": key}).status_code == 302
    assert Matter.objects.count() == 1


def test_back_after_sending_with_other_words_asks_new_or_add(cast, client):
    key = reach_contact(client, cast.areas["grid"].pk)
    client.post("/report/contact/", {"key": key})
    same = client.post("/report/", {"key": key, "words": WORDS})
    assert same.status_code == 302 and same.url == "/report/sent/"
    other = client.post("/report/", {"key": key, "words": "井盖也松了"})
    assert other.status_code == 409 and "算新的一件" in text(other) and "井盖也松了" in text(other)
    new = client.post("/report/", {"key": key_of(other), "words": "井盖也松了", "stay": "1"})
    assert new.status_code == 200 and "井盖也松了" in text(new)


def test_a_wrong_number_is_told_under_the_field_and_kept(cast, client):
    key = reach_contact(client, cast.areas["grid"].pk)
    answer = client.post("/report/contact/", {"key": key, "who_may_see": "all", "phone": "138 0000 123"})
    assert answer.status_code == 422 and "少了 1 位" in text(answer) and "138 0000 123" in text(answer)


def test_the_four_choices_reach_the_receipt(cast):
    for choice in ("all", "community_only", "sealed_from_grid"):
        send(Client(), cast.areas["grid"].pk, who_may_see=choice, phone="13812341234", call="yes")
    kept = Receipt.objects.order_by("pk").values_list("who_may_see", "told_by", "wants_call")
    assert list(kept) == [(one, "call", True) for one in ("all", "community_only", "sealed_from_grid")]


def test_a_number_alone_is_a_report(cast, client):
    key = key_of(client.get("/call/"))
    assert client.post("/call/", {"key": key, "phone": "138"}).status_code == 422
    assert client.post("/call/", {"key": key, "phone": "13812341234"}).url == "/report/sent/"
    assert Receipt.objects.get().wants_call


def test_a_scanned_code_is_the_place(cast, client):
    assert client.get("/p/LA3B7K2M").url == "/report/"
    say(client)
    page = text(client.get("/report/where/"))
    assert "位置来自您扫的码" in page and "3 号楼" in page
    assert client.get("/p/NOTHING99").status_code == 404


def test_a_community_is_found_by_name_or_left_open(cast, client):
    say(client)
    key = key_of(client.get("/report/where/?by=pick"))
    wrong = client.post("/report/where/", {"key": key, "by": "pick", "community": "没有的社区"})
    assert wrong.status_code == 422 and "没有这个社区" in text(wrong)
    assert (
        client.post("/report/where/", {"key": key, "by": "pick", "community": "望山社区"}).status_code == 302
    )
    client.post("/report/contact/", {"key": key})
    assert Matter.objects.get().community == cast.areas["other_community"]


def test_what_is_typed_is_shown_as_text(cast, client):
    words = "<script>alert(1)</script>路灯不亮"
    key = reach_contact(client, cast.areas["grid"].pk, words)
    page = text(client.get("/report/contact/"))
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    client.post("/report/contact/", {"key": key})
    assert "<script>" in Words.objects.get().text


def test_no_page_carries_inline_script_or_style(cast, client):
    say(client)
    for path in (
        "/",
        "/report/",
        "/report/where/",
        "/report/where/?by=pick",
        "/call/",
        "/find/",
    ):
        page = text(client.get(path))
        assert " style=" not in page and "<script>" not in page and "onclick" not in page, path
        assert 'lang="zh-CN"' in page and "长辈版" in page, path


def test_elder_is_one_tap_and_its_own_page(cast, client):
    answer = client.post("/mode/", {"mode": "elder", "next": "/"})
    assert answer.url == "/"
    page = text(client.get("/"))
    assert 'data-mode="elder"' in page
    assert [word in page for word in ("说一件事", "打给网格员", "我报的事", "请人帮我")] == [True] * 4
    assert client.post("/mode/", {"mode": "elder", "next": "https://elsewhere.example/"}).url == "/"

"""Following at the portal: one's own hand acts, a code and a shared link only read, a staff session never acts."""

import re

import pytest
from django.test import Client

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel.models import Matter, Receipt
from gongzhi.kernel.people import limits
from tests.cast import clock
from tests.portal.steps import key_of, send

pytestmark = pytest.mark.django_db
FILES = ("record.json", "record.zip")


@pytest.fixture(autouse=True)
def _limits():
    limits.forget()


@pytest.fixture
def sent(cast, client):
    """A report sent from ``client``; (number, digits)."""
    page = send(client, cast.areas["grid"].pk, who_may_see="all", phone="13812341234").content.decode()
    return Matter.objects.get().number, re.search(r'data-code="(\d{12})"', page)[1]


def text(answer):
    return answer.content.decode()


def test_one_s_own_device_sees_words_and_number_masked(sent, client):
    page = text(client.get(f"/follow/{sent[0]}/"))
    assert "路灯不亮" in page and "138****1234" in page and "13812341234" not in page
    assert sent[0] in text(client.get("/mine/"))


def test_number_and_digits_only_read(sent):
    reader = Client()
    assert reader.get(f"/follow/{sent[0]}/").status_code == 302
    opened = reader.post("/find/", {"number": sent[0], "digits": sent[1]})
    assert opened.url == f"/follow/{sent[0]}/"
    page = text(reader.get(opened.url))
    assert "只能看" in page and "不用办了" not in page
    for act in ("rate", "withdraw", "add", "forget", "erase", "privacy", "record", *FILES, "share"):
        assert reader.get(f"/follow/{sent[0]}/{act}{'' if '.' in act else '/'}").status_code == 404, act


def test_five_wrong_tries_close_the_door_for_an_hour(sent):
    reader = Client()
    for _ in range(5):
        assert reader.post("/find/", {"number": sent[0], "digits": "000000000000"}).status_code == 422
    assert reader.post("/find/", {"number": sent[0], "digits": sent[1]}).status_code == 429
    short = reader.post("/find/", {"number": "1", "digits": "12345678901"})
    assert "查询码是 12 个数字，您写了 11 个" in text(short)


def test_the_link_is_exchanged_for_a_cookie_and_a_staff_session_only_reads(cast, sent, client):
    token = re.search(r"/f/([^\"]+)", text(client.get("/report/sent/qr.svg"))) or None
    assert token is None, "the QR is a drawing, not text"
    fresh = Client()
    told = cast.snap()
    staff = Client()
    staff.force_login(cast.people["worker"])
    page = f"/follow/{told.matter.number}/"
    assert staff.get(f"/f/{told.token}").url == page
    assert staff.get(f"{page}withdraw/").status_code == 404
    assert fresh.get(fresh.get(f"/f/{told.token}").url).url == page
    assert fresh.get(f"{page}withdraw/").status_code == 404, "what a staff session has seen acts nowhere"
    assert Client().get("/f/nothing").status_code == 404


def test_what_was_sent_in_a_staff_session_only_reads_afterwards_too(cast, client):
    client.force_login(cast.people["worker"])
    sent = send(client, cast.areas["grid"].pk, who_may_see="all", phone="13812341234")
    assert "二维码也只能看" in text(sent) and "您自己的钥匙" not in text(sent)
    page = f"/follow/{Matter.objects.get().number}/"
    client.cookies.pop("gongzhi")
    assert client.get(page).status_code == 200
    for act in ("withdraw/", "rate/", "record.json", "share/", "forget/"):
        assert client.get(f"{page}{act}").status_code == 404, act
    assert Receipt.objects.get().link_opened_at is not None, "nor does the QR on that screen act"


def test_a_shared_link_shows_neither_words_nor_photos(sent, client):
    page = text(client.post(f"/follow/{sent[0]}/share/"))
    link = re.search(r"/s/[\w-]+", page)[0]
    other = Client()
    shown = text(other.get(other.get(link).url))
    assert (
        "别人分享给您的" in shown and "东边" not in shown and "138**" not in shown and "1381234" not in shown
    )


def test_withdrawing_and_forgetting_the_number(sent, client):
    page = client.get(f"/follow/{sent[0]}/forget/")
    client.post(f"/follow/{sent[0]}/forget/", {"key": key_of(page)})
    assert Receipt.objects.get().phone_enc is None
    page = client.get(f"/follow/{sent[0]}/withdraw/")
    done = client.post(f"/follow/{sent[0]}/withdraw/", {"key": key_of(page), "why_withdraw": "solved"})
    assert done.status_code == 302 and Matter.objects.get().stage == "withdrawn"


def test_rating_starts_empty_and_is_taken_once(cast, client):
    send(client, cast.areas["grid"].pk, "楼道里老鼠成窝，请来消杀")
    matter = Matter.objects.get()
    sent = (matter.number,)
    take(
        matter,
        "self_handle",
        by=cast.worker(),
        at=clock("2026-11-20 10:00"),
        done_on_spot="拧紧灯头，亮了，夜里看过。",
    )
    page = client.get(f"/follow/{sent[0]}/")
    assert 'name="satisfied"' in text(page) and not re.search(r'name="(was_|sat)[^>]*checked', text(page))
    rate = f"/follow/{sent[0]}/rate/"
    key = key_of(client.get(rate))
    assert client.post(rate, {"key": key}).status_code == 422
    done = client.post(rate, {"key": key, "was_solved": "solved", "satisfied": "good"})
    assert done.status_code == 302, text(done)
    assert Incident.objects.get().was_solved == "solved"


def test_my_record_is_a_file_and_leaves_with_me(sent, client):
    answer = client.get(f"/follow/{sent[0]}/record.json")
    assert answer.json()["编号"] == sent[0] and "attachment" in answer.headers["Content-Disposition"]
    client.post(f"/follow/{sent[0]}/leave/")
    assert sent[0] not in text(client.get("/mine/"))


def test_the_figures_of_a_community_open_to_their_list(cast, client):
    area = cast.areas["community"].pk
    page = text(client.get(f"/figures/{area}/closed/"))
    assert "只列编号、类别、环节和日期" in page
    assert client.get(f"/figures/{area}/mood/").status_code == 404


@pytest.mark.parametrize("seen", ["²", "٣", "9" * 5000, "-1", ""])
def test_what_is_no_number_of_an_entry_breaks_nothing(sent, client, seen):
    form = client.get(f"/follow/{sent[0]}/urge/")
    answer = client.post(f"/follow/{sent[0]}/urge/", {"key": key_of(form), "seen": seen})
    assert answer.status_code in (302, 409)

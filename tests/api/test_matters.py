"""Reading and listing by machine, through the one gate."""

import json

import pytest
from django.test import Client

from gongzhi.domains.incidents.actions import Contact
from gongzhi.kernel.models import Attachment
from tests.api.asking import URL, stored
from tests.cast import fresh

pytestmark = pytest.mark.django_db


def test_who_may_read_it_reads_it_and_the_rest_get_what_nobody_gets(cast, ask):
    told = cast.snap(photos=(stored(),))
    page = ask("desk").get(f"/matters/{told.matter.pk}")
    assert page.status_code == 200, page.content.decode()
    body = page.json()
    assert body["id"] == str(told.matter.pk) and body["seen"] == fresh(told).seq
    assert body["words"] == "3号楼东边的路灯不亮了" and body["reading"] == "full"
    assert {"accept", "propose"} <= {one["what"]["id"] for one in body["awaited"]}
    assert body["steps"][-1]["verb"] == "report" and body["steps"][-1]["sentence"]
    assert "13812341234" not in page.content.decode() and "138****1234" not in page.content.decode()
    stranger = ask("outsider")
    hidden, absent = stranger.get(f"/matters/{told.matter.pk}"), stranger.get("/matters/123")
    assert hidden.status_code == absent.status_code == 404 and hidden.content == absent.content
    for path in ("/actions",):
        hidden = stranger.get(f"/matters/{told.matter.pk}{path}")
        assert hidden.status_code == 404 and hidden.content == absent.content
    assert stranger.act(told.matter, "accept", 1).content == absent.content
    assert stranger.get("/matters").json() == {"items": [], "next": None}
    picture = body["pictures"][0]["id"]
    assert stranger.get(f"/files/{picture}").content == absent.content


@pytest.mark.parametrize("matter", ["0", "abc", "9" * 19, "9" * 30, "-1", "1%2F2", "١٢"])
def test_an_address_of_nonsense_is_absent(cast, ask, matter):
    assert ask("desk").get(f"/matters/{matter}").status_code == 404


def test_a_complaint_about_the_committee_is_not_there_for_its_secretary(cast, ask):
    told = cast.snap("社区不管事", about=("community",))
    for name in ("secretary", "desk", "worker"):
        assert ask(name).get(f"/matters/{told.matter.pk}").status_code == 404
        assert ask(name).get("/matters", q="社区").json()["items"] == []
    assert ask("street_desk").get(f"/matters/{told.matter.pk}").status_code == 200


def test_a_part_timer_sees_the_place_and_the_kind_and_no_words(cast, ask):
    told = cast.snap(photos=(stored(),))
    body = ask("part_timer").get(f"/matters/{told.matter.pk}").json()
    assert body["reading"] == "task" and body["place"] == "3号楼东侧" and body["category"]["label"]
    assert body["words"] is None and body["title"] is None and body["pictures"] == [] and body["steps"] == []
    [line] = ask("part_timer").get("/matters").json()["items"]
    assert line["reading"] == "task" and line["title"] is None and line["promised_at"] is None


def test_secrecy_keeps_words_and_pictures_from_the_unit_that_does_the_work(cast, ask):
    contact = Contact(phone="13812341234", who_may_see="sealed_from_grid", told_by="sms")
    told = cast.snap(contact=contact, photos=(stored(),))
    desk, centre = ask("street_desk"), ask("centre")
    at = fresh(told).seq
    assert desk.act(told.matter, "accept", at).status_code == 200
    assert desk.act(told.matter, "raise_to_district", fresh(told).seq).status_code == 200
    works = str(cast.organisations["works"].pk)
    sent = centre.act(told.matter, "dispatch", fresh(told).seq, to=works, summary="东侧一盏路灯不亮")
    assert sent.status_code == 200, sent.content.decode()
    body = ask("works").get(f"/matters/{told.matter.pk}").json()
    assert body["words"] is None and body["pictures"] == [] and body["summary"] == "东侧一盏路灯不亮"
    picture = Attachment.objects.get().pk
    assert ask("works").get(f"/files/{picture}").status_code == 404
    assert centre.get(f"/files/{picture}").status_code == 200


def test_lists_page_by_key_and_are_searched_by_two_characters(cast, ask):
    told = [cast.snap(f"第{n}处井盖松动") for n in range(5)]
    desk, seen, after = ask("desk"), [], ""
    while True:
        page = desk.get("/matters", limit=2, after=after).json()
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
        if not after:
            break
    assert seen == [str(one.matter.pk) for one in reversed(told)]
    assert len(desk.get("/matters", q="井蓋").json()["items"]) == 5
    assert desk.get("/matters", q=told[0].matter.number).json()["items"][0]["id"] == str(told[0].matter.pk)
    assert desk.get("/matters", q="喷泉").json()["items"] == []
    assert desk.get("/matters", q="井").json()["errors"]["q"].startswith("再多写一个字")
    assert desk.get("/matters", stage="accepted").json()["items"] == []
    assert desk.get("/matters", limit=101).status_code == 422


def test_nobody_reads_without_a_name(cast):
    answer = Client().get(f"{URL}/matters")
    assert answer.status_code == 401 and answer.json()["code"] == "sign_in"
    assert Client().get(f"{URL}/no/such/page").status_code == 404


def test_the_description_names_every_operation_with_examples(cast):
    page = Client().get(f"{URL}/openapi.json").json()
    operations = {one["operationId"] for path in page["paths"].values() for one in path.values()}
    assert operations == {
        "report",
        "list_matters",
        "read_matter",
        "follow",
        "possible_actions",
        "act",
        "file",
        "ring",
        "outer_answers",
        "outer_answers_given",
        "outer_take_in",
        "upper_rows",
        "upper_rows_given",
    }
    text = json.dumps(page, ensure_ascii=False)
    assert "Idempotency-Key" in text and page["components"]["schemas"]["Line"]["example"]
    assert {"TokenHand", "ReceiptHand", "SessionHand"} <= set(page["components"]["securitySchemes"])


def test_a_page_of_a_list_takes_a_fixed_number_of_statements(cast, ask, django_assert_max_num_queries):
    for n in range(6):
        cast.snap(f"第{n}处井盖松动")
    desk = ask("desk")
    desk.get("/matters")
    with django_assert_max_num_queries(8):
        assert len(desk.get("/matters", q="井盖").json()["items"]) == 6

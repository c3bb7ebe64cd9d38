"""Reading, listing and acting by machine: through the one gate and the one door, refused in the house's sentences."""

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from gongzhi.kernel.ledger import files
from gongzhi.kernel.models import Attachment
from gongzhi.kernel.people import tokens
from tests.cast import clock, fresh

pytestmark = pytest.mark.django_db
URL = "/api/v1"


@pytest.fixture
def ask(cast):
    """``ask("desk")`` gives a client that speaks as this person with a token."""

    def of(name, verbs=("*",)):
        mandate = cast.acting(name).mandate
        text = tokens.issue(name, mandate, verbs=list(verbs), until=clock("2030-01-01 00:00"))[1]
        return Asking({"Authorization": f"Bearer {text}"})

    return of


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


def test_who_may_read_it_reads_it_and_the_rest_get_what_nobody_gets(cast, ask):
    told = cast.snap(photos=(stored(),))
    page = ask("desk").get(f"/matters/{told.matter.pk}")
    assert page.status_code == 200, page.content.decode()
    body = page.json()
    assert body["id"] == str(told.matter.pk) and body["seen"] == fresh(told).seq
    assert body["words"] == "3号楼东边的路灯不亮了" and body["reading"] == "full"
    assert {"accept", "propose"} <= {one["what"]["id"] for one in body["awaited"]}
    assert body["steps"][0]["verb"] == {"id": "report", "label": "上报"}
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


@pytest.mark.parametrize("matter", ["0", "abc", "9" * 30, "-1", "1%2F2"])
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
    from gongzhi.domains.incidents.actions import Contact

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


def test_the_possible_actions_say_what_they_ask_and_what_is_not_yet(cast, ask):
    told = cast.snap()
    found = {one["action"]: one for one in ask("desk").get(f"/matters/{told.matter.pk}/actions").json()}
    decline = found["decline"]
    assert decline["state"] == "now" and decline["grave"]
    assert decline["said"]["required"] == ["decline_reason", "door", "note"]
    reason = decline["said"]["properties"]["decline_reason"]
    assert {"const": "not_here", "title": "不在本区"} in reason["oneOf"]
    assert found["dispatch"]["state"] == "not_now" and found["dispatch"]["why"] == "现在是“待受理”。"
    assert found["dispatch"]["said"] is None
    assert "rate" not in found


def test_the_refusals_come_in_order_as_sentences(cast, ask):
    told = cast.snap()
    desk, works = ask("desk"), ask("worker")
    seq = fresh(told).seq
    assert works.act(told.matter, "accept", seq).status_code == 403
    assert works.act(told.matter, "accept", seq).json()["refusal"] == "受理：不归您。"
    assert desk.act(told.matter, "dispatch", seq).json()["code"] == "not_now"
    assert desk.act(told.matter, "no_such_action", seq).status_code == 403
    missing = desk.act(told.matter, "decline", seq, note="不归这里")
    assert missing.status_code == 422 and set(missing.json()["errors"]) == {"decline_reason", "door"}
    unknown = desk.act(told.matter, "decline", seq, by="someone", at="2020-01-01")
    assert unknown.status_code == 422 and set(unknown.json()["errors"]) == {"by", "at"}
    assert desk.act(told.matter, "accept", None).json()["errors"]["seen"]
    taken = desk.act(told.matter, "accept", seq)
    assert taken.status_code == 200 and taken.json()["number"] == told.matter.number
    assert isinstance(taken.json()["entry"], str) and taken.json()["matter"] == str(told.matter.pk)
    faster = desk.act(told.matter, "take_on", seq)
    assert faster.status_code == 409 and faster.json()["code"] == "someone_was_faster"


def test_the_same_act_sent_twice_is_one_entry(cast, ask):
    told, key = cast.snap(), str(uuid.uuid4())
    desk, seq = ask("desk"), fresh(told).seq
    first = desk.act(told.matter, "accept", seq, key=key)
    again = desk.act(told.matter, "accept", seq, key=key)
    assert first.status_code == 200 and again.json() == first.json()


def test_an_act_brings_its_photos_in_a_form(cast, ask):
    told = cast.snap()
    worker = ask("worker")
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "JPEG")
    answer = worker.client.post(
        f"{URL}/matters/{told.matter.pk}/actions/propose",
        {
            "seen": fresh(told).seq,
            "said": json.dumps({"level": "community"}),
            "photos": SimpleUploadedFile("a.jpg", out.getvalue()),
        },
        headers={**worker.headers, "Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status_code == 200, answer.content.decode()
    assert Attachment.objects.filter(matter=told.matter, entry__verb="propose").count() == 1


@pytest.mark.parametrize(
    "body", ["[]", "{", '"x"', '{"seen": 1, "said": []}', '{"seen": true}', '{"seen": -1}']
)
def test_a_body_of_nonsense_is_refused_in_a_sentence(cast, ask, body):
    told, desk = cast.snap(), ask("desk")
    answer = desk.client.post(
        f"{URL}/matters/{told.matter.pk}/actions/accept",
        body,
        content_type="application/json",
        headers={**desk.headers, "Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status_code == 422 and answer.json()["errors"]


def test_a_token_does_no_more_than_it_was_given(cast, ask):
    told = cast.snap()
    reader = ask("desk", verbs=("read",))
    assert reader.get(f"/matters/{told.matter.pk}").status_code == 200
    refused = reader.act(told.matter, "accept", fresh(told).seq)
    assert refused.status_code == 403 and refused.json()["refusal"] == "这个令牌没有给“accept”。"
    assert ask("desk", verbs=("accept",)).get("/matters").status_code == 403


def test_a_mandate_that_ended_yesterday_speaks_no_more(cast, ask):
    told, desk = cast.snap(), ask("desk")
    mandate = cast.desk().mandate
    mandate.until = timezone.now() - timedelta(days=1)
    mandate.save()
    assert desk.get(f"/matters/{told.matter.pk}").status_code == 401


def test_the_reporter_follows_and_acts_with_the_receipt_and_nobody_else_does(cast, ask):
    told = cast.snap()
    own = Asking({"X-Receipt": told.token})
    page = own.get("/follow")
    assert page.status_code == 200, page.content.decode()
    assert page.json()["state"] == 1 and "withdraw" in page.json()["can"]
    assert Asking({"X-Receipt": "guess"}).get("/follow").status_code == 401
    assert Asking({}).get("/follow").status_code == 401
    assert own.get(f"/matters/{cast.snap('另一件事').matter.pk}/actions").status_code == 404
    added = own.act(told.matter, "add", page.json()["seen"], more="晚上老人看不见路")
    assert added.status_code == 200, added.content.decode()
    assert ask("desk").act(told.matter, "withdraw", fresh(told).seq).status_code == 403
    assert own.get("/matters").status_code == 401


def test_a_session_needs_its_token_against_foreign_pages(cast):
    told = cast.snap()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["desk"])
    asking = Asking({})
    asking.client = client
    assert asking.get(f"/matters/{told.matter.pk}").status_code == 200
    refused = asking.act(told.matter, "accept", fresh(told).seq)
    assert refused.status_code == 403
    asking.headers = {"X-Mandate": "999999"}
    assert asking.get("/matters").status_code == 403


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

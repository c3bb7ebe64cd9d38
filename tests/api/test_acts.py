"""Acting by machine, through the one door; refused in the house's sentences."""

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from gongzhi.kernel.models import Attachment
from tests.api.asking import URL, Asking
from tests.cast import fresh

pytestmark = pytest.mark.django_db


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


def test_the_single_rating_is_not_shown_to_the_unit_that_did_the_work(cast, ask):
    told = cast.snap()
    own = Asking({"X-Receipt": told.token})

    def act(hand, action, **said):
        answer = hand.act(told.matter, action, fresh(told).seq, **said)
        assert answer.status_code == 200, answer.content.decode()

    desk, street, centre, works = ask("desk"), ask("dispatcher"), ask("centre"), ask("works")
    act(desk, "accept")
    act(desk, "raise_to_street")
    act(street, "raise_to_district")
    act(centre, "dispatch", to=str(cast.organisations["works"].pk))
    act(works, "sign_in")
    act(works, "reply", contacted="talked", reply_done="换了灯头", reply_result="亮了", solved="solved")
    act(ask("worker"), "pass_check", check_way="look")
    act(own, "rate", was_solved="no", satisfied="very_bad", rating_words="晚上还是黑的")
    page = works.get(f"/matters/{told.matter.pk}").content.decode()
    assert not [word for word in ("very_bad", "非常不满意", "晚上还是黑的") if word in page]
    assert "晚上还是黑的" in centre.get(f"/matters/{told.matter.pk}").content.decode()


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

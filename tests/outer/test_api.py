"""Other systems without sheets: rows in over the API, answers out, each marked when it has arrived."""

import json
from typing import Any

import pytest
from django.utils import timezone

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.outer.models import OuterOrder, OuterOutgoing
from gongzhi.kernel.models import Matter
from gongzhi.kernel.process.deliver import deliver
from tests.api.asking import URL, spoken_by
from tests.cast import Cast
from tests.outer.sheets import HEAD, row

pytestmark = pytest.mark.django_db
REPLY = {"contacted": "talked", "reply_done": "换了灯头。", "reply_result": "亮了。", "solved": "solved"}


def sent(asking: Any, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = asking.client.post(
        f"{URL}{path}", json.dumps(body), content_type="application/json", headers=asking.headers
    )
    return answer.status_code, json.loads(answer.content)


def orders(*numbers: int, **said: str) -> dict[str, Any]:
    return {"rows": [dict(zip(HEAD, row(n, **said), strict=True)) for n in numbers]}


def test_orders_come_in_and_answers_go_out_over_the_api(cast: Cast) -> None:
    hotline = spoken_by(cast, "centre", ("take_over", "outer_given"))
    status, told = sent(hotline, "/outer/hotline/orders", orders(1, 2, 承办单位="区市政中心"))
    assert (status, told["added"], told["faults"]) == (200, 2, [])
    assert sent(hotline, "/outer/hotline/orders", orders(1, 2, 承办单位="区市政中心"))[1]["same"] == 2
    status, told = sent(hotline, "/outer/hotline/orders", orders(3, 办结时限="改天"))
    assert told["added"] == 0 and told["faults"][0]["row"] == 1 and "看不懂" in told["faults"][0]["why"]

    at, lamp = timezone.now(), OuterOrder.objects.get(number="HL00001").matter
    take(lamp, "sign_in", by=cast.works(at), at=at)
    take(lamp, "reply", by=cast.works(at), at=at, **REPLY)
    take(lamp, "pass_check", by=cast.centre(at), at=at, check_way="call")
    deliver(timezone.now())
    due = json.loads(hotline.get("/outer/hotline/answers").content)
    assert due["rows"][0]["工单编号"] == "HL00001" and due["rows"][0]["回复内容"] == "换了灯头。亮了。"
    assert OuterOutgoing.objects.get().state == "due"  # asked for is not arrived
    strange = [*due["ids"], "9" * 30, "9" * 5000, "x", "-1"]
    assert sent(hotline, "/outer/hotline/answers/given", {"ids": strange})[1]["ids"] == due["ids"]
    assert OuterOutgoing.objects.get().state == "given"
    assert json.loads(hotline.get("/outer/hotline/answers").content)["rows"] == []


def test_a_token_does_only_what_it_was_given(cast: Cast) -> None:
    reader = spoken_by(cast, "centre", ("read",))
    assert sent(reader, "/outer/hotline/orders", orders(1))[0] == 403
    unit = spoken_by(cast, "works", ("*",))
    assert sent(unit, "/outer/hotline/orders", orders(1))[0] == 403
    whole = spoken_by(cast, "centre", ("*",))
    assert sent(whole, "/outer/nobody/orders", orders(1))[0] == 422
    assert sent(whole, "/outer/hotline/orders", {"rows": []})[0] == 422
    assert not Matter.objects.exists()

"""A day with the hotline: a sheet of 200 orders in, 200 answers out in the same columns, nothing typed twice."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.outer import answers, marks
from gongzhi.domains.incidents.outer.models import OuterOrder, OuterOutgoing
from gongzhi.kernel.models import Delivery, Entry, Matter, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.deliver import deliver, handler
from gongzhi.kernel.process.door import take_all
from gongzhi.kernel.process.orders import Order, Step
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.telling.models import Sending
from tests.cast import MORNING, Cast, clock, fresh
from tests.outer.sheets import HEAD, book, carried, row, text

pytestmark = pytest.mark.django_db
NOON, EVENING, NEXT = clock("2026-11-20 12:00"), clock("2026-11-20 17:00"), clock("2026-11-24 09:00")
REPLY = {"contacted": "talked", "reply_done": "换了新灯头。", "reply_result": "灯亮了。", "solved": "solved"}


def all_take(matters: Iterable[Matter], verb: str, by: Acting, at: datetime, **said: Any) -> None:
    done = take_all([Order(one.pk, (Step(verb, said),), by, at) for one in matters])
    assert [one.refusal for one in done if one.refusal] == []


def told(at: datetime) -> None:
    """What follows the entries for the way back; notices to staff have their own tests."""
    for one in Delivery.objects.filter(follower="incident.outer", state="pending").order_by("pk"):
        handler(one.follower)(one, at)
        Delivery.objects.filter(pk=one.pk).update(state="done")


def file_of(cast: Cast, at: datetime) -> list[list[str]]:
    """The sheet that goes back, as the hotline opens it: taken along and marked as given."""
    pile = answers.piles("cn", by=cast.centre(at), at=at)[0]
    sheet = answers.Answers("cn", pile.system, pile.shape)
    rows: list[list[str]] = [list(sheet.head)]
    for part in answers.due(pile.system, pile.shape, by=cast.centre(at), at=at):
        rows += [list(one) for one in sheet.rows(part)]
        assert not [one for one in marks.given(part, by=cast.centre(at), at=at) if one.refusal]
    return rows


def matter_of(number: int) -> Matter:
    return OuterOrder.objects.get(number=f"HL{number:05d}").matter


def test_two_hundred_orders_in_and_two_hundred_answers_out(cast: Cast) -> None:
    sheet = [row(n, 承办单位="" if n == 7 else "区市政中心", 诉求内容=f"第{n}盏路灯不亮") for n in range(200)]
    batch = carried(book(sheet), cast.centre(), name="工单.xlsx")
    assert (batch.added, batch.faults) == (200, 0)
    assert carried(book(sheet), cast.centre(), name="再来一次.xlsx").added == 0

    strange = matter_of(7)
    take(
        strange,
        "return_outer",
        by=cast.centre(NOON),
        at=NOON,
        return_reason="not_area",
        basis="灯在邻区的路上",
        proposed_outside="邻区市政",
    )
    ours = list(Matter.objects.filter(source="outer").exclude(pk=strange.pk))
    assert {one.stage for one in ours} == {"pending_sign_in"}
    all_take(ours, "sign_in", cast.works(NOON), NOON)
    all_take(ours[:5], "contact_caller", cast.works(NOON), NOON, contact_way="phone")
    all_take(ours, "reply", cast.works(EVENING), EVENING, **REPLY)
    all_take(ours, "pass_check", cast.centre(EVENING), EVENING, check_way="call")
    told(EVENING)

    head, *rows = file_of(cast, EVENING)
    assert head[: len(HEAD)] == list(HEAD) and len(rows) == 200
    cells = {one[0]: dict(zip(head, one, strict=True)) for one in rows}
    lamp, back = cells["HL00003"], cells["HL00007"]
    assert lamp["诉求内容"] == "第3盏路灯不亮" and lamp["渠道"] == "电话"
    assert lamp["回复内容"] == "换了新灯头。灯亮了。" and lamp["是否解决"] == "已解决"
    assert (lamp["联系情况"], lamp["联系时间"]) == ("已联系", "2026-11-20 12:00")
    assert (back["办理类型"], back["申请原因"]) == (
        "退单",
        "不在本单位管辖地段；灯在邻区的路上；建议：邻区市政",
    )
    assert "13812341234" not in str(rows) and "王女士" not in str(rows)
    assert answers.counts(by=cast.centre(EVENING), at=EVENING) == {"given": 200}

    assert not Wait.objects.filter(
        what__in=("rate", "accept", "verify", "call"), matter__source="outer"
    ).exists()
    deliver(EVENING, limit=100)
    assert not Sending.objects.filter(receipt__isnull=False).exists()


def test_what_they_refuse_comes_back_as_work_and_the_second_round_is_the_same_matter(cast: Cast) -> None:
    carried(text([row(n, 承办单位="区市政中心") for n in (1, 2)]), cast.centre())
    first, second = matter_of(1), matter_of(2)
    for one in (first, second):
        all_take([one], "sign_in", cast.works(NOON), NOON)
        all_take([one], "reply", cast.works(EVENING), EVENING, **REPLY)
        all_take([one], "pass_check", cast.centre(EVENING), EVENING, check_way="call")
    told(EVENING)
    file_of(cast, EVENING)

    head = ("工单编号", "审核结果", "审核意见")
    said = [("HL00001", "不通过", "没有写几号修的"), ("HL00002", "通过", "")]
    batch = carried(text(said, head), cast.centre(NEXT), "receipts", at=NEXT)
    assert (
        batch.changed == 2 and carried(text(said, head), cast.centre(NEXT), "receipts", at=NEXT).changed == 0
    )
    assert fresh(first).stage == "rework" and fresh(second).stage == "resolved"
    assert set(OuterOutgoing.objects.values_list("state", flat=True)) == {"refused", "taken"}
    why = Entry.objects.get(matter=first, verb="outer_reply_refused")
    assert "没有写几号修的" in why.words.text

    again = row(2, 承办单位="区市政中心", 派单轮次="2", 诉求内容="灯又灭了", 办结时限="2026-12-01 16:00")
    batch = carried(text([again]), cast.centre(NEXT), at=NEXT)
    assert (batch.added, batch.again) == (0, 1)
    assert OuterOrder.objects.count() == 2 and matter_of(2).outer.round == 2
    assert fresh(second).stage == "rework" and fresh(second).promised_at == clock("2026-12-01 16:00")
    handle = Wait.objects.get(matter=second, what="handle", ended_at=None)
    assert handle.due_at == clock("2026-11-30 16:00")  # a working day before the hotline's own limit
    assert carried(text([again]), cast.centre(NEXT), at=NEXT).again == 0


def test_a_unit_s_term_ends_before_the_hotline_s_and_an_extension_is_theirs_to_grant(cast: Cast) -> None:
    carried(text([row(1, 承办单位="区市政中心")]), cast.centre())
    lamp = matter_of(1)
    assert lamp.promised_at == clock("2026-11-27 16:00")
    assert Wait.objects.get(matter=lamp, what="handle").due_at == clock("2026-11-26 16:00")
    all_take([lamp], "sign_in", cast.works(NOON), NOON)
    asked = {"extension_reason": "parts", "extend_by": "2wd"}
    all_take([lamp], "request_extension", cast.works(NOON), NOON, **asked)
    all_take([lamp], "grant_extension", cast.centre(EVENING), EVENING)
    assert fresh(lamp).promised_at == clock("2026-11-27 16:00")  # asked for, not yet theirs
    told(EVENING)
    cells = dict(zip(*file_of(cast, EVENING), strict=True))
    assert cells["办理类型"] == "申请延期" and cells["申请延至"] == "2026-12-01 16:00"
    row_of = OuterOutgoing.objects.select_related("order__matter").get()
    assert not marks.mark([row_of], "taken", by=cast.centre(NEXT), at=NEXT)[0].refusal
    assert fresh(lamp).promised_at == clock("2026-12-01 16:00")
    assert Wait.objects.get(matter=lamp, what="handle").due_at == clock("2026-11-30 16:00")


def test_a_suspension_they_refuse_goes_on_without_moving_the_limit(cast: Cast) -> None:
    carried(text([row(1, 承办单位="区市政中心")]), cast.centre())
    lamp = matter_of(1)
    all_take([lamp], "sign_in", cast.works(NOON), NOON)
    ground = {"suspend_ground": "waits_other", "resume_on": "2026-11-25", "note": "等另一件"}
    all_take([lamp], "request_suspension", cast.works(NOON), NOON, **ground)
    all_take([lamp], "grant_suspension", cast.centre(EVENING), EVENING, resume_on="2026-11-25")
    told(EVENING)
    file_of(cast, EVENING)
    one = OuterOutgoing.objects.select_related("order__matter").get()
    assert not marks.mark([one], "refused", "不符合挂起条件", by=cast.centre(NEXT), at=NEXT)[0].refusal
    assert fresh(lamp).stage == "in_progress" and fresh(lamp).promised_at == clock("2026-11-27 16:00")


def test_only_who_takes_sheets_takes_them(cast: Cast) -> None:
    for name in ("works", "worker", "outsider"):
        with pytest.raises(NotYours):
            carried(text([row(1)]), cast.acting(name, MORNING))

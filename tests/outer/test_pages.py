"""The pages of sheets: who may open them, what they show to whom, how many statements they take; the platform above."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.outer import figures, owed, work
from gongzhi.domains.incidents.outer.models import (
    OuterBatch,
    OuterOrder,
    OuterOutgoing,
    OuterResult,
    UpperRow,
)
from gongzhi.kernel.models import Delivery, Entry, Matter, Tie
from gongzhi.kernel.process.deliver import handler
from tests.cast import Cast, clock, fresh
from tests.kernel.test_budgets import ACTION, Counted
from tests.outer.sheets import HEAD, carried, checked, row, text

pytestmark = pytest.mark.django_db
NOON, NEXT = clock("2026-11-20 12:00"), clock("2026-11-24 09:00")
REPLY = {"contacted": "talked", "reply_done": "换了新灯头。", "reply_result": "灯亮了。", "solved": "solved"}
PAGES = (
    "outer/",
    "outer/due/",
    "outer/due/?tab=given",
    "outer/rates/",
    "outer/rates/list/?which=solved",
    "upper/",
)


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.people[name])
    return client


def followed(at: Any) -> None:
    for one in Delivery.objects.filter(follower__in=("incident.outer", "incident.upper"), state="pending"):
        handler(one.follower)(one, at)
        Delivery.objects.filter(pk=one.pk).update(state="done")


def answered(cast: Cast, number: int) -> Matter:
    lamp = OuterOrder.objects.get(number=f"HL{number:05d}").matter
    take(lamp, "sign_in", by=cast.works(NOON), at=NOON)
    take(lamp, "reply", by=cast.works(NOON), at=NOON, **REPLY)
    take(lamp, "pass_check", by=cast.centre(NOON), at=NOON, check_way="call")
    followed(NOON)
    return lamp


def test_a_sheet_goes_in_and_the_answers_come_out_on_the_pages(cast: Cast) -> None:
    desk = signed_in(cast, "centre")
    rows = [row(1, 承办单位="区市政中心", 诉求内容="=1+1 灯不亮"), row(2, 联系电话="12")]
    book = SimpleUploadedFile("工单.csv", text(rows))
    answer = desk.post("/desk/outer/", {"system": "hotline", "kind": "orders", "book": book})
    page = answer["Location"]
    assert "排着队" in desk.get(page).content.decode()
    work.work(NOON)
    seen = desk.get(page).content.decode()
    assert "导入 1 行" in seen and "少了 9 位" in seen and not Matter.objects.exists()
    told = load_workbook(io.BytesIO(b"".join(desk.get(f"{page}faults/").streaming_content))).active
    head, wrong = (list(one) for one in told.iter_rows(values_only=True))
    assert head == [*HEAD, "原因"] and wrong[0] == "HL00002" and "少了 9 位" in wrong[-1]
    desk.post(page, {"do": "confirm"})
    work.work(NOON)
    assert "新接 1 件" in desk.get(page).content.decode()
    lamp = answered(cast, 1)
    assert "我们不给来电人发短信" in desk.get(f"/desk/m/{lamp.pk}/").content.decode()
    batch = OuterBatch.objects.get()
    said = {"system": "hotline", "shape": batch.shape, "form": "xlsx"}
    file = b"".join(desk.post("/desk/outer/due/file/", said).streaming_content)
    cells = dict(zip(*load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True), strict=True))
    assert cells["诉求内容"] == "'=1+1 灯不亮" and cells["回复内容"] == "换了新灯头。灯亮了。"
    assert OuterOutgoing.objects.get().state == "given"
    one = OuterOutgoing.objects.get()
    desk.post("/desk/outer/due/", {"one": one.pk, "state": "refused", "why": ""})
    assert OuterOutgoing.objects.get().state == "given"  # a no needs its reason
    desk.post("/desk/outer/due/", {"one": one.pk, "state": "refused", "why": "没写几号"})
    assert fresh(lamp).stage == "rework"


def test_the_caller_is_reached_with_one_tap(cast: Cast) -> None:
    carried(text([row(1, 承办单位="区市政中心")]), cast.centre())
    lamp, unit = OuterOrder.objects.get().matter, signed_in(cast, "works")
    assert "打通电话" in unit.get(f"/desk/m/{lamp.pk}/").content.decode()
    unit.post(f"/desk/m/{lamp.pk}/contacted/", {"way": "phone"})
    assert OuterOrder.objects.get().contact_way == "phone" and OuterOrder.objects.get().contact_at is not None
    shown = unit.post(f"/desk/m/{lamp.pk}/phone/", {"purpose": "tell_result"}).content.decode()
    assert "13812341234" in shown and Entry.objects.filter(verb="reveal").count() == 1
    assert (
        signed_in(cast, "outsider").post(f"/desk/m/{lamp.pk}/contacted/", {"way": "visit"}).status_code == 404
    )


def test_a_snap_and_an_order_on_one_thing_are_linked_and_answered_apart(cast: Cast) -> None:
    snap = cast.snap(area=cast.areas["community"], at=NOON).matter
    carried(text([row(1, 承办单位="区市政中心")]), cast.centre())
    lamp = OuterOrder.objects.get().matter
    desk = signed_in(cast, "centre")
    assert snap.number in desk.get(f"/desk/m/{lamp.pk}/").content.decode()
    desk.post(f"/desk/m/{lamp.pk}/same/", {"same_as": snap.number})
    assert OuterOrder.objects.get().linked == snap
    assert lamp.number in desk.get(f"/desk/m/{snap.pk}/").content.decode()
    unit = signed_in(cast, "works")
    assert snap.number not in unit.get(f"/desk/m/{lamp.pk}/").content.decode()  # it may not read the snap


def test_who_may_not_see_an_order_finds_no_trace_of_it(cast: Cast) -> None:
    carried(
        text([row(1, 是否保密="是", 事发地址="蓝色水塔旁边"), row(2, 承办单位="区市政中心")]), cast.centre()
    )
    answered(cast, 2)
    sees = signed_in(cast, "centre")
    assert "HL00002" in sees.get("/desk/outer/due/").content.decode()
    assert "蓝色水塔" in sees.get("/desk/upper/").content.decode()
    for name in ("works", "worker", "part_timer", "outsider", "leader"):
        hand = signed_in(cast, name)
        assert [hand.get(f"/desk/{path}").status_code for path in PAGES] == [403] * len(PAGES)
    for name in (
        "desk",
        "other_desk",
    ):  # a community's desk takes sheets of its own, and reads its own matters alone
        hand = signed_in(cast, name)
        found = "".join(hand.get(f"/desk/{path}").content.decode() for path in PAGES)
        assert "蓝色水塔" not in found and ("HL00002" in found) is (name == "desk")
        batch = OuterBatch.objects.get()
        assert hand.get(f"/desk/outer/sheet/{batch.pk}/").status_code == 404
        assert hand.get(f"/desk/outer/sheet/{batch.pk}/faults/").status_code == 404


def test_official_rates_are_made_of_call_backs_and_no_unit_reads_a_single_one(cast: Cast) -> None:
    carried(text([row(n, 承办单位="区市政中心") for n in range(5)]), cast.centre())
    lamp = answered(cast, 1)
    head = ("工单编号", "是否联系", "是否解决", "是否满意", "回访日期")
    said = [(f"HL{n:05d}", "是", "是" if n else "否", "满意", "2026-11-23") for n in range(5)]
    assert carried(text(said, head), cast.centre(NEXT), "results", at=NEXT).changed == 5
    assert carried(text(said, head), cast.centre(NEXT), "results", at=NEXT).changed == 0
    assert OuterResult.objects.filter(solved="yes").count() == 4
    assert not Entry.objects.filter(verb="outer_result", facts__contains="yes").exists()
    assert "解决" not in str(Entry.objects.get(matter=lamp, verb="outer_result").facts)


def test_a_complaint_found_later_is_owed_to_no_platform(cast: Cast) -> None:
    carried(text([row(1, 承办单位="区市政中心")]), cast.centre())
    lamp, by = OuterOrder.objects.get().matter, cast.centre(NOON)
    assert owed.counts("province_grid", by=by, at=NOON) == {"due": 1}
    Tie.objects.create(matter=lamp, role="about", organisation=cast.organisations["property"], since=NOON)
    assert owed.counts("province_grid", by=by, at=NOON) == {}
    assert list(owed.due("province_grid", by=by, at=NOON)) == []


@pytest.mark.parametrize("n", [4, 5])
def test_too_few_results_have_neither_rate_nor_list(cast: Cast, n: int) -> None:
    by = cast.centre(NEXT)
    carried(text([row(k, 承办单位="区市政中心") for k in range(n)]), cast.centre())
    head = ("工单编号", "是否联系", "是否解决", "是否满意", "回访日期")
    said = [(f"HL{k:05d}", "是", "是" if k else "否", "满意", "2026-11-23") for k in range(n)]
    carried(text(said, head), by, "results", at=NEXT)
    theirs = next(one.theirs for one in figures.pairs("hotline", 30, by=by, at=NEXT) if one.name == "solved")
    rows, _ = figures.behind("solved", "hotline", 30, by=by, at=NEXT)
    assert (theirs.hidden, len(rows)) == ((True, 0) if n < 5 else (False, 5))
    assert figures.few("solved", "hotline", 30, by=by, at=NEXT) is (n < 5)


def test_what_a_platform_is_owed_carries_its_number_and_is_owed_again_when_it_ends(cast: Cast) -> None:
    carried(text([row(1, 承办单位="区市政中心")]), cast.centre())
    lamp, by = OuterOrder.objects.get().matter, cast.centre(NOON)
    assert UpperRow.objects.get().state == "due"
    desk = signed_in(cast, "centre")
    file = b"".join(
        desk.post("/desk/upper/file/", {"platform": "province_grid", "form": "xlsx"}).streaming_content
    )
    cells = dict(zip(*load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True), strict=True))
    assert (
        cells["本地编号"] == lamp.number and cells["办理状态"] == "办理中" and "13812341234" not in str(cells)
    )
    assert UpperRow.objects.get().state == "given"
    head = ("本地编号", "平台编号", "平台状态", "退回原因")
    carried(text([(lamp.number, "SJ900", "已入库", "")], head), by, "upper", system="province_grid", at=NOON)
    one = UpperRow.objects.get()
    assert (one.state, one.number, one.there) == ("taken", "SJ900", "已入库")
    answered(cast, 1)
    assert UpperRow.objects.get().state == "due" and owed.counts("province_grid", by=by, at=NOON) == {
        "due": 1
    }
    bad = checked(text([("261120-9999", "SJ1", "", "")], head), by, "upper", system="province_grid", at=NOON)
    assert bad.faults == 1


def test_lists_and_acts_keep_to_their_budgets(cast: Cast) -> None:
    carried(text([row(n, 承办单位="区市政中心") for n in range(12)]), cast.centre())
    for number in range(6):
        answered(cast, number)
    client = signed_in(cast, "centre")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/desk/{path}").status_code == 200
        return len(seen)

    statements(PAGES[0])  # what a process reads once
    before = {path: statements(path) for path in PAGES}
    assert max(before.values()) <= 8, before
    for number in range(6, 12):
        answered(cast, number)
    assert {path: statements(path) for path in PAGES} == before  # whatever the rows
    lamp = OuterOrder.objects.get(number="HL00001").matter
    with Counted(ACTION):
        take(lamp, "outer_given", by=cast.centre(NOON), at=NOON, outer_kind="reply", key="k" * 22)
    with Counted(ACTION):
        take(lamp, "contact_caller", by=cast.works(NOON), at=NOON, contact_way="phone", key="c" * 22)

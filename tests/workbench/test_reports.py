"""Staff report: on patrol, from a chat, for somebody; with consent, one slip, and nothing that could rate."""

import pytest

from gongzhi.domains.incidents import actions
from gongzhi.kernel.models import Entry, Matter, Receipt
from tests.cast import Cast, clock
from tests.workbench.sitting import Clock, Desk, Sit

pytestmark = pytest.mark.django_db


def send(desk: Desk, way: str, key: str = "d" * 32, **said: object) -> object:
    return desk.client.post("/desk/report/", {"way": way, "key": key, **said})


def test_for_somebody_at_the_window_with_a_slip_that_only_reads(cast: Cast, sit: Sit) -> None:
    desk = sit("desk")
    said = {"channel": "desk", "words": "路灯坏了", "area": cast.areas["grid"].pk, "place": "2 号楼"}
    answer = send(desk, "behalf", phone="138 1234 5678", consent="yes", told_by="sms", **said)
    assert answer.status_code == 302  # type: ignore[attr-defined]
    matter = Matter.objects.get()
    assert (matter.source, matter.category, matter.grid_id) == ("desk", "lamp", cast.areas["grid"].pk)
    token, digits = actions.receipt_for("d" * 32)
    slip = desk.page("report/slip/")
    assert matter.number in slip and f"{digits[:4]} {digits[4:8]} {digits[8:]}" in slip
    assert token not in slip and token not in str(desk.client.cookies)
    assert Receipt.objects.get().told_by == "sms"


def test_a_number_needs_the_persons_yes(cast: Cast, sit: Sit) -> None:
    said = {"channel": "phone", "words": "路灯坏了", "area": cast.areas["grid"].pk, "phone": "13812345678"}
    answer = send(sit("desk"), "behalf", **said)
    assert answer.status_code == 422 and "您同意我替您报吗" in answer.content.decode()  # type: ignore[attr-defined]
    short = send(sit("desk"), "behalf", **{**said, "phone": "1381234567"})
    assert "少了 1 位" in short.content.decode() and "路灯坏了" in short.content.decode()  # type: ignore[attr-defined]
    assert Matter.objects.count() == 0


def test_found_on_patrol_and_solved_on_the_spot(cast: Cast, sit: Sit) -> None:
    worker = sit("worker")
    send(
        worker,
        "patrol",
        words="楼道堆了纸箱，已请住户搬走",
        category="corridor_lamp",
        done_on_spot="和住户一起换了灯泡，亮了",
    )
    matter = Matter.objects.get()
    assert matter.stage == "resolved" and matter.source == "patrol"
    assert "已当场办结" in worker.page("report/slip/") and not Receipt.objects.exists()


def test_what_is_not_small_is_reported_and_the_reason_told(cast: Cast, sit: Sit) -> None:
    worker = sit("worker")
    send(worker, "patrol", words="路灯不亮", category="lamp", done_on_spot="我拧了拧灯泡")
    assert Matter.objects.get().stage == "submitted"
    assert "当场办结没有记下" in worker.page("report/slip/")


def test_a_report_sent_five_times_is_one_matter(cast: Cast, sit: Sit) -> None:
    worker = sit("worker")
    for _ in range(5):
        assert send(worker, "chat", words="群里说电梯停了", place="1 号楼").status_code == 302  # type: ignore[attr-defined]
    assert Matter.objects.count() == 1
    other = send(worker, "chat", words="群里又说水管漏了", place="1 号楼")
    assert other.status_code == 409 and "群里又说水管漏了" in other.content.decode()  # type: ignore[attr-defined]


def test_a_place_that_means_nothing_is_asked_again_with_all_kept(cast: Cast, sit: Sit) -> None:
    answer = send(sit("street_desk"), "behalf", channel="phone", words="门口有积水", place="不知道哪里")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "门口有积水" in answer.content.decode() and "选一个" in answer.content.decode()  # type: ignore[attr-defined]


def test_an_area_outside_the_hands_own_is_not_taken(cast: Cast, sit: Sit) -> None:
    send(sit("worker"), "patrol", words="看到路灯不亮", area=cast.areas["other_community"].pk)
    assert Matter.objects.get().grid_id == cast.areas["grid"].pk


def test_a_complaint_about_the_own_committee_leaves_the_reporters_sight(cast: Cast, sit: Sit) -> None:
    desk = sit("worker")
    send(desk, "behalf", channel="visit", words="社区不公开账目", about="community", place="2 号楼")
    matter = Matter.objects.get()
    assert matter.restricted and matter.community_id is None
    assert desk.status(f"m/{matter.pk}/") == 404 and "由上一级受理" in desk.page("report/slip/")


def test_a_part_timer_reports_but_takes_no_numbers(cast: Cast, sit: Sit) -> None:
    page = sit("part_timer").page("report/?way=behalf")
    assert 'name="phone"' not in page and 'name="done_on_spot"' not in page


def test_keepers_see_what_stuck_and_desks_nobody_holds(cast: Cast, sit: Sit, hour: Clock) -> None:
    cast.snap()
    cast.people["desk"].mandates.update(until=clock("2026-11-20 09:00"))
    cast.people["secretary"].mandates.update(until=clock("2026-11-20 09:00"))
    chief = sit("chief")
    page = chief.page("watch/desks/")
    assert "社区受理台" in page and "柳岸社区" in page and "网格员" not in page.split("<tbody>")[1]
    assert "没有送不到的通知" in chief.page("watch/stuck/")
    for path in ("watch/desks/", "watch/stuck/", "watch/looks/"):
        assert sit("worker").status(path) == 404
    assert chief.status("watch/looks/") == 404


def test_the_auditor_reads_who_looked_at_a_number(cast: Cast, sit: Sit) -> None:
    told = cast.snap()
    sit("desk").client.post(f"/desk/m/{told.matter.pk}/phone/", {"purpose": "ask_place"})
    cast.people["outsider"].mandates.update(
        role="audit_admin", area=cast.areas["district"], organisation=None
    )
    auditor = sit("outsider")
    page = auditor.page("watch/looks/")
    assert "孙立群" in page and told.matter.number in page and "问地点、问情况" in page
    assert auditor.status(f"m/{told.matter.pk}/") == 404
    assert Entry.objects.filter(register="access", verb="reveal").count() == 1

"""The worker's phone: what the server lets it keep, under whose hand, and how what was done without signal comes in."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from gongzhi.kernel.models import Attachment, Entry, Matter, Wait
from gongzhi.surfaces.workbench.keeping import HEADER, NOBODY
from tests.cast import Cast, clock, key
from tests.stories.eyes import make
from tests.workbench.sitting import Clock, Desk, Sit

pytestmark = pytest.mark.django_db
DATA = {"HTTP_ACCEPT": "application/json"}


def keeps(desk: Desk, path: str) -> str:
    """What a page says about being kept: a hand's mark, or ""."""
    return str(desk.client.get(f"/desk/{path}").headers.get(HEADER, ""))


def send(desk: Desk, path: str, **said: Any) -> Any:
    """Send a form as the phone sends what waited."""
    return desk.client.post(f"/desk/{path}", said, **DATA)


def test_todays_list_its_matters_and_the_report_may_be_kept_under_one_hand(cast: Cast, sit: Sit) -> None:
    lamp = make(cast, "lamp")
    worker = sit("worker")
    photo = Attachment.objects.get(matter=lamp).pk
    mark = keeps(worker, "")
    paths = (f"m/{lamp.pk}/", f"m/{lamp.pk}/do/propose/", "report/", "report/?way=chat", "queue/")
    assert len(mark) == 24 and {keeps(worker, one) for one in (*paths, f"file/{photo}?small=1")} == {mark}
    assert keeps(sit("desk"), "") not in ("", mark)


def test_nothing_else_is_kept(cast: Cast, sit: Sit) -> None:
    lamp = make(cast, "lamp")
    worker = sit("worker")
    photo = Attachment.objects.get(matter=lamp).pk
    for path in (
        "?tab=done",
        "?q=路灯",
        "all/",
        "me/",
        f"m/{lamp.pk}/print/",
        f"file/{photo}",
        "report/slip/",
    ):
        assert keeps(worker, path) == "", path
    shown = worker.client.post(f"/desk/m/{lamp.pk}/phone/", {"purpose": "ask_place"})
    assert "138 1234 1234" in shown.content.decode() or "13812341234" in shown.content.decode()
    assert HEADER not in shown.headers


def test_a_private_matter_is_never_kept_nor_a_list_it_stands_on(cast: Cast, sit: Sit) -> None:
    danger = make(cast, "danger")
    assert danger.private
    officer = sit("private_officer")
    assert officer.status(f"m/{danger.pk}/") == 200
    assert keeps(officer, f"m/{danger.pk}/") == "" and keeps(officer, "") == ""
    assert keeps(sit("worker"), "") != ""


def test_a_part_timers_copy_holds_only_place_and_task(cast: Cast, sit: Sit) -> None:
    lamp = make(cast, "lamp")
    clerk = sit("part_timer")
    assert keeps(clerk, f"m/{lamp.pk}/") and "谁反映的" in clerk.matter(lamp)
    assert "blockquote" not in clerk.matter(lamp) and "138**" not in clerk.matter(lamp)


@pytest.mark.parametrize("name", ["worker", "desk", "part_timer"])
def test_who_is_complained_of_keeps_and_sends_nothing(cast: Cast, sit: Sit, name: str) -> None:
    kind = "company" if name == "part_timer" else "committee"
    complaint = make(cast, kind)
    hand = sit(name)
    for path in (f"m/{complaint.pk}/", f"m/{complaint.pk}/do/accept/"):
        answer = hand.client.get(f"/desk/{path}")
        assert answer.status_code == 404 and HEADER not in answer.headers
    sent = send(hand, f"m/{complaint.pk}/do/accept/", seen=1, key=key())
    assert sent.status_code == 404 and complaint.number not in sent.content.decode()
    assert (
        send(sit("dispatcher"), f"m/{complaint.pk}/do/accept/", seen=1, key=key()).json()["state"] == "done"
    )


def test_leaving_and_an_ended_mandate_empty_the_phone(cast: Cast, sit: Sit, hour: Clock) -> None:
    worker = sit("worker")
    assert worker.client.post("/desk/logout/").headers[HEADER] == NOBODY
    assert worker.client.get("/desk/login/").headers[HEADER] == NOBODY
    worker.sign_in()
    cast.people["worker"].mandates.update(until=clock("2026-11-20 09:00"))
    ended = worker.client.get("/desk/")
    assert (ended.status_code, ended.headers[HEADER]) == (403, NOBODY)
    assert worker.client.get("/desk/hand/").status_code == 401


def test_the_phone_asks_whose_hand_it_is_and_gets_a_fresh_token(cast: Cast, sit: Sit) -> None:
    assert Client().get("/desk/hand/").status_code == 401
    worker = sit("worker")
    told = worker.client.get("/desk/hand/").json()
    assert told["hand"] == keeps(worker, "") and told["token"] and told["person"] != told["hand"]
    assert str(cast.people["worker"].pk) not in (told["hand"], told["person"])
    assert sit("desk").client.get("/desk/hand/").json()["person"] != told["person"]


def test_an_act_that_waited_is_told_as_data_and_shown_with_its_moment(
    cast: Cast, sit: Sit, hour: Clock
) -> None:
    lamp = make(cast, "lamp")
    worker = sit("worker")
    hour.set("2026-11-20 17:00")
    said = {
        "level": "community",
        "note": "看过了",
        "seen": 1,
        "key": key(),
        "happened": "2026-11-20T02:10:00Z",
    }
    told = send(worker, f"m/{lamp.pk}/do/propose/", **said).json()
    assert told["state"] == "done" and told["to"] == f"/desk/m/{lamp.pk}/"
    assert send(worker, f"m/{lamp.pk}/do/propose/", **said).json()["state"] == "done"
    assert Entry.objects.filter(verb="propose").count() == 1
    assert Wait.objects.get(matter=lamp, what="propose").ended_at == clock("2026-11-20 10:10")
    assert "当时" in worker.matter(lamp) and "今天 10:10" in worker.matter(lamp)


def test_each_refusal_is_told_as_data_and_the_page_still_works_without(cast: Cast, sit: Sit) -> None:
    lamp = make(cast, "lamp")
    worker, path = sit("worker"), f"m/{lamp.pk}/do/propose/"
    more = send(worker, path, seen=1, key=key(), level="nowhere")
    assert (more.status_code, more.json()["state"]) == (422, "say_more") and "level" in more.json()["errors"]
    sit("desk").take(lamp, "accept")
    late = send(worker, path, seen=1, key=key(), level="community", note="看过了")
    assert late.json()["state"] == "someone_was_faster" and "孙立群" in late.json()["lines"][0]
    not_now = send(worker, path, seen=99, key=key(), level="community")
    assert (
        not_now.json()["state"] == "not_now"
        and "已受理" in not_now.json()["sentence"]
        or "待派遣" in not_now.json()["sentence"]
    )
    page = worker.take(lamp, "propose", level="community")
    assert page.status_code == 409 and "<form" in page.content.decode()


def test_a_report_that_waited_comes_in_once_with_photo_place_and_moment(
    cast: Cast, sit: Sit, hour: Clock
) -> None:
    worker, one = sit("worker"), key()
    hour.set("2026-11-20 17:00")
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 10)).save(picture, "JPEG")
    for _ in range(2):
        picture.seek(0)
        picture.name = "a.jpg"
        said = {"way": "patrol", "words": "楼道堆了纸箱", "key": one, "photos": picture}
        where = {"lat": "40.95", "lon": "117.75", "point_source": "phone", "happened": "2026-11-20T02:10:00Z"}
        assert send(worker, "report/", **said, **where).json()["state"] == "done"
    matter = Matter.objects.get()
    assert (matter.point_source, matter.lat, matter.grid_id) == ("phone", 40.95, cast.areas["grid"].pk)
    assert Entry.objects.get(verb="report").happened == clock("2026-11-20 10:10")
    assert Attachment.objects.filter(matter=matter).count() == 1


def test_a_point_elsewhere_is_left_out_and_a_report_without_a_word_is_asked_for_one(
    cast: Cast, sit: Sit
) -> None:
    worker = sit("worker")
    empty = send(worker, "report/", way="patrol", words="", key=key())
    assert empty.json()["state"] == "say_more" and "写一句" in empty.json()["sentence"]
    far = {"lat": "31.2", "lon": "121.5", "point_source": "phone"}
    send(worker, "report/", way="patrol", words="路灯不亮", key=key(), **far)
    assert (Matter.objects.get().lat, Matter.objects.get().point_source) == (None, "")
    broken = {"lat": "nan", "lon": "x", "point_source": "phone"}
    assert send(worker, "report/", way="patrol", words="路灯又不亮", key=key(), **broken).status_code == 200


def test_the_kind_is_guessed_for_staff_with_the_reason_but_no_private_one(cast: Cast, sit: Sit) -> None:
    worker = sit("worker")
    told = worker.client.post("/desk/report/guess/", {"words": "3 号楼的路灯不亮了"}).json()
    assert told["leaf"] == "lamp" and "路灯" in told["because"] and "您" not in told["because"]
    danger = worker.client.post("/desk/report/guess/", {"words": "老公打我，现在还在砸门"}).json()
    assert danger["leaf"] == "" and "110" in danger["danger"]
    assert Client().post("/desk/report/guess/", {"words": "路灯"}).status_code == 403


def test_the_worker_script_and_the_shell_name_nobody(cast: Cast) -> None:
    script = Client().get("/desk/worker.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "/static/gongzhi/house.css" in script.content.decode().split("\n")[0]
    page = Client().get("/desk/offline/")
    assert page.status_code == 200 and "没有网络" in page.content.decode() and HEADER not in page.headers
    assert Client().get("/desk/manifest.json").json()["start_url"] == "/desk/"
    assert Client().get("/desk/queue/").status_code == 302


def test_a_yes_or_no_and_what_needs_no_word_are_answered_on_the_list_itself(
    cast: Cast, sit: Sit, hour: Clock
) -> None:
    lamp = make(cast, "lamp")
    assert "item__acts" not in sit("worker").page()
    sit("desk").take(lamp, "accept.raise_to_street")
    sit("dispatcher").take(lamp, "raise_to_district")
    sit("centre").take(lamp, "dispatch", to=cast.organisations["works"].pk)
    works = sit("works")
    assert f"/desk/m/{lamp.pk}/do/sign_in/" in works.page()
    assert "item__acts" not in sit("worker").page() and "item__acts" not in sit("outsider").page()
    (label,) = re.findall(r'item__acts">.*?<button[^>]*>([^<]+)</button>', works.page())
    assert label == "签收"
    told = send(works, f"m/{lamp.pk}/do/sign_in/", seen=Matter.objects.get(pk=lamp.pk).seq, key=key())
    assert told.json()["state"] == "done"
    assert "办结答复" not in works.page(), (
        "one answer with questions, and its variant for own work is not meant"
    )
    said = {"contacted": "talked", "reply_done": "换了灯头", "reply_result": "亮了", "solved": "solved"}
    works.take(lamp, "reply", **said)
    page = sit("worker").page()
    assert f"/desk/m/{lamp.pk}/do/pass_check/" in page and f"/desk/m/{lamp.pk}/do/send_back/" in page
    assert "item__acts" not in works.page()

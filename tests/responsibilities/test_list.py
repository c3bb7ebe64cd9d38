"""The responsibility list: a need, residents' word on it in totals, a promise, the result; who sees what."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from gongzhi.domains.responsibilities import retention
from gongzhi.domains.responsibilities.actions import Need, raise_need, take
from gongzhi.domains.responsibilities.models import Responsibility
from gongzhi.domains.responsibilities.queries import desk, listed
from gongzhi.kernel.models import Entry, Matter, Words
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.tick import tick
from gongzhi.kernel.process.verdict import NotNow, NotYet, NotYours
from tests.cast import MORNING, Cast, clock, fresh, key
from tests.stories.eyes import Eye, neighbour
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
ANYONE = Acting.public("portal")
AFTER = clock("2026-11-27 09:00")
TITLE = "车棚晚上太暗"


@pytest.fixture(autouse=True)
def _calm() -> None:
    limits.forget()


def a_need(cast: Cast, text: str = "车棚里没有灯，晚上看不见脚下。") -> Matter:
    need = Need(cast.areas["community"], "safety", TITLE, text)
    return raise_need(need, by=cast.desk(), at=MORNING, key=key())


def reviewed(cast: Cast) -> Matter:
    matter = a_need(cast)
    take(matter, "open_review", by=cast.secretary(), at=MORNING, until_day=date(2026, 11, 26))
    return matter


def promised(cast: Cast, at: datetime = AFTER) -> Matter:
    matter = reviewed(cast)
    take(matter, "close_review", by=Acting.clock(), at=at)
    take(matter, "assign", by=cast.secretary(at), at=at, to=cast.organisations["works"])
    said = {"promise_words": "装 3 盏感应灯。", "done_by": date(2026, 12, 20)}
    take(matter, "promise", by=cast.works(at), at=at, **said)
    return matter


def test_from_need_to_published_result_nothing_is_typed_twice(cast: Cast) -> None:
    matter = promised(cast)
    take(matter, "report_done", by=cast.works(AFTER), at=AFTER, result_text="灯装好了，天黑自己亮。")
    assert listed.one(matter.number, by=ANYONE, at=AFTER).result == ""  # type: ignore[union-attr]
    with pytest.raises(NotYours):
        take(matter, "publish_result", by=cast.works(AFTER), at=AFTER)
    take(matter, "publish_result", by=cast.secretary(AFTER), at=AFTER)
    told = listed.one(matter.number, by=ANYONE, at=AFTER)
    assert told is not None and told.party == "区市政中心" and told.promise == "装 3 盏感应灯。"
    assert told.result == "灯装好了，天黑自己亮。" and fresh(matter).counts == "closed"


@pytest.mark.parametrize(("leaf", "count"), [("noise_home", 9), ("home_violence", 9), ("lamp", 1)])
def test_nothing_that_points_at_a_household_is_named_as_its_source(cast: Cast, leaf: str, count: int) -> None:
    need = Need(cast.areas["community"], "safety", TITLE, "晚上太暗。", drawn_leaf=leaf, drawn_count=count)
    matter = raise_need(need, by=cast.desk(), at=MORNING, key=key())
    take(matter, "open_review", by=cast.secretary(), at=MORNING, until_day=date(2026, 11, 26))
    told = listed.one(matter.number, by=ANYONE, at=MORNING)
    assert told is not None and told.drawn == ""


def test_residents_have_the_packs_days_and_the_clock_ends_it(cast: Cast) -> None:
    matter = a_need(cast)
    with pytest.raises(NotYet, match="至少 5 天"):
        take(matter, "open_review", by=cast.secretary(), at=MORNING, until_day=date(2026, 11, 24))
    take(matter, "open_review", by=cast.secretary(), at=MORNING, until_day=date(2026, 11, 26))
    tick(clock("2026-11-26 12:00"))
    assert fresh(matter).stage == "in_review"
    tick(clock("2026-11-27 00:05"))
    assert fresh(matter).stage == "weighed"
    with pytest.raises(NotNow):
        take(matter, "say", by=ANYONE, at=AFTER, stance="yes")


def test_what_residents_say_is_totals_and_no_names(cast: Cast, hour: Clock) -> None:
    matter = reviewed(cast)
    for number, stance in enumerate(("yes", "yes", "no")):
        said = {"stance": stance, "voice_words": f"晚上真看不见{number}", "key": key()}
        assert Client(REMOTE_ADDR=f"10.0.{number}.1").post(f"/r/{matter.number}/", said).status_code == 302
    row = Responsibility.objects.get(pk=matter.pk)
    assert (row.yes, row.no, row.either) == (2, 1, 0)
    spoken = Entry.objects.filter(matter=matter, verb="say")
    assert {one.actor for one in spoken} == {"public:portal"}
    page = Client().get(f"/r/{matter.number}/").content.decode()
    assert "3 人说了" in page and "晚上真看不见" not in page


def test_a_device_is_asked_once_and_a_number_is_not_taken(cast: Cast, hour: Clock) -> None:
    matter, phone = reviewed(cast), Client()
    assert phone.post(f"/r/{matter.number}/", {"voice_words": "要灯"}).status_code == 422
    wrong = phone.post(f"/r/{matter.number}/", {"stance": "yes", "voice_words": "打我13812341234"})
    assert (
        wrong.status_code == 409
        and "不用写手机号" in wrong.content.decode()
        and "打我" in wrong.content.decode()
    )
    assert phone.post(f"/r/{matter.number}/", {"stance": "yes"}).status_code == 302
    again = phone.post(f"/r/{matter.number}/", {"stance": "no"})
    assert "您说过了" in again.content.decode() and Responsibility.objects.get(pk=matter.pk).no == 0


def test_staff_do_not_speak_for_residents(cast: Cast) -> None:
    for by in (cast.desk(), cast.secretary(), cast.works()):
        with pytest.raises(NotYours):
            take(reviewed(cast), "say", by=by, at=MORNING, stance="yes")


def test_a_party_that_is_not_it_gives_it_back_and_a_past_day_is_no_promise(cast: Cast) -> None:
    matter = reviewed(cast)
    take(matter, "close_review", by=Acting.clock(), at=AFTER)
    take(matter, "assign", by=cast.secretary(AFTER), at=AFTER, to=cast.organisations["works"])
    with pytest.raises(NotYours):
        take(matter, "promise", by=cast.law(AFTER), at=AFTER, promise_words="装灯", done_by=date(2026, 12, 1))
    with pytest.raises(NotYet, match="今天以后"):
        take(matter, "promise", by=cast.works(AFTER), at=AFTER, promise_words="装灯", done_by=AFTER.date())
    take(matter, "not_ours", by=cast.works(AFTER), at=AFTER, reason="小区里的归物业")
    assert fresh(matter).stage == "weighed" and listed.one(matter.number, by=ANYONE, at=AFTER).party == ""  # type: ignore[union-attr]


def test_nothing_personal_is_written_where_everybody_reads(cast: Cast) -> None:
    with pytest.raises(NotYet):
        a_need(cast, "找老王 13812341234")
    matter = a_need(cast)
    with pytest.raises(NotYet, match="不写身份证号、手机号"):
        take(matter, "set_aside", by=cast.secretary(), at=MORNING, aside_reason="问 13812341234")
    take(matter, "set_aside", by=cast.secretary(), at=MORNING, aside_reason="已经列入改造")
    assert listed.one(matter.number, by=ANYONE, at=MORNING).reason == "已经列入改造"  # type: ignore[union-attr]


def test_kinds_that_keep_coming_are_drawn_in_with_their_count(cast: Cast, sit: Sit) -> None:
    for _ in range(3):
        cast.snap()
    cast.snap(category="noise_home")
    found = desk.drawn(by=cast.desk(), at=MORNING)
    assert [(one.leaf, one.count, one.kind) for one in found] == [("lamp", 3, "safety")]
    page = sit("desk").page("responsibilities/write/?leaf=lamp")
    assert "路灯不亮" in page and "反映过 3 件" in page


def test_where_it_hangs_it_is_found_and_elsewhere_there_is_no_trace(cast: Cast, hour: Clock) -> None:
    hidden, matter = a_need(cast), reviewed(cast)
    for area, finds in (("grid", True), ("community", True), ("other_community", False)):
        page = neighbour(cast, area).get("/responsibilities/").content.decode()
        assert (matter.number in page) is finds and hidden.number not in page, area
    assert Client().get(f"/r/{hidden.number}/").status_code == 404
    for name, finds in (("secretary", True), ("street_desk", True), ("other_desk", False), ("works", False)):
        text = Eye(cast, name).page("/desk/responsibilities/")
        assert (f"/desk/responsibilities/{hidden.pk}/" in text) is finds, name
        status = Eye(cast, name).client.get(f"/desk/responsibilities/{hidden.pk}/").status_code
        assert status == (200 if finds else 404), name


def test_what_was_said_is_read_by_who_decides_and_goes_after_its_time(cast: Cast) -> None:
    matter = reviewed(cast)
    take(matter, "say", by=ANYONE, at=MORNING, stance="yes", voice_words="晚上摔过人")
    take(matter, "close_review", by=Acting.clock(), at=AFTER)
    deciding: Any = desk.sheet(matter.pk, by=cast.secretary(AFTER), at=AFTER)
    assert deciding.voices == ("晚上摔过人",)
    assert desk.sheet(matter.pk, by=cast.street_desk(AFTER), at=AFTER).voices == ()  # type: ignore[union-attr]
    take(matter, "set_aside", by=cast.secretary(AFTER), at=AFTER, aside_reason="已经列入改造")
    assert retention.delete_due(AFTER) == 0
    assert retention.delete_due(clock("2027-12-01 09:00")) == 1
    left = Words.objects.filter(entry__matter=matter)
    assert all("晚上摔过人" not in one.text for one in left) and left.exists()
    gone = Entry.objects.get(matter=matter, verb="forget_voices")
    assert len(json.loads(gone.facts)["removed_words"]) == 1
    assert Responsibility.objects.get(pk=matter.pk).yes == 1


def test_the_result_becomes_a_notice_without_retyping(cast: Cast, sit: Sit, hour: Clock) -> None:
    hour.set("2026-11-27 10:00")
    matter = promised(cast)
    take(matter, "report_done", by=cast.works(AFTER), at=AFTER, result_text="灯装好了。")
    take(matter, "publish_result", by=cast.secretary(AFTER), at=AFTER)
    secretary = sit("secretary")
    page = secretary.page(f"responsibilities/{matter.pk}/")
    assert "写成邻里通知" in page
    begun = secretary.client.get("/desk/notices/write/", {"title": f"{TITLE}：办好了", "text": "灯装好了。"})
    assert "灯装好了。" in begun.content.decode()

"""The session in the square: announced, run on a phone, its results published; each list with who must not see it."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from gongzhi.domains.fairs import retention
from gongzhi.domains.fairs.actions import Announced, Answered, announce, answer, take
from gongzhi.domains.fairs.models import Fair
from gongzhi.domains.fairs.queries import asked, sessions
from gongzhi.domains.incidents.actions import Contact
from gongzhi.domains.incidents.queries import desk as lists
from gongzhi.domains.incidents.queries import sources
from gongzhi.domains.incidents.queries.desk_filters import Filters
from gongzhi.kernel.models import Matter, Receipt, Words
from gongzhi.kernel.people import limits
from gongzhi.kernel.process.verdict import NotNow, NotYet, NotYours
from tests.cast import MORNING, Cast, fresh, key
from tests.stories.eyes import neighbour
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
TITLE = "广场电影夜答题"


@pytest.fixture(autouse=True)
def evening(hour: Clock, cast: Cast) -> None:
    limits.forget()
    hour.set("2026-11-20 18:40")


def said(cast: Cast, day: str = "2026-11-20", **more: object) -> Announced:
    given = {"title": TITLE, "spot": "文化广场", "day": day, "hours": "18:30–20:30", **more}
    return Announced(cast.areas["community"], **given)  # type: ignore[arg-type]


def a_fair(cast: Cast, day: str = "2026-11-20", begun: bool = True) -> Matter:
    matter = announce(
        said(cast, day, units=(str(cast.organisations["works"].pk),)), by=cast.desk(), at=MORNING, key=key()
    )
    if begun:
        take(matter, "begin", by=cast.secretary(), at=MORNING)
    return matter


def test_a_session_is_posted_and_residents_of_the_place_find_it(cast: Cast) -> None:
    matter = a_fair(cast, "2026-11-25", begun=False)
    for path in ("/", "/fairs/"):
        assert TITLE in neighbour(cast).get(path).content.decode()
        assert TITLE not in neighbour(cast, "other_community").get(path).content.decode()
    page = Client().get(f"/fairs/{matter.number}/").content.decode()
    assert "区市政中心" in page and "18:30–20:30" in page
    assert Client().get(f"/fairs/{cast.snap().matter.number}/").status_code == 404


def test_what_everybody_reads_of_it_names_nobodys_number(cast: Cast) -> None:
    with pytest.raises(NotYet, match="手机号"):
        announce(said(cast, spot="找老王13812341234"), by=cast.desk(), at=MORNING, key=key())
    matter = a_fair(cast, "2026-11-25", begun=False)
    with pytest.raises(NotYet, match="手机号"):
        take(matter, "call_off", by=cast.desk(), at=MORNING, reason="王师傅13812341234住院了")
    take(matter, "call_off", by=cast.desk(), at=MORNING, reason="下雨")


def test_it_is_not_announced_for_yesterday_nor_begun_before_its_day(cast: Cast) -> None:
    with pytest.raises(NotYet):
        announce(said(cast, "2026-11-19"), by=cast.desk(), at=MORNING, key=key())
    with pytest.raises(NotYet):
        take(a_fair(cast, "2026-11-25", begun=False), "begin", by=cast.desk(), at=MORNING)
    with pytest.raises(NotYours):
        announce(said(cast), by=cast.other_desk(), at=MORNING, key=key())


def test_a_mobile_number_does_not_go_onto_a_public_page(cast: Cast) -> None:
    with pytest.raises(NotYet):
        announce(said(cast, text="找小王 13812345678"), by=cast.desk(), at=MORNING, key=key())


def test_answered_and_registered_on_a_phone_are_counted_with_their_list(cast: Cast, sit: Sit) -> None:
    fair, worker = a_fair(cast), sit("secretary")
    at = f"fairs/{fair.pk}/"
    one = {
        "do": "answer",
        "words": "社保卡丢了去哪补",
        "answer": "带身份证去街道便民大厅 3 号窗",
        "key": key(),
    }
    assert worker.status(at, one) == 302 and worker.status(at, one) == 302
    no = worker.client.post(
        f"/desk/{at}", {"do": "register", "words": "路灯不亮", "phone": "13812341234", "key": key()}
    )
    assert no.status_code == 422 and "再打勾" in no.content.decode() and "13812341234" in no.content.decode()
    two = {"do": "register", "words": "路灯不亮", "area": cast.areas["grid"].pk, "key": key()}
    assert worker.status(at, {**two, "phone": "13812341234", "consent": "yes"}) == 302
    page = worker.page(at)
    assert "2 件：答了 1，登记 1" in page and "便民大厅" in page and "告诉他受理不受理" in page
    incident = Matter.objects.get(kind="incident")
    assert incident.source == "fair" and Receipt.objects.filter(matter=incident).exists()
    row = Fair.objects.get()
    assert len(asked.lines(row, by=cast.desk(), at=MORNING)) == 2
    for name in ("part_timer", "other_desk", "works", "outsider"):
        assert asked.lines(row, by=cast.acting(name), at=MORNING) == []
        assert sessions.sheet(fair.pk, by=cast.acting(name), at=MORNING) is None


def test_without_signal_it_is_sent_once(cast: Cast, sit: Sit) -> None:
    fair, worker = a_fair(cast), sit("secretary")
    one = {"do": "answer", "words": "几点供暖", "answer": "11 月 1 日起", "key": key()}
    for _ in range(2):
        answer_ = worker.client.post(f"/desk/fairs/{fair.pk}/", one, headers={"Accept": "application/json"})
        assert answer_.status_code == 200
    assert Matter.objects.filter(kind="enquiry").count() == 1


def test_results_are_totals_and_what_the_desk_wrote(cast: Cast, sit: Sit) -> None:
    fair = a_fair(cast)
    question = Answered(
        cast.areas["community"], "我家老人怎么办老年证", "带身份证到社区办", "fair", "", fair.pk
    )
    answer(question, by=cast.secretary(), at=MORNING + timedelta(hours=10), key=key())
    take(fair, "end", by=cast.secretary(), at=MORNING + timedelta(hours=11))
    desk = sit("desk")
    form = desk.page(f"fairs/{fair.pk}/do/publish/")
    assert "当场答了 1 件，登记 0 件" in form
    before = Client().get(f"/fairs/{fair.number}/").content.decode()
    assert "老年证" not in before and "一共来问 1 件" in before
    told = {"text": "一共来问 1 件。办老年证：带身份证到社区。", "seen": fresh(fair).seq, "key": key()}
    assert desk.status(f"fairs/{fair.pk}/do/publish/", told) == 302
    assert "办老年证：带身份证到社区" in Client().get(f"/fairs/{fair.number}/").content.decode()
    with pytest.raises(NotNow):
        answer(question, by=cast.secretary(), at=MORNING + timedelta(hours=12), key=key())


def test_questions_and_answers_go_after_their_year(cast: Cast) -> None:
    asked_ = Answered(cast.areas["community"], "几点开门", "八点半", "desk")
    matter = answer(asked_, by=cast.desk(), at=MORNING, key=key())
    assert json.loads(Words.objects.get(entry__matter=matter).text)["answer"] == "八点半"
    assert retention.delete_due(MORNING + timedelta(days=300)) == 0
    assert retention.delete_due(MORNING + timedelta(days=370)) == 1
    assert not Words.objects.filter(entry__matter=matter).exists()


def test_each_source_is_counted_as_its_list_counts_it(cast: Cast, hour: Clock) -> None:
    cast.snap()
    cast.snap(channel="fair", contact=Contact())
    answer(
        Answered(cast.areas["community"], "几点开门", "八点半", "hotline"),
        by=cast.desk(),
        at=MORNING,
        key=key(),
    )
    for name in ("desk", "outsider", "hotline"):
        by = cast.acting(name)
        for one in sources.counted(by=by, at=hour.now, days=7):
            filters = Filters(source=one.source, days=7)
            assert lists.how_many("all", filters, by=by, at=hour.now) == one.n, (name, one)
    assert sum(one.n for one in sources.counted(by=cast.outsider(), at=hour.now, days=7)) == 0

"""Further questions per kind: asked once the kind is known, kept in one home, shown to who may read."""

import json

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.domains.incidents.actions import Report, report
from gongzhi.domains.incidents.queries import questions
from gongzhi.kernel import packs
from gongzhi.kernel.models import Entry, Matter, Words
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import keys
from gongzhi.kernel.process.verdict import SayMore
from tests.cast import MORNING, Cast, key
from tests.portal.steps import key_of, say
from tests.workbench.sitting import Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
COLD = {"heat_degrees": "15.5", "heat_scope": "block", "outage_since": "2026-11-18"}
LIFT = "电梯坏了，停在 3 楼不动"


@pytest.fixture(autouse=True)
def _limits() -> None:
    limits.forget()


def test_a_kind_asks_its_own_questions_in_their_order() -> None:
    pack = packs.load("cn")
    assert [one.code for one in questions.of("heating", pack)] == [
        "heat_degrees",
        "heat_scope",
        "outage_since",
    ]
    assert questions.of("lamp", pack) == [] and questions.of("nothing", pack) == []
    assert all(one.why for leaf in ("lift", "manhole") for one in questions.of(leaf, pack))


@given(st.dictionaries(st.sampled_from(["heat_degrees", "heat_scope", "outage_since", "x"]), st.text()))
def test_whatever_is_typed_is_an_answer_or_a_sentence(said: dict[str, str]) -> None:
    cleaned = questions.clean("heating", packs.load("cn"), said)
    assert not set(cleaned.values) & set(cleaned.errors)
    assert set(cleaned.values) | set(cleaned.errors) <= {"heat_degrees", "heat_scope", "outage_since"}


def test_codes_and_numbers_are_facts_and_what_was_written_stands_in_words(cast: Cast) -> None:
    said = Report(
        cast.areas["grid"], "电梯坏了", "lift", answers={"lift_trapped": "no", "lift_which": "左边那部，旧的"}
    )
    matter = report(said, by=Acting.public(), at=MORNING, key=key()).matter
    entry = Entry.objects.get(matter=matter, seq=1)
    assert json.loads(entry.facts)["answers"] == {"lift_trapped": "no"} and "左边" not in entry.facts
    assert json.loads(Words.objects.get(entry=entry).text)["answers.lift_which"] == "左边那部，旧的"
    told = questions.answers(matter, by=cast.desk(), at=MORNING)
    assert [(one.label, one.shown) for one in told] == [
        ("里面有没有人被困", "没有人"),
        ("是哪一部", "左边那部，旧的"),
    ]
    assert questions.answers(matter, by=cast.outsider(), at=MORNING) == []
    assert questions.answers(matter, by=cast.part_timer(), at=MORNING) == []


def test_a_wrong_answer_is_told_and_a_missing_one_stops_nothing(cast: Cast) -> None:
    said = Report(cast.areas["grid"], "家里冷", "heating", answers={"heat_degrees": "很冷"})
    with pytest.raises(SayMore) as told:
        report(said, by=Acting.public(), at=MORNING, key=key())
    assert told.value.errors == {"q_heat_degrees": "这里写一个数，比如 16。"} and not Matter.objects.exists()
    cold = Report(cast.areas["grid"], "家里冷", "heating", answers={"lift_which": "不归这一类"})
    matter = report(cold, by=Acting.public(), at=MORNING, key=key()).matter
    assert questions.answers(matter, by=cast.desk(), at=MORNING) == []


def test_other_answers_under_the_same_key_are_another_report(cast: Cast) -> None:
    same = key()
    for degrees, refused in (("15", False), ("15", False), ("18", True)):
        said = Report(cast.areas["grid"], "家里冷", "heating", answers={"heat_degrees": degrees})
        try:
            report(said, by=Acting.public(), at=MORNING, key=same)
            assert not refused
        except keys.OtherContent:
            assert refused
    assert Matter.objects.count() == 1


def test_a_phone_is_asked_between_what_and_where_and_the_answers_come_along(
    cast: Cast, client: Client
) -> None:
    answer = say(client, "家里暖气不热，冷得很")
    assert answer.headers["Location"] == "/report/more/"
    page = client.get("/report/more/").content.decode()
    assert "屋里量的几度" in page and "不影响我们收下" in page
    wrong = client.post("/report/more/", {"key": key_of(answer_of(page)), "q_heat_degrees": "99"})
    assert wrong.status_code == 422 and "0 到 40" in wrong.content.decode() and 'value="99"' in text(wrong)
    held = key_of(wrong)
    said = {f"q_{code}": value for code, value in COLD.items()}
    assert client.post("/report/more/", {"key": held, **said}).headers["Location"] == "/report/where/"
    client.post("/report/where/", {"key": held, "area": cast.areas["grid"].pk})
    assert "15.5 ℃" in client.get("/report/contact/").content.decode()
    client.post("/report/contact/", {"key": held})
    matter = Matter.objects.get()
    assert {one.shown for one in questions.answers(matter, by=cast.desk(), at=MORNING)} == {
        "15.5 ℃",
        "整栋楼",
        "2026-11-18",
    }
    assert "15.5 ℃" in client.get(f"/follow/{matter.number}/").content.decode()


def test_somebody_trapped_is_sent_to_119_before_anything_else(cast: Cast, client: Client) -> None:
    held = key_of(say(client, LIFT) and client.get("/report/more/"))
    stopped = client.post("/report/more/", {"key": held, "q_lift_trapped": "yes"})
    assert stopped.status_code == 200 and 'href="tel:119"' in text(stopped) and "接着报" in text(stopped)
    on = client.post("/report/more/", {"key": held, "q_lift_trapped": "yes", "called": "yes"})
    assert on.headers["Location"] == "/report/where/"


def test_a_kind_without_questions_goes_straight_to_where(cast: Cast, client: Client) -> None:
    assert say(client).headers["Location"] == "/report/where/"
    assert client.get("/report/more/").status_code == 302


def test_the_desk_asks_once_without_javascript_and_the_answers_stand_on_the_matter(
    cast: Cast, sit: Sit
) -> None:
    desk = sit("desk")
    form = {"way": "behalf", "key": "e" * 32, "channel": "phone", "words": LIFT}
    form["area"] = str(cast.areas["grid"].pk)
    asked = desk.client.post("/desk/report/", form)
    assert asked.status_code == 200 and "里面有没有人被困" in text(asked) and not Matter.objects.exists()
    form |= {"asked": "lift", "q_lift_trapped": "yes", "q_lift_which": "2 单元左边"}
    stopped = desk.client.post("/desk/report/", form)
    assert "先打 119" in text(stopped) and "2 单元左边" in text(stopped)
    assert desk.client.post("/desk/report/", {**form, "called": "yes"}).status_code == 302
    page = desk.matter(Matter.objects.get())
    assert "有人被困" in page and "2 单元左边" in page
    found = desk.client.post("/desk/report/guess/", {"words": LIFT}).json()
    assert "里面有没有人被困" in found["questions"]


def test_a_phone_without_signal_is_never_stopped_by_a_question(cast: Cast, sit: Sit) -> None:
    worker = sit("worker")
    said = {"way": "patrol", "key": "f" * 32, "words": LIFT, "area": cast.areas["grid"].pk}
    answer = worker.client.post("/desk/report/", said, headers={"Accept": "application/json"})
    assert answer.status_code == 200 and Matter.objects.get().category == "lift"


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def answer_of(page: str) -> object:
    return type("Answer", (), {"content": page.encode()})()

"""Many at once: five tries stay five, one code opens one session, one number gets one code a minute."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from gongzhi.kernel import packs
from gongzhi.kernel.models import Delivery, PhoneCode
from gongzhi.kernel.process import phone_codes
from gongzhi.kernel.process.phone_codes import NoCode, Rules, Waits
from tests.cast import MORNING, Cast
from tests.kernel.test_fold import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, BROWSER = "13812341234", "a" * 32


def asked(phone: str = PHONE) -> PhoneCode:
    return phone_codes.ask(phone, browser=BROWSER, at=MORNING, rules=rules())


def rules() -> Rules:
    return Rules.of(packs.load("cn"))


def outcome(answers: list[str], work: Any) -> Any:
    def run() -> None:
        try:
            work()
            answers.append("yes")
        except NoCode as no:
            answers.append(type(no).__name__)
        finally:
            connection.close()

    return run


def test_two_tries_at_once_never_make_six(cast: Cast) -> None:
    row, answers = asked(), list[str]()
    wrong = f"{(int(phone_codes.code_of(row.pk)) + 1) % 10**6:06d}"
    guess = lambda: phone_codes.enter(row.pk, wrong, browser=BROWSER, at=MORNING, rules=rules())  # noqa: E731
    in_threads(*[outcome(answers, guess) for _ in range(12)])
    assert PhoneCode.objects.get().tries == 5 and answers.count("yes") == 0
    assert answers.count("Wrong") <= 4 and len(answers) == 12


def test_the_right_code_typed_twice_at_once_is_used_once(cast: Cast) -> None:
    row, answers = asked(), list[str]()
    code = phone_codes.code_of(row.pk)
    enter = lambda: phone_codes.enter(row.pk, code, browser=BROWSER, at=MORNING, rules=rules())  # noqa: E731
    in_threads(*[outcome(answers, enter) for _ in range(4)])
    assert sorted(answers) == ["Closed", "Closed", "Closed", "yes"]


def test_asked_for_at_once_it_is_one_code_a_minute(cast: Cast) -> None:
    answers = list[str]()
    in_threads(*[outcome(answers, asked) for _ in range(4)])
    assert sorted(answers) == ["Waits", "Waits", "Waits", "yes"]
    assert PhoneCode.objects.count() == Delivery.objects.filter(follower=phone_codes.FOLLOWER).count() == 1


def test_a_refused_question_leaves_no_row_and_no_message(cast: Cast) -> None:
    asked()
    with pytest.raises(Waits):
        asked()
    later = MORNING + timedelta(seconds=61)
    phone_codes.ask(PHONE, browser=BROWSER, at=later, rules=rules())
    assert PhoneCode.objects.count() == Delivery.objects.filter(follower=phone_codes.FOLLOWER).count() == 2


def test_another_browser_finds_no_session(cast: Cast) -> None:
    row = asked()
    phone_codes.enter(row.pk, phone_codes.code_of(row.pk), browser=BROWSER, at=MORNING, rules=rules())
    assert phone_codes.session(row.pk, browser=BROWSER, at=MORNING, rules=rules()) is not None
    assert phone_codes.session(row.pk, browser="b" * 32, at=MORNING, rules=rules()) is None
    assert (
        phone_codes.session(row.pk, browser=BROWSER, at=MORNING + timedelta(minutes=30), rules=rules())
        is None
    )

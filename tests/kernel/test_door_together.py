"""What needs several hands: a parent waits for its children, a stage for every party, and nobody is counted twice."""

import threading
import time

import pytest
from django.db import transaction

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Entry, Matter
from gongzhi.kernel.process.flush import load_works
from gongzhi.kernel.process.verdict import NotYet, NotYours
from tests.cast import Cast, clock, fresh
from tests.kernel.pact import draft, pacts
from tests.kernel.test_fold import in_threads

pytestmark = pytest.mark.django_db
NINE, TEN = clock("2026-11-20 09:00"), clock("2026-11-20 10:00")
__all__ = ["pacts"]


def verbs(matter: Matter) -> list[str]:
    return list(Entry.objects.filter(matter=matter).order_by("seq").values_list("verb", flat=True))


class TestChildren:
    def test_the_parent_stays_open_until_the_last_is_closed(self, cast: Cast, pacts: None) -> None:
        parent = draft(cast, "works")
        child = draft(cast, "law", parent=parent)
        with pytest.raises(NotYet) as refusal:
            take(parent, "finish", by=cast.desk(), at=NINE)
        assert "还有 1 件子事项没有办完" in refusal.value.sentence
        take(child, "finish", by=cast.desk(), at=NINE)
        take(parent, "finish", by=cast.desk(), at=TEN)
        assert fresh(parent).counts == "closed"

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("act", ["open", "finish", "reopen"])
    def test_who_holds_the_parent_is_waited_for(self, cast: Cast, pacts: None, act: str) -> None:
        parent = draft(cast, "works")
        child = draft(cast, "law", parent=parent)
        if act == "reopen":
            take(child, "finish", by=cast.desk(), at=NINE)
        order: list[str] = []
        held = threading.Event()

        def hold() -> None:
            with transaction.atomic():
                load_works([parent.pk])
                held.set()
                time.sleep(0.4)
                order.append("parent")

        def touch() -> None:
            held.wait(10)
            draft(cast, "law", parent=parent) if act == "open" else take(child, act, by=cast.desk(), at=NINE)
            order.append("child")

        in_threads(hold, touch)
        assert order == ["parent", "child"]


class TestEveryParty:
    def test_signs_before_the_stage_moves(self, cast: Cast, pacts: None) -> None:
        pact = draft(cast, "works", "law")
        take(pact, "sign", by=cast.works(), at=NINE)
        assert fresh(pact).stage == "drafted"
        take(pact, "sign", by=cast.works(), at=NINE)
        assert fresh(pact).stage == "drafted", "one hand twice is not two parties"
        take(pact, "sign", by=cast.law(), at=TEN)
        assert fresh(pact).stage == "signed"

    def test_signs_anew_when_it_is_drawn_up_anew(self, cast: Cast, pacts: None) -> None:
        pact = draft(cast, "works", "law")
        for hand in (cast.works(), cast.law()):
            take(pact, "sign", by=hand, at=NINE)
        take(pact, "redraft", by=cast.desk(), at=TEN)
        take(pact, "sign", by=cast.law(), at=TEN)
        assert fresh(pact).stage == "drafted"

    def test_is_nobody_else(self, cast: Cast, pacts: None) -> None:
        pact = draft(cast, "works", "law")
        for name in ("desk", "secretary", "outsider", "centre"):
            with pytest.raises(NotYours):
                take(pact, "sign", by=cast.acting(name), at=NINE)

    @pytest.mark.django_db(transaction=True)
    def test_two_at_the_same_moment_move_it_once(self, cast: Cast, pacts: None) -> None:
        pact = draft(cast, "works", "law")
        in_threads(
            lambda: take(pact, "sign", by=cast.works(), at=NINE),
            lambda: take(pact, "sign", by=cast.law(), at=NINE),
        )
        assert fresh(pact).stage == "signed"
        moved = Entry.objects.filter(matter=pact, verb="sign", before="drafted", after="signed")
        assert moved.count() == 1 and verbs(pact) == ["draft", "sign", "sign"]

"""Hands with more than one mandate: nobody approves, records, confirms or rates for the other side."""

from datetime import timedelta

import pytest

from gongzhi.domains.whistles import actions
from gongzhi.domains.whistles.actions import take
from gongzhi.kernel.models import Mandate, Matter
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.process.verdict import NotNow, NotYet
from tests.cast import MORNING, Cast, mandate
from tests.whistles.blowing import LATER, asked, called, part

pytestmark = pytest.mark.django_db


class TestAsking:
    def test_of_two_who_ask_in_one_moment_one_was_faster(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told, real, looked = cast.snap(), actions.running, []
        asked(cast, "desk", told)
        monkeypatch.setattr(actions, "running", lambda pk: bool(looked) and real(pk) or looked.append(pk))
        with pytest.raises(NotNow, match="已经吹过哨"):
            asked(cast, "worker", told)
        assert looked and Matter.objects.filter(kind="whistle").count() == 1


class TestApproving:
    @pytest.mark.parametrize("who", ["desk", "secretary"])
    def test_who_asked_approves_nothing_in_the_leaders_stead(self, cast: Cast, who: str) -> None:
        leads = Mandate.objects.get(person=cast.people["street_leader"])
        deputy = mandate(
            cast, who, "street_leader", "street", "street_office", stands_in_for=leads, only="approvals"
        )
        matter = asked(cast)
        by = as_mandate(cast.people[who], deputy.pk, MORNING)
        assert by is not None
        with pytest.raises(NotYet, match="您这边提的"):
            take(matter, "approve", by=by, at=MORNING)
        take(matter, "approve", by=cast.street_leader(), at=MORNING)

    def test_who_said_the_leader_approved_by_telephone_does_not_sign_for_it(self, cast: Cast) -> None:
        matter = asked(cast, whistle_kind="emergency")
        phoned = {"approver": cast.people["street_leader"].pk, "phoned_at": MORNING - timedelta(minutes=5)}
        take(matter, "approved_by_phone", by=cast.dispatcher(), at=MORNING, **phoned)
        leads = Mandate.objects.get(person=cast.people["street_leader"])
        deputy = mandate(
            cast,
            "dispatcher",
            "street_leader",
            "street",
            "street_office",
            stands_in_for=leads,
            only="approvals",
        )
        by = as_mandate(cast.people["dispatcher"], deputy.pk, LATER)
        assert by is not None
        with pytest.raises(NotYet, match="您这边提的"):
            take(matter, "sign", by=by, at=LATER)
        take(matter, "sign", by=cast.street_leader(), at=LATER)


class TestComing:
    def test_who_belongs_to_both_sides_says_nothing_for_the_other(self, cast: Cast) -> None:
        matter = called(cast, "works")
        one = part(matter, cast, "works")
        second = mandate(cast, "works", "community_desk", "community", "committee")
        both = as_mandate(cast.people["works"], second.pk, LATER)
        own = Acting("person", "", cast.people["works"], both.mandates[0], both.mandates)
        take(one, "answer_come", by=own, at=LATER)
        with pytest.raises(NotYet, match="被叫的单位"):
            take(one, "arrived", by=both, at=LATER)
        take(one, "arrived", by=cast.worker(LATER), at=LATER)
        take(one, "work_done", by=own, at=LATER, done_words="拖走了 4 辆")
        with pytest.raises(NotYet, match="被叫的单位"):
            take(one, "confirm", by=both, at=LATER)
        take(one, "confirm", by=cast.desk(LATER), at=LATER)
        for act, hand, said in (
            ("rate_unit", both, {"unit_mark": "good"}),
            ("rate_asker", own, {"asker_mark": "good"}),
        ):
            with pytest.raises(NotYet):
                take(one, act, by=hand, at=LATER, **said)

    def test_who_belongs_to_the_unit_does_not_let_it_off(self, cast: Cast) -> None:
        one = part(called(cast, "works"), cast, "works")
        take(one, "not_mine", by=cast.works(LATER), at=LATER, reason="归城管执法局", basis="三定方案")
        second = mandate(cast, "works", "district_dispatcher", "district", "centre")
        both = as_mandate(cast.people["works"], second.pk, LATER)
        for act, said in (("agree", {}), ("release", {"reason": "叫错了"})):
            with pytest.raises(NotYet, match="被叫的单位"):
                take(one, act, by=both, at=LATER, **said)
        take(one, "agree", by=cast.centre(LATER), at=LATER)

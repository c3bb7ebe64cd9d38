"""Leave and stand-in: list and telephone pass over by themselves and come back; nobody's eyes grow by it."""

import pytest

from gongzhi.domains.incidents.actions import may_ring
from gongzhi.domains.incidents.queries import desk_watch, scope
from gongzhi.domains.outreach.queries.desk import may_write
from gongzhi.kernel.ids import new_id
from gongzhi.kernel.ledger import leave
from gongzhi.kernel.ledger.staffing import NotAppointed
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Entry, Mandate, Receipt, Tie, Wait
from gongzhi.kernel.people import roster
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.people.keepers import NotKeeper
from gongzhi.kernel.process import door, gate, place_signs
from gongzhi.kernel.process.verdict import NotYours
from tests.cast import MORNING, Cast, clock, mandate
from tests.keeping import ROLES, administrators, asked, held

pytestmark = pytest.mark.django_db
MONDAY, FRIDAY = "2026-11-23", "2026-11-27"
DURING, AFTER = clock("2026-11-23 09:00"), clock("2026-11-28 09:00")


def hand_over(cast: Cast, absent: str, stand_in: str, **more: str) -> Mandate:
    wanted = asked(cast, absent, stand_in, MONDAY, FRIDAY, **more)
    return leave.stand(wanted, by=cast.acting(absent), at=MORNING, roles=ROLES)


def standing_in(cast: Cast, name: str, row: Mandate, at=DURING) -> Acting:
    found = as_mandate(cast.people[name], row.pk, at)
    assert found is not None
    return found


def waiting(by: Acting, at=DURING) -> set[int]:
    return set(gate.waiting(by=by, at=at).values_list("matter", flat=True))


class TestPassingOver:
    def test_the_list_passes_over_in_the_first_hour_and_comes_back_after_the_last(self, cast: Cast) -> None:
        told = cast.snap()
        row = hand_over(cast, "worker", "neighbour")
        assert as_mandate(cast.people["neighbour"], row.pk, MORNING) is None
        assert told.matter.pk in waiting(standing_in(cast, "neighbour", row))
        assert told.matter.pk not in waiting(cast.acting("neighbour", DURING))
        assert as_mandate(cast.people["neighbour"], row.pk, AFTER) is None

    def test_what_the_absent_one_had_taken_passes_over_too_and_nothing_else_of_theirs(
        self, cast: Cast
    ) -> None:
        told, other = cast.snap(), cast.snap("井盖松了", area=cast.areas["tenth_grid"])
        Wait.objects.filter(matter__in=[told.matter, other.matter]).update(person=cast.people["worker"])
        by = standing_in(cast, "neighbour", hand_over(cast, "worker", "neighbour"))
        assert waiting(by) == {told.matter.pk}

    def test_the_telephone_passes_over(self, cast: Cast) -> None:
        cast.areas["grid"].phone = "0314-555-0001"
        cast.areas["grid"].save()
        hand_over(cast, "worker", "neighbour", phone="0314-555-0002")
        before, meanwhile = (roster.grid_worker(cast.areas["grid"], at) for at in (MORNING, DURING))
        after = roster.grid_worker(cast.areas["grid"], AFTER)
        assert before and (before.name, before.phone) == ("周海燕", "0314-555-0001")
        assert meanwhile and (meanwhile.name, meanwhile.phone) == ("马德顺", "0314-555-0002")
        assert after and (after.name, after.phone) == ("周海燕", "0314-555-0001")

    def test_the_stand_ins_entry_says_for_whom(self, cast: Cast) -> None:
        told = cast.snap()
        row = hand_over(cast, "worker", "neighbour")
        by = standing_in(cast, "neighbour", row)
        door.take(told.matter.pk, "propose", by=by, at=DURING, level="community")
        entry = Entry.objects.filter(matter=told.matter).order_by("-seq").first()
        assert entry is not None
        assert entry.for_whom == f"mandate:{held(cast, 'worker').pk}"
        assert entry.actor == f"person:{cast.people['neighbour'].pk}"

    def test_coming_back_early_ends_it_and_the_registers_stay_sound(self, cast: Cast) -> None:
        row = hand_over(cast, "worker", "neighbour")
        leave.come_back(row, by=cast.worker(DURING), at=DURING, roles=ROLES)
        assert as_mandate(cast.people["neighbour"], row.pk, clock("2026-11-23 09:01")) is None
        assert [e.verb for e in Entry.objects.filter(register="people").order_by("seq")] == [
            "stand_in",
            "come_back",
        ]
        assert verify(at=AFTER).sound
        with pytest.raises(NotAppointed, match="已经结束"):
            leave.come_back(Mandate.objects.get(pk=row.pk), by=cast.worker(DURING), at=AFTER, roles=ROLES)


class TestWhoMayStandIn:
    def test_a_part_timer_gets_no_eyes_by_standing_in(self, cast: Cast) -> None:
        with pytest.raises(NotAppointed, match="郝建设"):
            hand_over(cast, "worker", "part_timer")

    def test_a_part_timer_with_a_desk_beside_it_gets_none_either(self, cast: Cast) -> None:
        mandate(cast, "part_timer", "community_desk", "community", "committee")
        with pytest.raises(NotAppointed, match="郝建设"):
            hand_over(cast, "worker", "part_timer")

    @pytest.mark.parametrize("stranger", ["outsider", "works", "other_desk"])
    def test_a_stranger_does_not_stand_in(self, cast: Cast, stranger: str) -> None:
        with pytest.raises(NotAppointed, match="不在同一个单位"):
            hand_over(cast, "worker", stranger)

    def test_one_stand_in_at_a_time_and_none_who_is_away(self, cast: Cast) -> None:
        hand_over(cast, "worker", "neighbour")
        with pytest.raises(NotAppointed, match="已经有人代"):
            hand_over(cast, "worker", "desk")
        with pytest.raises(NotAppointed, match="自己也请了假"):
            hand_over(cast, "desk", "worker")

    def test_a_stand_in_hands_nothing_on(self, cast: Cast) -> None:
        row = hand_over(cast, "worker", "neighbour")
        wanted = leave.Wanted(row, cast.people["desk"], DURING, AFTER)
        with pytest.raises((NotAppointed, NotKeeper)):
            leave.stand(wanted, by=cast.acting("neighbour", DURING), at=DURING, roles=ROLES)

    def test_days_that_are_over_or_upside_down_are_refused(self, cast: Cast) -> None:
        for first, last, says in (
            ("2026-11-19", FRIDAY, "过去"),
            (FRIDAY, MONDAY, "还早"),
            (MONDAY, "2028-01-01", "一年"),
        ):
            with pytest.raises(NotAppointed, match=says):
                asked(cast, "worker", "neighbour", first, last)


class TestWhoMayEnterIt:
    def test_the_desks_head_may_and_the_system_administrator_and_nobody_else(self, cast: Cast) -> None:
        administrators(cast)
        wanted = asked(cast, "worker", "neighbour", MONDAY, FRIDAY)
        for name in ("neighbour", "desk", "part_timer", "works_lead", "outsider", "security", "audit"):
            with pytest.raises(NotKeeper):
                leave.stand(wanted, by=cast.acting(name), at=MORNING, roles=ROLES)
        row = leave.stand(wanted, by=cast.secretary(), at=MORNING, roles=ROLES)
        leave.come_back(row, by=cast.acting("system"), at=MORNING, roles=ROLES)
        assert leave.stand(wanted, by=cast.acting("system"), at=MORNING, roles=ROLES).pk != row.pk

    def test_nobody_hands_over_longer_than_they_hold_but_an_administrator(self, cast: Cast) -> None:
        administrators(cast)
        Mandate.objects.filter(pk=held(cast, "worker").pk).update(until=clock("2026-11-25 00:00"))
        for name in ("worker", "secretary"):
            wanted = asked(cast, "worker", "neighbour", MONDAY, FRIDAY)
            with pytest.raises(NotAppointed, match="代岗不能更久"):
                leave.stand(wanted, by=cast.acting(name), at=MORNING, roles=ROLES)
        leave.stand(wanted, by=cast.acting("system"), at=MORNING, roles=ROLES)
        assert Mandate.objects.get(stands_in_for=wanted.mandate).until == clock("2026-11-28 00:00")

    def test_a_stand_in_to_the_last_moment_of_a_mandate_is_fine(self, cast: Cast) -> None:
        Mandate.objects.filter(pk=held(cast, "worker").pk).update(until=clock("2026-11-28 00:00"))
        row = hand_over(cast, "worker", "neighbour")
        assert as_mandate(cast.people["neighbour"], row.pk, clock("2026-11-27 23:59")) is not None
        assert as_mandate(cast.people["neighbour"], row.pk, clock("2026-11-28 00:00")) is None

    def test_nobody_makes_himself_the_stand_in(self, cast: Cast) -> None:
        wanted = asked(cast, "worker", "secretary", MONDAY, FRIDAY)
        with pytest.raises(NotAppointed, match="不能给自己授权"):
            leave.stand(wanted, by=cast.secretary(), at=MORNING, roles=ROLES)

    def test_eyes_on_private_matters_are_not_handed_over_by_one(self, cast: Cast) -> None:
        with pytest.raises(NotAppointed, match="安全管理员一起定"):
            hand_over(cast, "private_officer", "dispatcher")


class TestOwnCause:
    def test_a_stand_in_of_the_company_complained_about_is_refused(self, cast: Cast) -> None:
        told = cast.snap()
        by = standing_in(cast, "neighbour", hand_over(cast, "worker", "neighbour"))
        assert gate.reading(told.matter, by=by, at=DURING) == "full"
        works = cast.organisations["works"]
        Tie.objects.create(id=new_id(), matter=told.matter, role="about", organisation=works, since=MORNING)
        assert gate.reading(told.matter, by=by, at=DURING) == "full"
        mandate(cast, "neighbour", "unit_handler", None, "works")
        again = standing_in(cast, "neighbour", by.mandate)
        assert gate.reading(told.matter, by=again, at=DURING) is None
        assert told.matter.pk not in waiting(again)


class TestApprovalsAlone:
    def test_a_deputy_sees_and_takes_nothing_but_approvals(self, cast: Cast) -> None:
        told = cast.snap()
        row = hand_over(cast, "secretary", "desk", only=Mandate.APPROVALS)
        by = standing_in(cast, "desk", row)
        assert gate.reading(told.matter, by=cast.secretary(DURING), at=DURING) == "full"
        assert gate.reading(told.matter, by=by, at=DURING) is None
        assert not gate.visible(by=by, at=DURING).exists() and waiting(by) == set()
        wait = Wait.objects.filter(matter=told.matter, ended_at=None).exclude(desk_role="reporter").first()
        assert wait is not None
        wait.what, wait.desk_role, wait.desk_area = (
            "judge_extension",
            "community_desk",
            cast.areas["community"],
        )
        wait.save()
        assert gate.reading(told.matter, by=by, at=DURING) == "full"
        assert waiting(by) == {told.matter.pk}
        assert list(gate.visible(by=by, at=DURING)) == [told.matter]

    def test_only_a_head_hands_over_approvals_alone(self, cast: Cast) -> None:
        with pytest.raises(NotAppointed, match="只有负责人"):
            hand_over(cast, "worker", "neighbour", only=Mandate.APPROVALS)

    def test_a_deputy_has_nothing_else_that_goes_with_the_desk(self, cast: Cast) -> None:
        told = cast.snap()
        receipt = Receipt.objects.get(matter=told.matter)
        by = standing_in(cast, "desk", hand_over(cast, "secretary", "desk", only=Mandate.APPROVALS))
        own = cast.secretary(DURING)
        assert scope.own_area(own) == place_signs.own_area(own) == cast.areas["community"]
        assert may_write(own) and may_ring(receipt, own)
        with pytest.raises(NotYours):
            scope.own_area(by)
        assert place_signs.own_area(by) is None and not may_write(by) and not may_ring(receipt, by)

    def test_a_deputy_does_not_keep_the_house(self, cast: Cast) -> None:
        own = cast.chief(DURING)
        by = standing_in(cast, "centre", hand_over(cast, "chief", "centre", only=Mandate.APPROVALS))
        assert desk_watch.pages_of(own) == ("stuck", "desks") and desk_watch.pages_of(by) == ()
        assert desk_watch.desks(by=own, at=DURING) == []
        for page in (desk_watch.desks, desk_watch.stuck):
            with pytest.raises(NotYours):
                page(by=by, at=DURING)

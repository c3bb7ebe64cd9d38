"""What an administrator might try to get: through a stand-in, a first hand that is gone, another district."""

import pytest

from gongzhi.kernel.ledger import leave, proposals, staffing, tenure
from gongzhi.kernel.ledger.staffing import NotAppointed
from gongzhi.kernel.models import Mandate, Person, Proposal
from gongzhi.kernel.people.acting import Acting, as_mandate
from tests.cast import MORNING, Cast, add_area, mandate
from tests.keeping import ROLES, administrators, asked, held
from tests.kernel.test_keepers import private, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(cast: Cast) -> Cast:
    return administrators(cast)


def standing_in_for(cast: Cast, absent: str, login: str) -> Acting:
    was = held(cast, absent)
    row = mandate(cast, login, was.role, "district", "government", stands_in_for=was)
    found = as_mandate(cast.people[login], row.pk, MORNING)
    assert found is not None
    return found


class TestStandIn:
    def test_grants_nothing_to_the_one_stood_in_for(self, kept: Cast) -> None:
        by = standing_in_for(kept, "system", "leader")
        with pytest.raises(NotAppointed, match="不能给自己授权"):
            staffing.appoint([seat(kept, "system", "community_desk")], by=by, at=MORNING, roles=ROLES)
        with pytest.raises(NotAppointed, match="不能给自己授权"):
            proposals.propose(private(kept, "system"), by=by, at=MORNING)
        with pytest.raises(NotAppointed, match="不能给自己授权"):
            wanted = asked(kept, "chief", "system", "2026-11-23", "2026-11-24")
            leave.stand(wanted, by=by, at=MORNING, roles=ROLES)
        assert Mandate.objects.filter(person=kept.people["system"]).count() == 1
        staffing.appoint([seat(kept, "desk", "grid_worker", "grid")], by=by, at=MORNING, roles=ROLES)
        assert Mandate.objects.filter(person=kept.people["desk"], role="grid_worker").exists()

    def test_renews_and_takes_nothing_of_theirs(self, kept: Cast) -> None:
        by = standing_in_for(kept, "system", "leader")
        with pytest.raises(NotAppointed, match="自己的密码"):
            tenure.give_password(kept.people["system"], by=by, at=MORNING, roles=ROLES)
        assert tenure.give_password(kept.people["desk"], by=by, at=MORNING, roles=ROLES)

    def test_confirms_nothing_for_the_one_stood_in_for(self, kept: Cast) -> None:
        one = proposals.propose(private(kept, "security"), by=kept.acting("system"), at=MORNING)
        with pytest.raises(NotAppointed, match="不能给自己授权"):
            by = standing_in_for(kept, "security", "leader")
            proposals.confirm(one.pk, by=by, at=MORNING, roles=ROLES)
        assert Proposal.objects.get().outcome == ""


class TestFirstHand:
    def test_nothing_is_confirmed_once_it_keeps_nothing_any_more(self, kept: Cast) -> None:
        one = proposals.propose(private(kept), by=kept.acting("system"), at=MORNING)
        security = kept.acting("security")
        tenure.stop(kept.people["system"], by=security, at=MORNING, roles=ROLES)
        with pytest.raises(NotAppointed, match="重新提出"):
            proposals.confirm(one.pk, by=security, at=MORNING, roles=ROLES)
        assert not Mandate.objects.filter(person=kept.people["dispatcher"], role="private_officer").exists()
        proposals.decline(one.pk, by=security, at=MORNING)

    def test_who_hands_over_the_own_desk_needs_no_administrator_for_it(self, kept: Cast) -> None:
        wanted = asked(kept, "private_officer", "dispatcher", "2026-11-23", "2026-11-24")
        one = proposals.propose(leave.proposal(wanted), by=kept.acting("private_officer"), at=MORNING)
        proposals.confirm(one.pk, by=kept.acting("security"), at=MORNING, roles=ROLES)
        assert Mandate.objects.get(stands_in_for=wanted.mandate).person == kept.people["dispatcher"]

    def test_the_first_password_it_gave_out_does_not_open_private_eyes(self, kept: Cast) -> None:
        known = tenure.give_password(
            kept.people["dispatcher"], by=kept.acting("system"), at=MORNING, roles=ROLES
        )
        one = proposals.propose(private(kept), by=kept.acting("system"), at=MORNING)
        new = proposals.confirm(one.pk, by=kept.acting("security"), at=MORNING, roles=ROLES)
        person = Person.objects.get(login="dispatcher")
        assert not person.check_password(known) and person.check_password(new)

    def test_a_password_of_ones_own_is_left_alone(self, kept: Cast) -> None:
        person = kept.people["dispatcher"]
        tenure.change_password(person, "柳岸的风很大 12", by=kept.acting("dispatcher"), at=MORNING)
        one = proposals.propose(private(kept), by=kept.acting("system"), at=MORNING)
        assert proposals.confirm(one.pk, by=kept.acting("security"), at=MORNING, roles=ROLES) == ""
        assert Person.objects.get(login="dispatcher").check_password("柳岸的风很大 12")


class TestAnotherDistrict:
    @pytest.fixture
    def neighbour(self, kept: Cast) -> Acting:
        """The system administrator of the district next door."""
        add_area(kept, "next_door", "河东区", "district", "city", code="990102000000")
        kept.people["next_door"] = Person.objects.create_user("next_door", None, name="尹河东")
        mandate(kept, "next_door", "sys_admin", "next_door", None)
        return kept.acting("next_door")

    def test_a_mandate_here_gives_no_hold_on_who_also_sits_there(self, kept: Cast, neighbour: Acting) -> None:
        mandate(kept, "chief", "hotline_clerk", "next_door", None)
        for take in (tenure.give_password, tenure.stop):
            with pytest.raises(NotAppointed, match="不在您管的辖区"):
                take(kept.people["chief"], by=neighbour, at=MORNING, roles=ROLES)
        tenure.end(
            Mandate.objects.get(role="hotline_clerk", person=kept.people["chief"]),
            None,
            by=neighbour,
            at=MORNING,
            roles=ROLES,
        )
        assert [one.role for one in kept.acting("chief").mandates] == ["district_chief"]

    def test_a_stopped_account_is_not_opened_from_there(self, kept: Cast, neighbour: Acting) -> None:
        tenure.stop(kept.people["worker"], by=kept.acting("system"), at=MORNING, roles=ROLES)
        stopped = Person.objects.get(login="worker")
        for act in (
            lambda: tenure.resume(stopped, by=neighbour, at=MORNING),
            lambda: tenure.give_password(stopped, by=neighbour, at=MORNING, roles=ROLES),
        ):
            with pytest.raises(NotAppointed, match="不在您管的辖区"):
                act()
        tenure.resume(stopped, by=kept.acting("system"), at=MORNING)
        assert Person.objects.get(login="worker").is_active

    def test_a_stand_in_is_not_proposed_from_there(self, kept: Cast, neighbour: Acting) -> None:
        wanted = asked(kept, "private_officer", "dispatcher", "2026-11-23", "2026-11-24")
        with pytest.raises(NotAppointed, match="不在您管的辖区"):
            proposals.propose(leave.proposal(wanted), by=neighbour, at=MORNING)
        assert proposals.propose(leave.proposal(wanted), by=kept.acting("system"), at=MORNING)

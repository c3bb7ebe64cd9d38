"""Who may do what in the settings, cell by cell; nobody grants to himself; what needs two hands never goes by one."""

from datetime import date

import pytest

from gongzhi.kernel.ledger import proposals, staffing, tenure, units
from gongzhi.kernel.ledger.staffing import Appointment, Founding, NotAppointed
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Entry, Mandate, Organisation, Person, Proposal
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.people.keepers import POWERS, NotKeeper
from gongzhi.kernel.process.unattended import unattended
from tests.cast import MORNING, Cast, clock
from tests.cast import ROLES as CAST
from tests.keeping import ADMINISTRATORS, ROLES, held, kept

__all__ = ["kept"]
pytestmark = pytest.mark.django_db

MAY = {
    # power: system, security, audit
    "see_people": "xx.",
    "people": "x..",
    "withdraw": "xx.",
    "confirm": ".x.",
    "units": "x..",
    "areas": "x..",
    "calendar": "x..",
    "forces": "x..",
    "suggestions": "x..",
    "stand_in": "x..",
    "sign_ins": ".xx",
    "registers": "..x",
}


def seat(
    cast: Cast, login: str, role: str, area: str = "community", organisation: str = "committee"
) -> Appointment:
    name = cast.people[login].name if login in cast.people else "新来的"
    return Appointment(login, name, role, MORNING, cast.areas[area], cast.organisations[organisation])


def private(cast: Cast, login: str = "dispatcher") -> Proposal:
    return Proposal(
        kind="appoint",
        person=cast.people[login],
        role="private_officer",
        area=cast.areas["street"],
        organisation=cast.organisations["street_office"],
        since=MORNING,
    )


class TestTable:
    def test_it_names_every_power(self) -> None:
        assert set(MAY) == set(POWERS)

    @pytest.mark.parametrize("power", MAY)
    def test_each_cell(self, kept: Cast, power: str) -> None:
        for name, mark in zip(ADMINISTRATORS, MAY[power], strict=True):
            assert keepers.may(kept.acting(name), power) is (mark == "x"), (name, power)
        for name in CAST:
            assert not keepers.may(kept.acting(name), power), (name, power)
        assert not keepers.may(Acting.public(), power) and not keepers.may(Acting.clock(), power)

    def test_an_administrator_keeps_what_lies_below_the_own_district(self, kept: Cast) -> None:
        by = kept.acting("system")
        assert keepers.reaches(by, kept.areas["grid"]) and not keepers.reaches(by, kept.areas["city"])
        with pytest.raises(NotAppointed, match="不在您管的辖区"):
            staffing.appoint([seat(kept, "law", "unit_contact", "city")], by=by, at=MORNING, roles=ROLES)


class TestAppointing:
    def test_the_system_administrator_appoints_and_the_ledger_says_so(self, kept: Cast) -> None:
        staffing.appoint(
            [seat(kept, "worker", "community_desk")], by=kept.acting("system"), at=MORNING, roles=ROLES
        )
        entry = Entry.objects.get(register="people", verb="appoint")
        assert entry.role == "sys_admin"
        assert kept.people["worker"].mandates.filter(role="community_desk").exists()

    @pytest.mark.parametrize("name", ["security", "audit", "chief", "secretary", "outsider"])
    def test_nobody_else_does(self, kept: Cast, name: str) -> None:
        with pytest.raises(NotKeeper):
            staffing.appoint(
                [seat(kept, "worker", "community_desk")], by=kept.acting(name), at=MORNING, roles=ROLES
            )

    def test_nobody_grants_to_himself(self, kept: Cast) -> None:
        by = kept.acting("system")
        with pytest.raises(NotAppointed, match="不能给自己授权"):
            staffing.appoint([seat(kept, "system", "community_desk")], by=by, at=MORNING, roles=ROLES)
        with pytest.raises(NotAppointed, match="不能给自己授权"):
            proposals.propose(private(kept, "system"), by=by, at=MORNING)

    def test_three_administrators_are_three_persons(self, kept: Cast) -> None:
        with pytest.raises(NotAppointed, match="不能由一个人兼"):
            wanted = seat(kept, "audit", "sec_admin", "district", "government")
            staffing.appoint([wanted], by=Acting.operator("林工", "试"), at=MORNING, roles=ROLES)


class TestSecondHand:
    @pytest.mark.parametrize("role", ["private_officer", "sys_admin", "sec_admin", "audit_admin"])
    def test_one_hand_does_not_give_eyes_or_keys(self, kept: Cast, role: str) -> None:
        with pytest.raises(NotAppointed, match="第二个人"):
            wanted = seat(kept, "law", role, "street", "street_office")
            staffing.appoint([wanted], by=kept.acting("system"), at=MORNING, roles=ROLES)

    def test_proposed_it_is_nothing_yet_confirmed_it_is(self, kept: Cast) -> None:
        one = proposals.propose(private(kept), by=kept.acting("system"), at=MORNING)
        assert not Mandate.objects.filter(person=kept.people["dispatcher"], role="private_officer").exists()
        assert proposals.open_ones(by=kept.acting("security")) == [one]
        proposals.confirm(one.pk, by=kept.acting("security"), at=MORNING, roles=ROLES)
        assert Mandate.objects.filter(person=kept.people["dispatcher"], role="private_officer").exists()
        verbs = [entry.verb for entry in Entry.objects.filter(register="people").order_by("seq")]
        assert verbs == ["propose", "appoint", "confirmed"] and verify(at=MORNING).sound

    def test_the_proposer_the_one_it_is_for_and_a_stranger_do_not_confirm(self, kept: Cast) -> None:
        one = proposals.propose(private(kept, "security"), by=kept.acting("system"), at=MORNING)
        with pytest.raises(NotAppointed, match="不能给自己授权"):
            proposals.confirm(one.pk, by=kept.acting("security"), at=MORNING, roles=ROLES)
        for name in ("system", "audit", "chief", "outsider"):
            with pytest.raises(NotKeeper):
                proposals.confirm(one.pk, by=kept.acting(name), at=MORNING, roles=ROLES)
        assert Proposal.objects.get().outcome == ""

    def test_declined_or_taken_back_it_stays_nothing(self, kept: Cast) -> None:
        one = proposals.propose(private(kept), by=kept.acting("system"), at=MORNING)
        proposals.decline(one.pk, by=kept.acting("security"), at=MORNING)
        two = proposals.propose(private(kept), by=kept.acting("system"), at=MORNING)
        proposals.decline(two.pk, by=kept.acting("system"), at=MORNING)
        assert list(Proposal.objects.order_by("pk").values_list("outcome", flat=True)) == [
            "declined",
            "taken_back",
        ]
        with pytest.raises(NotAppointed, match="已经定了"):
            proposals.confirm(two.pk, by=kept.acting("security"), at=MORNING, roles=ROLES)

    def test_a_first_password_of_somebody_with_private_eyes_takes_two(self, kept: Cast) -> None:
        officer, by = kept.people["private_officer"], kept.acting("system")
        with pytest.raises(NotAppointed, match="一起定"):
            tenure.give_password(officer, by=by, at=MORNING, roles=ROLES)
        one = proposals.propose(Proposal(kind="password", person=officer), by=by, at=MORNING)
        text = proposals.confirm(one.pk, by=kept.acting("security"), at=MORNING, roles=ROLES)
        assert Person.objects.get(pk=officer.pk).check_password(text)


class TestTakingAway:
    def test_a_mandate_ends_after_its_last_day(self, kept: Cast) -> None:
        row = held(kept, "worker")
        tenure.end(row, date(2026, 11, 25), by=kept.acting("system"), at=MORNING, roles=ROLES)
        assert as_mandate(kept.people["worker"], None, clock("2026-11-25 23:59")) is not None
        assert as_mandate(kept.people["worker"], None, clock("2026-11-26 00:00")) is None
        with pytest.raises(NotAppointed, match="过去"):
            tenure.end(
                held(kept, "desk"), date(2026, 11, 1), by=kept.acting("system"), at=MORNING, roles=ROLES
            )

    def test_an_administrators_mandate_is_ended_by_the_security_administrator(self, kept: Cast) -> None:
        with pytest.raises(NotAppointed, match="安全管理员收回"):
            tenure.end(held(kept, "audit"), None, by=kept.acting("system"), at=MORNING, roles=ROLES)
        tenure.end(held(kept, "audit"), None, by=kept.acting("security"), at=MORNING, roles=ROLES)
        assert as_mandate(kept.people["audit"], None, MORNING) is None

    def test_a_stopped_account_acts_no_more(self, kept: Cast) -> None:
        assert tenure.stop(kept.people["worker"], by=kept.acting("system"), at=MORNING, roles=ROLES) == 1
        assert as_mandate(Person.objects.get(login="worker"), None, MORNING) is None
        tenure.resume(Person.objects.get(login="worker"), by=kept.acting("system"), at=MORNING)
        assert as_mandate(Person.objects.get(login="worker"), None, MORNING) is None
        assert Person.objects.get(login="worker").is_active

    def test_nobody_takes_from_himself_and_outsiders_take_nothing(self, kept: Cast) -> None:
        with pytest.raises(NotAppointed, match="另一位"):
            tenure.stop(kept.people["system"], by=kept.acting("system"), at=MORNING, roles=ROLES)
        for name in ("audit", "chief", "outsider"):
            with pytest.raises(NotKeeper):
                tenure.stop(kept.people["worker"], by=kept.acting(name), at=MORNING, roles=ROLES)


class TestOrganisations:
    def wanted(self, cast: Cast, **more: str) -> Founding:
        said = {"name": "安居物业公司", "short": "安居", "phone": "0314-5550009", **more}
        return Founding(
            said["name"],
            said["short"],
            "property_company",
            cast.areas["community"],
            "property",
            said["phone"],
        )

    def test_a_change_is_one_entry_and_no_change_is_none(self, kept: Cast) -> None:
        by, row = kept.acting("system"), kept.organisations["property"]
        assert set(units.change(row, self.wanted(kept), by=by, at=MORNING)) == {"short", "phone", "serves"}
        assert units.change(Organisation.objects.get(pk=row.pk), self.wanted(kept), by=by, at=MORNING) == []
        assert Entry.objects.filter(register="people", verb="change_unit").count() == 1
        with pytest.raises(NotKeeper):
            units.change(row, self.wanted(kept, short="别的"), by=kept.acting("security"), at=MORNING)

    def test_two_organisations_do_not_share_a_name_in_one_place(self, kept: Cast) -> None:
        with pytest.raises(units.NotKept, match="已经有了"):
            units.change(
                kept.organisations["property"],
                self.wanted(kept, name="柳岸社区居民委员会"),
                by=kept.acting("system"),
                at=MORNING,
            )

    def test_what_the_own_organisation_answers_for_is_anothers_to_change(self, kept: Cast) -> None:
        by, row = kept.acting("system"), kept.organisations["government"]
        own = Founding(row.name, "区府办", row.kind, kept.areas["district"], row.duty)
        assert units.change(row, own, by=by, at=MORNING) == ["short"]
        moved = Founding(row.name, "区府办", row.kind, kept.areas["district"], "municipal_works")
        with pytest.raises(units.NotKept, match="自己的单位"):
            units.change(row, moved, by=by, at=MORNING)
        with pytest.raises(units.NotKept, match="自己的单位"):
            units.end(row, date(2026, 11, 30), by=by, at=MORNING)
        assert Organisation.objects.get(pk=row.pk).duty == "government"

    def test_where_an_organisation_ended_its_waits_show_to_the_level_above(self, kept: Cast) -> None:
        kept.snap()
        row, after = kept.organisations["committee"], clock("2026-11-21 09:00")
        assert units.end(row, date(2026, 11, 20), by=kept.acting("system"), at=MORNING) == 5
        empty = unattended(by=kept.street_desk(after), at=after)
        assert {one.role for one in empty} >= {"网格员"}
        assert unattended(by=kept.street_desk(), at=MORNING) == []

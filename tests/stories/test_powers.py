"""What keeps it safe to complain: the promises of the powers page, each told as a story."""

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.domains.incidents.actions import Contact, ask_to_mend, reveal_phone, take
from gongzhi.domains.incidents.queries.receipts import by_digits, by_token, reading_hand
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Entry, Matter, Receipt, Tie, Wait, Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate, search
from gongzhi.kernel.process.possible import possible
from gongzhi.kernel.process.tick import tick
from gongzhi.kernel.process.verdict import NotYet, NotYours
from tests.cast import MORNING, Cast, clock, fresh, key, mandate

pytestmark = pytest.mark.django_db
NINE = clock("2026-11-20 09:00")
TEN = clock("2026-11-20 10:00")


def sees(cast: Cast, name: str, matter: Matter) -> bool:
    """Whether a hand finds any trace: list, detail, search, worklist, possible actions."""
    by = cast.acting(name)
    listed = gate.visible(by=by, at=NINE).filter(pk=matter.pk).exists()
    found = gate.visible(by=by, at=NINE).filter(search.find("物业", at=NINE), pk=matter.pk).exists()
    awaited = gate.waiting(by=by, at=NINE).filter(matter=matter).exists()
    opened = gate.one(matter.pk, by=by, at=NINE) is not None
    acts = any(one.allowed for one in possible(gate.load(matter), by=by, at=NINE))
    traces = {listed, found, awaited, opened, acts}
    return traces != {False}


class TestAPropertyClerkWhoHelpsTheGrid:
    def test_finds_no_trace_of_a_complaint_about_his_company(self, cast: Cast) -> None:
        cast_company_contact(cast)
        told = cast.snap(
            "物业天天不管卫生，态度还差", category="property_service", about=("property_company",)
        )
        matter = fresh(told)
        assert matter.community_id is None and matter.street_id == cast.areas["street"].pk
        for name in ("part_timer", "company"):
            assert not sees(cast, name, matter)
        assert sees(cast, "street_desk", matter)

    def test_gets_only_the_desks_request_to_mend(self, cast: Cast) -> None:
        cast_company_contact(cast)
        told = cast.snap(
            "物业天天不管卫生，态度还差", category="property_service", about=("property_company",)
        )
        take(told.matter, "accept", by=cast.street_desk(), at=NINE)
        property_id = cast.organisations["property"].pk
        request = ask_to_mend(
            fresh(told), "请一周内把保洁次数公布上墙。", property_id, by=cast.street_desk(), at=TEN, key=key()
        )
        company = cast.acting("company")
        mine = list(gate.visible(by=company, at=TEN))
        assert mine == [request]
        texts = [one.text for one in Words.objects.filter(entry__matter=request)]
        assert texts and all("天天" not in text for text in texts)
        assert gate.one(told.matter.pk, by=company, at=TEN) is None

    def test_sees_place_and_task_of_other_matters_and_nothing_more(self, cast: Cast) -> None:
        told = cast.snap()
        found = gate.one(told.matter.pk, by=cast.part_timer(), at=NINE)
        assert found is not None and found[1] == "task"
        with pytest.raises(NotYours):
            reveal_phone(told.matter, "ask_place", by=cast.part_timer(), at=NINE)
        allowed = {one.action for one in possible(found[0], by=cast.part_timer(), at=NINE) if one.allowed}
        assert allowed == set()


def cast_company_contact(cast: Cast) -> None:
    from gongzhi.kernel.models import Person

    cast.people["company"] = Person.objects.create_user("company", None, name="钱经理")
    mandate(cast, "company", "unit_contact", None, "property")


class TestASecretary:
    @pytest.mark.parametrize(
        "action", ["void", "withdraw", "rate", "pass_check", "decline", "accept", "close"]
    )
    def test_takes_no_step_on_a_matter_about_her_community(self, cast: Cast, action: str) -> None:
        told = cast.snap("居委会不公开账目", category="staff_attitude", about=("community",))
        assert not sees(cast, "secretary", fresh(told))
        with pytest.raises(NotYours) as refusal:
            take(told.matter, action, by=cast.secretary(), at=NINE)
        assert refusal.value.more["hidden"]
        assert fresh(told).stage == "submitted"

    def test_sees_it_come_and_go_without_a_trace_even_under_another_mandate(self, cast: Cast) -> None:
        told = cast.snap("居委会不公开账目", category="staff_attitude", about=("community",))
        second = mandate(cast, "secretary", "street_desk", "street", "street_office")
        from gongzhi.kernel.people.acting import as_mandate

        by = as_mandate(cast.people["secretary"], second.pk, NINE)
        assert by is not None and gate.one(told.matter.pk, by=by, at=NINE) is None


class TestACodeASlipOrALinkThatStaffHaveSeen:
    @pytest.mark.parametrize("action", ["rate", "withdraw", "add", "again", "disagree", "forget_contact"])
    def test_only_reads(self, cast: Cast, action: str) -> None:
        told = cast.snap()
        receipt = by_digits(told.matter.number, told.digits, at=NINE)
        assert receipt is not None
        with pytest.raises(NotYours):
            take(told.matter, action, by=reading_hand(receipt), at=NINE, key=key())

    def test_made_by_staff_hands_out_no_token(self, cast: Cast) -> None:
        told = cast.snap()
        from gongzhi.domains.incidents.actions import Report, report

        said = Report(
            area=cast.areas["grid"],
            words="王大爷说楼道灯坏了",
            category="corridor_lamp",
            channel="desk",
            consent=True,
            contact=Contact(phone="13900001111", told_by="sms"),
        )
        made = report(said, by=cast.desk(), at=NINE, key=key())
        assert (made.token, made.digits) == ("", "") and told.token and told.digits


def test_deleting_a_reporter_keeps_the_ledger_sound(cast: Cast) -> None:
    told = cast.snap("3号楼路灯不亮，我是张老三")
    hand = cast.reporter(told)
    take(told.matter, "withdraw", by=hand, at=NINE, key=key())
    take(told.matter, "forget_contact", by=hand, at=NINE, key=key())
    take(told.matter, "remove_words", by=hand, at=NINE, key=key())
    assert not Words.objects.filter(entry__matter=told.matter).exists()
    assert Receipt.objects.get(matter=told.matter).phone_enc is None
    assert not gate.visible(by=Acting.clock(), at=NINE).filter(search.find("张老三", at=NINE)).exists()
    assert fresh(told).place == "" and "3号楼" not in fresh(told).title
    assert verify().sound


def test_a_street_that_orders_a_district_department_is_shown_the_right_door(cast: Cast) -> None:
    told = cast.snap()
    take(told.matter, "accept", by=cast.desk(), at=NINE, then=[("raise_to_street", {})])
    with pytest.raises(NotYet) as refusal:
        take(told.matter, "dispatch", by=cast.dispatcher(), at=TEN, to=cast.organisations["works"].pk)
    assert "区指挥中心" in refusal.value.sentence
    take(told.matter, "raise_to_district", by=cast.dispatcher(), at=TEN)
    take(told.matter, "dispatch", by=cast.centre(), at=TEN, to=cast.organisations["works"].pk)
    assert fresh(told).stage == "pending_sign_in"


@pytest.mark.parametrize("category", ["illegal_building", "fire_passage", "stalls"])
def test_law_enforcement_demolition_and_fire_are_never_the_communitys_to_answer(
    cast: Cast, category: str
) -> None:
    told = cast.snap("楼顶有人搭彩钢房", category=category)
    take(told.matter, "accept", by=cast.desk(), at=NINE, then=[("raise_to_street", {})])
    with pytest.raises(NotYet) as refusal:
        take(told.matter, "dispatch", by=cast.dispatcher(), at=TEN, to=cast.organisations["committee"].pk)
    assert refusal.value.more["rule"]
    take(told.matter, "send_down", by=cast.dispatcher(), at=TEN, note="请社区先看看")
    with pytest.raises(NotYet) as refused_push:
        take(told.matter, "take_on", by=cast.desk(TEN), at=TEN)
    assert refused_push.value.more["rule"]


def test_two_refusals_and_an_arbitration_do_not_move_the_promise(cast: Cast) -> None:
    told = cast.snap()
    lamp = told.matter
    take(lamp, "accept", by=cast.desk(), at=NINE, then=[("raise_to_street", {})])
    take(lamp, "raise_to_district", by=cast.dispatcher(), at=NINE)
    take(lamp, "dispatch", by=cast.centre(), at=TEN, to=cast.organisations["law"].pk)
    promised = fresh(lamp).promised_at
    assert promised is not None
    take(lamp, "return_order", by=cast.law(), at=TEN, return_reason="not_duty", basis="三定方案第四条")
    take(lamp, "refuse_return", by=cast.centre(), at=TEN, reason="目录写的是你们")
    take(lamp, "return_order", by=cast.law(), at=TEN, return_reason="not_owner", basis="灯杆产权在市政")
    assert Wait.objects.get(matter=lamp, what="arbitrate", ended_at=None).desk_role == "district_chief"
    works = cast.organisations["works"].pk
    take(lamp, "arbitrate", by=cast.chief(), at=TEN, decided=works, reason="产权在市政")
    assert fresh(lamp).promised_at == promised
    assert Tie.objects.get(matter=lamp, role="holder", until=None).organisation_id == works
    with pytest.raises(NotYet):
        take(lamp, "return_order", by=cast.works(), at=TEN, return_reason="not_duty", basis="再退一次")


def test_the_clock_alone_never_supervises(cast: Cast) -> None:
    for name in ("cn", "shuangluan"):
        pack = packs.load(name)
        for process in pack.processes:
            for key_, action in pack.process(process)["action"].items():
                assert not (key_.startswith("supervise") and "clock" in action["by"])
    told = cast.snap()
    for days in range(1, 40):
        tick(MORNING + timedelta(days=days))
    verbs = set(Entry.objects.filter(matter=told.matter).values_list("verb", flat=True))
    assert {"remind", "raise"} <= verbs and "supervise" not in verbs


def test_a_snap_that_points_at_a_neighbour_is_in_nothing_public(cast: Cast) -> None:
    noise = fresh(cast.snap("楼上天天半夜放音响", category="noise_home"))
    lamp = fresh(cast.snap())
    complaint = fresh(cast.snap("物业不修门", category="property_service", about=("property_company",)))
    shown = set(Matter.objects.filter(gate.public()).values_list("pk", flat=True))
    assert lamp.pk in shown and not {noise.pk, complaint.pk} & shown


def test_a_word_of_danger_reaches_the_named_officer_only(cast: Cast) -> None:
    told = cast.snap("老公打我，现在还在砸门", category="", place="5号楼")
    matter = fresh(told)
    assert matter.private and "打" not in matter.title and matter.place == ""
    assert gate.one(matter.pk, by=cast.private_officer(), at=NINE) is not None
    for name in ("desk", "secretary", "worker", "street_desk", "dispatcher", "centre", "leader", "outsider"):
        assert gate.one(matter.pk, by=cast.acting(name), at=NINE) is None, name
        assert not gate.visible(by=cast.acting(name), at=NINE).filter(pk=matter.pk).exists(), name
    take(matter, "accept", by=cast.private_officer(), at=NINE)
    take(matter, "take_on", by=cast.private_officer(), at=NINE)
    assert fresh(matter).stage == "in_progress"


CONTACTS = [
    Contact(),
    Contact(phone="13812341234", told_by="sms"),
    Contact(phone="13900000000", who_may_see="community_only", told_by="call"),
    Contact(phone="0314-2050000", wants_call=True, told_by="call"),
]


def test_shuffled_reporters_get_the_same_door_term_and_answer(cast: Cast) -> None:
    outcomes = set()
    for contact in CONTACTS:
        matter = fresh(cast.snap(contact=contact))
        waits = Wait.objects.filter(matter=matter).exclude(what="call").order_by("what")
        picture: tuple[Any, ...] = (
            matter.stage,
            matter.area_id,
            matter.category,
            matter.title,
            tuple(waits.values_list("what", "desk_role", "desk_area", "term", "due_at")),
        )
        outcomes.add(picture)
    assert len(outcomes) == 1


def test_kept_from_grid_and_community_the_street_accepts(cast: Cast) -> None:
    told = cast.snap(contact=Contact(phone="13812341234", who_may_see="sealed_from_grid", told_by="sms"))
    matter = fresh(told)
    assert matter.restricted and matter.grid_id is None and matter.community_id is None
    for name in ("worker", "desk", "secretary"):
        assert not sees(cast, name, matter)
    assert reveal_phone(matter, "ask_place", by=cast.street_desk(), at=NINE) == "13812341234"
    take(matter, "accept", by=cast.street_desk(), at=NINE)


def test_who_looked_at_my_number_is_mine_to_see(cast: Cast) -> None:
    from gongzhi.domains.incidents.queries.follow import follow
    from gongzhi.domains.incidents.queries.receipts import own_hand

    told = cast.snap()
    reveal_phone(told.matter, "ask_place", by=cast.worker(), at=NINE)
    receipt = by_token(told.token)
    assert receipt is not None
    page = follow(receipt, by=own_hand(receipt), at=TEN, mode="own")
    assert page is not None and [(who, why) for who, _, why in page.looked] == [
        ("网格员周海燕", "问地点、问情况")
    ]
    with pytest.raises(NotYours):
        reveal_phone(told.matter, "ask_place", by=cast.outsider(), at=NINE)

"""A whistle from the grid to the call: who asks, approves, calls, and who may not; another place's shorter road."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from gongzhi.domains.incidents.actions import take as take_incident
from gongzhi.domains.whistles.actions import Asked, ask, take
from gongzhi.domains.whistles.models import Whistle
from gongzhi.kernel.models import Entry, Matter, Tie, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotNow, NotYet, NotYours, SayMore
from gongzhi.kernel.telling.models import InboxItem
from gongzhi.kernel.territory import packing
from tests.browser.every_page import dispatched
from tests.cast import MORNING, Cast, fresh, key
from tests.whistles.blowing import (
    LATER,
    approved,
    asked,
    called,
    closed,
    lives_by,
    part,
    said,
    tell,
    units,
    worked,
)

pytestmark = pytest.mark.django_db
REFUSAL = {"reason": "归城管执法局", "basis": "三定方案第三条"}


@pytest.fixture(autouse=True)
def own_pack() -> Iterator[None]:
    yield
    packing.forget()


class TestAsking:
    def test_a_grid_worker_asks_the_community_which_asks_the_street(self, cast: Cast) -> None:
        matter = asked(cast, "worker", cast.snap())
        assert fresh(matter).stage == "proposed"
        assert Wait.objects.get(matter=matter, ended_at=None).desk_role == "community_desk"
        take(matter, "pass_on", by=cast.secretary(), at=MORNING)
        assert fresh(matter).stage == "asked"
        assert Wait.objects.get(matter=matter, ended_at=None).desk_role == "street_leader"

    def test_it_hangs_under_the_matter_and_takes_over_its_place_and_kind(self, cast: Cast) -> None:
        told = cast.snap()
        matter = asked(cast, "desk", told)
        source = fresh(told)
        assert (matter.parent_id, matter.grid_id) == (source.pk, source.grid_id)
        assert (matter.place, matter.category) == (source.place, source.category)

    def test_a_community_asks_without_a_matter_and_says_where(self, cast: Cast) -> None:
        assert asked(cast).title == "吹哨：联合执法，3 号楼东侧消防通道"
        with pytest.raises(SayMore) as refusal:
            ask(Asked(said(), area=cast.areas["grid"]), by=cast.desk(), at=MORNING, key=key())
        assert refusal.value.errors == {"place": "请写“地点”。"}

    @pytest.mark.parametrize("who", ["part_timer", "outsider", "works", "centre", "street_leader"])
    def test_nobody_else_asks(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            asked(cast, who)
        assert not Matter.objects.filter(kind="whistle").exists()

    @pytest.mark.parametrize("who", ["neighbour", "other_desk"])
    def test_nor_a_neighbour_for_a_place_that_is_not_theirs(self, cast: Cast, who: str) -> None:
        for incident in (None, cast.snap()):
            with pytest.raises(NotYours):
                asked(cast, who, incident)

    def test_what_was_tried_is_said_first_but_not_in_an_emergency(self, cast: Cast) -> None:
        with pytest.raises(NotYet) as refusal:
            asked(cast, tried="")
        assert "试过什么" in refusal.value.sentence
        assert asked(cast, tried="", whistle_kind="emergency").stage == "asked"

    def test_one_whistle_at_a_time_and_none_for_what_is_over_or_private(self, cast: Cast) -> None:
        told = cast.snap()
        asked(cast, "desk", told)
        with pytest.raises(NotNow) as twice:
            asked(cast, "worker", told)
        assert "已经吹过哨" in twice.value.sentence
        over = cast.snap()
        take_incident(over.matter, "withdraw", by=cast.reporter(over), at=MORNING)
        with pytest.raises(NotNow):
            asked(cast, "desk", over)
        secret = cast.snap("老公打我，现在还在砸门", category="")
        with pytest.raises(NotYours):
            asked(cast, "desk", secret)

    def test_the_same_key_asks_once(self, cast: Cast) -> None:
        same = key()
        whistle = Asked(said(), area=cast.areas["grid"], place="北门")
        first, again = (ask(whistle, by=cast.desk(), at=MORNING, key=same) for _ in range(2))
        assert first.pk == again.pk and Matter.objects.filter(kind="whistle").count() == 1


class TestApproving:
    def test_the_streets_leader_approves_and_the_centre_numbers_it(self, cast: Cast) -> None:
        matter = called(cast, "works", "law")
        assert Whistle.objects.get(pk=matter.pk).number == f"哨{matter.number}"
        assert [one.number for one in matter.children.order_by("pk")] == [
            f"{matter.number}-1",
            f"{matter.number}-2",
        ]

    @pytest.mark.parametrize("who", ["desk", "dispatcher", "centre", "works", "leader"])
    def test_nobody_else_approves(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            take(asked(cast), "approve", by=cast.acting(who), at=MORNING)

    def test_a_refusal_has_its_reason_and_is_no_result(self, cast: Cast) -> None:
        matter = asked(cast)
        with pytest.raises(SayMore):
            take(matter, "refuse", by=cast.street_leader(), at=MORNING)
        take(matter, "refuse", by=cast.street_leader(), at=MORNING, reason="街道执法队就能办")
        assert (fresh(matter).stage, fresh(matter).counts) == ("refused", "no_result")

    def test_an_emergency_goes_by_telephone_and_is_signed_within_a_working_day(self, cast: Cast) -> None:
        matter = asked(cast, whistle_kind="emergency")
        phoned = {"approver": cast.people["street_leader"].pk, "phoned_at": MORNING - timedelta(minutes=5)}
        take(matter, "approved_by_phone", by=cast.desk(), at=MORNING, **phoned)
        take(matter, "call", by=cast.centre(), at=MORNING, units=units(cast, "works"))
        wait = Wait.objects.get(matter=matter, what="sign", ended_at=None)
        assert (wait.desk_role, wait.term) == ("street_leader", "1wd")
        assert part(matter, cast, "works").waits.get(what="answer").due_at == MORNING + timedelta(hours=1)
        take(matter, "sign", by=cast.street_leader(), at=LATER)
        assert not Wait.objects.filter(matter=matter, what="sign", ended_at=None).exists()

    def test_what_is_no_emergency_is_not_approved_by_telephone(self, cast: Cast) -> None:
        phoned = {"approver": cast.people["street_leader"].pk, "phoned_at": MORNING}
        with pytest.raises(NotYet) as refusal:
            take(asked(cast), "approved_by_phone", by=cast.desk(), at=MORNING, **phoned)
        assert "应急处置" in refusal.value.sentence

    @pytest.mark.parametrize(
        ("who", "ago", "words"), [("leader", 5, "不是这条街道"), ("street_leader", -5, "打电话的时间")]
    )
    def test_nor_by_somebody_else_nor_tomorrow(self, cast: Cast, who: str, ago: int, words: str) -> None:
        matter = asked(cast, whistle_kind="emergency")
        phoned = {"approver": cast.people[who].pk, "phoned_at": MORNING - timedelta(minutes=ago)}
        with pytest.raises(NotYet) as refusal:
            take(matter, "approved_by_phone", by=cast.desk(), at=MORNING, **phoned)
        assert words in refusal.value.sentence

    def test_a_call_nobody_made_counts_for_who_asked(self, cast: Cast) -> None:
        matter = asked(cast, whistle_kind="emergency")
        phoned = {"approver": cast.people["street_leader"].pk, "phoned_at": MORNING}
        take(matter, "approved_by_phone", by=cast.desk(), at=MORNING, **phoned)
        take(matter, "disown", by=cast.street_leader(), at=LATER, reason="没有接过这个电话")
        row = Whistle.objects.get(pk=matter.pk)
        assert row.disowned and row.unjustified
        assert Matter.objects.get(pk=matter.pk).stage == "approved"

    @pytest.mark.parametrize(
        ("ground", "counts"), [("own_power", True), ("not_tried", True), ("other", False)]
    )
    def test_two_grounds_for_not_calling_count_for_who_asked(
        self, cast: Cast, ground: str, counts: bool
    ) -> None:
        matter = approved(cast)
        take(matter, "decline", by=cast.centre(), at=LATER, decline_ground=ground, reason="先由街道执法队办")
        assert Whistle.objects.get(pk=matter.pk).unjustified is counts


class TestCalling:
    def test_each_organisation_has_a_part_with_its_term_and_is_told(self, cast: Cast) -> None:
        matter = called(cast, "works", "law")
        tell(LATER)
        for name in ("works", "law"):
            one = part(matter, cast, name)
            waits = {wait.what: wait for wait in one.waits.all()}
            assert (
                waits["answer"].desk_org_id == cast.organisations[name].pk and waits["answer"].term == "4wh"
            )
            assert waits["arrive"].desk_org_id == cast.organisations["committee"].pk
            assert cast.people[name].pk in InboxItem.objects.filter(matter=one).values_list(
                "person", flat=True
            )

    def test_one_that_was_closed_is_refused_by_name_and_nothing_is_called(self, cast: Cast) -> None:
        matter = approved(cast)
        closed(cast, "law", date(2026, 1, 1))
        with pytest.raises(SayMore) as refusal:
            take(matter, "call", by=cast.centre(), at=LATER, units=units(cast, "works", "law"))
        assert refusal.value.errors == {"units": "区执法局在 2026-01-01 已经撤销，请重新选。"}
        assert fresh(matter).stage == "approved" and not fresh(matter).children.exists()

    @pytest.mark.parametrize(
        ("name", "words"),
        [("committee", "就是吹哨的一方"), ("other_committee", "不能叫社区"), ("property", "不能叫物业")],
    )
    def test_only_along_the_order_lines(self, cast: Cast, name: str, words: str) -> None:
        with pytest.raises(NotYet) as refusal:
            take(approved(cast), "call", by=cast.centre(), at=LATER, units=units(cast, "works", name))
        assert words in refusal.value.sentence
        assert not Matter.objects.filter(kind="whistle_part").exists()

    def test_the_one_complained_about_is_never_called_and_sees_nothing(self, cast: Cast) -> None:
        matter = approved(cast)
        Tie.objects.create(matter=matter, role="about", organisation=cast.organisations["law"], since=MORNING)
        with pytest.raises(NotYet) as refusal:
            take(matter, "call", by=cast.centre(), at=LATER, units=units(cast, "law"))
        assert "反映的就是" in refusal.value.sentence
        take(matter, "call", by=cast.centre(), at=LATER, units=units(cast, "works"))
        assert Tie.objects.filter(matter__parent=matter, role="about").count() == 1

    def test_one_more_is_called_later_but_none_twice(self, cast: Cast) -> None:
        matter = called(cast, "works")
        take(matter, "call_more", by=cast.chief(), at=LATER, units=units(cast, "law"))
        assert fresh(matter).children.count() == 2
        with pytest.raises(NotYet) as refusal:
            take(matter, "call_more", by=cast.chief(), at=LATER, units=units(cast, "works"))
        assert "已经叫过" in refusal.value.sentence

    @pytest.mark.parametrize("who", ["desk", "street_leader", "dispatcher", "works"])
    def test_a_community_or_a_street_does_not_call_departments_itself(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            take(approved(cast), "call", by=cast.acting(who), at=LATER, units=units(cast, "works"))

    def test_the_matter_says_so_once_and_may_not_close_before(self, cast: Cast) -> None:
        told = cast.snap()
        dispatched(cast, told.matter, MORNING)
        matter = called(cast, "law", incident=told)
        tell(LATER)
        tell(LATER)
        verbs = list(Entry.objects.filter(matter=told.matter).values_list("verb", flat=True))
        assert verbs.count("called_together") == 1
        answer = {
            "contacted": "talked",
            "reply_done": "换了灯头。",
            "reply_result": "亮了。",
            "solved": "solved",
        }
        take_incident(told.matter, "reply", by=cast.works(), at=LATER, **answer)
        take_incident(told.matter, "pass_check", by=cast.worker(), at=LATER, check_way="look")
        with pytest.raises(NotYet) as refusal:
            take_incident(told.matter, "close", by=cast.centre(), at=LATER)
        assert "还有 1 件子事项" in refusal.value.sentence
        worked(cast, matter, "law")
        take(matter, "finish", by=cast.desk(), at=LATER + timedelta(hours=2), result="来了，办了")
        take_incident(told.matter, "close", by=cast.centre(), at=LATER + timedelta(hours=3))


class TestAnotherPlace:
    """The same actions where the pack shortens the road: grid, community, departments."""

    def test_the_community_calls_departments_by_its_own_line(self, cast: Cast) -> None:
        lives_by(cast, "wuhai")
        matter = asked(cast, "worker", cast.snap())
        assert (fresh(matter).stage, Wait.objects.get(matter=matter, ended_at=None).desk_role) == (
            "approved",
            "community_desk",
        )
        take(matter, "call", by=cast.desk(), at=MORNING, units=units(cast, "works", "law"))
        one = part(matter, cast, "works")
        assert one.ties.get(role="sender").organisation == cast.organisations["committee"]
        for name in ("works", "law"):
            worked(cast, matter, name)
        take(matter, "finish", by=cast.secretary(), at=LATER, result="都落实了")
        assert fresh(matter).counts == "closed"

    def test_a_second_refusal_goes_to_the_street_there(self, cast: Cast) -> None:
        lives_by(cast, "wuhai")
        matter = asked(cast)
        take(matter, "call", by=cast.desk(), at=MORNING, units=units(cast, "works"))
        one = part(matter, cast, "works")
        take(one, "not_mine", by=cast.works(), at=LATER, **REFUSAL)
        take(one, "insist", by=cast.secretary(), at=LATER, reason="路面归你们")
        take(one, "not_mine", by=cast.works(), at=LATER, **REFUSAL)
        take(one, "rule", by=cast.street_leader(), at=LATER, reason="归市政")

    def test_for_nothing_but_a_whistle_does_that_line_hold(self, cast: Cast) -> None:
        lives_by(cast, "wuhai")
        told = cast.snap()
        take_incident(told.matter, "accept", by=cast.desk(), at=MORNING)
        with pytest.raises(NotYet) as refusal:
            take_incident(
                told.matter, "dispatch", by=cast.desk(), at=MORNING, to=cast.organisations["works"].pk
            )
        assert "社区不能派" in refusal.value.sentence

    def test_the_centre_does_not_call_there(self, cast: Cast) -> None:
        lives_by(cast, "wuhai")
        with pytest.raises(NotYours):
            take(asked(cast), "call", by=cast.centre(), at=MORNING, units=units(cast, "works"))


def test_a_resident_may_do_nothing_with_it(cast: Cast) -> None:
    told = cast.snap()
    matter = called(cast, "works", incident=told)
    for hand in (cast.reporter(told), Acting.public()):
        with pytest.raises(NotYours):
            take(matter, "finish", by=hand, at=LATER, result="好了")

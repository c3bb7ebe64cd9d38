"""A route from the desk to the grid and back: who lays it, when it opens, what is said of each point, how it ends."""

from datetime import timedelta

import pytest

from gongzhi.domains.patrols import actions
from gongzhi.domains.patrols.models import Patrol, Stop
from gongzhi.domains.patrols.points import Told
from gongzhi.domains.patrols.queries import planning, walking
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Delivery, Entry, Matter, Wait
from gongzhi.kernel.process.verdict import NotNow, NotYet, NotYours, Refusal, SayMore
from tests.cast import MORNING, Cast, clock, fresh, key
from tests.patrols.walks import NAME, pass_by, points, route, walk

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


def results(matter: Matter) -> list[str]:
    return list(Stop.objects.filter(patrol=matter.pk).order_by("n").values_list("result", flat=True))


def do(cast: Cast, matter: Matter, act: str, who: str = "worker", **said: str) -> None:
    actions.take(matter, act, by=cast.acting(who), at=LATER, key=key(), **said)


class TestLayingARoute:
    @pytest.mark.parametrize("who", ["desk", "secretary", "street_desk", "dispatcher"])
    def test_community_and_street_lay_routes_in_their_grids(self, cast: Cast, who: str) -> None:
        laid = route(cast, who)
        assert laid.title == NAME and laid.stage == "in_use"
        plan = planning.one(laid.pk, by=cast.acting(who), at=MORNING)
        assert plan is not None and [one.label for one in plan.points] == [one.label for one in points(cast)]

    @pytest.mark.parametrize(
        "who", ["worker", "part_timer", "neighbour", "other_desk", "works", "centre", "outsider"]
    )
    def test_nobody_else_does(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            route(cast, who)
        if who != "other_desk":  # who lays routes, but elsewhere
            with pytest.raises(NotYours):
                planning.routes(by=cast.acting(who), at=MORNING)

    def test_a_route_stays_in_one_grid(self, cast: Cast) -> None:
        with pytest.raises(SayMore):
            route(cast, area=cast.areas["community"])
        with pytest.raises(NotYet, match="不在这个网格里"):
            route(cast, points=[Told("第二网格的井盖", "manhole", cast.areas["next_grid"].pk)])

    def test_it_has_points_and_a_day_to_come(self, cast: Cast) -> None:
        with pytest.raises(NotYet, match="至少写一处"):
            route(cast, points=[])
        with pytest.raises(NotYet, match="今天或以后"):
            route(cast, first_day="2026-11-19")
        with pytest.raises(NotYet, match="没写全"):
            route(cast, points=[Told("井盖", "no_such_look", cast.areas["grid"].pk)])
        with pytest.raises(NotYet, match="最多 40 处"):
            route(cast, points=[points(cast)[0]] * 41)


class TestTheClock:
    def test_it_opens_a_patrol_on_the_day_at_the_grids_desk_and_for_no_person(self, cast: Cast) -> None:
        matter = walk(cast)
        wait = Wait.objects.get(matter=matter, what="walk")
        assert (wait.desk_role, wait.desk_area_id, wait.person_id) == (
            "grid_worker",
            cast.areas["grid"].pk,
            None,
        )
        assert results(matter) == ["", "", ""] and matter.place == "3 号楼、第一网格 3 处"

    def test_a_route_without_days_of_the_week_is_walked_once(self, cast: Cast) -> None:
        walk(cast)
        for day in range(1, 15):
            pass_by(MORNING + timedelta(days=day))
        assert Matter.objects.filter(kind="patrol").count() == 1

    def test_with_days_it_comes_again_and_a_patrol_left_lying_gives_way(self, cast: Cast) -> None:
        first = walk(cast, weekdays="51")  # a Friday; then Monday
        for day in range(1, 4):
            pass_by(clock("2026-11-20 07:00") + timedelta(days=day))
        assert fresh(first).stage == "missed"
        second = Matter.objects.get(kind="patrol", counts="open")
        assert second.opened_at == clock("2026-11-23 07:00") and second.pk != first.pk

    def test_the_same_day_delivered_twice_opens_one(self, cast: Cast) -> None:
        matter = walk(cast)
        row = Delivery.objects.get(follower="patrols.open")
        Delivery.objects.filter(pk=row.pk).update(done_at=None, next_at=LATER)
        pass_by(LATER)
        assert list(Matter.objects.filter(kind="patrol")) == [matter]

    def test_a_day_that_passed_reminds_the_grid_and_then_the_community_and_marks_nobody(
        self, cast: Cast
    ) -> None:
        matter = walk(cast)
        pass_by(clock("2026-11-21 00:30"))
        assert Entry.objects.filter(matter=matter, verb="remind").count() == 1
        pass_by(clock("2026-11-24 18:30"))
        told = Entry.objects.get(matter=matter, verb="raise")
        assert told.actor == "clock" and "person" not in told.facts
        assert fresh(matter).stage == "planned", "it is still there to be walked, or not walked with a reason"


class TestWalking:
    def test_points_in_order_one_by_one_or_all_at_once(self, cast: Cast) -> None:
        matter = walk(cast)
        do(cast, matter, "clear", stops="2")
        assert results(matter) == ["", "clear", ""] and fresh(matter).stage == "under_way"
        do(cast, matter, "clear", stops="1,2,3")
        assert results(matter) == ["clear"] * 3
        do(cast, matter, "finish")
        assert (
            fresh(matter).stage == "done" and not Wait.objects.filter(matter=matter, ended_at=None).exists()
        )
        assert verify().sound

    def test_something_found_is_a_matter_of_its_own_tied_to_its_point(self, cast: Cast) -> None:
        matter = walk(cast)
        lamp = cast.snap("井盖松了", category="").matter
        actions.found(matter.pk, 2, lamp.pk, by=cast.worker(), at=LATER, key=key())
        do(cast, matter, "clear", stops="1,2,3")
        assert results(matter) == ["clear", "found", "clear"], "what was found stays found"
        sheet = walking.walk(matter.pk, by=cast.worker(), at=LATER)
        assert sheet is not None and sheet.stops[1].found == lamp

    def test_points_left_out_need_a_reason_and_no_more(self, cast: Cast) -> None:
        matter = walk(cast)
        with pytest.raises(NotYet, match="一处都还没看"):
            do(cast, matter, "finish")
        do(cast, matter, "clear", stops="1")
        with pytest.raises(NotYet, match="还有 2 处没看"):
            do(cast, matter, "finish")
        do(cast, matter, "finish", left_reason="weather")
        assert Patrol.objects.get(pk=matter.pk).why == "weather" and fresh(matter).stage == "done"

    def test_a_walk_that_did_not_happen_says_why_and_no_more(self, cast: Cast) -> None:
        matter = walk(cast)
        with pytest.raises(SayMore):
            do(cast, matter, "miss")
        do(cast, matter, "miss", miss_reason="called_away")
        assert fresh(matter).counts == "no_result"
        with pytest.raises(NotNow):
            do(cast, matter, "clear", stops="1")

    def test_a_point_of_another_walk_is_none_of_this_one(self, cast: Cast) -> None:
        with pytest.raises(NotYet, match="没有这一处"):
            do(cast, walk(cast), "clear", stops="7")

    @pytest.mark.parametrize("who", ["part_timer", "desk"])
    def test_part_timers_walk_too_and_the_desk_may(self, cast: Cast, who: str) -> None:
        matter = walk(cast)
        do(cast, matter, "clear", who, stops="1,2,3")
        do(cast, matter, "finish", who)
        assert fresh(matter).stage == "done"

    @pytest.mark.parametrize("who", ["neighbour", "other_desk", "works", "street_leader", "outsider"])
    def test_others_do_not(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            do(cast, walk(cast), "clear", who, stops="1")

    def test_two_who_walk_together_do_not_stand_in_each_others_way(self, cast: Cast) -> None:
        matter = walk(cast)
        seen = matter.seq
        for who, stops in (("worker", "1"), ("part_timer", "2")):
            actions.take(matter, "clear", by=cast.acting(who), at=LATER, seen=seen, key=key(), stops=stops)
        actions.take(
            matter, "finish", by=cast.worker(), at=LATER, seen=seen, key=key(), left_reason="no_way_in"
        )
        assert results(matter) == ["clear", "clear", ""]

    def test_a_matter_one_may_not_read_cannot_be_tied_to_a_point(self, cast: Cast) -> None:
        matter = walk(cast)
        complaint = cast.snap("居委会不公开账目", category="staff_attitude", about=("community",)).matter
        with pytest.raises(Refusal):
            actions.found(matter.pk, 1, complaint.pk, by=cast.worker(), at=LATER, key=key())
        for named in (str(complaint.pk), str(matter.pk), "1" * 18, "abc", "９"):
            with pytest.raises(NotYet, match="不归您看"):
                do(cast, matter, "found", stops="1", found_matter=named)
        assert results(matter) == ["", "", ""]

    def test_a_route_changed_or_ended_leaves_the_open_walk_as_it_was(self, cast: Cast) -> None:
        matter = walk(cast)
        laid = Matter.objects.get(kind="patrol_route")
        said = actions.Planned(cast.areas["grid"], "只看井盖", points(cast)[1:2], "2026-11-20")
        actions.edit(laid.pk, said, by=cast.desk(), at=LATER, seen=fresh(laid).seq, key=key())
        actions.take(laid, "retire", by=cast.desk(), at=LATER, key=key())
        assert len(results(matter)) == 3
        do(cast, matter, "clear", stops="3")

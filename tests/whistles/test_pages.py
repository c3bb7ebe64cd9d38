"""The whistle's pages on the desk: nothing typed twice, arrivals with one tap, figures with lists, budgets kept."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.whistles.actions import Asked, ask, take
from gongzhi.domains.whistles.models import Whistle, WhistlePart
from gongzhi.domains.whistles.queries import begin, figures, lists
from gongzhi.kernel.models import Matter
from gongzhi.kernel.territory import packing
from tests.browser.every_page import dispatched
from tests.cast import MORNING, Cast, clock, fresh, key
from tests.kernel.test_budgets import ACTION, FURTHER, Counted
from tests.whistles.blowing import (
    LATER,
    TRIED,
    approved,
    asked,
    called,
    closed,
    joined_by,
    part,
    said,
    units,
    worked,
)
from tests.workbench.sitting import Clock, hour

__all__ = ["hour"]
pytestmark = pytest.mark.django_db
LIST_BUDGET = 8


@pytest.fixture(autouse=True)
def eleven(hour: Clock) -> Iterator[None]:
    hour.set("2026-11-20 11:00")
    yield
    packing.forget()


def at_desk(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.people[name])
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == status, answer.content.decode()[:300]
    return answer.content.decode()


class TestAsking:
    def test_the_button_stands_on_the_matter_in_the_words_of_the_hand(self, cast: Cast) -> None:
        pk = cast.snap().matter.pk
        assert "请社区吹哨" in text(at_desk(cast, "worker"), f"/desk/m/{pk}/")
        assert f"/desk/whistles/ask/?from={pk}" in text(at_desk(cast, "desk"), f"/desk/m/{pk}/")
        assert "/desk/whistles/ask/" not in text(at_desk(cast, "dispatcher"), f"/desk/m/{pk}/")

    def test_what_was_tried_is_put_together_from_the_ledger_without_a_person(self, cast: Cast) -> None:
        told = cast.snap("3 号楼王奶奶说路灯不亮")
        dispatched(cast, told.matter, MORNING)
        said = begin.tried(fresh(told))
        assert "柳岸社区居民委员会受理" in said and "派遣（区市政中心）" in said
        assert "王奶奶" not in said and "孙立群" not in said
        form = text(at_desk(cast, "desk"), f"/desk/whistles/ask/?from={told.matter.pk}")
        assert said.split("；")[0] in form and "王奶奶" not in form

    def test_asked_from_the_form_it_hangs_under_the_matter(self, cast: Cast) -> None:
        told = cast.snap()
        sent = {"from": told.matter.pk, "whistle_kind": "joint", "need": "请来", "tried": TRIED, "key": key()}
        answer = at_desk(cast, "worker").post("/desk/whistles/ask/", {**sent, "wanted": units(cast, "works")})
        whistle = Whistle.objects.get()
        assert answer["Location"] == f"/desk/whistles/{whistle.pk}/"
        assert whistle.matter.parent_id == told.matter.pk and whistle.wanted.get().name == "区市政中心"

    def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(self, cast: Cast) -> None:
        sent = {"whistle_kind": "joint", "need": "请来拖车", "tried": "", "key": key()}
        answer = at_desk(cast, "desk").post("/desk/whistles/ask/", sent)
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert "请写“地点”" in shown and "请来拖车" in shown

    def test_a_running_whistle_is_opened_instead_of_a_second(self, cast: Cast) -> None:
        told = cast.snap()
        matter = asked(cast, "desk", told)
        answer = at_desk(cast, "desk").get(f"/desk/whistles/ask/?from={told.matter.pk}")
        assert answer["Location"] == f"/desk/whistles/{matter.pk}/"

    @pytest.mark.parametrize("who", ["works", "centre", "street_leader", "part_timer"])
    def test_nobody_else_finds_the_form(self, cast: Cast, who: str) -> None:
        assert at_desk(cast, who).get("/desk/whistles/ask/").status_code == 403


class TestDeciding:
    def test_the_leader_sees_what_was_tried_and_whose_power_it_is(self, cast: Cast) -> None:
        matter = asked(cast, "desk", cast.snap(), wanted=units(cast, "law"))
        shown = text(at_desk(cast, "street_leader"), f"/desk/whistles/{matter.pk}/")
        assert TRIED in shown and "是谁的职权" in shown
        assert "“路灯不亮”由" in shown and "区执法局：区指挥中心 → 区直部门。" in shown
        assert "那件事办过什么" in shown

    def test_it_waits_on_the_leaders_morning_page(self, cast: Cast) -> None:
        matter = asked(cast)
        shown = text(at_desk(cast, "street_leader"), "/desk/morning/")
        assert "批吹哨" in shown and matter.title in shown

    def test_a_closed_organisation_is_named_in_the_form_and_nothing_called(self, cast: Cast) -> None:
        matter = approved(cast, wanted=units(cast, "law", "works"))
        closed(cast, "law", date(2026, 1, 1))
        client = at_desk(cast, "centre")
        form = text(client, f"/desk/whistles/{matter.pk}/do/call/")
        assert "区执法局（已撤销）" in form and f'value="{cast.organisations["law"].pk}"' not in form
        answer = client.post(
            f"/desk/whistles/{matter.pk}/do/call/", {"units": units(cast, "law"), "key": key()}
        )
        assert answer.status_code == 422
        assert "区执法局在 2026-01-01 已经撤销" in answer.content.decode()
        assert not Matter.objects.filter(kind="whistle_part").exists()

    def test_somebody_was_faster_and_what_was_typed_is_kept(self, cast: Cast) -> None:
        matter = asked(cast)
        sent = {"seen": 0, "reason": "先让执法队去", "key": key()}
        answer = at_desk(cast, "street_leader").post(f"/desk/whistles/{matter.pk}/do/refuse/", sent)
        assert answer.status_code == 409 and "先让执法队去" in answer.content.decode()


class TestOnTheSpot:
    def test_one_button_each_and_one_for_all(self, cast: Cast) -> None:
        matter = called(cast, "works", "law")
        client = at_desk(cast, "worker")
        assert "区市政中心到了" in text(client, f"/desk/whistles/{matter.pk}/")
        sent = {"part": part(matter, cast, "works").pk, "key": key()}
        client.post(f"/desk/whistles/{matter.pk}/arrived/", sent)
        assert part(matter, cast, "works").stage == "on_site" and part(matter, cast, "law").stage == "called"
        client.post(f"/desk/whistles/{matter.pk}/arrived/", {"part": "all", "key": key()})
        assert part(matter, cast, "law").stage == "on_site"
        again = client.post(f"/desk/whistles/{matter.pk}/arrived/", {"part": "all", "key": key()})
        assert again.status_code == 409 and "没有等着记到场的单位" in again.content.decode()

    def test_a_department_records_nobody(self, cast: Cast) -> None:
        matter = called(cast, "works")
        answer = at_desk(cast, "works").post(
            f"/desk/whistles/{matter.pk}/arrived/", {"part": "all", "key": key()}
        )
        assert answer.status_code == 409 and part(matter, cast, "works").stage == "called"

    def test_a_part_and_its_address_lead_to_the_whistle(self, cast: Cast) -> None:
        matter = called(cast, "works")
        one = part(matter, cast, "works")
        client = at_desk(cast, "works")
        for path in (f"/desk/m/{one.pk}/", f"/desk/whistles/{one.pk}/", f"/desk/m/{matter.pk}/"):
            assert client.get(path, follow=True).redirect_chain[-1][0] == f"/desk/whistles/{matter.pk}/"

    def test_a_rating_shows_to_the_other_side_only_when_both_have_rated(self, cast: Cast) -> None:
        matter = called(cast, "works")
        one = worked(cast, matter, "works")
        take(one, "rate_unit", by=cast.desk(), at=LATER, unit_mark="poor", mark_words="等了半天")
        for who in ("works", "desk", "centre"):
            shown = text(at_desk(cast, who), f"/desk/whistles/{matter.pk}/")
            assert "对来的单位：" not in shown and "等了半天" not in shown and "慢、推</" not in shown
        take(one, "rate_asker", by=cast.works(), at=LATER, asker_mark="good")
        assert "对来的单位：慢、推" in text(at_desk(cast, "works"), f"/desk/whistles/{matter.pk}/")


class TestLists:
    def test_each_finds_what_waits_for_them(self, cast: Cast) -> None:
        matter = called(cast, "works")
        for who in ("works", "desk"):
            assert [one.matter.pk for one in lists.page("todo", by=cast.acting(who), at=LATER).rows] == [
                matter.pk
            ]
        assert lists.page("todo", by=cast.law(), at=LATER).rows == []
        row = lists.page("open", by=cast.works(), at=LATER).rows[0]
        assert (row.called, row.answered, row.arrived, row.wanted) == (1, 0, 0, "请您应哨")

    def test_a_list_costs_the_same_whatever_its_rows(self, cast: Cast) -> None:
        client = at_desk(cast, "chief")
        called(cast, "works")
        client.get("/desk/whistles/?tab=open")
        counts = []
        for _ in range(2):
            for _ in range(3):
                called(cast, "works", "law")
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert client.get("/desk/whistles/?tab=open").status_code == 200
            counts.append(len(seen))
        assert counts[0] == counts[1] and counts[1] <= LIST_BUDGET

    def test_a_call_keeps_its_budget(self, cast: Cast) -> None:
        joined_by(cast, "fire", "区消防大队")
        called(cast, "works")  # pages stored, numbers reserved
        matter = approved(cast)
        with Counted(ACTION + 3 * FURTHER):
            take(
                matter,
                "call",
                by=cast.centre(),
                at=LATER,
                key=key(),
                seen=fresh(matter).seq,
                units=units(cast, "works", "law", "fire"),
            )
        one = part(matter, cast, "works")
        for who, act, more in (
            ("works", "not_mine", {"reason": "不归", "basis": "职责清单"}),
            ("centre", "insist", {"reason": "归"}),
            ("works", "answer_come", {"coming": "路上"}),
            ("worker", "arrived", {}),
            ("works", "work_done", {"done_words": "拖走了"}),
            ("desk", "confirm", {}),
            ("desk", "rate_unit", {"unit_mark": "good"}),
            ("works", "rate_asker", {"asker_mark": "good"}),
        ):
            with Counted(ACTION):
                take(one, act, by=cast.acting(who), at=LATER, key=key(), seen=fresh(one).seq, **more)

    def test_asking_keeps_its_budget(self, cast: Cast) -> None:
        asked(cast, "desk", cast.snap())
        told, by = cast.snap(), cast.desk()
        whistle = Asked(said(wanted=units(cast, "works", "law", "centre")), told.matter.pk)
        with Counted(ACTION + FURTHER):
            ask(whistle, by=by, at=LATER, key=key())

    def test_after_the_last_row_of_a_page_comes_the_next(self, cast: Cast) -> None:
        made = [asked(cast).pk for _ in range(5)]
        by, found = cast.chief(), []
        page = lists.page("open", by=by, at=LATER, limit=2)
        while page.rows:
            found += [one.matter.pk for one in page.rows]
            page = (
                lists.page("open", by=by, at=LATER, after=page.after, limit=2)
                if page.after
                else lists.Page([])
            )
        assert found == made[::-1]


class TestFigures:
    def test_both_sides_are_counted_and_each_figure_has_its_list(self, cast: Cast) -> None:
        late = clock("2026-11-23 11:00")
        matter = called(cast, "works", "law")
        worked(cast, matter, "law")
        take(matter, "find_unjustified", by=cast.centre(), at=LATER, reason="社区能办")
        found = figures.figures(by=cast.chief(), at=late)
        asker = found.askers[0]
        assert (str(asker.unit), asker.blown, asker.unjustified) == ("柳岸社区居民委员会", 1, 1)
        counted = {str(one.unit): (one.called, one.unanswered, one.confirmed) for one in found.units}
        assert counted == {"区市政中心": (1, 1, 0), "区执法局": (1, 0, 1)}
        assert [str(one) for one in found.silent] == ["望山社区居民委员会"]
        works = cast.organisations["works"].pk
        rows = lists.behind("unanswered", works, by=cast.chief(), at=late).rows
        assert [one.matter.pk for one in rows] == [matter.pk]
        assert lists.behind("unanswered", cast.organisations["law"].pk, by=cast.chief(), at=late).rows == []

    def test_what_was_answered_late_counts_and_what_nobody_had_to_come_for_does_not(self, cast: Cast) -> None:
        late = clock("2026-11-23 11:00")
        matter = called(cast, "works", "law")
        take(part(matter, cast, "works"), "answer_come", by=cast.works(late), at=late)
        take(part(matter, cast, "law"), "release", by=cast.centre(), at=LATER, reason="叫错了")
        found = figures.figures(by=cast.chief(), at=late + timedelta(days=1))
        assert {str(one.unit): one.unanswered for one in found.units} == {"区市政中心": 1}

    def test_each_organisation_sees_itself_and_the_level_above_those_below(self, cast: Cast) -> None:
        called(cast, "works", "law")
        own = figures.figures(by=cast.works(), at=LATER)
        assert [str(one.unit) for one in own.units] == ["区市政中心"] and own.askers == []
        community = figures.figures(by=cast.secretary(), at=LATER)
        assert len(community.askers) == 1 and community.units == [] and community.silent == []
        street = figures.figures(by=cast.street_leader(), at=LATER)
        assert len(street.askers) == 1 and street.units == []

    def test_ratings_show_from_five_on(self, cast: Cast) -> None:
        for _ in range(4):
            worked(cast, called(cast, "works"), "works")
        WhistlePart.objects.update(unit_mark="good")
        assert not figures.figures(by=cast.chief(), at=LATER).units[0].shown
        worked(cast, called(cast, "works"), "works")
        WhistlePart.objects.update(unit_mark="good")
        found = figures.figures(by=cast.chief(), at=LATER).units[0]
        assert found.shown and (found.rated, found.good) == (5, 5)

    def test_the_page_and_its_lists_open(self, cast: Cast) -> None:
        called(cast, "works")
        client = at_desk(cast, "chief")
        assert "吹得多不一定好" in text(client, "/desk/whistles/figures/")
        works = cast.organisations["works"].pk
        assert "区市政中心：被叫" in text(client, f"/desk/whistles/figures/called/{works}/")
        text(client, f"/desk/whistles/figures/nonsense/{works}/", 404)

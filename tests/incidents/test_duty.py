"""Desk against desk: who assists, what is listed, and the long list."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import desk_matter, duty_lists
from gongzhi.kernel.models import InboxItem, Matter, Organisation, Wait
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.acting import as_mandate
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.verdict import NotYet, NotYours
from gongzhi.kernel.telling.post import deliver
from tests.cast import MORNING, Cast, clock, fresh, mandate
from tests.incidents.duty_scene import LATER, in_hand
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def _calm() -> None:
    limits.forget()


class TestAssisting:
    def test_each_unit_is_awaited_at_its_own_desk_and_answers_its_own_part(self, cast: Cast) -> None:
        matter = in_hand(cast, "law", "government")
        waits = Wait.objects.filter(matter=matter, what="assist", ended_at=None)
        assert {one.desk_org_id for one in waits} == {cast.organisations[n].pk for n in ("law", "government")}
        take(matter, "assist_done", by=cast.law(), at=LATER, assist_reply="车都劝走了")
        left = waits.all().values_list("desk_org_id", flat=True)
        assert list(left) == [cast.organisations["government"].pk] and fresh(matter).stage == "in_progress"
        with pytest.raises(NotYours):
            take(matter, "assist_done", by=cast.law(), at=LATER, assist_reply="再答一次")

    def test_an_answer_stands_with_its_own_unit_though_a_name_begins_the_same(
        self, cast: Cast, sit: Sit
    ) -> None:
        Organisation.objects.filter(pk=cast.organisations["government"].pk).update(name="区执法局二队")
        second = mandate(cast, "leader", "unit_contact", None, "government")
        matter = in_hand(cast, "law", "government")
        by = as_mandate(cast.people["leader"], second.pk, LATER)
        take(matter, "assist_done", by=by, at=LATER, assist_reply="二队劝走了")
        page = sit("works").matter(matter)
        assert page.count('<p class="soft">“二队劝走了”</p>') == 1

    def test_the_assisting_unit_reads_place_and_task_and_none_of_the_words(self, cast: Cast) -> None:
        matter = in_hand(cast, "law")
        page = desk_matter.sheet(matter.pk, by=cast.law(), at=LATER)
        assert page is not None and page.level == "task"
        assert page.assist_ask == "请把挡路的车劝走" and page.holder == "区市政中心"
        assert not page.own_words and not page.contact.masked and not page.lines
        assert gate.one(matter.pk, by=cast.works(), at=LATER) is not None
        assert gate.one(matter.pk, by=cast.outsider(), at=LATER) is None

    def test_on_the_page_it_answers_and_the_lead_quotes_it_without_retyping(
        self, cast: Cast, sit: Sit, hour: Clock
    ) -> None:
        matter = in_hand(cast, "law")
        law = sit("law")
        assert "请您单位做" in law.matter(matter) and "张大爷" not in law.matter(matter)
        assert law.take(matter, "assist_done", assist_reply="车都劝走了").status_code == 302
        form = sit("works").page(f"m/{matter.pk}/do/reply/")
        assert "区执法局：车都劝走了" in form

    def test_the_lead_alone_answers_for_time(self, cast: Cast) -> None:
        matter = in_hand(cast, "law")
        said = {
            "contacted": "talked",
            "reply_done": "扶正了灯杆。",
            "reply_result": "不歪了。",
            "solved": "solved",
        }
        with pytest.raises(NotYours):
            take(matter, "reply", by=cast.law(), at=LATER, **said)
        promised = fresh(matter).promised_at
        take(matter, "reply", by=cast.works(), at=LATER, **said)
        ended = Wait.objects.get(matter=matter, what="assist")
        assert ended.ended_at is not None and fresh(matter).promised_at == promised

    def test_a_unit_is_added_and_taken_off_later_by_the_sender(self, cast: Cast) -> None:
        matter, law = in_hand(cast), cast.organisations["law"]
        with pytest.raises(NotYours):
            take(matter, "add_assist", by=cast.works(), at=LATER, assisting=[law])
        take(matter, "add_assist", by=cast.centre(), at=LATER, assisting=[law])
        with pytest.raises(NotYet, match="已经在协办"):
            take(matter, "add_assist", by=cast.centre(), at=LATER, assisting=[law])
        take(matter, "drop_assist", by=cast.centre(), at=LATER, assist_out=[law], reason="用不着了")
        assert gate.one(matter.pk, by=cast.law(), at=LATER) is None
        assert not Wait.objects.filter(matter=matter, what="assist", ended_at=None).exists()

    def test_neither_the_lead_nor_one_complained_of_assists(self, cast: Cast) -> None:
        matter = in_hand(cast)
        with pytest.raises(NotYet, match="是主办"):
            take(matter, "add_assist", by=cast.centre(), at=LATER, assisting=[cast.organisations["works"]])
        about = in_hand(cast)
        about.ties.create(role="about", organisation=cast.organisations["law"], since=MORNING)
        with pytest.raises(NotYet, match="被反映的一方"):
            take(about, "add_assist", by=cast.centre(), at=LATER, assisting=[cast.organisations["law"]])

    def test_a_unit_that_cannot_says_why(self, cast: Cast) -> None:
        matter = in_hand(cast, "law")
        take(matter, "assist_refuse", by=cast.law(), at=LATER, reason="车主是本区外的")
        deliver(LATER)
        told = InboxItem.objects.filter(matter=matter, entry__verb="assist_refuse")
        assert told.filter(person=cast.people["works"]).exists()


class TestListed:
    ORDER = {"listing_ground": "many_years", "listed_demand": "三个月内修好", "answer_by": date(2026, 11, 30)}

    def test_only_the_districts_leader_lists_and_never_the_clock(self, cast: Cast) -> None:
        matter = in_hand(cast)
        for by in (cast.street_leader(), cast.centre(), cast.chief()):
            with pytest.raises(NotYours):
                take(matter, "supervise_listed", by=by, at=LATER, **self.ORDER)
        take(matter, "supervise_listed", by=cast.leader(), at=LATER, **self.ORDER)
        assert Incident.objects.get(pk=matter.pk).listed_entry is not None
        with pytest.raises(NotYet, match="已经挂牌"):
            take(matter, "supervise_listed", by=cast.leader(), at=LATER, **self.ORDER)

    def test_it_stands_until_answered_and_lifted(self, cast: Cast, sit: Sit) -> None:
        matter = in_hand(cast)
        take(matter, "supervise", by=cast.leader(), at=LATER, supervise_ground="late", demand="快修")
        take(matter, "supervise_listed", by=cast.leader(), at=LATER, **self.ORDER)
        assert Wait.objects.filter(matter=matter, what="supervise_answer", ended_at=None).count() == 1
        with pytest.raises(NotYet, match="还没有书面答复"):
            take(matter, "lift_listing", by=cast.leader(), at=LATER, lift_words="修好了")
        take(matter, "answer_supervision", by=cast.works(), at=LATER, supervise_reply="已经开工")
        assert [one.answered for one in duty_lists.listings(by=cast.leader(), at=LATER)] == [True]
        take(matter, "lift_listing", by=cast.leader(), at=LATER, lift_words="修好了")
        assert duty_lists.listings(by=cast.leader(), at=LATER) == []

    def test_the_public_page_tells_kind_community_and_demand_and_no_person(
        self, cast: Cast, client: Any
    ) -> None:
        matter, noise = in_hand(cast), in_hand(cast, category="noise_home")
        for one in (matter, noise):
            take(one, "supervise_listed", by=cast.leader(), at=LATER, **self.ORDER)
        page = client.get("/listed/").content.decode()
        assert matter.number in page and "三个月内修好" in page and "柳岸社区" in page
        assert noise.number not in page and "张大爷" not in page and "3号楼" not in page

    def test_a_number_in_the_demand_is_refused(self, cast: Cast) -> None:
        said = {**self.ORDER, "listed_demand": "联系 13812341234 修好"}
        with pytest.raises(NotYet, match="不写号码"):
            take(in_hand(cast), "supervise_listed", by=cast.leader(), at=LATER, **said)


class TestLongList:
    def listed(self, cast: Cast, day: date) -> Matter:
        matter = in_hand(cast)
        said = {"list_ground": "planning", "owner": cast.organisations["works"], "note": "要等改造项目"}
        take(matter, "list_long_term", by=cast.centre(), at=MORNING, look_again_on=day, **said)
        return matter

    def test_whose_day_has_passed_comes_first_with_owner_and_ground(self, cast: Cast) -> None:
        later, soon = self.listed(cast, date(2027, 1, 20)), self.listed(cast, date(2026, 11, 25))
        found = duty_lists.long_term(by=cast.centre(), at=clock("2026-11-26 09:00"))
        assert [one.matter.pk for one in found.rows] == [soon.pk, later.pk] and found.late == 1
        assert found.rows[0].owner == "区市政中心" and found.rows[0].ground == "要等规划、改造项目"
        assert found.rows[0].mine and not duty_lists.long_term(by=cast.dispatcher(), at=LATER).rows[0].mine

    def test_staying_on_it_needs_a_reason_and_a_day_within_bounds(self, cast: Cast) -> None:
        matter = self.listed(cast, date(2026, 11, 25))
        at, by = clock("2026-11-26 09:00"), cast.centre()
        for day in (date(2026, 11, 26), date(2028, 11, 26)):
            with pytest.raises(NotYet, match="几号再看"):
                take(matter, "stay_listed", by=by, at=at, look_again_on=day, stay_reason="项目还没批")
        take(matter, "stay_listed", by=by, at=at, look_again_on=date(2027, 2, 1), stay_reason="项目还没批")
        assert fresh(matter).counts == "no_result" and fresh(matter).stage == "long_term_listed"
        wait = Wait.objects.get(matter=matter, what="look_again", ended_at=None)
        assert wait.due_at is not None and wait.due_at.date() == date(2027, 2, 1)
        assert duty_lists.long_term(by=by, at=at).rows[0].times == 1

    def test_a_page_takes_few_statements_whatever_the_rows(self, cast: Cast, sit: Sit) -> None:
        desk = sit("centre")
        for offset in range(3):
            self.listed(cast, date(2026, 12, 1) + timedelta(days=offset))
        desk.page("long-term/")
        with CaptureQueriesContext(
            connection,
        ) as few:
            desk.page("long-term/")
        for offset in range(6):
            self.listed(cast, date(2027, 1, 1) + timedelta(days=offset))
        with CaptureQueriesContext(connection) as many:
            desk.page("long-term/")
        assert len(many) == len(few)

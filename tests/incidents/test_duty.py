"""Desk against desk: who assists, what is listed, the long list, links, mentions, ready texts, papers, hard classes."""

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile as Upload
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import Contact, take
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import desk_duty, desk_matter, duty_lists, follow
from gongzhi.kernel.ledger import files, papers
from gongzhi.kernel.models import Entry, InboxItem, Link, Matter, Paper, Receipt, Wait
from gongzhi.kernel.people import limits
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.verdict import NotYet, NotYours
from gongzhi.kernel.telling import colleagues
from gongzhi.kernel.telling.post import deliver
from tests.cast import MORNING, Cast, clock, fresh
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
LATER = clock("2026-11-20 15:00")
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def _calm() -> None:
    limits.forget()


def at_district(cast: Cast, **more: Any) -> Matter:
    matter = cast.snap("张大爷说路灯杆歪了", **more).matter
    take(matter, "accept", by=cast.desk(), at=MORNING, then=[("raise_to_street", {})])
    take(matter, "raise_to_district", by=cast.dispatcher(), at=MORNING)
    return matter


def in_hand(cast: Cast, *assisting: str, **more: Any) -> Matter:
    matter = at_district(cast, **more)
    units = [cast.organisations[one] for one in assisting]
    said = {"assisting": units, "assist_ask": "请把挡路的车劝走"} if units else {}
    take(matter, "dispatch", by=cast.centre(), at=MORNING, to=cast.organisations["works"], **said)
    take(matter, "sign_in", by=cast.works(), at=MORNING)
    return matter


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


class TestLinks:
    def test_both_ends_show_it_to_who_reads_both_and_to_nobody_else(self, cast: Cast, sit: Sit) -> None:
        here, there = in_hand(cast), cast.snap(area=cast.areas["other_community"]).matter
        said = {"link_number": there.number, "link_kind": "related"}
        take(here, "link", by=cast.centre(), at=LATER, **said)
        for one, other in ((here, there), (there, here)):
            assert [row.matter.pk for row in desk_duty.linked(one, by=cast.centre(), at=LATER)] == [other.pk]
        assert desk_duty.linked(here, by=cast.desk(), at=LATER) == []
        page = sit("desk").matter(here)
        assert there.number not in page
        assert there.number not in json.dumps(
            list(Entry.objects.filter(matter=here).values_list("facts", flat=True))
        )

    def test_what_the_hand_may_not_read_answers_as_if_it_were_not(self, cast: Cast) -> None:
        here, there = in_hand(cast), cast.snap(area=cast.areas["other_community"]).matter
        sentences = set()
        for number in (there.number, "20261120-99999"):
            with pytest.raises(NotYet) as refusal:
                take(here, "link", by=cast.desk(), at=LATER, link_number=number, link_kind="related")
            sentences.add(str(refusal.value))
        assert len(sentences) == 1 and not Link.objects.exists()

    def test_linked_once_and_ended_with_a_reason(self, cast: Cast) -> None:
        here, there = in_hand(cast), in_hand(cast)
        take(here, "link", by=cast.centre(), at=LATER, link_number=there.number, link_kind="cause")
        with pytest.raises(NotYet, match="已经关联"):
            take(there, "link", by=cast.centre(), at=LATER, link_number=here.number, link_kind="related")
        row = Link.objects.get()
        take(there, "unlink", by=cast.centre(), at=LATER, linked=str(row.pk), reason="不是一回事")
        assert desk_duty.linked(here, by=cast.centre(), at=LATER) == []


class TestMention:
    def test_whoever_is_named_is_told_and_finds_it(self, cast: Cast) -> None:
        matter = in_hand(cast)
        take(
            matter,
            "note",
            by=cast.centre(),
            at=LATER,
            note="@周大勇 明天几点去",
            mention=[cast.people["desk"]],
        )
        deliver(LATER)
        told = InboxItem.objects.filter(matter=matter, entry__verb="note")
        assert {one.person_id for one in told} == {cast.people[n].pk for n in ("works", "desk")}

    def test_who_may_not_read_is_never_offered_and_refused(self, cast: Cast) -> None:
        matter = in_hand(cast)
        work = gate.load(fresh(matter))
        offered = {one.person_id for one in colleagues.who(work, by=cast.centre(), at=LATER)}
        assert cast.people["works"].pk in offered and cast.people["outsider"].pk not in offered
        assert cast.people["part_timer"].pk not in offered and cast.people["centre"].pk not in offered
        for said in (
            {"mention": [cast.people["outsider"]]},
            {"note": "@孙守义 看看"},
            {"note": "@没有人 看看"},
        ):
            with pytest.raises(NotYet, match="提醒不了"):
                take(matter, "note", by=cast.centre(), at=LATER, **{"note": "请看", **said})

    def test_the_form_offers_them_without_a_script(self, cast: Cast, sit: Sit) -> None:
        page = sit("centre").page(f"m/{in_hand(cast).pk}/do/note/")
        assert "周大勇（区市政中心" in page and "孙守义" not in page


class TestReadyTexts:
    def test_a_blank_left_or_a_phrase_alone_does_not_go_out(self, cast: Cast) -> None:
        matter, said = in_hand(cast), {"contacted": "talked", "reply_result": "好了。", "solved": "solved"}
        for text, why in (
            ("〔空〕日到现场换了灯。", "空还没填"),
            ("已通知〔空〕，〔空〕日前做完。", "空还没填"),
        ):
            with pytest.raises(NotYet, match=why):
                take(matter, "reply", by=cast.works(), at=LATER, reply_done=text, **said)
        take(matter, "reply", by=cast.works(), at=LATER, reply_done="22 日到现场换了灯。", **said)

    def test_filled_in_without_a_script_nothing_typed_is_lost(self, cast: Cast, sit: Sit) -> None:
        works, matter = sit("works"), in_hand(cast)
        page = works.page(f"m/{matter.pk}/do/reply/")
        assert "〔空〕日到现场换了〔空〕。" in page and 'name="fill"' in page
        said = {"fill": "yes", "phrase": "0", "reply_done": "量过了。", "reply_result": "不亮了"}
        answer = works.take(matter, "reply", **said)
        drawn = answer.content.decode()
        assert (
            answer.status_code == 200 and "量过了。〔空〕日到现场换了〔空〕。" in drawn and "不亮了" in drawn
        )
        assert fresh(matter).stage == "in_progress"


class TestPapers:
    def put(self, cast: Cast, matter: Matter) -> Paper:
        paper = papers.receive_paper("检测意见.pdf", io.BytesIO(PDF), 5)
        take(matter, "attach", by=cast.centre(), at=LATER, papers=[paper], note="检测单位的意见")
        return Paper.objects.get()

    def test_staff_download_it_and_nobody_else_gets_it(self, cast: Cast, sit: Sit) -> None:
        told = cast.snap()
        matter = told.matter
        take(matter, "accept", by=cast.desk(), at=MORNING, then=[("raise_to_street", {})])
        take(matter, "raise_to_district", by=cast.dispatcher(), at=MORNING)
        said = {"to": cast.organisations["works"], "assisting": [cast.organisations["law"]]}
        take(matter, "dispatch", by=cast.centre(), at=MORNING, **said)
        paper = self.put(cast, matter)
        answer = sit("works").client.get(f"/desk/paper/{paper.pk}")
        assert answer.status_code == 200 and b"".join(answer.streaming_content) == PDF
        assert (
            answer["Content-Disposition"].startswith("attachment")
            and answer["X-Content-Type-Options"] == "nosniff"
        )
        for name in ("part_timer", "law", "outsider", "neighbour"):
            assert sit(name).status(f"paper/{paper.pk}") == 404, name
        assert "检测意见" in sit("works").matter(matter)
        own = follow.follow(Receipt.objects.get(matter=matter), by=cast.reporter(told), at=LATER, mode="own")
        assert own is not None and "检测" not in str(own)

    def test_where_the_reporter_asked_for_secrecy_the_unit_gets_none(self, cast: Cast) -> None:
        secret = Contact(phone="13812341234", who_may_see="sealed_from_grid", told_by="sms")
        matter = cast.snap(contact=secret).matter
        take(matter, "accept", by=cast.street_desk(), at=MORNING, then=[("raise_to_district", {})])
        take(matter, "dispatch", by=cast.centre(), at=MORNING, to=cast.organisations["works"])
        paper = self.put(cast, matter)
        assert desk_duty.paper(paper.pk, by=cast.works(), at=LATER) is None
        assert desk_duty.paper(paper.pk, by=cast.centre(), at=LATER) is not None

    def test_taken_off_again_the_file_is_gone_and_the_rest_stays(self, cast: Cast) -> None:
        matter = in_hand(cast)
        paper, title = self.put(cast, matter), fresh(matter).title
        with pytest.raises(NotYours):
            take(matter, "remove_paper", by=cast.outsider(), at=LATER, paper=str(paper.pk), reason="放错了")
        take(matter, "remove_paper", by=cast.centre(), at=LATER, paper=str(paper.pk), reason="放错了")
        paper.refresh_from_db()
        assert paper.removed_at is not None and paper.name == "" and fresh(matter).title == title
        assert desk_duty.paper(paper.pk, by=cast.centre(), at=LATER) is None
        with pytest.raises(NotYet, match="已经撤下"):
            take(matter, "remove_paper", by=cast.centre(), at=LATER, paper=str(paper.pk), reason="放错了")

    def test_the_kind_is_told_by_the_bytes(self) -> None:
        def office(*names: str) -> bytes:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as packed:
                for name in names:
                    packed.writestr(name, "x")
            return out.getvalue()

        assert papers.sniff("a.exe", PDF) == "pdf" and papers.sniff("a.pdf", b"MZ\x90") == ""
        assert papers.sniff("a.docx", office("word/document.xml")) == "docx"
        assert papers.sniff("a.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin")) == ""
        assert papers.sniff("a.html", b"<script>") == "" and papers.sniff("a.zip", office("a.txt")) == ""
        for body, why in ((b"MZ", "收不下"), (b"", "空的"), (PDF * 200_000, "超过了 1 MB")):
            with pytest.raises(files.NotAccepted, match=why):
                papers.receive_paper("a.pdf", io.BytesIO(body), 1)

    def test_a_form_takes_it_in_and_says_what_it_cannot_take(self, cast: Cast, sit: Sit) -> None:
        matter, centre = in_hand(cast), sit("centre")
        wrong = centre.take(matter, "attach", papers=Upload("a.exe", b"MZ"), note="看看")
        assert wrong.status_code == 422 and "收 PDF、Word、Excel 和照片" in wrong.content.decode()
        assert centre.take(matter, "attach", papers=Upload("a.pdf", PDF), note="看看").status_code == 302
        assert Paper.objects.get().name == "a.pdf"


class TestHard:
    def test_the_streets_leader_classes_several_and_each_shows_its_way(self, cast: Cast, sit: Sit) -> None:
        matters = [in_hand(cast), in_hand(cast)]
        Incident.objects.filter(pk__in=[one.pk for one in matters]).update(returns=2)
        leader = sit("street_leader")
        page = leader.page("hard/")
        assert all(one.number in page for one in matters)
        chosen = [f"{one.pk}.{fresh(one).seq}" for one in matters]
        said = {"one": chosen, "hard_class": "money", "hard_why": "", "key": "a" * 32}
        assert leader.client.post("/desk/hard/", said).status_code == 422
        assert leader.client.post("/desk/hard/", {**said, "hard_why": "要列明年的项目"}).status_code == 302
        assert {one.hard_class for one in Incident.objects.all()} == {"money"}
        assert "要资金、要列计划的" in leader.matter(matters[0]) and "列项目" in leader.matter(matters[0])

    def test_a_department_or_a_clerk_classes_nothing(self, cast: Cast) -> None:
        for by in (cast.works(), cast.desk(), cast.dispatcher()):
            with pytest.raises(NotYours):
                take(in_hand(cast), "class_hard", by=by, at=LATER, hard_class="money", hard_why="x")

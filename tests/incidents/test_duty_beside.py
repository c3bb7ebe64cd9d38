"""Beside the road: links, mentions, ready texts, papers for staff alone, hard problems by class."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile as Upload

from gongzhi.domains.incidents.actions import Contact, take
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import desk_duty, follow
from gongzhi.kernel.ledger import files, papers
from gongzhi.kernel.models import Entry, InboxItem, Link, Matter, Paper, Receipt
from gongzhi.kernel.people import limits
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.verdict import NotYet, NotYours
from gongzhi.kernel.telling import colleagues
from gongzhi.kernel.telling.post import deliver
from tests.cast import MORNING, Cast, fresh
from tests.incidents.duty_scene import LATER, in_hand
from tests.workbench.sitting import Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def _calm() -> None:
    limits.forget()


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

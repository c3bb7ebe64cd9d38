"""Acting from the page: one click, prefilled and explained; refused in a sentence with everything typed kept."""

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Entry
from tests.cast import Cast, clock, fresh
from tests.workbench.sitting import Clock, Sit

pytestmark = pytest.mark.django_db


def verbs(matter: object) -> list[str]:
    return list(Entry.objects.filter(matter=matter).order_by("seq").values_list("verb", flat=True))


def at_the_centre(cast: Cast, **said: object) -> object:
    told = cast.snap(**said)  # type: ignore[arg-type]
    take(told.matter, "accept", by=cast.desk(), at=clock("2026-11-20 09:00"), then=[("raise_to_street", {})])
    take(told.matter, "raise_to_district", by=cast.dispatcher(), at=clock("2026-11-20 09:10"))
    return told.matter


def test_accepting_and_raising_is_one_click_with_an_entry_each(cast: Cast, sit: Sit) -> None:
    told, desk = cast.snap(), sit("desk")
    answer = desk.take(told.matter, "accept.raise_to_street", category="lamp", note="灯杆归区里管")
    assert answer.status_code == 302
    assert verbs(told.matter) == ["report", "accept", "file", "raise_to_street"]
    page = desk.matter(told.matter)
    assert "已受理并上报街道，会告诉反映人" in page and "灯杆归区里管" in page and "现在不等您办" in page


def test_the_dispatch_form_proposes_the_unit_with_its_reason_and_both_moments(cast: Cast, sit: Sit) -> None:
    matter = at_the_centre(cast)
    page = sit("centre").matter(matter)  # type: ignore[arg-type]
    works = cast.organisations["works"].pk
    assert f'value="{works}" selected' in page and "由市政设施管护负责" in page
    assert "签收" in page and "11-23（周一）10:00 前" in page and "会告诉：" in page


def test_a_street_is_told_the_right_door_instead_of_a_district_department(cast: Cast, sit: Sit) -> None:
    told = cast.snap()
    take(told.matter, "accept", by=cast.desk(), at=clock("2026-11-20 09:00"), then=[("raise_to_street", {})])
    street = sit("dispatcher")
    assert "转区指挥中心" in street.matter(told.matter)
    answer = street.take(told.matter, "dispatch", to=cast.organisations["works"].pk, note="快去")
    page = answer.content.decode()
    assert answer.status_code == 409 and "区指挥中心" in page and "快去" in page
    assert "dispatch" not in verbs(told.matter)


def test_a_push_of_law_enforcement_is_shown_as_the_communitys_right(cast: Cast, sit: Sit) -> None:
    told = cast.snap("有人搭彩钢棚", category="illegal_building")
    assert "社区不是执法的责任主体，可以不接" in sit("desk").matter(told.matter)
    take(told.matter, "accept", by=cast.desk(), at=clock("2026-11-20 09:00"), then=[("raise_to_street", {})])
    page = sit("street_desk").page(f"m/{told.matter.pk}/do/dispatch/")
    assert "派给社区" in page and "依据：" in page


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(cast: Cast, sit: Sit) -> None:
    told, desk = cast.snap(), sit("desk")
    answer = desk.take(told.matter, "decline", note="这一段话要留着")
    page = answer.content.decode()
    assert answer.status_code == 422 and "还有 2 处要改" in page
    assert "请选“不予受理的原因”。" in page and 'aria-invalid="true"' in page and "这一段话要留着" in page
    assert verbs(told.matter) == ["report"]


def test_a_file_that_is_no_photo_is_named_and_the_rest_stays(cast: Cast, sit: Sit) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    told, worker = cast.snap(), sit("worker")
    letter = SimpleUploadedFile("通知.docx", b"not a picture at all")
    answer = worker.take(told.matter, "propose", level="street", note="看过了，属实", photos=letter)
    page = answer.content.decode()
    assert answer.status_code == 422 and "“通知.docx”不是照片" in page and "看过了，属实" in page


def test_a_form_sent_twice_makes_one_entry(cast: Cast, sit: Sit) -> None:
    told, desk, form = cast.snap(), sit("desk"), {"seen": 1, "key": "c" * 32}
    path = f"/desk/m/{told.matter.pk}/do/accept/"
    assert [desk.client.post(path, form).status_code for _ in range(3)] == [302, 302, 302]
    assert verbs(told.matter).count("accept") == 1
    other = desk.client.post(path, {**form, "note": "换了一句话"})
    assert other.status_code == 409 and verbs(told.matter).count("accept") == 1


def test_who_was_slower_reads_who_was_faster_and_keeps_the_words(cast: Cast, sit: Sit) -> None:
    told = cast.snap()
    slow = sit("secretary")
    sit("desk").take(told.matter, "accept")
    answer = slow.take(told.matter, "accept", seen=1, note="我正要受理的说明")
    page = answer.content.decode()
    assert answer.status_code == 409 and "孙立群刚刚动了这件事" in page
    assert "我正要受理的说明" in page and "看新情况" in page


def test_what_is_not_now_is_a_sentence_beside_the_button(cast: Cast, sit: Sit) -> None:
    told, desk = cast.snap(), sit("desk")
    answer = desk.take(told.matter, "raise_to_street", note="早了一步")
    assert answer.status_code == 409 and "现在是“待受理”" in answer.content.decode()
    assert "早了一步" in answer.content.decode()


def test_the_first_act_is_no_act_of_the_page(cast: Cast, sit: Sit) -> None:
    told, desk = cast.snap(), sit("desk")
    assert desk.take(told.matter, "report", words="再报一次").status_code == 404
    assert desk.take(told.matter, "no_such_act").status_code == 404
    assert verbs(told.matter) == ["report"]


def test_the_holder_replies_in_four_parts_with_the_request_quoted(cast: Cast, sit: Sit, hour: Clock) -> None:
    matter = at_the_centre(cast)
    take(
        matter, "dispatch", by=cast.centre(), at=clock("2026-11-20 09:20"), to=cast.organisations["works"].pk
    )  # type: ignore[arg-type]
    works = sit("works")
    assert works.take(matter, "sign_in").status_code == 302  # type: ignore[arg-type]
    page = works.matter(matter)  # type: ignore[arg-type]
    assert "您反映的" in page and ">3号楼东边的路灯不亮了</textarea>" in page
    answer = works.take(  # type: ignore[arg-type]
        matter,
        "reply",
        contacted="talked",
        reply_done="20 日换了灯头。",
        reply_result="亮了。",
        solved="solved",
    )
    assert answer.status_code == 302 and fresh(matter).stage == "pending_inspection"  # type: ignore[arg-type]
    assert "核查通过" in sit("worker").matter(matter)  # type: ignore[arg-type]

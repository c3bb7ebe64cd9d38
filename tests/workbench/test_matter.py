"""A matter's page: who reads what, who reads nothing, and that no path round the page opens it."""

import io

import pytest
from PIL import Image

from gongzhi.domains.incidents.actions import Contact, take
from gongzhi.kernel.ledger.files import receive_photo
from gongzhi.kernel.models import Attachment, Entry
from tests.cast import Cast, clock, fresh
from tests.workbench.sitting import Clock, Sit

pytestmark = pytest.mark.django_db
WORDS = "老伴腿不好，晚上下楼看不清"


def a_photo() -> object:
    picture = io.BytesIO()
    Image.new("RGB", (80, 60), (120, 130, 140)).save(picture, "JPEG")
    picture.seek(0)
    return receive_photo("lamp.jpg", picture)


def with_works(cast: Cast, told: object, **said: object) -> None:
    matter = told.matter  # type: ignore[attr-defined]
    first = cast.street_desk if fresh(matter).community_id is None else cast.desk
    up = "raise_to_district" if fresh(matter).community_id is None else "raise_to_street"
    take(matter, "accept", by=first(), at=clock("2026-11-20 09:00"), then=[(up, {"note": "修不了"})])
    if up == "raise_to_street":
        take(matter, "raise_to_district", by=cast.dispatcher(), at=clock("2026-11-20 09:10"))
    works = cast.organisations["works"].pk
    take(matter, "dispatch", by=cast.centre(), at=clock("2026-11-20 09:20"), to=works, **said)
    take(matter, "sign_in", by=cast.works(), at=clock("2026-11-20 09:30"))


@pytest.mark.parametrize("name", ["outsider", "other_desk", "neighbour"])
def test_an_outsider_is_refused_on_every_path(cast: Cast, sit: Sit, name: str) -> None:
    told = cast.snap(WORDS, photos=(a_photo(),))
    desk, pk = sit(name), told.matter.pk
    photo = Attachment.objects.get(matter=told.matter).pk
    for path in (
        f"m/{pk}/",
        f"m/{pk}/do/accept/",
        f"m/{pk}/print/",
        f"m/{pk}/phone/",
        f"file/{photo}",
        f"file/{photo}?small=1",
    ):
        assert desk.status(path) == 404, path
    for path, said in (
        (f"m/{pk}/do/accept/", {"seen": 1, "key": "1" * 32}),
        (f"m/{pk}/do/accept.raise_to_street/", {"key": "2" * 32}),
        (f"m/{pk}/phone/", {"purpose": "ask_place"}),
        (f"m/{pk}/print/", {"purpose": "file"}),
        (f"m/{pk}/mend/", {"mend_request": "改"}),
    ):
        assert desk.status(path, said) == 404, path
    assert Entry.objects.filter(matter=told.matter).count() == 1


def test_the_desk_reads_the_request_first_with_the_reason_for_the_route(cast: Cast, sit: Sit) -> None:
    told = cast.snap(WORDS, photos=(a_photo(),))
    page = sit("desk").matter(told.matter)
    assert page.index(WORDS) < page.index("办理轨迹")
    assert "由区市政" in page or "由市政设施管护负责" in page
    assert "138****1234" in page and "13812341234" not in page
    assert "受理并上报街道" in page and "第 1 笔" in page


def test_a_part_timer_sees_place_and_kind_only(cast: Cast, sit: Sit) -> None:
    told = cast.snap(WORDS, photos=(a_photo(),))
    desk = sit("part_timer")
    page = desk.matter(told.matter)
    assert "3号楼东侧" in page and "路灯" in page
    assert WORDS not in page and "138****" not in page and "居民" not in page.split("<main")[1]
    assert desk.status(f"file/{Attachment.objects.get(matter=told.matter).pk}") == 404
    assert desk.take(told.matter, "self_handle", done_on_spot="修好了").status_code == 404


def test_an_assisting_unit_sees_its_task_and_no_more(cast: Cast, sit: Sit) -> None:
    told = cast.snap(WORDS)
    with_works(cast, told, assisting=[cast.organisations["law"].pk], assist_ask="请把挡路的车劝走")
    page = sit("law").matter(told.matter)
    assert "3号楼东侧" in page and "请把挡路的车劝走" in page and "处置中" in page
    assert WORDS not in page and "138****" not in page


def test_where_secrecy_was_asked_the_unit_reads_the_desks_summary(cast: Cast, sit: Sit) -> None:
    contact = Contact(phone="13812341234", who_may_see="sealed_from_grid", told_by="sms")
    told = cast.snap(WORDS, contact=contact, photos=(a_photo(),))
    with_works(cast, told, summary="一处路灯不亮，请检修")
    works = sit("works")
    page = works.matter(told.matter)
    assert "一处路灯不亮，请检修" in page and WORDS not in page and "138****" not in page
    assert works.status(f"file/{Attachment.objects.get(matter=told.matter).pk}") == 404
    assert WORDS in sit("centre").matter(told.matter)
    for name in ("worker", "desk", "secretary", "part_timer"):
        assert sit(name).status(f"m/{told.matter.pk}/") == 404


def test_a_property_clerk_finds_no_trace_of_a_complaint_about_the_company(cast: Cast, sit: Sit) -> None:
    told = cast.snap("物业乱收费还骂人", category="property_fee", about=("property_company",))
    street = sit("street_desk")
    page = street.matter(told.matter)
    assert "安居物业公司（他们看不到这件事）" in page
    sent = street.client.post(
        f"/desk/m/{told.matter.pk}/mend/", {"mend_request": "请公示收费明细", "key": "9" * 32}
    )
    assert sent.status_code == 302
    child = fresh(told.matter).children.get()
    clerk = sit("part_timer")
    assert clerk.status(f"m/{told.matter.pk}/") == 404
    assert told.matter.number not in clerk.page("all/") and "骂人" not in clerk.page("all/?q=骂人").split(
        "<main"
    )[1].replace('value="骂人"', "").replace("“骂人”", "")
    assert child.kind == "mend" and "改正通知" in street.matter(told.matter)


def test_the_number_is_shown_for_a_purpose_and_the_look_is_kept(cast: Cast, sit: Sit) -> None:
    told, desk = cast.snap(WORDS), sit("desk")
    nothing = desk.client.post(f"/desk/m/{told.matter.pk}/phone/", {"purpose": "curious"})
    assert nothing.status_code == 422 and "先选为什么要看号码" in nothing.content.decode()
    seen = desk.client.post(f"/desk/m/{told.matter.pk}/phone/", {"purpose": "ask_place"}).content.decode()
    assert "13812341234" in seen
    assert Entry.objects.filter(register="access", verb="reveal").count() == 1
    assert "13812341234" not in desk.matter(told.matter)


def test_a_number_left_for_the_community_only_is_closed_to_the_street(cast: Cast, sit: Sit) -> None:
    told = cast.snap(WORDS, contact=Contact(phone="13812341234", who_may_see="community_only"))
    assert "138****" in sit("desk").matter(told.matter)
    street = sit("street_desk")
    assert "138****" not in street.matter(told.matter)
    assert street.client.post(f"/desk/m/{told.matter.pk}/phone/", {"purpose": "ask_place"}).status_code == 403


def test_the_single_rating_goes_to_who_decides_on_rework_never_to_the_holder(
    cast: Cast, sit: Sit, hour: Clock
) -> None:
    told = cast.snap(WORDS)
    with_works(cast, told)
    done = clock("2026-11-20 11:00")
    take(
        told.matter,
        "reply",
        by=cast.works(),
        at=done,
        contacted="talked",
        reply_done="换了灯头。",
        reply_result="亮了。",
        solved="solved",
    )
    take(told.matter, "pass_check", by=cast.worker(), at=clock("2026-11-20 13:40"), check_way="look")
    take(
        told.matter,
        "rate",
        by=cast.reporter(told),
        at=clock("2026-11-20 14:00"),
        was_solved="no",
        satisfied="very_bad",
        rating_words="根本没修",
    )
    hour.set("2026-11-20 14:10")
    assert "非常不满意" in sit("centre").matter(told.matter) and "根本没修" in sit("centre").matter(
        told.matter
    )
    for name in ("works", "works_lead", "worker", "desk"):
        page = sit(name).matter(told.matter)
        assert "非常不满意" not in page and "根本没修" not in page and "没解决" not in page


def test_scripts_in_words_stay_words(cast: Cast, sit: Sit) -> None:
    told = cast.snap("<script>alert(1)</script><b>灯</b>", place="<i>楼</i>")
    page = sit("desk").matter(told.matter)
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page and "<i>楼" not in page


def test_a_printed_sheet_says_who_and_what_for_and_is_kept(cast: Cast, sit: Sit) -> None:
    told, desk = cast.snap(WORDS), sit("desk")
    assert desk.status(f"m/{told.matter.pk}/print/", {"purpose": ""}) == 422
    sheet = desk.client.post(f"/desk/m/{told.matter.pk}/print/", {"purpose": "meeting"}).content.decode()
    assert "打印：孙立群" in sheet and "用途：会商" in sheet and "13812341234" not in sheet
    assert Entry.objects.filter(register="access", verb="print").count() == 1

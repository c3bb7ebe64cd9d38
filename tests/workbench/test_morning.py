"""A head's morning: what waits for a word, several answered at once, what is late on whose desk, what others own."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.several import take_several
from gongzhi.kernel.models import Entry, Mandate, Matter, Person
from gongzhi.kernel.process.verdict import NotYours
from tests.cast import MORNING, Cast, clock, fresh, key, mandate
from tests.stories.eyes import KINDS, SAID, make, settled
from tests.workbench.sitting import Clock, Desk, Sit

pytestmark = pytest.mark.django_db
PAGE = "morning/"
HEADS = ("secretary", "dispatcher", "street_leader", "centre", "chief", "leader", "works_lead")
MOST_STATEMENTS = 24


@pytest.fixture(autouse=True)
def _company(cast: Cast) -> None:
    cast.people["company"] = Person.objects.create_user("company", None, name="钱经理")
    mandate(cast, "company", "unit_contact", None, "property")


def lift(cast: Cast, place: str = "北门", **asked: Any) -> Matter:
    """A matter the community handed to the property company, which asks for two more working days."""
    at = MORNING + timedelta(minutes=10)
    matter = cast.snap("电梯坏了", category="lift", place=place).matter
    take(matter, "accept", by=cast.desk(at), at=at)
    take(matter, "dispatch", by=cast.desk(at), at=at, to=cast.organisations["property"].pk)
    company = cast.acting("company", at)
    take(matter, "sign_in", by=company, at=at)
    said = {"extension_reason": "parts", "extend_by": "2wd", "note": "曳引轮要从厂里发", **asked}
    take(matter, "request_extension", by=company, at=at, **said)
    return matter


def box(matter: Matter, resume_on: str = "") -> str:
    return f"{matter.pk}.{fresh(matter).seq}.{resume_on}"


def approve(desk: Desk, matters: list[Matter], do: str = "grant_extension", **more: Any) -> Any:
    form = {"one": [box(one) for one in matters], "do": do, "label": "同意延期", "key": key(), **more}
    return desk.client.post("/desk/morning/approve/", form)


class TestWhatWaitsForAWord:
    def test_the_ask_in_the_askers_words_with_rule_and_both_consequences(self, cast: Cast, sit: Sit) -> None:
        lift(cast)
        page = sit("secretary").page(PAGE)
        for said in (
            "电梯",
            "安居物业公司 钱经理",
            "等材料、配件",
            "2 个工作日",
            "“曳引轮要从厂里发”",
            "到期前提出",
            "会把原因告诉居民",
            "期限不变",
        ):
            assert said in page, said

    def test_every_number_opens_exactly_its_list(self, cast: Cast, sit: Sit) -> None:
        lift(cast), lift(cast, "南门")
        desk = sit("secretary")
        assert "?tab=todo&amp;what=judge_extension" in desk.page(PAGE)
        for what in ("judge_extension", "decide"):
            listed = desk.page(f"?tab=todo&what={what}")
            assert "北门" in listed and "南门" in listed and "按剩余时限排列，2 件" in listed
        assert "没有这样的事项" in desk.page("?tab=todo&what=judge_return")

    @pytest.mark.parametrize("name", ["desk", "worker", "part_timer", "works", "outsider"])
    def test_others_are_told_whose_page_it_is(self, cast: Cast, sit: Sit, name: str) -> None:
        matter = lift(cast)
        desk = sit(name)
        for answer in (desk.client.get("/desk/morning/"), approve(desk, [matter])):
            assert answer.status_code == 403 and "电梯" not in answer.content.decode()
        assert fresh(matter).seq == Entry.objects.filter(matter=matter).count() == 6

    def test_a_stand_in_reads_whose_word_it_is(self, cast: Cast, sit: Sit) -> None:
        matter = lift(cast)
        first = Mandate.objects.get(person=cast.people["secretary"])
        Mandate.objects.filter(person=cast.people["desk"]).delete()
        mandate(cast, "desk", "community_secretary", "community", "committee", stands_in_for=first)
        desk = sit("desk")
        assert "您替 陈玉梅 批" in desk.page(PAGE)
        approve(desk, [matter])
        assert Entry.objects.get(matter=matter, verb="grant_extension").for_whom == f"mandate:{first.pk}"


class TestSeveralAtOnce:
    def test_each_is_granted_with_its_own_entry_and_the_same_sentence(self, cast: Cast, sit: Sit) -> None:
        matters = [lift(cast, f"{n} 号楼") for n in range(3)]
        desk = sit("secretary")
        page = approve(desk, matters, note="按厂里发货的日子").content.decode()
        assert "同意延期，3 件，逐件记了账" in page
        rows = Entry.objects.filter(verb="grant_extension")
        assert {row.matter_id for row in rows} == {one.pk for one in matters}
        assert {row.words.text for row in rows} == {'{"note":"按厂里发货的日子"}'}
        assert "没有等您拿主意的事" in desk.page(PAGE)

    def test_the_refused_is_listed_with_its_reason_and_the_rest_is_done(
        self, cast: Cast, sit: Sit, hour: Clock
    ) -> None:
        first, second = lift(cast, "一号楼"), lift(cast, "二号楼")
        desk = sit("secretary")
        boxes = [box(first), box(second)]
        take(first, "refuse_extension", by=cast.desk(hour.now), at=hour.now, reason="配件本地有")
        page = approve(desk, [], one=boxes).content.decode()
        assert "没办成 1 件" in page and first.number in page and "有人先动了" in page
        verbs = dict(
            Entry.objects.filter(verb__endswith="_extension").order_by("seq").values_list("matter", "verb")
        )
        assert verbs == {first.pk: "refuse_extension", second.pk: "grant_extension"}

    def test_the_same_click_twice_is_one(self, cast: Cast, sit: Sit) -> None:
        matters = [lift(cast, f"{n} 号楼") for n in range(2)]
        boxes, again = [box(one) for one in matters], key()
        desk = sit("secretary")
        for _ in range(2):
            assert "2 件，逐件记了账" in approve(desk, [], one=boxes, key=again).content.decode()
        assert Entry.objects.filter(verb="grant_extension").count() == 2

    @pytest.mark.parametrize(
        "do", ["refuse_extension", "supervise", "void", "decline", "list_long_term", "", "arbitrate"]
    )
    def test_never_a_supervision_a_refusal_or_a_void(self, cast: Cast, sit: Sit, do: str) -> None:
        matter = lift(cast)
        answer = approve(sit("secretary"), [matter], do=do, reason="不行", note="不行")
        assert answer.status_code == 403 and "不能一起办" in answer.content.decode()
        assert fresh(matter).seq == 6

    def test_nothing_chosen_is_said(self, cast: Cast, sit: Sit) -> None:
        lift(cast)
        answer = approve(sit("secretary"), [])
        assert answer.status_code == 422 and "先勾上" in answer.content.decode()

    @pytest.mark.parametrize("name", ["street_leader", "works_lead", "leader", "chief"])
    def test_another_desks_request_is_refused_and_stays(self, cast: Cast, sit: Sit, name: str) -> None:
        matter = lift(cast)
        page = approve(sit(name), [matter]).content.decode()
        assert "没办成 1 件" in page and not Entry.objects.filter(verb="grant_extension").exists()
        assert (matter.number in page) is (name not in ("works_lead",))

    def test_a_pause_is_granted_to_the_day_that_was_asked(self, cast: Cast, sit: Sit, hour: Clock) -> None:
        matter = lift(cast)
        take(matter, "grant_extension", by=cast.desk(hour.now), at=hour.now)
        said = {"suspend_ground": "waits_other", "resume_on": "2026-11-25", "note": "等检验所"}
        take(matter, "request_suspension", by=cast.acting("company", hour.now), at=hour.now, **said)
        desk = sit("secretary")
        assert f'value="{box(matter, "2026-11-25")}"' in desk.page(PAGE)
        approve(desk, [], one=[box(matter, "2026-11-25")], do="grant_suspension")
        assert fresh(matter).stage == "suspended"

    def test_each_further_one_takes_at_most_six_statements(self, cast: Cast) -> None:
        def cost(count: int) -> int:
            matters = [lift(cast, f"{n} 号楼") for n in range(count)]
            seen = {one.pk: fresh(one).seq for one in matters}
            with CaptureQueriesContext(connection) as took:
                done = take_several(
                    seen, "grant_extension", by=cast.secretary(), at=MORNING + timedelta(hours=1), key=key()
                )
            assert all(one.entries for one in done)
            return len(took)

        assert (cost(12) - cost(2)) / 10 <= 6

    def test_nobody_takes_several_outside_the_packs_list(self, cast: Cast) -> None:
        with pytest.raises(NotYours, match="一件一件看"):
            take_several({1: 1}, "void", by=cast.desk(), at=MORNING, key=key())


class TestWhatIsLate:
    def test_it_stands_by_desk_and_is_urged_with_one_tap_once_a_day(
        self, cast: Cast, sit: Sit, hour: Clock
    ) -> None:
        matter = cast.snap("电梯坏了", category="lift", place="北门").matter
        take(matter, "accept", by=cast.desk(hour.now), at=hour.now)
        take(matter, "dispatch", by=cast.desk(hour.now), at=hour.now, to=cast.organisations["property"].pk)
        hour.set("2026-11-24 08:40")
        desk = sit("secretary")
        page = desk.page(PAGE)
        assert "安居物业公司" in page and "催办 1 件" in page
        desk_key = f"org-{cast.organisations['property'].pk}"
        assert "北门" in desk.page(f"?tab=late&stands={desk_key}")
        said = desk.client.post("/desk/morning/urge/", {"desk": desk_key, "key": key()}).content.decode()
        assert "催安居物业公司，1 件" in said and "催过" in said
        assert Entry.objects.filter(verb="urge", matter=matter).count() == 1
        again = desk.client.post("/desk/morning/urge/", {"desk": desk_key, "key": key()})
        assert again.status_code == 409 and Entry.objects.filter(verb="urge").count() == 1

    def test_who_is_not_up_the_line_sees_no_button_and_is_refused(
        self, cast: Cast, sit: Sit, hour: Clock
    ) -> None:
        cast.snap("路灯不亮", place="北门")
        hour.set("2026-11-24 08:40")
        desk = sit("secretary")
        grid = f"area-{cast.areas['grid'].pk}-grid_worker"
        assert "不归您催" in desk.page(PAGE)
        answer = desk.client.post("/desk/morning/urge/", {"desk": grid, "key": key()})
        assert answer.status_code == 409 and not Entry.objects.filter(verb="urge").exists()

    def test_no_person_is_named_or_counted(self, cast: Cast, sit: Sit, hour: Clock) -> None:
        cast.snap("路灯不亮", place="北门")
        hour.set("2026-11-24 08:40")
        page = sit("street_leader").page(PAGE)
        assert "柳岸社区 第一网格 网格员" in page and "周海燕" not in page and "孙立群" not in page


class TestWhatOthersOwn:
    def test_what_was_handed_up_says_who_has_it_and_opens_its_list(
        self, cast: Cast, sit: Sit, hour: Clock
    ) -> None:
        matter = cast.snap("路灯不亮", place="北门").matter
        take(matter, "accept", by=cast.desk(hour.now), at=hour.now)
        desk = sit("secretary")
        assert "没有往上报了" in desk.page(PAGE)
        take(matter, "raise_to_street", by=cast.desk(hour.now), at=hour.now, note="归区里")
        take(matter, "raise_to_district", by=cast.dispatcher(hour.now), at=hour.now)
        take(matter, "dispatch", by=cast.centre(hour.now), at=hour.now, to=cast.organisations["works"].pk)
        page = desk.page(PAGE)
        assert "往上报的 1 件" in page and "区市政中心" in page and "答应居民" in page
        assert "北门" in desk.page("all/?kept=raised") and "北门" not in desk.page("all/?kept=listed")
        assert "北门" in sit("dispatcher").page(PAGE) and "北门" not in sit("works_lead").page(
            "all/?kept=raised"
        )

    def test_the_long_list_says_when_it_is_looked_at_again(self, cast: Cast, sit: Sit, hour: Clock) -> None:
        matter = cast.snap("路灯不亮", place="北门").matter
        at, works = hour.now, cast.organisations["works"].pk
        take(matter, "accept", by=cast.desk(at), at=at)
        take(matter, "raise_to_street", by=cast.desk(at), at=at, note="归区里")
        take(matter, "raise_to_district", by=cast.dispatcher(at), at=at)
        take(matter, "dispatch", by=cast.centre(at), at=at, to=works)
        said = {"list_ground": "planning", "owner": works, "note": "等改造", "look_again_on": "2027-03-01"}
        take(matter, "list_long_term", by=cast.centre(at), at=at, **said)
        page = sit("secretary").page(PAGE)
        assert "长期办理 1 件" in page and "3 月 1 日" in page and "区市政中心" in page
        assert "没有等您拿主意的事" in sit("centre").page(PAGE), "not before its day is near"
        hour.set("2027-02-28 09:00")
        assert "到日子再看" in sit("centre").page(PAGE)


@pytest.mark.parametrize("name", HEADS)
def test_the_page_tells_nothing_of_what_its_head_must_not_read(cast: Cast, hour: Clock, name: str) -> None:
    hidden = {
        "secretary": ("committee", "company", "kept_out", "danger", "other_lamp"),
        "works_lead": tuple(KINDS),
    }.get(name, ("danger",))
    hour.set("2026-11-25 09:00")
    client = Desk(cast, name).client

    def still() -> str:
        return re.sub(r'value="[0-9a-f]{32}u?\d*"', "", settled(client.get("/desk/morning/")))

    before = still()
    for kind in hidden:
        make(cast, kind)
    assert still() == before and SAID not in before
    if name != "works_lead":
        make(cast, "lamp")
        assert SAID in still()


def test_the_statements_do_not_grow_with_the_rows(cast: Cast, sit: Sit, hour: Clock) -> None:
    desk = sit("secretary")

    def cost() -> int:
        desk.page(PAGE)
        with CaptureQueriesContext(connection) as took:
            desk.page(PAGE)
        return len(took)

    lift(cast)
    cast.snap()
    hour.set("2026-11-25 09:00")
    few = cost()
    for n in range(12):
        lift(cast, f"{n} 号楼")
        cast.snap(at=clock(f"2026-11-20 09:{n:02d}"))
    assert few == cost() <= MOST_STATEMENTS

"""Who is told what: each addressee a page names, the stand-in, and nobody who may not read the matter."""

from datetime import timedelta

import pytest

from gongzhi.domains.incidents.actions import ask_to_mend, take
from gongzhi.domains.incidents.queries import desk_inbox
from gongzhi.kernel.ids import new_id
from gongzhi.kernel.models import Delivery, InboxItem, Mandate, Person, Tie, Wait
from gongzhi.kernel.people.acting import as_mandate
from gongzhi.kernel.process.tick import tick
from gongzhi.kernel.telling import inbox
from tests.cast import MORNING, Cast, clock, key, mandate
from tests.stories.eyes import make
from tests.telling.telling import NINE, found_by, post, to_the_works, told_of

pytestmark = pytest.mark.django_db
LATER = NINE + timedelta(minutes=30)


def test_the_unit_a_matter_is_sent_to_is_told_and_its_lead_is_not_yet(cast: Cast) -> None:
    matter = to_the_works(cast)
    post(LATER)
    assert told_of(cast, matter, "dispatch") == {"works"}
    [item] = desk_inbox.page(by=cast.works(LATER), at=LATER).items
    assert item.sentence == f"区指挥中心 何建军派来“{matter.title}”。" and item.new and not item.late
    assert item.wanted == "请签收，11-23（周一）09:20 前，还有 1 步。"


def test_the_grid_worker_who_has_to_go_is_told_and_another_grid_is_not(cast: Cast) -> None:
    matter = cast.snap("楼里有老鼠", category="pests").matter
    take(matter, "accept", by=cast.desk(NINE), at=NINE)
    take(matter, "assign_down", by=cast.desk(NINE), at=NINE)
    post(LATER)
    assert told_of(cast, matter, "assign_down") == {"worker"}, "not the desk: it did it; not the other grids"
    Mandate.objects.filter(person=cast.people["secretary"]).update(role="community_desk")
    take(
        matter,
        "request_extension",
        by=cast.secretary(LATER),
        at=LATER,
        extension_reason="parts",
        extend_by="1wd",
    )
    take(matter, "grant_extension", by=cast.desk(LATER), at=LATER)
    post(LATER + timedelta(minutes=5))
    assert {"worker", "secretary"} <= told_of(cast, matter, "grant_extension")


def test_a_stand_in_is_told_and_who_they_stood_in_for_is_not_after_the_end(cast: Cast) -> None:
    cast.people["stand_in"] = Person.objects.create_user("stand_in", None, name="顾长庚")
    was = Mandate.objects.get(person=cast.people["works"])
    mandate(cast, "stand_in", "unit_contact", None, "works", stands_in_for=was, since=MORNING)
    Mandate.objects.filter(pk=was.pk).update(until=NINE)
    matter = to_the_works(cast)
    post(LATER)
    assert told_of(cast, matter, "dispatch") == {"stand_in"}


def test_what_is_late_climbs_to_the_awaited_the_lead_and_the_level_above(cast: Cast) -> None:
    matter = to_the_works(cast)
    for day in ("2026-11-23 10:00", "2026-11-24 10:00", "2026-11-25 10:00", "2026-11-26 10:00"):
        tick(clock(day))
        post(clock(day) + timedelta(minutes=1))
    assert told_of(cast, matter, "remind") == {"works"}
    assert told_of(cast, matter, "nudge") == {"works", "works_lead"}
    assert told_of(cast, matter, "raise") == {"centre"}
    by = cast.works_lead(clock("2026-11-26 10:05"))
    said = desk_inbox.page(by=by, at=clock("2026-11-26 10:05")).items
    assert any("签收超期一个工作日" in one.sentence and one.late for one in said)


def test_a_return_that_is_refused_is_told_to_the_holder_and_arbitration_to_both(cast: Cast) -> None:
    matter = to_the_works(cast)
    law = cast.organisations["law"].pk
    said = {"return_reason": "not_duty", "basis": "三定方案", "proposed": law, "note": "不归我们"}
    take(matter, "return_order", by=cast.works(LATER), at=LATER, **said)
    take(matter, "refuse_return", by=cast.centre(LATER), at=LATER, reason="归你们")
    post(LATER)
    assert told_of(cast, matter, "refuse_return") == {"works"}
    then = LATER + timedelta(minutes=10)
    take(matter, "return_order", by=cast.works(then), at=then, **said)
    then += timedelta(minutes=10)
    take(matter, "arbitrate", by=cast.chief(then), at=then, decided=law, reason="按三定方案")
    post(then + timedelta(minutes=1))
    assert told_of(cast, matter, "arbitrate") == {"law"}, (
        "who lost it may not read it, so is told nothing of it"
    )


def test_who_accepted_and_who_sent_it_hear_of_a_withdrawal_and_a_return_of_the_trouble(cast: Cast) -> None:
    told = cast.snap()
    matter = to_the_works(cast, told)
    take(matter, "withdraw", by=cast.reporter(told), at=LATER, why_withdraw="solved")
    post(LATER + timedelta(minutes=1))
    assert told_of(cast, matter, "withdraw") == {"works", "desk"}
    assert any("居民撤回了" in one.sentence for one in desk_inbox.page(by=cast.desk(LATER), at=LATER).items)


def test_who_signed_a_supervision_order_gets_its_answer(cast: Cast) -> None:
    matter = to_the_works(cast)
    take(matter, "supervise", by=cast.leader(LATER), at=LATER, supervise_ground="late", demand="今天修好")
    take(matter, "answer_supervision", by=cast.works(LATER), at=LATER, supervise_reply="下午修好。")
    post(LATER + timedelta(minutes=1))
    assert told_of(cast, matter, "answer_supervision") == {"leader"}


def test_an_entry_told_twice_stands_once(cast: Cast) -> None:
    matter = to_the_works(cast)
    entry = matter.entries.get(verb="dispatch")
    delivery = entry.deliveries.get(follower="tell:holder")
    assert inbox.tell("holder", delivery, LATER) == inbox.tell("holder", delivery, LATER) == 1
    assert InboxItem.objects.filter(entry=entry).count() == 1


class TestWhoMustNotSee:
    def test_nobody_of_the_organisation_it_is_about_has_a_trace(self, cast: Cast) -> None:
        matter = make(cast, "committee")
        for when in ("2026-11-20 12:00", "2026-11-23 10:00", "2026-11-24 15:00"):
            tick(clock(when))
            post(clock(when) + timedelta(minutes=1))
        told = {one.person_id for one in InboxItem.objects.filter(matter=matter)}
        inside = {cast.people[name].pk for name in ("desk", "secretary", "worker", "neighbour", "tenth")}
        assert not told & inside
        assert cast.people["street_desk"].pk in told, "the level that decides is told"

    def test_a_mandate_in_that_organisation_shuts_every_other(self, cast: Cast) -> None:
        mandate(cast, "street_desk", "unit_contact", None, "property")
        matter = make(cast, "company")
        tick(clock("2026-11-20 12:00"))
        post(clock("2026-11-20 12:01"))
        told = {one.person_id for one in InboxItem.objects.filter(matter=matter)}
        assert cast.people["street_desk"].pk not in told and cast.people["dispatcher"].pk in told

    def test_the_company_gets_its_order_to_mend_and_nothing_of_the_complaint(self, cast: Cast) -> None:
        cast.people["company"] = Person.objects.create_user("company", None, name="钱经理")
        mandate(cast, "company", "unit_contact", None, "property")
        matter, unit = make(cast, "company"), cast.organisations["property"].pk
        ask_to_mend(matter, "楼道灯三天内修好", unit, by=cast.street_desk(NINE), at=NINE, key=key())
        post(LATER)
        [item] = desk_inbox.page(by=cast.acting("company", LATER), at=LATER).items
        assert "改正通知" in item.sentence and matter.number not in item.sentence
        assert matter.pk not in found_by(cast, "company", LATER)

    def test_what_is_private_says_nothing_even_to_its_officer(self, cast: Cast) -> None:
        matter = make(cast, "danger")
        tick(clock("2026-11-20 12:00"))
        post(clock("2026-11-20 12:01"))
        assert {one.person_id for one in InboxItem.objects.filter(matter=matter)} == {
            cast.people["private_officer"].pk
        }
        [item] = desk_inbox.page(by=cast.private_officer(LATER), at=LATER).items
        assert item.sentence == "有一件不公开的事有新情况。"
        assert desk_inbox.page(by=cast.dispatcher(LATER), at=LATER).items == []

    def test_an_item_goes_when_its_matter_may_no_longer_be_read(self, cast: Cast) -> None:
        matter = to_the_works(cast)
        post(LATER)
        assert found_by(cast, "works", LATER) == {matter.pk}
        said = {"return_reason": "not_duty", "basis": "三定方案", "note": "不归我们"}
        take(matter, "return_order", by=cast.works(LATER), at=LATER, **said)
        take(matter, "accept_return", by=cast.centre(LATER), at=LATER)
        assert found_by(cast, "works", LATER) == set()
        assert inbox.unread(by=cast.works(LATER), at=LATER) == 0
        item = InboxItem.objects.get(matter=matter, person=cast.people["works"])
        assert inbox.open_item(item.pk, by=cast.works(LATER), at=LATER) is None

    def test_a_part_timer_told_of_a_task_reads_the_place_and_no_more(self, cast: Cast) -> None:
        matter = make(cast, "lamp")
        entry, held = matter.entries.get(verb="report"), Mandate.objects.get(person=cast.people["part_timer"])
        InboxItem.objects.create(
            person=cast.people["part_timer"],
            mandate=held,
            matter=matter,
            entry=entry,
            whom="awaited",
            at=NINE,
        )
        [item] = desk_inbox.page(by=cast.part_timer(LATER), at=LATER).items
        assert item.number == "" and matter.title not in item.sentence and "居民" not in item.sentence
        assert found_by(cast, "outsider", LATER) == set()


def test_the_outsider_is_told_nothing_of_the_whole_road(cast: Cast) -> None:
    matter = to_the_works(cast)
    post(LATER)
    assert not InboxItem.objects.filter(matter=matter, person=cast.people["outsider"]).exists()
    assert Tie.objects.filter(matter=matter, role="holder", organisation=cast.organisations["works"]).exists()


def test_what_is_addressed_to_somebody_by_name_reaches_who_stands_in_and_nobody_after(cast: Cast) -> None:
    cast.people["stand_in"] = Person.objects.create_user("stand_in", None, name="顾长庚")
    was, over = Mandate.objects.get(person=cast.people["works"]), clock("2026-11-24 00:00")
    mandate(cast, "stand_in", "unit_contact", None, "works", stands_in_for=was, since=MORNING, until=over)
    matter = to_the_works(cast)
    Wait.objects.filter(matter=matter, ended_at=None, desk_org=cast.organisations["works"]).update(
        person=cast.people["works"]
    )
    tick(clock("2026-11-23 10:00"))
    post(clock("2026-11-23 10:01"))
    assert told_of(cast, matter, "remind") == {"works", "stand_in"}
    assert inbox.tell("awaited", Delivery.objects.filter(entry__verb="remind").first(), over) == 1


def test_urged_before_anybody_holds_it_the_desk_that_is_awaited_is_told(cast: Cast) -> None:
    matter = cast.snap().matter
    take(matter, "urge", by=cast.street_leader(NINE), at=NINE)
    post(LATER)
    assert told_of(cast, matter, "urge") == {"desk", "worker"}, "both have it before them"


def test_urged_at_a_unit_nobody_is_told_twice_and_the_one_complained_of_not_at_all(cast: Cast) -> None:
    matter = to_the_works(cast)
    take(matter, "urge", by=cast.centre(LATER), at=LATER)
    post(LATER + timedelta(minutes=5))
    assert told_of(cast, matter, "urge") == {"works"}
    assert InboxItem.objects.filter(matter=matter, entry__verb="urge").count() == 1
    about = make(cast, "committee")
    take(about, "urge", by=cast.street_leader(LATER), at=LATER)
    post(LATER + timedelta(minutes=5))
    assert told_of(cast, about, "urge") and not told_of(cast, about, "urge") & {"desk", "secretary", "worker"}


def test_a_mark_that_something_waits_under_another_post_tells_nothing_of_a_complaint(cast: Cast) -> None:
    second = mandate(cast, "desk", "hotline_clerk", "district", "centre")
    matter = cast.snap().matter
    take(matter, "urge", by=cast.street_leader(NINE), at=NINE)
    post(LATER)
    own = as_mandate(cast.people["desk"], second.pk, LATER)
    assert own is not None and inbox.elsewhere(by=own, at=LATER)
    Tie.objects.create(
        id=new_id(), matter=matter, role="about", organisation=cast.organisations["committee"], since=MORNING
    )
    assert not inbox.elsewhere(by=own, at=LATER)

"""A notice from the desk to the residents' page: who may write it, who sends it out, where and how long it stands."""

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.domains.outreach.actions import Written, take, write
from gongzhi.domains.outreach.queries import desk, posted
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Matter, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.tick import tick
from gongzhi.kernel.process.verdict import NotNow, NotYet, NotYours, SayMore
from gongzhi.kernel.telling.post import deliver
from tests.cast import MORNING, Cast, clock, fresh, key, mandate

pytestmark = pytest.mark.django_db
ANYONE = Acting.public()
LATER = MORNING + timedelta(hours=1)


def draft(cast: Cast, who: str = "desk", area: str = "community", **more: Any) -> Matter:
    said: dict[str, Any] = {
        "notice_kind": "outage",
        "title": "周一上午停水",
        "text": "8:00 到 12:00 换阀门，请提前接好水。",
        "until_day": "2026-11-23",
        **more,
    }
    return write(Written(cast.areas[area], **said), by=cast.acting(who), at=MORNING, key=key())


def sent(cast: Cast, who: str = "desk", area: str = "community", **more: Any) -> Matter:
    matter = draft(cast, who, area, **more)
    take(matter, "publish", by=cast.acting(who), at=LATER)
    return fresh(matter)


def titles(cast: Cast, area: str, at: Any = LATER) -> list[str]:
    return [one.title for one in posted.here(cast.areas[area], by=ANYONE, at=at)]


class TestWhoMay:
    @pytest.mark.parametrize("who", ["worker", "desk", "secretary", "street_desk", "dispatcher"])
    def test_grid_community_and_street_write_for_their_own_place(self, cast: Cast, who: str) -> None:
        assert draft(cast, who, "grid").stage == "draft"

    @pytest.mark.parametrize(
        ("who", "area"),
        [("part_timer", "grid"), ("outsider", "grid"), ("other_desk", "community"), ("neighbour", "grid")]
        + [("desk", "other_community"), ("desk", "street"), ("works", "community"), ("centre", "community")],
    )
    def test_nobody_else_writes_one(self, cast: Cast, who: str, area: str) -> None:
        with pytest.raises(NotYours):
            draft(cast, who, area)
        assert not Matter.objects.exists()

    def test_nor_does_a_resident(self, cast: Cast) -> None:
        said = Written(cast.areas["grid"], "outage", "停水", "上午停水", "2026-11-23")
        with pytest.raises(NotYours):
            write(said, by=ANYONE, at=MORNING, key=key())

    @pytest.mark.parametrize("who", ["part_timer", "outsider", "other_desk", "worker", "works"])
    def test_who_has_no_desk_here_sends_none_out(self, cast: Cast, who: str) -> None:
        matter = draft(cast)
        with pytest.raises(NotYours):
            take(matter, "publish", by=cast.acting(who), at=LATER)
        assert titles(cast, "community") == []

    def test_a_grid_workers_notice_goes_out_by_the_community(self, cast: Cast) -> None:
        matter = draft(cast, "worker", "building")
        wait = Wait.objects.get(matter=matter, ended_at=None)
        assert (wait.what, wait.desk_role, wait.desk_area_id) == (
            "confirm", "community_desk", cast.areas["community"].pk,
        )  # fmt: skip
        take(matter, "publish", by=cast.desk(), at=LATER)
        assert titles(cast, "building") == ["周一上午停水"]

    @pytest.mark.parametrize("day", ["2027-11-22", "9999-12-31"])
    def test_none_hangs_longer_than_a_year(self, cast: Cast, day: str) -> None:
        with pytest.raises(NotYet, match="最多贴 366 天"):
            draft(cast, until_day=day)
        matter = draft(cast, until_day="2027-11-21")
        with pytest.raises(NotYet, match="最多贴 366 天"):
            take(matter, "publish", by=cast.desk(), at=LATER, until_day=day)
        take(matter, "publish", by=cast.desk(), at=LATER)
        assert titles(cast, "community") == ["周一上午停水"]

    def test_an_activity_needs_a_second_hand(self, cast: Cast) -> None:
        matter = draft(cast, notice_kind="activity", title="周六看电影")
        with pytest.raises(NotYet, match="另一位看过"):
            take(matter, "publish", by=cast.desk(), at=LATER)
        take(matter, "publish", by=cast.secretary(), at=LATER)
        assert titles(cast, "grid") == ["周六看电影"]

    def test_whoever_changed_the_words_last_is_the_writer(self, cast: Cast) -> None:
        matter = draft(cast, notice_kind="activity")
        said = {"notice_kind": "activity", "title": "改过的", "text": "周六下午", "until_day": "2026-11-23"}
        take(matter, "edit", by=cast.secretary(), at=LATER, **said)
        with pytest.raises(NotYet):
            take(matter, "publish", by=cast.secretary(), at=LATER)
        take(matter, "publish", by=cast.desk(), at=LATER)
        assert titles(cast, "community") == ["改过的"]


class TestWhereAndHowLong:
    def test_it_shows_where_it_holds_and_nowhere_else(self, cast: Cast) -> None:
        sent(cast, area="grid")
        assert [len(titles(cast, area)) for area in ("community", "grid", "building")] == [1, 1, 1]
        assert [len(titles(cast, area)) for area in ("next_grid", "other_community")] == [0, 0]

    def test_a_draft_shows_nowhere(self, cast: Cast) -> None:
        matter = draft(cast)
        assert titles(cast, "community") == []
        assert posted.one(matter.number, by=ANYONE, at=LATER) is None

    def test_it_ends_by_itself_after_its_last_day(self, cast: Cast) -> None:
        matter = sent(cast)
        assert titles(cast, "grid", clock("2026-11-23 23:50")) == ["周一上午停水"]
        tick(clock("2026-11-23 23:50"))
        assert fresh(matter).stage == "published"
        assert titles(cast, "grid", clock("2026-11-24 00:05")) == []
        tick(clock("2026-11-24 00:05"))
        assert fresh(matter).stage == "ended"
        assert verify().sound

    def test_nobody_is_asked_to_take_it_down(self, cast: Cast) -> None:
        from gongzhi.domains.incidents.queries import desk as lists
        from gongzhi.kernel.process.unattended import orphan_desks, unattended

        sent(cast)
        at = clock("2026-11-24 00:05")
        for who in ("desk", "secretary", "dispatcher"):
            counted = lists.counts("todo", lists.Filters(), by=cast.acting(who), at=at)
            assert (counted.todo, counted.late) == (0, 0)
        assert orphan_desks(at) == [] and unattended(by=cast.dispatcher(), at=at) == []

    def test_a_last_day_that_is_past_is_told(self, cast: Cast) -> None:
        with pytest.raises(NotYet, match="到哪天止"):
            draft(cast, until_day="2026-11-19")
        matter = draft(cast)
        with pytest.raises(NotYet, match="已经过了"):
            take(matter, "publish", by=cast.desk(), at=clock("2026-11-24 09:00"))

    def test_nothing_is_sent_out_half_written(self, cast: Cast) -> None:
        with pytest.raises(SayMore) as more:
            draft(cast, title="", text="")
        assert set(more.value.errors) == {"title", "text"}


class TestTakenBack:
    def test_a_withdrawn_one_says_so_and_why(self, cast: Cast) -> None:
        matter = sent(cast)
        take(matter, "withdraw", by=cast.desk(), at=LATER, withdraw_reason="自来水公司改到下周")
        assert titles(cast, "grid") == []
        shown = posted.one(matter.number, by=ANYONE, at=LATER)
        assert shown is not None and (shown.stage, shown.reason) == ("withdrawn", "自来水公司改到下周")

    def test_a_correction_names_the_old_one_and_takes_it_down(self, cast: Cast) -> None:
        old = sent(cast)
        new = draft(cast, title="改到周二停水", replaces=old.pk)
        assert titles(cast, "grid") == ["周一上午停水"]
        take(new, "publish", by=cast.desk(), at=LATER)
        assert titles(cast, "grid") == ["改到周二停水"], (
            "never both, not even before the outbox is worked off"
        )
        deliver(LATER + timedelta(minutes=1))
        shown, newer = (posted.one(one.number, by=ANYONE, at=LATER) for one in (old, new))
        assert shown is not None and newer is not None
        assert (shown.stage, shown.new_number, newer.old_number) == ("replaced", new.number, old.number)

    def test_only_a_posted_one_of_ones_own_is_corrected(self, cast: Cast) -> None:
        with pytest.raises(NotNow):
            draft(cast, replaces=draft(cast).pk)
        with pytest.raises(NotYours):
            draft(cast, "other_desk", "other_community", replaces=sent(cast).pk)
        with pytest.raises(NotYours):
            draft(cast, replaces=cast.snap().matter.pk)


class TestNothingPersonal:
    def test_an_identity_number_is_refused(self, cast: Cast) -> None:
        with pytest.raises(NotYet, match="身份证号"):
            draft(cast, text="请 130803195001011234 的家属来一趟", office_line=True)

    def test_a_mobile_number_is_asked_about_and_an_office_line_is_not(self, cast: Cast) -> None:
        with pytest.raises(NotYet, match=r"138\*\*\*\*1234"):
            draft(cast, text="有事打 13812341234")
        assert draft(cast, text="有事打 13812341234", office_line=True).stage == "draft"
        cast.areas["grid"].phone = "13812341234"
        cast.areas["grid"].save(update_fields=["phone"])
        assert draft(cast, text="有事打网格 138 1234 1234").stage == "draft"

    def test_a_reason_residents_read_names_no_number(self, cast: Cast) -> None:
        matter = sent(cast)
        with pytest.raises(NotYet):
            take(matter, "withdraw", by=cast.desk(), at=LATER, withdraw_reason="找 13812341234")


class TestReading:
    def test_whoever_writes_reads_their_own_places_drafts(self, cast: Cast) -> None:
        matter = draft(cast, "worker", "grid")
        for who in ("worker", "desk", "secretary", "dispatcher"):
            assert [one.id for one in desk.listed("now", by=cast.acting(who), at=LATER)] == [matter.pk]
        for who in ("other_desk", "neighbour"):
            assert desk.listed("now", by=cast.acting(who), at=LATER) == []
        for who in ("part_timer", "works", "outsider"):
            with pytest.raises(NotYours):
                desk.listed("now", by=cast.acting(who), at=LATER)

    def test_staff_do_not_read_more_than_residents_of_what_is_none_of_theirs(self, cast: Cast) -> None:
        matter = sent(cast)
        for who in ("outsider", "other_desk", "part_timer", "works"):
            assert desk.sheet(matter.pk, by=cast.acting(who), at=LATER) is None
        assert posted.one(matter.number, by=ANYONE, at=LATER) is not None

    def test_a_report_is_no_notice_whatever_its_number(self, cast: Cast) -> None:
        told = cast.snap()
        assert posted.one(told.matter.number, by=ANYONE, at=LATER) is None
        from gongzhi.kernel.process import gate

        assert gate.one(told.matter.pk, by=ANYONE, at=LATER) is None

    def test_a_notice_that_is_about_somebody_is_nobodys_to_read(self, cast: Cast) -> None:
        from gongzhi.kernel.models import Tie

        matter = sent(cast)
        Tie.objects.create(
            matter=matter, role="about", organisation=cast.organisations["property"], since=MORNING
        )
        assert titles(cast, "grid") == [] and posted.one(matter.number, by=ANYONE, at=LATER) is None

    def test_the_text_for_the_group_is_short_and_ends_in_the_link(self, cast: Cast) -> None:
        shown = posted.one(sent(cast, text="水" * 480).number, by=ANYONE, at=LATER)
        assert shown is not None
        text = shown.for_group("https://a.example/n/1/")
        assert len(text) <= 300 and text.endswith("https://a.example/n/1/") and "看全文" in text
        assert text.startswith("周一上午停水\n柳岸社区")

    def test_where_one_may_post_is_the_own_place_and_what_lies_in_it(self, cast: Cast) -> None:
        labels = [label for _, label in desk.wheres(by=cast.desk(), at=LATER)]
        assert (
            labels[0] == "全柳岸社区"
            and "第一网格 3 号楼" in labels
            and not any("望山" in one for one in labels)
        )
        stranger = f"area-{cast.areas['other_community'].pk}"
        assert desk.chosen(stranger, by=cast.desk(), at=LATER) is None
        with pytest.raises(NotYours):
            desk.wheres(by=cast.part_timer(), at=LATER)


def test_one_hand_with_two_mandates_is_still_one_hand(cast: Cast) -> None:
    matter = draft(cast, notice_kind="activity")
    mandate(cast, "desk", "community_secretary", "community", "committee")
    with pytest.raises(NotYet):
        take(matter, "publish", by=cast.desk(), at=LATER)

"""Two matters that are one: merged with every reporter told, taken apart again, never in a circle, never unseen."""

import pytest

from gongzhi.domains.incidents.actions import Contact, Reported, take
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries.joined import met, survivor
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.process.door import take_all
from gongzhi.kernel.process.orders import Order, Step
from gongzhi.kernel.process.verdict import NotYet, NotYours
from gongzhi.kernel.process.versions import current
from tests.cast import Cast, clock, fresh, key
from tests.kernel.test_budgets import ACTION, FURTHER, Counted, calendar_in_hand
from tests.near.lamps import ahead, done, merge, reported, told, verbs

__all__ = ["calendar_in_hand"]
pytestmark = pytest.mark.django_db
NINE, TEN, ELEVEN = (clock(f"2026-11-20 {hour}:00") for hour in ("09", "10", "11"))


class TestMerging:
    def test_one_goes_on_and_the_other_shows_where(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        merge(other, one, by=cast.desk(), at=NINE)
        assert fresh(other).stage == "merged" and fresh(other).counts == "no_result"
        assert fresh(one).stage == "submitted"
        assert survivor(other.matter) == one.matter
        assert verbs(one) == ["report", "absorb"] and met([one.matter.pk]) == {one.matter.pk: 2}

    def test_what_was_awaited_of_it_is_awaited_no_more(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        merge(other, one, by=cast.desk(), at=NINE)
        assert not other.matter.waits.filter(ended_at=None).exists()
        assert one.matter.waits.filter(ended_at=None).exists()

    def test_both_reporters_are_told_of_what_happens_to_the_one(self, cast: Cast) -> None:
        one, other = reported(cast, phone="13812341111"), reported(cast, phone="13812342222")
        merge(other, one, by=cast.desk(), at=NINE)
        done(cast, one)
        first, second = told("13812341111"), told("13812342222")
        assert any("办好了，请您看看并评价" in text for text in first)
        assert any(
            f"您报的{other.matter.number}和{one.matter.number}一起办：办好了" in text for text in second
        )
        assert not any("评价" in text for text in second)

    def test_a_call_is_asked_for_where_the_other_wants_to_be_rung(self, cast: Cast) -> None:
        rung = Contact(phone="13812342222", told_by="call", wants_call=True)
        one, other = reported(cast), cast.snap(contact=rung)
        merge(other, one, by=cast.desk(), at=NINE)
        done(cast, one)
        assert "ask_to_ring" in verbs(other) and "ask_to_ring" not in verbs(one)

    def test_the_same_click_twice_is_one(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        click = key()
        first, again = (
            take(other.matter, "merge", by=cast.desk(), at=NINE, key=click, into=one.matter.number)
            for _ in range(2)
        )
        assert first == again and verbs(one) == ["report", "absorb"]

    def test_it_keeps_the_statement_budget(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        with Counted(ACTION + FURTHER):
            merge(other, one, by=cast.desk(), at=NINE)


class TestRefused:
    def test_into_a_merged_one_names_the_one_that_goes_on(self, cast: Cast) -> None:
        one, other, third = reported(cast), reported(cast), reported(cast)
        merge(other, one, by=cast.desk(), at=NINE)
        with pytest.raises(NotYet, match=f"{other.matter.number}已经并到{one.matter.number}"):
            merge(third, other, by=cast.desk(), at=TEN)
        assert fresh(third).stage == "submitted"

    def test_into_itself_or_in_a_circle(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        with pytest.raises(NotYet, match="不能并到它自己"):
            merge(one, one, by=cast.desk(), at=NINE)
        merge(one, other, by=cast.desk(), at=NINE)
        with pytest.raises(NotYet, match="已经并到"):
            merge(other, one, by=cast.desk(), at=NINE)

    def test_into_one_the_hand_may_not_see(self, cast: Cast) -> None:
        one = reported(cast)
        far = reported(cast, area=cast.areas["other_community"])
        with pytest.raises(NotYet, match="没有编号是"):
            merge(one, far, by=cast.desk(), at=NINE)
        with pytest.raises(NotYet, match="没有编号是261120-9999"):
            take(one.matter, "merge", by=cast.desk(), at=NINE, into="261120-9999")
        assert verbs(far) == ["report"]

    def test_into_one_that_is_closed(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        done(cast, one)
        with pytest.raises(NotYet, match="已经办完了"):
            merge(other, one, by=cast.desk(), at=ELEVEN)

    @pytest.mark.parametrize(
        "other",
        [
            {"category": "property_service", "about": ("property_company",)},
            {"contact": Contact(phone="13812341234", who_may_see="sealed_from_grid")},
            {"category": "noise_home"},
        ],
    )
    def test_one_more_open_than_the_other(self, cast: Cast, other: dict[str, object]) -> None:
        plain, kept = reported(cast), cast.snap(**other)
        hand = cast.street_desk()
        ahead(cast, plain)
        with pytest.raises(NotYet, match="能给谁看不一样"):
            take(plain.matter, "merge", by=hand, at=TEN, into=kept.matter.number)

    def test_by_whoever_does_not_decide_on_it(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        for hand in (cast.worker(), cast.outsider(), cast.works(), cast.reporter(other)):
            with pytest.raises(NotYours):
                merge(other, one, by=hand, at=NINE)
        with pytest.raises(NotYet, match="现在在社区手里"):
            merge(other, one, by=cast.dispatcher(), at=NINE)

    def test_nobody_writes_an_absorption_by_hand(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        with pytest.raises(NotYours):
            take(one.matter, "absorb", by=cast.desk(), at=NINE, merged=other.matter.number)


class TestSeveralAtOnce:
    def test_three_into_one_and_the_refused_is_left_out(self, cast: Cast) -> None:
        one, *others = (reported(cast) for _ in range(4))
        noise = cast.snap(category="noise_home")
        step = Step("merge", {"into": one.matter.number})
        outcomes = take_all(
            Order(each.matter.pk, (step,), cast.desk(), NINE, key=key()) for each in [*others, noise]
        )
        assert [fresh(each).stage for each in others] == ["merged"] * 3
        assert verbs(one) == ["report", "absorb", "absorb", "absorb"]
        assert [bool(each.refusal) for each in outcomes] == [False, False, False, True]
        assert fresh(noise).stage == "submitted"

    def test_a_line_of_merges_leads_to_the_last(self, cast: Cast) -> None:
        first, second, third = (reported(cast) for _ in range(3))
        merge(first, second, by=cast.desk(), at=NINE)
        merge(second, third, by=cast.desk(), at=TEN)
        assert survivor(first.matter) == third.matter
        with pytest.raises(NotYet, match=f"已经并到{third.matter.number}"):
            merge(third, first, by=cast.desk(), at=ELEVEN)


class TestApartAgain:
    def test_staff_take_them_apart(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        merge(other, one, by=cast.desk(), at=NINE)
        take(other.matter, "unmerge", by=cast.desk(), at=TEN)
        assert fresh(other).stage == "filed" and survivor(other.matter) is None
        assert verbs(one)[-1] == "let_go"
        assert Incident.objects.get(pk=other.matter.pk).merged_into_id is None

    def test_i_disagree_goes_to_the_level_above_which_takes_it_apart(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        merge(other, one, by=cast.desk(), at=NINE)
        hand = cast.reporter(other)
        take(other.matter, "disagree", by=hand, at=TEN, why_disagree="不是一盏灯")
        take(other.matter, "reopen", by=cast.street_desk(), at=ELEVEN)
        assert fresh(other).stage == "filed" and survivor(other.matter) is None

    def test_the_merged_reporter_is_asked_once_whether_it_helped(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        merge(other, one, by=cast.desk(), at=NINE)
        hand = cast.reporter(other)
        with pytest.raises(NotYet, match="还没有办完"):
            take(other.matter, "say_after", by=hand, at=NINE, was_solved="no")
        done(cast, one)
        take(other.matter, "say_after", by=hand, at=ELEVEN, was_solved="no")
        assert other.matter.waits.get(ended_at=None).what == "reconsider"
        with pytest.raises(NotYet, match="您已经说过了"):
            take(other.matter, "say_after", by=hand, at=ELEVEN, was_solved="no")
        assert Incident.objects.get(pk=one.matter.pk).was_solved == ""

    def test_solved_opens_nothing(self, cast: Cast) -> None:
        one, other = reported(cast), reported(cast)
        merge(other, one, by=cast.desk(), at=NINE)
        done(cast, one)
        take(other.matter, "say_after", by=cast.reporter(other), at=ELEVEN, was_solved="solved")
        assert not other.matter.waits.filter(ended_at=None).exists()


def test_what_happened_is_in_both_chains(cast: Cast) -> None:
    one, other = reported(cast), reported(cast)
    merge(other, one, by=cast.desk(), at=NINE)
    merged = Entry.objects.get(matter=other.matter, verb="merge")
    absorbed = Entry.objects.get(matter=one.matter, verb="absorb")
    assert absorbed.cause_id == merged.pk and absorbed.actor == "clock"
    assert other.matter.number in absorbed.facts and one.matter.number in merged.facts


def test_words_stay_with_whoever_wrote_them(cast: Cast) -> None:
    one: Reported = reported(cast)
    other = cast.snap("3号楼东边路灯坏了，我是李秀兰")
    merge(other, one, by=cast.desk(), at=NINE)
    assert "李秀兰" not in " ".join(
        str(row.facts) + str(row.words.text if hasattr(row, "words") else "")
        for row in Entry.objects.filter(matter=one.matter).select_related("words")
    )


def test_every_step_a_reporter_is_told_of_has_words_for_those_who_follow() -> None:
    texts = packs.load("cn").table("texts")
    page = current("cn", "incident")
    told = {name for name, action in page.actions.items() if "reporter" in action.tells}
    texted = {name for name in told if texts["follow"].get(name, {}).get("sms")} - {"report"}
    assert sorted(texted - set(texts["joined"])) == []
    shared = "".join(str(row.get("say", "")) for row in texts["joined"].values() if hasattr(row, "get"))
    assert "评价" not in shared and "您反映" not in shared

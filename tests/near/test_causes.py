"""爆管、停水: one cause, many reporters; one text to all, one closing; alone again where it came to nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gongzhi.domains.incidents import reactions_near
from gongzhi.domains.incidents.actions import Reported, take
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries.follow import follow
from gongzhi.domains.incidents.queries.joined import met
from gongzhi.domains.incidents.queries.near import ground_of, hints
from gongzhi.domains.incidents.several import join_several
from gongzhi.kernel import packs
from gongzhi.kernel.models import Matter, Receipt
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYet, NotYours
from gongzhi.kernel.process.versions import current
from tests.cast import Cast, clock, fresh, key
from tests.kernel.test_budgets import FURTHER, Counted, calendar_in_hand
from tests.near.lamps import FIXED, ahead, carried, reported, told, verbs

__all__ = ["calendar_in_hand"]
pytestmark = pytest.mark.django_db
TEN, NOON, LATER = clock("2026-11-20 10:00"), clock("2026-11-20 12:00"), clock("2026-11-20 14:00")


def no_water(cast: Cast, phone: str = "13812341234") -> Reported:
    """Somebody without water."""
    return reported(cast, phone, said="家里停水了，一滴水没有", category="water_off")


def burst(cast: Cast) -> Reported:
    """The pipe that burst, at the street's desk, marked as their cause."""
    pipe = reported(cast, "13812340000", said="水管爆了往外喷水", category="pipe_burst")
    ahead(cast, pipe)
    take(pipe.matter, "mark_cause", by=cast.street_desk(), at=TEN, cause_kind="pipe_burst")
    return pipe


def gather(cast: Cast, pipe: Reported, *ones: Reported) -> None:
    """The community's desk puts them under the pipe."""
    chosen = {one.matter.pk: fresh(one).seq for one in ones}
    outcomes = join_several(chosen, pipe.matter.number, "gather", by=cast.desk(), at=TEN, key=key())
    assert [one.refusal for one in outcomes] == [None] * len(ones)


def mended(cast: Cast, pipe: Reported) -> None:
    """The street answers: the pipe is closed with a result for all."""
    take(pipe.matter, "take_on", by=cast.street_desk(), at=TEN)
    take(pipe.matter, "answer", by=cast.street_desk(), at=NOON, **FIXED)


class TestOneCause:
    def test_one_closing_and_each_is_told_and_may_rate(self, cast: Cast) -> None:
        pipe, ones = burst(cast), [no_water(cast, f"1381234000{n}") for n in (1, 2, 3)]
        gather(cast, pipe, *ones)
        assert {fresh(one).stage for one in ones} == {"gathered"} and met([pipe.matter.pk])[
            pipe.matter.pk
        ] == 4
        mended(cast, pipe)
        carried()
        assert {fresh(one).stage for one in ones} == {"resolved"}
        for n, one in enumerate(ones, start=1):
            assert [text for text in told(f"1381234000{n}") if "同一个原因的事办好了" in text]
            take(one.matter, "rate", by=cast.reporter(one), at=LATER, was_solved="solved")
        carried()
        assert verbs(ones[0]).count("settle") == 1

    def test_the_result_is_read_by_each(self, cast: Cast) -> None:
        pipe, one = burst(cast), no_water(cast)
        gather(cast, pipe, one)
        mended(cast, pipe)
        carried()
        receipt = Receipt.objects.select_related("tie", "matter").get(matter=one.matter)
        page = follow(receipt, by=cast.reporter(one), at=LATER, mode="own")
        assert page is not None and page.reply is not None and "灯亮了" in page.reply.now + page.reply.done

    def test_one_text_to_all(self, cast: Cast) -> None:
        pipe, one = burst(cast), no_water(cast, "13812340001")
        gather(cast, pipe, one)
        take(pipe.matter, "tell_all", by=cast.street_desk(), at=TEN, public_words="今晚 8 点前修好。")
        assert any("今晚 8 点前修好" in text for text in told("13812340001"))
        assert any("今晚 8 点前修好" in text for text in told("13812340000"))

    def test_what_came_to_nothing_goes_on_alone(self, cast: Cast) -> None:
        pipe, one = burst(cast), no_water(cast)
        gather(cast, pipe, one)
        take(pipe.matter, "transfer_out", by=cast.street_desk(), at=NOON, door="hotline", note="找供水公司")
        carried()
        assert fresh(one).stage == "filed" and Incident.objects.get(pk=one.matter.pk).cause_id is None
        assert one.matter.waits.filter(ended_at=None, what="dispatch").exists()

    def test_taken_out_by_hand(self, cast: Cast) -> None:
        pipe, one = burst(cast), no_water(cast)
        gather(cast, pipe, one)
        take(one.matter, "ungather", by=cast.desk(), at=NOON)
        assert fresh(one).stage == "filed"

    def test_not_under_what_is_no_cause_nor_a_cause_under_another(self, cast: Cast) -> None:
        pipe, one, other = burst(cast), no_water(cast), no_water(cast)
        with pytest.raises(NotYet, match="还没有定为主件"):
            take(one.matter, "gather", by=cast.desk(), at=TEN, into=other.matter.number)
        with pytest.raises(NotYet, match="这件是主件"):
            take(pipe.matter, "merge", by=cast.street_desk(), at=TEN, into=one.matter.number)

    def test_a_cause_is_never_about_a_neighbour(self, cast: Cast) -> None:
        noise = cast.snap(category="noise_home")
        with pytest.raises(NotYet, match="不公开"):
            take(noise.matter, "mark_cause", by=cast.desk(), at=TEN, cause_kind="water_off")

    def test_many_at_once_keep_the_budget(self, cast: Cast) -> None:
        pipe, ones = burst(cast), [no_water(cast) for _ in range(12)]
        with Counted(14 + FURTHER * len(ones)):
            gather(cast, pipe, *ones)


def test_who_is_about_to_report_reads_of_the_cause_first(cast: Cast) -> None:
    pipe = burst(cast)
    pack = packs.load("cn")
    first, *_ = hints(ground_of(cast.areas["grid"]), "water_off", pack, at=NOON)
    assert first.number == pipe.matter.number and "正在抢修" in first.cause
    assert not hints(ground_of(cast.areas["grid"]), "lamp", pack, at=NOON)
    assert not hints(ground_of(cast.areas["other_community"]), "water_off", pack, at=NOON)


class TestRepeats:
    def closed(self, cast: Cast, **more: object) -> Reported:
        one = reported(cast, point=(41.021, 117.701), **more)
        Matter.objects.filter(pk=one.matter.pk).update(counts="closed", closed_at=NOON, stage="archived")
        return one

    def test_the_same_place_and_kind_after_closing(self, cast: Cast) -> None:
        first = self.closed(cast)
        again = reported(cast, "13900000000", point=(41.0211, 117.701), at=LATER)
        carried(timezone.now())
        assert Incident.objects.get(pk=again.matter.pk).repeat_of == first.matter
        assert "mark_repeat" in verbs(again)

    @pytest.mark.parametrize("elsewhere", [{"point": (41.024, 117.701)}, {"category": "manhole"}])
    def test_another_place_or_kind_is_none(self, cast: Cast, elsewhere: dict[str, object]) -> None:
        self.closed(cast)
        again = reported(cast, **{"point": (41.021, 117.701), "at": LATER, **elsewhere})
        carried(timezone.now())
        assert Incident.objects.get(pk=again.matter.pk).repeat_of is None

    def test_long_after_is_none(self, cast: Cast) -> None:
        self.closed(cast)
        again = reported(cast, point=(41.021, 117.701), at=NOON + timedelta(days=91))
        carried(timezone.now() + timedelta(days=100))
        assert Incident.objects.get(pk=again.matter.pk).repeat_of is None

    def test_whoever_reports_it_the_mark_is_the_same(self, cast: Cast) -> None:
        first = self.closed(cast)
        marks = []
        for phone in ("13812341234", "13999999999"):
            again = reported(cast, phone, point=(41.021, 117.701), at=LATER)
            carried(timezone.now())
            marks.append(Incident.objects.get(pk=again.matter.pk).repeat_of_id)
        assert marks == [first.matter.pk] * 2


def test_the_clock_alone_settles(cast: Cast) -> None:
    pipe, one = burst(cast), no_water(cast)
    gather(cast, pipe, one)
    assert fresh(one).stage == "gathered"
    for hand in (cast.desk(), cast.reporter(one), Acting.public()):
        with pytest.raises(NotYours):
            take(one.matter, "settle", by=hand, at=NOON)


def test_every_way_a_cause_can_end_closes_or_frees_what_was_gathered_under_it() -> None:
    process = current("cn", "incident")
    ends: dict[str, set[str]] = {"closed": set(), "no_result": set()}
    for name, act in process.actions.items():
        counts = process.stages[act.to].counts if act.to else "open"
        if counts != "open" and any(process.stages[one].counts == "open" for one in act.from_):
            ends[counts].add(name)
    assert ends["closed"] - {"settle"} == set(reactions_near.DONE)
    assert ends["no_result"] - {"merge"} == set(reactions_near.NOT_DONE), "a cause is never merged"

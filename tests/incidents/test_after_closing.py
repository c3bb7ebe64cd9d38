"""After a closing: who is rung and who never is, what a call-back changes, and how a unit appeals."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents import reactions_after
from gongzhi.domains.incidents.actions import Contact, reveal_phone, take
from gongzhi.domains.incidents.models import CalledBack, Incident, Mark
from gongzhi.domains.incidents.queries import after_rates
from gongzhi.domains.incidents.queries.after_period import period
from gongzhi.kernel.models import Delivery, Mandate, Matter, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.tick import tick
from gongzhi.kernel.process.verdict import NotYet, NotYours
from tests.browser.every_page import dispatched, replied
from tests.cast import Cast, clock, fresh

pytestmark = pytest.mark.django_db
BEGIN = clock("2026-11-02 09:00")
SILENT = clock("2026-11-18 09:30")
RANG = clock("2026-11-18 15:00")
ASKED = {"was_contacted": "yes", "was_solved": "solved", "satisfied": "good"}


@pytest.fixture(autouse=True)
def everyone_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions_after, "share", lambda rule, pack: 100)


def closed(cast: Cast, **more: Any) -> Matter:
    """A lamp mended by the department, checked and closed; nobody has rated."""
    matter = cast.snap(at=BEGIN, **more).matter
    dispatched(cast, matter, BEGIN)
    replied(cast, matter, BEGIN + timedelta(hours=3))
    return fresh(matter)


def silent(cast: Cast, **more: Any) -> Matter:
    """The same, after the days in which the reporter could rate have passed without a word."""
    matter = closed(cast, **more)
    tick(SILENT)
    drain(SILENT)
    return fresh(matter)


def drain(at: Any) -> None:
    for delivery in Delivery.objects.filter(follower="incident.call_back"):
        reactions_after.draw(delivery, at)


def awaited(matter: Matter) -> Wait | None:
    return Wait.objects.filter(matter=matter, what="call_back_result", ended_at=None).first()


def test_who_did_not_rate_is_drawn_and_rung_by_the_hotline(cast: Cast) -> None:
    matter = silent(cast)
    wait = awaited(matter)
    assert matter.stage == "archived" and wait is not None
    assert wait.desk_role == "hotline_clerk"
    assert reveal_phone(matter, "call_back", by=cast.hotline(RANG), at=RANG) == "13812341234"
    with CaptureQueriesContext(connection) as spent:
        take(matter, "called_back", by=cast.hotline(RANG), at=RANG, **ASKED)
    assert len(spent) <= 14
    row = CalledBack.objects.get(pk=matter.pk)
    assert (row.reached, row.was_solved) == (True, "solved")
    assert Incident.objects.get(pk=matter.pk).rated_at is None, "the reporter's own rating stays theirs"
    assert awaited(matter) is None and not Wait.objects.filter(matter=matter, what="judge_rating").exists()


def test_one_level_above_rings_where_nobody_sits_at_the_hotline(cast: Cast) -> None:
    Mandate.objects.filter(role="hotline_clerk").update(until=BEGIN)
    matter = silent(cast)
    wait = awaited(matter)
    assert wait is not None and wait.desk_role == "district_chief"
    assert reveal_phone(matter, "call_back", by=cast.chief(RANG), at=RANG)
    take(matter, "called_back", by=cast.chief(RANG), at=RANG, **ASKED)


def test_neither_the_unit_nor_the_grid_rings(cast: Cast) -> None:
    matter = silent(cast)
    for hand in (
        cast.works(RANG),
        cast.worker(RANG),
        cast.desk(RANG),
        cast.outsider(RANG),
        cast.centre(RANG),
    ):
        with pytest.raises(NotYours):
            take(matter, "called_back", by=hand, at=RANG, **ASKED)


@pytest.mark.parametrize(
    "contact",
    [
        Contact(),
        Contact(phone="13812341234", told_by="none"),
        Contact(phone="13812341234", told_by="sms", who_may_see="none"),
        Contact(phone="13812341234", told_by="sms", who_may_see="community_only"),
    ],
)
def test_nobody_is_rung_who_would_rather_not(cast: Cast, contact: Contact) -> None:
    assert awaited(silent(cast, contact=contact)) is None


def test_orders_of_other_systems_are_not_rung(cast: Cast) -> None:
    matter = closed(cast)
    Matter.objects.filter(pk=matter.pk).update(source="outer")
    tick(SILENT)
    drain(SILENT)
    assert awaited(matter) is None


def test_who_rated_is_left_in_peace(cast: Cast) -> None:
    told = cast.snap(at=BEGIN)
    dispatched(cast, told.matter, BEGIN)
    replied(cast, told.matter, BEGIN + timedelta(hours=3))
    take(told.matter, "rate", by=cast.reporter(told), at=BEGIN + timedelta(days=1), was_solved="solved")
    tick(SILENT)
    drain(SILENT)
    assert awaited(told.matter) is None


def test_not_solved_goes_the_road_of_a_bad_rating(cast: Cast) -> None:
    matter = silent(cast)
    take(matter, "called_back", by=cast.hotline(RANG), at=RANG, was_solved="no", call_words="还是不亮")
    take(matter, "order_rework", by=cast.centre(RANG), at=RANG, missing="查线路。")
    assert fresh(matter).stage == "rework"
    assert Mark.objects.get(matter=matter).what == "rework"


def test_the_calls_end_after_the_packs_number_of_tries(cast: Cast) -> None:
    matter, at = silent(cast), RANG
    for _ in range(3):
        assert awaited(matter) is not None
        take(matter, "call_missed", by=cast.hotline(at), at=at, why_missed="no_answer")
        at += timedelta(days=1)
    assert awaited(matter) is None
    assert CalledBack.objects.get(pk=matter.pk).reached is False


def test_one_no_is_enough_and_a_day_agreed_on_is_kept(cast: Cast) -> None:
    matter, other = silent(cast), silent(cast)
    take(matter, "call_missed", by=cast.hotline(RANG), at=RANG, why_missed="declined")
    assert awaited(matter) is None
    with pytest.raises(NotYet):
        take(
            other,
            "call_missed",
            by=cast.hotline(RANG),
            at=RANG,
            why_missed="later",
            call_again_on="2026-11-18",
        )
    take(other, "call_missed", by=cast.hotline(RANG), at=RANG, why_missed="later", call_again_on="2026-11-21")
    wait = awaited(other)
    assert wait is not None and wait.due_at is not None and wait.due_at.astimezone(RANG.tzinfo).day == 21


def test_the_draw_reads_the_number_and_nothing_of_who_reported() -> None:
    ids = range(7_000_000, 7_004_000)
    first = [pk for pk in ids if reactions_after.drawn(pk, 10)]
    assert first == [pk for pk in ids if reactions_after.drawn(pk, 10)]
    assert 340 < len(first) < 460
    assert set(first) <= {pk for pk in ids if reactions_after.drawn(pk, 20)}


def test_shuffled_reporters_get_the_same_rule(cast: Cast) -> None:
    phones = ("13812341234", "13900000000", "13700000001")
    matters = [closed(cast, contact=Contact(phone=one, told_by="sms")) for one in phones]
    rules = [reactions_after.rule_of(one, "silence") for one in matters]
    assert rules[0] is not None and all(one == rules[0] for one in rules)


# ---- appeals ---------------------------------------------------------------------------------------------------------

APPEAL = {"appeal_about": "rework", "appeal_ground": "done", "appeal_words": "当天就换好了，有照片。"}


def sent_back(cast: Cast) -> Matter:
    """Reworked after a check, and closed."""
    matter = cast.snap(at=BEGIN).matter
    dispatched(cast, matter, BEGIN)
    said = {"contacted": "talked", "reply_done": "换了灯头。", "reply_result": "亮了。", "solved": "solved"}
    at = BEGIN + timedelta(hours=2)
    take(matter, "reply", by=cast.works(at), at=at, **said)
    take(matter, "send_back", by=cast.worker(at), at=at, check_way="look", missing="灯罩没有装。")
    replied(cast, matter, BEGIN + timedelta(hours=5))
    return fresh(matter)


def line(cast: Cast) -> after_rates.Line:
    at = clock("2026-12-02 09:00")
    table = after_rates.by_unit(
        cast.areas["district"], period("month", BEGIN.date()), by=cast.centre(at), at=at
    )
    return next(one for one in table.lines if one.pk == cast.organisations["works"].pk)


def test_an_appeal_is_shown_while_open_and_leaves_the_figure_when_upheld(cast: Cast) -> None:
    matter, at = sent_back(cast), BEGIN + timedelta(days=2)
    assert (line(cast).figures["rework"].value, line(cast).figures["rework"].whole) == (1, 1)
    with CaptureQueriesContext(connection) as spent:
        take(matter, "appeal", by=cast.works(at), at=at, **APPEAL)
    assert len(spent) <= 14
    assert line(cast).appeals == 1 and line(cast).figures["rework"].whole == 1
    take(matter, "uphold_appeal", by=cast.chief(at), at=at, appeal_reason="照片看得出当天装了灯罩。")
    assert line(cast).appeals == 0 and line(cast).figures["rework"].whole == 0
    assert Mark.objects.get(matter=matter).ground == "done", "listed with its ground, not silently"


def test_a_refused_appeal_counts_as_before_and_is_not_repeated(cast: Cast) -> None:
    matter, at = sent_back(cast), BEGIN + timedelta(days=2)
    take(matter, "appeal", by=cast.works(at), at=at, **APPEAL)
    take(matter, "refuse_appeal", by=cast.chief(at), at=at, appeal_reason="照片是返工以后拍的。")
    assert (line(cast).figures["rework"].value, line(cast).appeals) == (1, 0)
    with pytest.raises(NotYet):
        take(matter, "appeal", by=cast.works(at), at=at, **APPEAL)


def test_only_the_unit_appeals_and_only_the_level_above_decides(cast: Cast) -> None:
    matter, at = sent_back(cast), BEGIN + timedelta(days=2)
    for hand in (cast.law(at), cast.outsider(at), cast.worker(at), cast.centre(at), cast.leader(at)):
        with pytest.raises(NotYours):
            take(matter, "appeal", by=hand, at=at, **APPEAL)
    take(matter, "appeal", by=cast.works(at), at=at, **APPEAL)
    for hand in (cast.works(at), cast.works_lead(at), cast.centre(at), cast.desk(at), cast.outsider(at)):
        with pytest.raises(NotYours):
            take(matter, "uphold_appeal", by=hand, at=at, appeal_reason="好")
    with pytest.raises(NotYours):
        take(matter, "uphold_appeal", by=Acting.clock(), at=at, appeal_reason="好")


def test_who_judged_does_not_decide_on_the_appeal(cast: Cast) -> None:
    told = cast.snap(at=BEGIN)
    dispatched(cast, told.matter, BEGIN)
    replied(cast, told.matter, BEGIN + timedelta(hours=3))
    at = BEGIN + timedelta(days=1)
    take(told.matter, "rate", by=cast.reporter(told), at=at, was_solved="no")
    take(told.matter, "order_rework", by=cast.chief(at), at=at, missing="灯罩")
    take(told.matter, "appeal", by=cast.works(at), at=at, **APPEAL)
    with pytest.raises(NotYet, match="请别人来定"):
        take(told.matter, "refuse_appeal", by=cast.chief(at), at=at, appeal_reason="好")


def test_a_rating_nobody_told_the_unit_of_cannot_be_fished_for(cast: Cast) -> None:
    told = cast.snap(at=BEGIN)
    dispatched(cast, told.matter, BEGIN)
    replied(cast, told.matter, BEGIN + timedelta(hours=3))
    at = BEGIN + timedelta(days=1)
    said = {**APPEAL, "appeal_about": "rating", "appeal_ground": "beyond"}
    with pytest.raises(NotYet) as before:
        take(told.matter, "appeal", by=cast.works(at), at=at, **said)
    take(told.matter, "rate", by=cast.reporter(told), at=at, was_solved="no", satisfied="bad")
    with pytest.raises(NotYet) as after:
        take(told.matter, "appeal", by=cast.works(at), at=at, **said)
    assert before.value.sentence == after.value.sentence, "the refusal tells nothing of the rating"
    take(told.matter, "explain", by=cast.centre(at), at=at, beyond="money", explanation="要等明年预算。")
    take(told.matter, "appeal", by=cast.works(at), at=at, **said)
    take(told.matter, "uphold_appeal", by=cast.chief(at), at=at, appeal_reason="确实没有预算。")
    row = Incident.objects.get(pk=told.matter.pk)
    assert (row.was_solved, row.satisfied) == ("no", "bad"), "the resident's rating stays as it was given"


def test_an_appeal_too_late_or_on_a_ground_that_does_not_fit_is_told_so(cast: Cast) -> None:
    matter, at = sent_back(cast), BEGIN + timedelta(days=2)
    with pytest.raises(NotYet, match="不能用来申诉"):
        take(matter, "appeal", by=cast.works(at), at=at, **{**APPEAL, "appeal_ground": "waited"})
    with pytest.raises(NotYet, match="没有超过答应"):
        take(
            matter,
            "appeal",
            by=cast.works(at),
            at=at,
            **{**APPEAL, "appeal_about": "late", "appeal_ground": "waited"},
        )
    late = at + timedelta(days=40)
    with pytest.raises(NotYet, match="期限已经过了"):
        take(matter, "appeal", by=cast.works(late), at=late, **APPEAL)


def test_what_was_late_may_be_appealed_against(cast: Cast) -> None:
    matter = closed(cast)
    Matter.objects.filter(pk=matter.pk).update(promised_at=BEGIN + timedelta(hours=1))
    assert (line(cast).figures["on_time"].value, line(cast).figures["on_time"].whole) == (0, 1)
    at = BEGIN + timedelta(days=2)
    said = {**APPEAL, "appeal_about": "late", "appeal_ground": "weather"}
    take(matter, "appeal", by=cast.works(at), at=at, **said)
    take(matter, "uphold_appeal", by=cast.chief(at), at=at, appeal_reason="当天大风，停了高空作业。")
    assert line(cast).figures["on_time"].whole == 0 and line(cast).figures["closing"].whole == 1

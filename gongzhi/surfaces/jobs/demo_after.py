"""After closing, in the demonstration: call-backs rung or still to ring, and a unit's appeals, open and decided."""

from datetime import timedelta
from itertools import count
from typing import Any

from gongzhi.domains.incidents import actions
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Tie, Wait
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.jobs.demo_stage import Stage, Story

LEFT = timedelta(
    days=2
)  # before the end of the play: what is drawn later still waits for whoever looks at it
ANSWERS = (("solved", "good"), ("solved", "very_good"), ("solved", "fair"), ("partly", "fair"), ("no", "bad"))
WEIGHTS = (45, 25, 14, 10, 6)
GROUND = {"appeal_about": "rework", "appeal_ground": "done"}
TO_RING, MOST_DRAWN = 4, 40
WORDS = "当天就办好了，照片和维修单附在后面，请看一看。"
WHY = "照片和维修单对得上，返工的地方不在这张单子里。"


def set_out(stage: Stage) -> None:
    """Put both stories into the play, in the afternoon."""
    for story in (calls, appeals):
        stage.begin(stage.first + timedelta(hours=6), story)


def calls(stage: Stage) -> Story:
    """Every afternoon the calls that wait are made: most answer, one in four does not pick up."""
    while True:
        yield stage.now + timedelta(days=1)
        if stage.now > stage.last - LEFT:
            _some_to_ring(stage)
            return
        for wait in Wait.objects.filter(what="call_back_result", ended_at=None, desk_area__isnull=False):
            hand = stage.world.hands.get((wait.desk_role, "area", wait.desk_area_id or 0))
            if hand is not None:
                _ring(stage, wait, hand)


def _some_to_ring(stage: Stage) -> None:
    """A few of the latest silent ones are drawn, so that whoever looks finds calls to make."""
    waiting = 0
    silent = Entry.objects.filter(verb="archive", at__gte=stage.now - timedelta(days=20)).order_by("-pk")
    for matter_id in silent.values_list("matter", flat=True)[:MOST_DRAWN]:
        waiting += _take(matter_id, "ask_back", Acting.clock(), stage)
        if waiting == TO_RING:
            return


def _ring(stage: Stage, wait: Wait, hand: Acting) -> None:
    if stage.dice.random() < 0.25:
        actions.take(wait.matter_id, "call_missed", by=hand, at=stage.now, why_missed="no_answer")
        return
    solved, satisfied = stage.dice.choices(ANSWERS, WEIGHTS)[0]
    said: dict[str, Any] = {"was_contacted": "yes", "was_solved": solved, "satisfied": satisfied}
    actions.take(wait.matter_id, "called_back", by=hand, at=stage.now, **said)


def appeals(stage: Stage) -> Story:
    """Now and then a unit appeals against a rework; the level above decides, the last one still waits."""
    for number in count():
        yield stage.now + timedelta(days=5)
        matter_id = _appealed(stage)
        if matter_id is None or stage.now > stage.last - timedelta(days=6):
            continue
        yield stage.now + timedelta(days=2)
        wait = Wait.objects.filter(matter=matter_id, what="judge_appeal", ended_at=None).first()
        hand = stage.world.hands.get((wait.desk_role, "area", wait.desk_area_id or 0)) if wait else None
        verb = "refuse_appeal" if number % 3 == 2 else "uphold_appeal"
        if hand is not None:
            _take(matter_id, verb, hand, stage, appeal_reason=WHY)


def _appealed(stage: Stage) -> int | None:
    """The latest rework somebody's contact can appeal against; its matter."""
    since = stage.now - timedelta(days=6)
    done = Entry.objects.filter(verb__in=("send_back", "order_rework"), at__gte=since).order_by("-pk")
    for matter_id in done.values_list("matter", flat=True)[:5]:
        tie = Tie.objects.filter(matter=matter_id, role="holder", until=None).first()
        key = ("unit_contact", "organisation", (tie.organisation_id or 0) if tie else 0)
        hand = stage.world.hands.get(key)
        if hand is not None and _take(matter_id, "appeal", hand, stage, **GROUND, appeal_words=WORDS):
            return int(matter_id)
    return None


def _take(matter_id: int, verb: str, hand: Acting, stage: Stage, **said: Any) -> bool:
    try:
        actions.take(matter_id, verb, by=hand, at=stage.now, **said)
    except Refusal:
        return False  # appealed before, or moved meanwhile: another one is found
    return True

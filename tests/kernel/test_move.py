"""Running matters are carried over to a newer page by a stage map, as an action of a named operator."""

from pathlib import Path

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.move import CannotMove, move
from gongzhi.kernel.process.verdict import NotYours
from tests.cast import Cast, clock, fresh
from tests.stories.test_new_pack import lives_by, willow

pytestmark = pytest.mark.django_db
NINE = clock("2026-11-20 09:00")
TEN = clock("2026-11-20 10:00")
OPERATOR = Acting.operator("王芳", "换新的流程页")
__all__ = ["willow"]


@pytest.fixture
def newer(cast: Cast, willow: Path) -> Cast:
    """A place whose page loses the stage in which a matter stands."""
    lives_by(cast, "willow")
    cast.told = cast.snap()
    take(cast.told.matter, "accept", by=cast.desk(), at=NINE, then=[("ask_review", {})])
    page = willow / "willow" / "processes" / "incident.toml"
    page.write_text(
        '[stage]\nfiled = { label = "等分派" }\n[wait]\nstreet_review = { label = "街道初审" }\n',
        encoding="utf-8",
    )
    packs.forget()
    return cast


def test_a_stage_that_is_gone_must_be_mapped(newer: Cast) -> None:
    with pytest.raises(CannotMove) as fault:
        move("willow", "incident", {}, by=OPERATOR, at=TEN)
    assert "street_review" in str(fault.value)
    assert fresh(newer.told).stage == "street_review"


def test_matters_are_carried_over_once_and_the_operator_stands_in_the_ledger(newer: Cast) -> None:
    outcomes = move("willow", "incident", {"street_review": "filed"}, by=OPERATOR, at=TEN)
    assert [one.refusal for one in outcomes] == [None]
    assert fresh(newer.told).stage == "filed"
    entry = Entry.objects.get(matter=newer.told.matter, verb="move")
    assert entry.actor.startswith("operator:王芳") and (entry.before, entry.after) == (
        "street_review",
        "filed",
    )
    assert move("willow", "incident", {}, by=OPERATOR, at=TEN) == []
    assert verify().sound


def test_nobody_but_an_operator_moves_a_matter(newer: Cast) -> None:
    with pytest.raises(NotYours):
        take(newer.told.matter, "move", by=newer.desk(), at=TEN, to_process="x", to_stage="filed")

"""Nobody asks for more time at once than the pack gives: an extension, a suspension."""

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Matter
from gongzhi.kernel.process.verdict import NotYet
from tests.browser.every_page import dispatched
from tests.cast import Cast, clock, fresh

pytestmark = pytest.mark.django_db
AT = clock("2026-11-20 09:00")
LATER = clock("2026-11-20 10:00")


@pytest.fixture
def lamp(cast: Cast) -> Matter:
    matter = cast.snap(at=AT).matter
    dispatched(cast, matter, AT)
    return matter


def ask(cast: Cast, lamp: Matter, term: str) -> None:
    said = {"extension_reason": "parts", "extend_by": term, "note": "灯头停产"}
    take(lamp, "request_extension", by=cast.works(LATER), at=LATER, **said)


def pause(cast: Cast, lamp: Matter, until: str) -> None:
    said = {"suspend_ground": "waits_other", "resume_on": until, "note": "等电力改线"}
    take(lamp, "request_suspension", by=cast.works(LATER), at=LATER, **said)


@pytest.mark.parametrize("term", ["6wd", "15d", "200h"])
def test_an_extension_beyond_the_longest_is_refused_with_the_rule(
    cast: Cast, lamp: Matter, term: str
) -> None:
    with pytest.raises(NotYet) as refusal:
        ask(cast, lamp, term)
    assert "超过了一次能延的" in refusal.value.sentence


@pytest.mark.parametrize("term", ["5wd", "2wd", "24h"])
def test_one_within_it_is_asked_for(cast: Cast, lamp: Matter, term: str) -> None:
    ask(cast, lamp, term)
    assert fresh(lamp).waits.filter(what="judge_extension", ended_at=None).count() == 1


@pytest.mark.parametrize(("until", "why"), [("2026-11-20", "今天以后"), ("2026-12-21", "太远了")])
def test_a_suspension_goes_on_on_a_day_ahead_and_not_too_far(
    cast: Cast, lamp: Matter, until: str, why: str
) -> None:
    with pytest.raises(NotYet) as refusal:
        pause(cast, lamp, until)
    assert why in refusal.value.sentence


def test_the_desk_that_grants_it_names_no_day_beyond_it_either(cast: Cast, lamp: Matter) -> None:
    pause(cast, lamp, "2026-11-27")
    with pytest.raises(NotYet):
        take(lamp, "grant_suspension", by=cast.centre(LATER), at=LATER, resume_on="2027-03-01")
    take(lamp, "grant_suspension", by=cast.centre(LATER), at=LATER, resume_on="2026-12-20")
    assert fresh(lamp).stage == "suspended"

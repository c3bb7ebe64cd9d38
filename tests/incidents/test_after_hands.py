"""A call-back and the hands that did the work: no number for it, no word about it."""

import pytest

from gongzhi.domains.incidents.actions import reveal_phone, take
from gongzhi.kernel.people.acting import as_mandate
from gongzhi.kernel.process.verdict import NotYet, SayMore
from tests.cast import Cast, mandate
from tests.incidents.test_after_closing import ASKED, RANG, awaited, everyone_is_drawn, silent

__all__ = ["everyone_is_drawn"]
pytestmark = pytest.mark.django_db


def test_neither_the_unit_nor_the_grid_sees_a_number_for_a_call_back(cast: Cast) -> None:
    matter = silent(cast)
    for hand in (cast.works(RANG), cast.worker(RANG)):
        with pytest.raises(SayMore) as refusal:
            reveal_phone(matter, "call_back", by=hand, at=RANG)
        assert "回访由上一级或热线打" in refusal.value.errors["purpose"]
        assert reveal_phone(matter, "tell_result", by=hand, at=RANG) == "13812341234"


def test_who_did_the_work_and_sits_at_the_hotline_too_says_nothing_of_the_call(cast: Cast) -> None:
    matter = silent(cast)
    second = mandate(cast, "works", "hotline_clerk", "district", "centre")
    by = as_mandate(cast.people["works"], second.pk, RANG)
    assert by is not None
    for act, said in (("called_back", ASKED), ("call_missed", {"why_missed": "declined"})):
        with pytest.raises(NotYet):
            take(matter, act, by=by, at=RANG, **said)
    assert awaited(matter) is not None

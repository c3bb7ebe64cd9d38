"""What is kept no longer than it must be, goes by itself; the chain stays whole."""

from datetime import timedelta

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.retention import delete_due
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Receipt, Words
from tests.cast import MORNING, Cast, clock, key

pytestmark = pytest.mark.django_db


def test_contact_goes_first_then_the_words_and_open_matters_keep_both(cast: Cast) -> None:
    gone, kept = cast.snap("路灯不亮，找张老三"), cast.snap("还在办的一件")
    take(gone.matter, "withdraw", by=cast.reporter(gone), at=clock("2026-11-20 09:00"), key=key())
    assert delete_due(MORNING + timedelta(days=30)) == 0
    assert delete_due(MORNING + timedelta(days=200)) == 1
    assert Receipt.objects.get(matter=gone.matter).phone_enc is None
    assert Receipt.objects.get(matter=kept.matter).phone_enc is not None
    assert Words.objects.filter(entry__matter=gone.matter).exists()
    assert delete_due(MORNING + timedelta(days=1200)) == 1
    assert not Words.objects.filter(entry__matter=gone.matter).exists()
    assert Words.objects.filter(entry__matter=kept.matter).exists()
    assert delete_due(MORNING + timedelta(days=1201)) == 0
    assert verify().sound

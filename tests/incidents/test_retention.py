"""What is kept no longer than it must be, goes by itself; the chain stays whole."""

from datetime import timedelta

import pytest

from gongzhi.domains.incidents.actions import Report, report, take
from gongzhi.domains.incidents.retention import delete_due
from gongzhi.kernel.ledger.chain import canonical, sm3
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import IdempotencyKey, Receipt, Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import keys
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


def test_words_that_went_cannot_be_tried_against_what_stays(cast: Cast) -> None:
    said = Report(area=cast.areas["grid"], words="找张老三", category="lamp", place="3号楼")
    one = report(said, by=Acting.public(), at=MORNING, key=key())
    two = report(said, by=Acting.public(), at=MORNING, key=key())
    first, second = IdempotencyKey.objects.filter(matter__in=[one.matter.pk, two.matter.pk])
    assert first.content_hash == second.content_hash, "the mark still tells the same from another"
    with_key = keys.content_hash({"words": "找张老三"})
    assert with_key != sm3(canonical({"words": "找张老三"}).encode())

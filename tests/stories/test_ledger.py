"""What people did stands in the ledger: sealed, found sound, and still sound when their words are gone."""

from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.ledger import seal
from gongzhi.kernel.ledger.registers import record
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Words
from gongzhi.kernel.people.acting import Acting
from tests.cast import Cast, clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """A data folder of the story's own."""
    settings.DATA = tmp_path


def test_a_story_is_sealed_and_found_sound(cast: Cast) -> None:
    lamp = cast.snap().matter
    take(lamp, "propose", by=cast.worker(), at=clock("2026-11-20 09:05"), level="district", urgency="normal")
    now = datetime.now(UTC)
    assert seal.seal(now) > 0
    take(lamp, "accept", by=cast.desk(), at=clock("2026-11-20 09:20"))
    report = verify(at=now)
    assert report.faults == []
    assert report.newer >= 1
    assert "只有链保护" in str(report)
    seal.seal(now + timedelta(hours=1))
    assert verify(at=now).newer == 0


def test_a_resident_s_words_may_go_only_with_an_entry_that_says_so(cast: Cast) -> None:
    lamp = cast.snap().matter
    gone = [str(pk) for pk in Words.objects.filter(entry__matter=lamp.pk).values_list("pk", flat=True)]
    Words.objects.filter(entry__matter=lamp.pk).delete()
    assert {fault.kind for fault in verify().faults} == {"words_gone"}
    record("access", "remove_words", by=Acting.clock(), at=datetime.now(UTC), facts={"removed_words": gone})
    assert verify().sound

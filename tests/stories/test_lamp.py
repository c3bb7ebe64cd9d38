"""A broken lamp, from the snap to the rated result: the main job, told once through."""

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import receipts
from gongzhi.domains.incidents.queries.follow import follow
from gongzhi.kernel.models import Entry
from gongzhi.kernel.telling.post import deliver
from tests.cast import Cast, clock, fresh, key

pytestmark = pytest.mark.django_db


def test_a_lamp_goes_all_the_way_to_a_rated_result(cast: Cast) -> None:
    told = cast.snap()
    lamp = told.matter
    take(lamp, "propose", by=cast.worker(), at=clock("2026-11-20 09:05"), level="district", urgency="normal")
    take(
        lamp,
        "accept",
        by=cast.desk(),
        at=clock("2026-11-20 09:20"),
        then=[("raise_to_street", {"note": "灯杆归区里管"})],
    )
    take(lamp, "raise_to_district", by=cast.dispatcher(), at=clock("2026-11-20 09:40"))
    works = cast.organisations["works"].pk
    take(lamp, "dispatch", by=cast.centre(), at=clock("2026-11-20 10:26"), to=works, note="台阶旁老人多")
    promised = fresh(lamp).promised_at
    take(lamp, "sign_in", by=cast.works(), at=clock("2026-11-20 11:00"))
    later = clock("2026-11-23 09:00")
    take(
        lamp,
        "request_extension",
        by=cast.works(later),
        at=later,
        extension_reason="parts",
        extend_by="2wd",
        note="灯头停产",
    )
    take(lamp, "grant_extension", by=cast.centre(later), at=clock("2026-11-23 10:00"))
    assert fresh(lamp).promised_at > promised
    done = clock("2026-11-24 15:30")
    take(
        lamp,
        "reply",
        by=cast.works(done),
        at=done,
        contacted="talked",
        reply_done="11月24日换了新灯头和12米老化电线。",
        reply_result="当天17:40灯亮了。",
        solved="solved",
    )
    checked = clock("2026-11-25 09:00")
    take(lamp, "pass_check", by=cast.worker(checked), at=checked, check_way="look")
    take(lamp, "close", by=cast.centre(checked), at=clock("2026-11-25 10:00"))
    take(
        lamp,
        "rate",
        by=cast.reporter(told),
        at=clock("2026-11-25 18:00"),
        key=key(),
        was_contacted="yes",
        was_solved="solved",
        satisfied="good",
    )
    deliver(clock("2026-11-25 18:01"))
    assert fresh(lamp).stage == "archived"
    assert Incident.objects.get(pk=lamp.pk).satisfied == "good"
    verbs = list(Entry.objects.filter(matter=lamp).order_by("seq").values_list("verb", flat=True))
    assert verbs == [
        "report",
        "propose",
        "accept",
        "file",
        "raise_to_street",
        "raise_to_district",
        "dispatch",
        "sign_in",
        "request_extension",
        "grant_extension",
        "reply",
        "pass_check",
        "close",
        "rate",
        "archive",
    ]


def test_the_resident_reads_plain_words_at_every_step(cast: Cast) -> None:
    told = cast.snap()
    receipt = receipts.by_token(told.token)
    assert receipt is not None and receipts.by_digits(
        told.matter.number, told.digits, at=clock("2026-11-20 08:53")
    )
    page = follow(receipt, by=receipts.own_hand(receipt), at=clock("2026-11-20 08:55"), mode="own")
    assert page is not None
    assert page.state == 1 and page.words == "3号楼东边的路灯不亮了" and "withdraw" in page.can
    assert page.contact == "138****1234"
    assert not any(word in step.sentence for step in page.road for word in ("立案", "派遣", "处置"))

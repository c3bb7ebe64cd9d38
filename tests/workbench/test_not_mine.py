"""“不归我”: returned without blame, with the units it is likelier for; reviewed with one tap by whoever sent it."""

from typing import Any

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Entry, Matter, Organisation
from tests.cast import Cast, fresh, key
from tests.workbench.sitting import Clock, Sit

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp(cast: Cast, hour: Clock) -> Matter:
    matter = cast.snap().matter
    take(matter, "accept", by=cast.desk(), at=hour.now)
    take(matter, "raise_to_street", by=cast.desk(), at=hour.now)
    take(matter, "raise_to_district", by=cast.dispatcher(), at=hour.now)
    take(matter, "dispatch", by=cast.centre(), at=hour.now, to=cast.organisations["works"].pk)
    return matter


def select(page: str, name: str) -> str:
    """The options of one question."""
    start = page.index(f'<select class="select" name="{name}"')
    return page[start : page.index("</select>", start)]


def returned(cast: Cast, hour: Clock, matter: Matter, **more: Any) -> None:
    said = {"return_reason": "not_owner", "basis": "灯杆是执法局立的", **more}
    take(matter, "return_order", by=cast.works(hour.now), at=hour.now, **said)


def test_the_form_offers_the_likely_units_first_and_never_the_own(cast: Cast, sit: Sit, lamp: Matter) -> None:
    near = Organisation.objects.create(
        name="区园林中心", kind="department", duty="greening", area=cast.areas["district"]
    )
    page = sit("works").page(f"m/{lamp.pk}/do/return_order/")
    offered = select(page, "proposed")
    assert "区市政中心" not in offered and "区执法局" in offered and near.name in offered
    assert "不算差错" in page and "居民的期限照走" in page
    if "多半归这几家" in offered:
        assert offered.index("多半归这几家") < offered.index("其他单位")


def test_the_review_shows_the_ask_and_sends_it_on_with_one_tap(
    cast: Cast, sit: Sit, hour: Clock, lamp: Matter
) -> None:
    law = cast.organisations["law"]
    returned(cast, hour, lamp, proposed=law.pk)
    desk = sit("centre")
    page = desk.matter(lamp)
    form = page[page.index("data-act") :]
    assert "同意退回并派遣" in form and "“灯杆是执法局立的”" in form and "区市政中心 周大勇" in form
    offered = select(page, "to")
    assert f'value="{law.pk}" selected' in offered and "区市政中心" not in offered
    assert "退回的单位建议由他们办" in form
    answer = desk.take(lamp, "accept_return.dispatch", to=law.pk)
    assert answer.status_code == 302
    verbs = list(Entry.objects.filter(matter=lamp).order_by("-seq").values_list("verb", flat=True)[:2])
    assert verbs == ["dispatch", "accept_return"] and fresh(lamp).stage == "pending_sign_in"


def test_the_resident_promise_stands_as_it_was(cast: Cast, sit: Sit, hour: Clock, lamp: Matter) -> None:
    promised = fresh(lamp).promised_at
    returned(cast, hour, lamp)
    sit("centre").take(lamp, "accept_return", key=key())
    assert fresh(lamp).promised_at == promised


@pytest.mark.parametrize("name", ["outsider", "law", "other_desk"])
def test_a_stranger_neither_returns_nor_reads_the_reason(
    cast: Cast, sit: Sit, hour: Clock, lamp: Matter, name: str
) -> None:
    returned(cast, hour, lamp)
    desk = sit(name)
    assert desk.status(f"m/{lamp.pk}/do/return_order/") == 404
    assert desk.take(lamp, "accept_return").status_code == 404


def test_a_pause_is_proposed_until_the_day_that_was_asked(
    cast: Cast, sit: Sit, hour: Clock, lamp: Matter
) -> None:
    take(lamp, "sign_in", by=cast.works(hour.now), at=hour.now)
    said = {"suspend_ground": "waits_other", "resume_on": "2026-11-27", "note": "等电力改线"}
    take(lamp, "request_suspension", by=cast.works(hour.now), at=hour.now, **said)
    page = sit("centre").page(f"m/{lamp.pk}/do/grant_suspension/")
    assert "“等电力改线”" in page and 'value="2026-11-27"' in page


def test_a_ready_phrase_alone_is_no_answer(cast: Cast, sit: Sit, hour: Clock, lamp: Matter) -> None:
    from gongzhi.kernel import packs

    take(lamp, "sign_in", by=cast.works(hour.now), at=hour.now)
    rows = packs.load(lamp.pack).table("canned")["canned"].values()
    phrase = next(row["phrases"][0] for row in rows if "reply" in row.get("for", ()))
    said = {"contacted": "talked", "reply_result": "灯亮了。", "solved": "solved"}
    answer = sit("works").take(lamp, "reply", reply_done=phrase, **said)
    assert answer.status_code == 409 and "空还没填" in answer.content.decode()
    filled = phrase.replace("〔空〕", "22")
    assert sit("works").take(lamp, "reply", reply_done=f"{filled}换了灯头。", **said).status_code == 302

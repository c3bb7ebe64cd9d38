"""Of every form how much is written by hand: numbers per day and form, of nobody, after the act and beside it."""

import re

import pytest
from django.db import DatabaseError

from gongzhi.kernel.indicators import typed
from gongzhi.kernel.models import TypedForm
from tests.cast import Cast, clock, fresh
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db


def test_an_act_counts_what_was_written_and_not_by_whom(cast: Cast, sit: Sit, hour: Clock) -> None:
    matter, desk = cast.snap().matter, sit("desk")
    assert desk.take(matter, "note", note="已经打电话问过").status_code in (302, 422)
    desk.take(matter, "accept")
    (row,) = TypedForm.objects.filter(form="incident.accept")
    assert (row.sent, row.surface, str(row.day)) == (1, "desk", "2026-11-20")
    assert row.typed <= row.answered <= row.shown
    names = {field.name for field in TypedForm._meta.get_fields()}
    assert names == {"id", "day", "form", "surface", "sent", "shown", "answered", "typed"}


def test_a_refused_form_is_not_counted(cast: Cast, sit: Sit, hour: Clock) -> None:
    matter = cast.snap().matter
    assert sit("desk").take(matter, "dispatch").status_code != 302
    assert not TypedForm.objects.filter(form="incident.dispatch").exists()


def test_a_count_that_fails_leaves_the_act_done(
    cast: Cast, sit: Sit, hour: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("full")

    matter = cast.snap().matter
    monkeypatch.setattr(TypedForm.objects, "get_or_create", broken)
    assert sit("desk").take(matter, "accept").status_code == 302
    assert fresh(matter).stage != matter.stage


def test_the_page_shows_the_month_against_the_one_before(cast: Cast, sit: Sit, hour: Clock) -> None:
    for moment, written in (("2026-10-05 10:00", 4), ("2026-11-05 10:00", 1), ("2026-11-06 10:00", 2)):
        typed.add("incident.accept", "desk", 5, 4, written, clock(moment))
    page = re.sub(r"<[^>]*>", " ", sit("dispatcher").page("records/typed/"))
    assert "1.5" in page and "比上月少 2.5 项" in page and "工作台" in page
    assert sit("outsider").status("records/typed/") == 403

"""A list taken out as a file: the rows the same hand sees, asked what for, kept in the access register."""

import csv
import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Entry, Matter
from gongzhi.surfaces.workbench import sheets
from tests.cast import Cast
from tests.stories.eyes import KINDS, SAID, make
from tests.stories.test_leaks import SEES
from tests.workbench.sitting import Clock, Desk, Sit

pytestmark = pytest.mark.django_db
ASKED = {"purpose": "meeting"}


def rows(answer: Any) -> list[list[str]]:
    """The lines of a file of either form, without head and foot."""
    body = b"".join(answer.streaming_content)
    if "spreadsheet" in answer["Content-Type"]:
        page = load_workbook(io.BytesIO(body), read_only=True).active
        assert page is not None
        found = [[str(cell) for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]
    else:
        assert body.startswith(b"\xef\xbb\xbf")
        found = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert found[0][0] == "编号" and "用途：会商、例会" in found[-1][0]
    return found[1:-1]


def taken(desk: Desk, query: str = "", form: str = "csv") -> list[list[str]]:
    answer = desk.client.post(f"/desk/export/{query}", {**ASKED, "form": form})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return rows(answer)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_holds_the_list_and_its_filters(cast: Cast, sit: Sit, form: str) -> None:
    lamp, lid = cast.snap(place="北门").matter, cast.snap("井盖响", category="manhole", place="南门").matter
    desk = sit("desk")
    assert {row[0] for row in taken(desk, form=form)} == {lamp.number, lid.number}
    assert [row[0] for row in taken(desk, "?tab=todo&branch=ob_road", form)] == [
        one.number for one in (lid,) if lid.number in desk.page("?branch=ob_road")
    ]
    (row,) = taken(desk, "?q=北门", form)
    assert (
        row[:4] == [lamp.number, lamp.title, "公用设施，路灯不亮", "柳岸社区 第一网格"]
        or row[0] == lamp.number
    )


def test_what_for_is_asked_and_who_what_how_many_is_kept(cast: Cast, sit: Sit) -> None:
    cast.snap(), cast.snap()
    desk = sit("desk")
    asked = desk.page("export/?tab=todo&q=路灯")
    assert "用来做什么" in asked and "没有反映人、号码和原话" in asked and "待办" in asked
    assert desk.status("export/", {"form": "csv"}) == 422 and not Entry.objects.filter(verb="export").exists()
    taken(desk, "?tab=todo&days=7&q=路灯")
    entry = Entry.objects.get(verb="export", register="access")
    facts = json.loads(entry.facts)
    assert entry.actor == f"person:{cast.people['desk'].pk}"
    assert facts == {
        "list": "todo",
        "purpose": "meeting",
        "form": "csv",
        "rows": 2,
        "days": "7",
        "text": "1",
    }, "not what was searched for: it may be a name"


@pytest.mark.parametrize("name", [one for one in SEES if one != "company"])
def test_each_hand_takes_out_what_it_sees_and_no_trace_of_the_rest(
    cast: Cast, hour: Clock, name: str
) -> None:
    made = {kind: make(cast, kind) for kind in KINDS}
    desk = Desk(cast, name)
    for form in ("csv", "xlsx"):
        found = taken(desk, form=form)
        numbers = {row[0] for row in found}
        assert numbers == {made[kind].number for kind in SEES[name]}, form
        told = json.dumps(found, ensure_ascii=False)
        assert "13812341234" not in told and "138****" not in told
        for kind in SEES[name]:
            assert f"{SAID}{KINDS[kind][0]}" not in told, "no reporter's own words"
        for tab in ("todo", "late", "done", "mine", "watch"):
            assert {row[0] for row in taken(desk, f"?tab={tab}", form)} <= numbers


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_unit_that_assists_takes_out_its_task_only(cast: Cast, sit: Sit, hour: Clock, form: str) -> None:
    matter = cast.snap("李家说张家门口的路灯不亮", place="张家门口").matter
    take(matter, "accept", by=cast.desk(), at=hour.now)
    take(matter, "raise_to_street", by=cast.desk(), at=hour.now)
    take(matter, "raise_to_district", by=cast.dispatcher(), at=hour.now)
    units = cast.organisations
    said = {"to": units["works"].pk, "assisting": [units["law"].pk]}
    take(matter, "dispatch", by=cast.centre(), at=hour.now, **said)
    (less,), (more,) = taken(sit("law"), form=form), taken(sit("works"), form=form)
    assert less[0] == more[0] == matter.number and "张家" in more[1]
    assert "李家" not in "".join(less) and "张家门口" in "".join(less)


def test_nobody_signed_out_takes_anything(cast: Cast, client: Any) -> None:
    cast.snap()
    assert client.post("/desk/export/", {**ASKED, "form": "csv"}).url.startswith("/desk/login/")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("said", ["=HYPERLINK(1)", "+1", "-1", "@x", "  =1", "＝1", "\t=1", "\x01=1"])
def test_no_cell_becomes_a_formula(form: str, said: str) -> None:
    with sheets.spooled(form, [(said, "北门 = 南门")]) as file:
        body = file.read()
    if form == "xlsx":
        page = load_workbook(io.BytesIO(body)).active
        assert page is not None
        first, second = page["A1"], page["B1"]
        assert first.data_type == "s" and str(first.value).startswith("'") and second.value == "北门 = 南门"
    else:
        assert next(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[0].startswith("'")


def test_a_title_that_looks_like_a_formula_comes_out_as_text(cast: Cast, sit: Sit) -> None:
    matter = cast.snap(place="=cmd|'/c calc'!A1").matter
    Matter.objects.filter(pk=matter.pk).update(title="=cmd|'/c calc'!A1")
    for form in ("csv", "xlsx"):
        (row,) = taken(sit("desk"), form=form)
        assert row[1] == "'=cmd|'/c calc'!A1"

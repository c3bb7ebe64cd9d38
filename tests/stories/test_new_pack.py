"""A new place, written as data alone: a step, a term, a refusal and a renamed stage show everywhere, without Python."""

import json
import shutil
import uuid
from pathlib import Path

import pytest
from django.test import Client

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel import packs
from gongzhi.kernel.models import Area, Wait
from gongzhi.kernel.packs import shelf
from gongzhi.kernel.people import tokens
from gongzhi.kernel.process import draw, gate
from gongzhi.kernel.process.check import check
from gongzhi.kernel.process.possible import possible
from gongzhi.kernel.process.verdict import NotNow, NotYet
from gongzhi.kernel.territory import packing
from tests.cast import Cast, clock, fresh
from tests.kernel import test_table

pytestmark = pytest.mark.django_db
NINE = clock("2026-11-20 09:00")
TEN = clock("2026-11-20 10:00")
PACK = {
    "pack.toml": 'label = "柳岸方案"\nextends = "cn"\nsource = "柳岸街道办事处办事规程（演示）"\n',
    "terms.toml": '[term.sign_in]\nlength = "2wh"\nsource = "柳岸街道办事处办事规程（演示）"\n',
    "processes/incident.toml": """
[stage]
filed = { label = "待分派" }
street_review = { label = "街道初审", resident = "已受理", tag = "review" }

[wait]
street_review = { label = "街道初审" }

[action.ask_review]
label = "报街道初审"
from  = ["filed"]
to    = "street_review"
by    = ["community_desk"]
asks  = ["note?"]
needs = ["at_my_desk"]
opens = [{ wait = "street_review", desk = "street_desk", term = "judge", overdue = "desk" }]

[action.pass_review]
label = "初审通过"
from  = ["street_review"]
to    = "filed"
by    = ["awaited"]
ends  = ["street_review"]
opens = [{ wait = "dispatch", desk = "first_desk", term = "dispatch", overdue = "desk" }]

[action.raise_to_street]
needs = ["at_my_desk", "desk_above", "has_grid"]
""",
}


@pytest.fixture
def willow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shelf of packs with one more on it."""
    home = tmp_path / "packs"
    shutil.copytree(shelf.home() / "cn", home / "cn")
    for name, text in PACK.items():
        (home / "willow" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "willow" / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("GONGZHI_PACKS", str(home))
    packs.forget()
    yield home
    packs.forget()


def lives_by(cast: Cast, pack: str) -> None:
    Area.objects.filter(pk=cast.areas["district"].pk).update(pack=pack)
    packing.forget()


def test_the_pack_has_no_fault(willow: Path) -> None:
    assert check(packs.load("willow").process("incident"), packs.load("willow")) == []


def test_step_term_refusal_and_name_are_there_to_use(cast: Cast, willow: Path) -> None:
    lives_by(cast, "willow")
    told = cast.snap()
    take(told.matter, "accept", by=cast.desk(), at=NINE)
    work = gate.load(fresh(told))
    assert work.process.stages["filed"].label == "待分派"
    labels = {one.label: one for one in possible(work, by=cast.desk(), at=NINE)}
    assert labels["报街道初审"].allowed
    take(told.matter, "ask_review", by=cast.desk(), at=NINE)
    with pytest.raises(NotNow):
        take(told.matter, "raise_to_street", by=cast.desk(), at=NINE)
    take(told.matter, "pass_review", by=cast.street_desk(), at=TEN)
    take(told.matter, "raise_to_street", by=cast.desk(), at=TEN)
    take(told.matter, "raise_to_district", by=cast.dispatcher(), at=TEN)
    take(told.matter, "dispatch", by=cast.centre(), at=TEN, to=cast.organisations["works"].pk)
    assert Wait.objects.get(matter=told.matter, what="sign_in").term == "2wh"


def test_the_refusal_is_a_sentence_beside_the_button(cast: Cast, willow: Path) -> None:
    lives_by(cast, "willow")
    told = cast.snap(area=cast.areas["community"])
    take(told.matter, "accept", by=cast.desk(), at=NINE)
    with pytest.raises(NotYet) as refusal:
        take(told.matter, "raise_to_street", by=cast.desk(), at=NINE)
    assert "不经过网格" in refusal.value.sentence


def test_it_appears_in_the_api(cast: Cast, willow: Path) -> None:
    lives_by(cast, "willow")
    told = cast.snap()
    take(told.matter, "accept", by=cast.desk(), at=NINE)
    until = clock("2040-01-01 00:00")
    token = tokens.issue("desk", cast.desk().mandate, verbs=["*"], until=until)[1]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
    listed = Client().get(f"/api/v1/matters/{told.matter.pk}/actions", headers=headers)
    assert "报街道初审" in listed.content.decode()
    answer = Client().post(
        f"/api/v1/matters/{told.matter.pk}/actions/ask_review",
        json.dumps({"seen": fresh(told).seq, "said": {}}),
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code < 300, answer.content.decode()
    assert fresh(told).stage == "street_review"


def test_it_appears_on_the_workbench(cast: Cast, willow: Path) -> None:
    lives_by(cast, "willow")
    told = cast.snap()
    take(told.matter, "accept", by=cast.desk(), at=NINE)
    client = Client()
    client.force_login(cast.people["desk"])
    page = client.get(f"/desk/m/{told.matter.pk}/").content.decode()
    assert "报街道初审" in page and "待分派" in page
    form = client.get(f"/desk/m/{told.matter.pk}/do/ask_review/").content.decode()
    assert "报街道初审" in form and 'name="note"' in form


def test_it_is_drawn_and_every_cell_of_its_table_holds(cast: Cast, willow: Path) -> None:
    drawn = draw.page("willow", "incident")
    assert "街道初审" in drawn and "报街道初审" in drawn and "待分派" in drawn
    test_table.test_every_cell_is_as_the_page_says(cast, "willow", "incident")


def test_a_deliberately_broken_pack_is_explained_in_sentences(willow: Path) -> None:
    page = willow / "willow" / "processes" / "incident.toml"
    text = page.read_text(encoding="utf-8")
    page.write_text(
        text.replace('by    = ["awaited"]', 'by    = ["emperor"]').replace("judge", "9wd"), encoding="utf-8"
    )
    packs.forget()
    faults = check(packs.load("willow").process("incident"), packs.load("willow"))
    assert any("emperor" in fault and "角色表里没有" in fault for fault in faults)
    assert any("9wd" in fault and "没有来源" in fault for fault in faults)

"""A matter on paper and as Word: the code on it proves it against the seals, to anybody, and tells nothing else."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from docx import Document

from gongzhi.domains.incidents.queries import check
from gongzhi.kernel.ledger import proof, seal
from gongzhi.kernel.models import Entry, Matter
from gongzhi.kernel.people import limits
from tests.cast import MORNING, Cast, clock, fresh
from tests.workbench.sitting import Clock, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
SEALED = clock("2026-11-20 11:00")


def checked(matter: Matter, digest: str = "") -> str:
    answer = Client().get(f"/check/{matter.number}/{digest or fresh(matter).head}/")
    return str(answer.content.decode())


def word(answer: Any) -> str:
    """All text of a Word file."""
    assert answer.status_code == 200 and "wordprocessingml" in answer["Content-Type"]
    read = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in read.paragraphs), *cells])


def test_the_word_file_says_what_the_sheet_says_and_its_code_proves_it(cast: Cast, sit: Sit) -> None:
    matter = cast.snap("3号楼东边的路灯不亮了").matter
    desk = sit("desk")
    said = word(desk.client.post(f"/desk/m/{matter.pk}/print/", {"purpose": "file", "form": "docx"}))
    assert matter.number in said and "路灯不亮了" in said and "138****1234" in said
    assert "13812341234" not in said and "存档" in said
    address = re.search(r"/check/\S+/", said)
    assert address and Client().get(address.group()).status_code == 200
    entry = Entry.objects.filter(register="access", verb="print").latest("seq")
    assert '"form":"docx"' in entry.facts and '"purpose":"file"' in entry.facts
    assert address.group() not in desk.client.get("/seals/").content.decode()


def test_without_a_purpose_or_a_right_there_is_no_file(cast: Cast, sit: Sit) -> None:
    matter = cast.snap().matter
    form = {"form": "docx"}
    assert sit("desk").status(f"m/{matter.pk}/print/", form) == 422
    assert sit("other_desk").status(f"m/{matter.pk}/print/", {**form, "purpose": "file"}) == 404
    assert sit("part_timer").status(f"m/{matter.pk}/print/", {**form, "purpose": "file"}) in (403, 404)


def test_a_paper_agrees_before_and_after_its_seal_and_never_tells_the_matter(cast: Cast, hour: Clock) -> None:
    limits.forget()
    matter = cast.snap("3号楼东边的路灯不亮了").matter
    assert "与台账一致，还没封印" in checked(matter)
    seal.seal(SEALED)
    page = checked(matter)
    assert "与台账一致，已封印" in page and "第 1 号封印" in page
    assert matter.title not in page and "路灯" not in page and matter.place not in page


@pytest.mark.parametrize("digest", ["0" * 64, "x", "../../x", "A" * 64])
def test_a_wrong_or_torn_code_is_told_so(cast: Cast, hour: Clock, digest: str) -> None:
    limits.forget()
    answer = Client().get(f"/check/{cast.snap().matter.number}/{digest}/".replace("../", ""))
    assert answer.status_code in (200, 404) and "与台账一致" not in answer.content.decode()


def test_of_what_is_private_nobody_learns_more_than_yes(cast: Cast, hour: Clock) -> None:
    limits.forget()
    matter = cast.snap("老公打我，现在还在砸门", category="").matter
    seal.seal(SEALED)
    page = checked(matter)
    assert "与台账一致" in page and "号封印" not in page.replace("封印是什么", "")
    unknown = Client().get(f"/check/261120-9999/{'0' * 64}/").content.decode()
    assert "对不上" in unknown


def test_who_asks_too_often_waits(cast: Cast, hour: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    limits.forget()
    monkeypatch.setattr("gongzhi.surfaces.portal.views_check.MOST", limits.Limit(2, limits.HOUR))
    matter = cast.snap().matter
    assert [Client().get(f"/check/{matter.number}/{'0' * 64}/").status_code for _ in range(3)] == [
        200,
        200,
        429,
    ]


def test_the_path_leads_from_the_leaf_to_the_signed_root(cast: Cast) -> None:
    matters = [cast.snap(f"第{n}盏灯不亮").matter for n in range(5)]
    seal.seal(SEALED)
    for matter in matters:
        entries = list(Entry.objects.filter(matter=matter).order_by("seq"))
        found = proof.prove(entries)
        assert found.sound and found.seal is not None and found.upto == len(entries)
        assert proof.root_of(found.leaf, found.path) == found.seal.root
        entries[0].facts = '{"changed":1}'
        assert not proof.prove(entries).sound


def test_a_changed_entry_no_longer_agrees(cast: Cast) -> None:
    matter = cast.snap(at=MORNING).matter
    seal.seal(SEALED)
    entries = list(Entry.objects.filter(matter=matter).order_by("seq"))
    entries[-1].hash = "0" * 64
    assert not proof.sound(entries)
    assert check.check(matter.number, "0" * 64).answer == check.DIFFERS

"""What the documents say can be done: generated pages are fresh, and a place made by copying them works as told."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gongzhi.kernel import packs
from gongzhi.kernel.packs import check, shelf, show
from gongzhi.site import documents

DOCS = documents.FOLDER.parent
BLOCK = re.compile(r"```toml\n# packs/(\S+)[^\n]*\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([\w./-]+\.md)\)")


@pytest.fixture
def somewhere(tmp_path, monkeypatch):
    """Write a document's TOML blocks to the files they name, over the common ground, and name the place."""
    home = tmp_path / "packs"
    shutil.copytree(shelf.home() / "cn", home / "cn")
    monkeypatch.setenv("GONGZHI_PACKS", str(home))

    def follow(*names):
        for name in names:
            for file, text in BLOCK.findall((DOCS / name).read_text(encoding="utf-8")):
                path = home / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        if not (home / "somewhere/pack.toml").exists():
            (home / "somewhere/pack.toml").write_text('label = "某区"\nextends = "cn"\n', encoding="utf-8")
        packs.forget()
        return home / "somewhere"

    yield follow
    packs.forget()


def test_generated_pages_are_fresh():
    assert documents.stale() == [], "write them anew: python -m gongzhi.site.documents"


def test_a_stale_page_is_noticed(tmp_path):
    documents.write(tmp_path)
    assert documents.stale(tmp_path) == []
    (tmp_path / "verbs.md").write_text("old", encoding="utf-8")
    (tmp_path / "gone.md").write_text("old", encoding="utf-8")
    assert documents.stale(tmp_path) == ["gone.md", "verbs.md"]


def test_a_step_added_from_the_document_alone_stands_in_the_process(somewhere):
    somewhere("add-a-step.md")
    from gongzhi.kernel.process import draw, page

    assert check.check("somewhere") == []
    process = page.read(packs.load("somewhere"), "incident")
    assert process.stages["in_progress"].label == "办理中"
    assert process.stages["under_review"].resident == "处理中"
    assert process.term("review") == "2wd"
    assert "under_review --> resolved: 复核通过" in draw.draw(process)
    assert process.actions["approve"].by == ("awaited",)
    told = show.diff("somewhere")
    assert "新增“待复核”" in told and "“办理中”的名称：处置中 改为 办理中" in told


def test_a_place_added_from_the_document_alone_is_sound_but_for_the_units_left_out(somewhere):
    folder = somewhere("add-a-place.md")
    left_out = check.check("somewhere")
    assert left_out and all("organisations.toml 里没有这个单位" in fault for fault in left_out)
    (folder / "organisations.toml").unlink()
    assert check.check("somewhere") == []
    pack = packs.load("somewhere")
    assert pack.get("categories.leaf.lamp.terms") == {"accept": "2wh", "handle": "1wd"}
    assert pack.get("categories.leaf.river_ice.promise") == pack.get("categories.branch.ev_sudden.promise")


def test_the_refusal_the_document_quotes_is_the_one_given(somewhere):
    from datetime import date

    from gongzhi.domains.incidents import routes

    somewhere("add-a-place.md")
    answer = routes.within_power("street_office", "extra_lift", date(2026, 11, 21), packs.load("somewhere"))
    assert not answer
    assert answer.reason in (DOCS / "add-a-place.md").read_text(encoding="utf-8")
    assert routes.within_power("street_office", "extra_lift", date(2025, 5, 31), packs.load("somewhere"))


def test_documents_link_to_pages_that_exist():
    broken = []
    for path in DOCS.rglob("*.md"):
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            if not (path.parent / target).resolve().exists():
                broken.append(f"{path.relative_to(DOCS)} → {target}")
    assert broken == []


def test_every_action_a_resident_is_told_of_has_its_sentence():
    pack = packs.load("cn")
    actions = pack.pages["incident"]["action"]
    told = [verb for verb, action in actions.items() if "reporter" in action.get("tells", ())]
    assert [verb for verb in told if not pack.get(f"texts.follow.{verb}.say")] == []
    assert [verb for verb in pack.get("texts.follow") if verb not in actions] == []


def test_a_text_message_fits_one_message_and_uses_no_office_words():
    pack = packs.load("cn")
    rows = {**pack.get("texts.follow"), **pack.get("texts.message")}
    for verb, row in rows.items():
        assert len(row.get("sms", "")) <= pack.get("texts.sms.longest"), verb
        said = row.get("say", "") + row.get("sms", "")
        assert not re.search("立案|派遣|处置|敬请|尽快|及时|高度重视|系统繁忙", said), verb


def test_the_committed_pages_are_the_ones_checked():
    listed = subprocess.run(
        ["git", "ls-files", "docs/generated"], cwd=DOCS.parent, capture_output=True, text=True
    )
    names = {Path(line).name for line in listed.stdout.split()}
    assert names == set(documents.pages())

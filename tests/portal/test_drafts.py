"""Drafts: sealed on the disk, found only by their key, gone after a day."""

import os
import time

from gongzhi.kernel.ledger.files import Stored
from gongzhi.surfaces.portal import drafts


def test_a_draft_is_kept_sealed_and_found_by_its_key(settings, tmp_path):
    settings.DATA = tmp_path
    draft = drafts.new()
    draft.words, draft.phone = "路灯不亮", "13812341234"
    draft.photos = [Stored("a" * 64, 10, "image/jpeg", 4, 3, 40.9, 117.7)]
    drafts.save(draft)
    kept = next((tmp_path / "drafts").iterdir())
    assert b"13812341234" not in kept.read_bytes() and draft.key not in kept.name
    assert drafts.load(draft.key) == draft
    assert drafts.load("0" * 32) is None and drafts.load("../x") is None


def test_a_changed_or_old_draft_is_no_draft(settings, tmp_path):
    settings.DATA = tmp_path
    draft = drafts.new()
    drafts.save(draft)
    kept = next((tmp_path / "drafts").iterdir())
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-8] + b"AAAAAAA=")
    assert drafts.load(draft.key) is None
    kept.write_bytes(whole)
    long_ago = time.time() - 25 * 3600
    os.utime(kept, (long_ago, long_ago))
    assert drafts.load(draft.key) is None
    assert drafts.sweep() == 1 and not list((tmp_path / "drafts").iterdir())


def test_a_sent_draft_keeps_only_what_came_of_it(settings, tmp_path):
    settings.DATA = tmp_path
    draft = drafts.new()
    draft.words, draft.phone = "路灯不亮", "13812341234"
    drafts.finish(draft, {"number": "261120-0009"})
    left = drafts.load(draft.key)
    assert left.words == "" and left.phone == "" and left.sent["number"] == "261120-0009"
    assert left.sent["fingerprint"] == drafts.fingerprint(" 路灯不亮 ")

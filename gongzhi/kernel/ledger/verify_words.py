"""Checking what stands beside the entries: words against their seals, attachments against their digests.

Words and files may go, but only by an action: its facts name them, ``removed_words`` (ids of entries, as strings) or
``removed_files`` (digests of its own matter). What is gone without such an entry is named.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gongzhi.kernel.ledger import files
from gongzhi.kernel.ledger.findings import Report
from gongzhi.kernel.ledger.models import Attachment, Entry, Paper
from gongzhi.kernel.ledger.verify_chains import _select

REMOVED_WORDS, REMOVED_FILES = "removed_words", "removed_files"
BLOCK = 1 << 20


def check(report: Report, *, contents: bool = True) -> None:
    """Check all words and all attachments; without ``contents`` files are only looked for, not read."""
    _words(report)
    _missing_words(report)
    _attachments(report, contents)


def _words(report: Report) -> None:
    """Words that stand must give the seal in their entry."""
    query = (
        "SELECT e.words_seal, w.salt, w.text, e.id FROM kernel_words w "
        "LEFT JOIN kernel_entry e ON e.id = w.entry_id ORDER BY w.entry_id"
    )
    for sealed, salt, text, entry in _select(query):
        report.words += 1
        if entry is None:
            report.found("words_changed", "", 0, "", "有一段文字，它那一笔台账不见了")
        elif hashlib.new("sm3", bytes(salt) + text.encode()).hexdigest() != sealed:
            _found(report, "words_changed", entry, "原话与台账里的封签对不上，被改过或是后加的")


def _missing_words(report: Report) -> None:
    """Words that are gone must have been removed by an action."""
    query = (
        "SELECT e.id FROM kernel_entry e LEFT JOIN kernel_words w ON w.entry_id = e.id "
        "WHERE e.words_seal <> '' AND w.entry_id IS NULL ORDER BY e.id"
    )
    gone = [entry for (entry,) in _select(query)]
    removed = {one for _, _, told in _told(REMOVED_WORDS) for one in told} if gone else set()
    for entry in gone:
        if str(entry) not in removed:
            _found(report, "words_gone", entry, "原话不见了，台账里没有删除它的记录")


def _attachments(report: Report, contents: bool) -> None:
    """Attachments: named by their entry, on the disk, and what their digest says."""
    removed = {(matter, digest) for _, matter, told in _told(REMOVED_FILES) for digest in told}
    rows = set()
    for row in (one for table in (Attachment, Paper) for one in table.objects.order_by("pk").iterator()):
        rows.add((row.entry_id, row.digest))
        if (row.matter_id, row.digest) in removed:
            continue
        if row.removed_at is not None:
            _found(
                report, "file_gone", row.entry_id, f"附件 {row.digest[:12]}… 标着已删，台账里没有删除它的记录"
            )
            continue
        report.files += 1
        if fault := _file_fault(row.digest, contents):
            _found(report, fault[0], row.entry_id, fault[1])
    for entry, matter, digests in _told("files"):
        for digest in digests:
            if (entry, digest) not in rows and (matter, digest) not in removed:
                _found(report, "file_gone", entry, f"附件 {digest[:12]}… 的记录不见了")


def _file_fault(digest: str, contents: bool) -> tuple[str, str] | None:
    """What is wrong with a file on the disk: kind and sentence."""
    try:
        path = files.open_file(digest)
        if contents and _digest_of(path) != digest:
            return "file_changed", f"附件 {digest[:12]}… 的文件被改过"
    except OSError:
        return "file_gone", f"附件 {digest[:12]}… 的文件不见了"
    return None


def _digest_of(path: Path) -> str:
    running = hashlib.new("sm3")
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            running.update(block)
    return running.hexdigest()


def _told(name: str) -> Iterator[tuple[int, int | None, list[str]]]:
    """Entries whose facts name something under a key: entry, matter, what they name."""
    query = f"SELECT id, matter_id, facts FROM kernel_entry WHERE facts LIKE '%\"{name}\":%' ORDER BY id"  # noqa: S608
    for entry, matter, facts in _select(query):
        told = json.loads(facts).get(name)
        if isinstance(told, list):
            yield entry, matter, [str(one) for one in told]


def _found(report: Report, kind: str, entry: Any, sentence: str) -> None:
    if report.full:
        report.found(kind, "", 0, "", sentence)
        return
    row = Entry.objects.filter(pk=entry).select_related("matter").first()
    chain = (row.matter.number if row.matter else row.register) if row else f"台账 {entry}"
    report.found(kind, chain, row.seq if row else 0, row.verb if row else "", sentence)

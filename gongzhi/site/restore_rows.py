"""The second half of a restore: rows as they were, brought up to date, deletions replayed, the ledger walked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gongzhi.site import manifest, snapshot, tables
from gongzhi.site.failures import Refused
from gongzhi.site.restore import MARK, Source

GAP = 500  # numbers of today left out: those given since the backup may be in residents' hands
CHUNK = 400


@dataclass(frozen=True)
class Done:
    """What was restored: matters whose words, files or contacts went again, the check of the ledger, remarks."""

    again: int
    report: str
    notes: tuple[str, ...]


def finish(found: Source, by: Any, at: datetime) -> Done:
    """Fill the database, bring it up to date, replay the deletions, verify, take the mark away. ``Refused``."""
    from django.conf import settings
    from django.db import connection

    from gongzhi.site import prepare

    if connection.vendor == "postgresql":
        _fill(found)
    _as_it_was(found.told)
    prepare.database()
    again = _replay(found.lines, by, at)
    _leave_numbers_out(at)
    _note(found, again, by, at)
    report = _walked(at, found.told["missing"])
    (Path(settings.DATA) / MARK).unlink()
    return Done(again, report, tuple(_notes(found)))


def _fill(found: Source) -> None:
    """Make the tables as they were then, and all rows in one transaction."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from gongzhi.site import roles

    with roles.as_owner():
        for app, names in found.told["migrations"].items():
            call_command("migrate", app, names[-1], verbosity=0, interactive=False)
        with transaction.atomic():
            tables.clear_seeded(connection)
            for name, told in found.told["tables"].items():
                _copy_in(name, told["columns"], snapshot.read_back(found.folder, name))
            tables.set_sequences(connection)


def _copy_in(table: str, columns: list[str], parts: Iterator[bytes]) -> None:
    from django.db import connection

    quote = connection.ops.quote_name
    into = f"COPY {quote(table)} ({', '.join(quote(name) for name in columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as writer:
        for part in parts:
            writer.write(part)


def _as_it_was(told: dict[str, Any]) -> None:
    """Rows and heads of the registers are those of the manifest."""
    from django.db import connection

    from gongzhi.site import roles

    with roles.as_owner():
        counts = tables.counts(connection)
        with connection.cursor() as cursor:
            cursor.execute(snapshot.REGISTERS)
            heads = {name: [seq, head] for name, seq, head in cursor.fetchall()}
    wrong = [name for name, one in told["tables"].items() if counts.get(name) != one["rows"]]
    wrong += [name for name, head in told["registers"].items() if heads.get(name) != head]
    if wrong:
        raise Refused(f"放回去的与清单对不上：{'、'.join(wrong)}。")


def _replay(lines: tuple[Any, ...], by: Any, at: datetime) -> int:
    """Remove again what the journal names, rows and files; how many matters it touched."""
    from gongzhi.kernel.ledger import files
    from gongzhi.kernel.ledger.models import Attachment, Paper
    from gongzhi.kernel.process import erase

    outcomes = erase.replay(lines, by=by, at=at)
    if refused := [one for one in outcomes if one.refusal is not None]:
        raise Refused(f"有 {len(refused)} 件事的删除没有补上（{refused[0].refusal}）。")
    named = sorted({name for line in lines if line.deletion.what == "files" for name in line.deletion.ids})
    for start in range(0, len(named), CHUNK):
        part = named[start : start + CHUNK]
        held = set[str]()
        for table in (Attachment, Paper):
            rows = table.objects.filter(digest__in=part, removed_at=None)
            held |= set(rows.values_list("digest", flat=True))
        for digest in set(part) - held:
            files.discard(digest)
    return len(outcomes)


def _leave_numbers_out(at: datetime) -> None:
    """Today's numbers go on after a gap, so that none is given twice."""
    from django.db.models import F
    from django.utils import timezone

    from gongzhi.kernel.models import NumberBlock

    row, _ = NumberBlock.objects.get_or_create(day=timezone.localdate(at))
    NumberBlock.objects.filter(pk=row.pk).update(next=F("next") + GAP)


def _note(found: Source, again: int, by: Any, at: datetime) -> None:
    from gongzhi.kernel.ledger import registers

    facts = {"command": "restore", "backup": found.folder.name, "list": found.told["list"], "again": again}
    registers.record("access", "operator_session", by=by, at=at, facts=facts)


def _walked(at: datetime, missing: list[str]) -> str:
    """The whole ledger; files that were missing when the backup was made are told, not held against it."""
    from gongzhi.kernel.ledger import verify
    from gongzhi.site import prepare

    report = verify.verify(at=at)
    known = tuple(digest[:12] for digest in missing)
    if [
        one
        for one in report.faults
        if one.kind != "file_gone" or not any(name in one.sentence for name in known)
    ]:
        raise Refused(f"{report}\n恢复出来的台账对不上。")
    if faults := prepare.faults(restoring=True):
        raise Refused("\n".join(faults))
    return str(report)


def _notes(found: Source) -> Iterator[str]:
    """What the operator should know besides."""
    from gongzhi.kernel.packs import shelf

    if missing := found.told["missing"]:
        yield f"备份的时候就少了 {len(missing)} 个附件的文件，现在也没有。"
    packs = {one.path: one.digest for one in manifest.files(found.folder) if one.path.startswith("packs/")}
    here = shelf.home()
    other = [name for name, digest in packs.items() if _digest(here / name.removeprefix("packs/")) != digest]
    if other:
        kept = found.folder / "packs"
        yield f"这里的方案包与备份时的不同（{other[0]} 等 {len(other)} 个文件）；备份里的在 {kept}。"


def _digest(path: Path) -> str:
    return manifest.sm3_of(path) if path.is_file() else ""

"""The job's part of a batch: reading and checking a sheet, then carrying its good rows over through the door."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TextIO

from gongzhi.domains.incidents.outer import batches, carry, columns, sheet
from gongzhi.domains.incidents.outer.batches import (
    CARRYING,
    CHECKED,
    CHECKING,
    DONE,
    FAILED,
    WAITING,
    Beat,
    file_of,
)
from gongzhi.domains.incidents.outer.carry import Kind
from gongzhi.domains.incidents.outer.models import OuterBatch
from gongzhi.domains.incidents.outer.sheet import Line, Unreadable
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.chain import sm3
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.territory.packing import pack_name

AT_ONCE = 200  # rows a transaction
ENDED = "导入的人任职已经结束，剩下的没有导入。请由现在在任的人再传一次，导过的不会重复。"


def work(at: datetime) -> int:
    """Do what waits, one batch after the other, to its end. Returns how many."""
    done, began = 0, time.monotonic()
    while (batch := batches.next_one(at + _since(began))) is not None:
        step(batch, at + _since(began))
        done += 1
    return done + batches.sweep(at)


def waits(at: datetime) -> bool:
    """Whether a sheet waits for the job, or one lies about that nobody confirmed in time."""
    return batches.anything(at)


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)


def step(batch: OuterBatch, at: datetime) -> None:
    """Check a sheet that waits, or carry over one that was confirmed."""
    beat = Beat(batch)
    try:
        by = as_mandate(batch.mandate.person, batch.mandate_id, at)
        if by is None:
            raise Unreadable(ENDED)
        if batch.state in (WAITING, CHECKING):
            check(batch, by, beat, at)
        elif batch.state == CARRYING:
            carry_over(batch, by, beat, at)
    except Unreadable as no:
        batch.state, batch.wrong = FAILED, str(no)[:200]
    batch.lease = None
    beat(now=True)


def check(batch: OuterBatch, by: Acting, beat: Beat, at: datetime) -> None:
    """The dry run: every row read and held against what stands; good rows wait in a file, the others with their why."""
    batch.state, batch.wrong = CHECKING, ""
    for name in ("total", "done", "good", "added", "again", "changed", "same", "faults"):
        setattr(batch, name, 0)
    lines = sheet.read(file_of(batch, batch.form), batch.form)
    head, first = sheet.head_of(lines, _known(batch))
    header = sheet.headings(head.cells)
    batch.header, batch.shape = json.dumps(header, ensure_ascii=False), sm3("\n".join(header).encode())
    found = batches.columns_for(batch, header)
    batch.columns = json.dumps(found, ensure_ascii=False)
    batch.encoding = sheet.encoding_of(file_of(batch, batch.form)) if batch.form == "csv" else ""
    beat("header", "shape", "columns", "encoding", now=True)
    if lacking := columns.missing(found, batch.kind):
        raise Unreadable(f"不知道哪一列是{'、'.join(f'“{one}”' for one in lacking)}，请指一下。")
    _check_rows(batch, carry.kind_of(batch, header, found, by, at), chain(first, lines), beat)
    batch.state = CHECKED


def _known(batch: OuterBatch) -> list[str]:
    table = batches.headings_of(packs.load(pack_name(batch.area)), batch.kind, batch.system)
    return [name for names in table.values() for name in names]


def _check_rows(batch: OuterBatch, kind: Kind, lines: Iterator[Line], beat: Beat) -> None:
    with (
        file_of(batch, "rows").open("w", encoding="utf-8") as rows,
        file_of(batch, "faults").open("w", encoding="utf-8") as faults,
        file_of(batch, "notes").open("w", encoding="utf-8") as notes,
    ):
        while part := list(islice(lines, AT_ONCE)):
            for checked in kind.check(part):
                batch.total += 1
                if checked.faults:
                    batch.faults += 1
                    why = [[one.column, one.sentence] for one in checked.faults]
                    told = {"line": checked.line.number, "cells": checked.line.cells, "why": why}
                    print(json.dumps(told, ensure_ascii=False), file=faults)
                    continue
                batch.good += 1
                for name in ("added", "again", "changed", "same"):
                    setattr(batch, name, getattr(batch, name) + (checked.becomes == name))
                if checked.becomes != "same":
                    print(checked.text, file=rows)
                for note in checked.notes:
                    print(
                        json.dumps({"line": checked.line.number, "note": note}, ensure_ascii=False),
                        file=notes,
                    )
            batch.done = batch.total
            beat()


def carry_over(batch: OuterBatch, by: Acting, beat: Beat, at: datetime) -> None:
    """Good rows become matters, rounds, changes, states or results; a killed run goes on after the last that stands."""
    began = time.monotonic()
    header, found = json.loads(batch.header), json.loads(batch.columns)
    kind = carry.kind_of(batch, header, found, by, at)
    if not batch.place:
        batch.added = batch.again = batch.changed = 0
    path = file_of(batch, "rows")
    if not path.is_file():
        raise Unreadable("查过的那张表已经不在了（只留一天）。请再传一次，导过的不会重复。")
    with path.open(encoding="utf-8") as rows, file_of(batch, "faults").open("a", encoding="utf-8") as faults:
        rows.seek(batch.place)
        while part := list(islice(iter(rows.readline, ""), AT_ONCE)):
            _carry_part(batch, kind, part, faults, at + _since(began))
            batch.place = rows.tell()
            batch.done += len(part)
            beat(now=True)
    batch.state, batch.finished_at = DONE, at + _since(began)
    beat("finished_at", now=True)
    for part_name in (batch.form, "rows"):
        file_of(batch, part_name).unlink(missing_ok=True)


def _carry_part(batch: OuterBatch, kind: Kind, part: Sequence[str], faults: TextIO, at: datetime) -> None:
    done = kind.carry(part, at)
    for name, count in done.counts.items():
        setattr(batch, name, getattr(batch, name) + count)
    for line, cells, sentence in done.refused:
        batch.faults += 1
        told = {"line": line, "cells": cells, "why": [["", sentence]]}
        print(json.dumps(told, ensure_ascii=False), file=faults)

"""A sheet's way in: kept, read and checked (nothing written), confirmed, carried over a few hundred rows at a time.

The job does the work, never the request; every step is written down, so that a killed run goes on where it stood. The
rows wait in files that only this process reads, and go when the batch is done with, or after a day.
"""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.db.models import Q

from gongzhi.domains.incidents.outer import columns, sheet
from gongzhi.domains.incidents.outer.models import OuterBatch, OuterMapping
from gongzhi.domains.incidents.outer.row import systems
from gongzhi.domains.incidents.outer.sheet import Unreadable
from gongzhi.domains.incidents.outer.upper import platforms
from gongzhi.kernel import packs
from gongzhi.kernel.datafolder import private_folder, write_whole
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours, SayMore
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

WAITING, CHECKING, CHECKED, CARRYING, DONE, FAILED = (
    "waiting",
    "checking",
    "checked",
    "carrying",
    "done",
    "failed",
)
KEPT_FOR = timedelta(days=1)
LEASE = timedelta(minutes=2)  # without a sign of life another loop takes the batch up
TAKERS = ("hotline_clerk", "community_desk", "street_desk", "street_dispatcher", "district_dispatcher")


def may_take(by: Acting) -> bool:
    """Whether this hand takes sheets of other systems in and hands answers out."""
    return by.kind == "person" and by.role in TAKERS and by.mandate is not None and by.whole


def area_of(by: Acting) -> Area:
    """The area whose sheets this hand takes. NotYours for whoever takes none."""
    if not may_take(by) or by.mandate is None or by.mandate.area is None:
        raise NotYours("外单位的工单由受理台、派遣台和热线接线员收。")
    return by.mandate.area


def pack_of(by: Acting) -> Pack:
    """The pack of that area."""
    return packs.load(pack_name(area_of(by)))


def headings_of(pack: Pack, kind: str, system: str) -> Mapping[str, Sequence[str]]:
    """The headings the pack knows for a sheet of a kind. SayMore for a system nobody knows."""
    if kind == columns.UPPER:
        table = platforms(pack)
        if system in table:
            return dict(table[system]["back"])
    elif kind in columns.FIELDS and system in systems(pack.name):
        return dict(pack.table("outer")["system"][system][kind])
    raise SayMore({"system": "先选是哪个系统的表。"})


def receive(
    name: str, data: bytes, *, kind: str, system: str, by: Acting, at: datetime, form: str = ""
) -> OuterBatch:
    """Keep a sheet and queue it for checking. SayMore where it is none, NotYours for whoever takes none."""
    pack, area = pack_of(by), area_of(by)
    headings_of(pack, kind, system)
    assert by.mandate is not None
    try:
        form = form or sheet.form_of(name)
    except Unreadable as no:
        raise SayMore({"book": str(no)}) from no
    if not data or len(data) > sheet.LARGEST:
        raise SayMore({"book": f"“{name}”是空的。" if not data else f"“{name}”超过 40 MB，请分几次传。"})
    batch = OuterBatch(
        kind=kind,
        system=system,
        mandate=by.mandate,
        area=area,
        name=name[:120],
        digest=sha256(data).hexdigest(),
        form=form,
        at=at,
    )
    write_whole(file_of(batch, form), data)
    batch.save(force_insert=True)
    return batch


def file_of(batch: OuterBatch, part: str) -> Path:
    """Where a part of a batch lies: the sheet itself, its ``rows``, its ``faults``, its ``notes``."""
    return private_folder("outer") / f"{batch.pk}.{part}"


def mine(batch_id: int, *, by: Acting) -> OuterBatch | None:
    """A batch of this hand's desk; None where it does not exist for it."""
    return OuterBatch.objects.filter(pk=batch_id, area=area_of(by)).first()


def latest(*, by: Acting, limit: int = 20) -> list[OuterBatch]:
    """What was taken in lately at this hand's desk, newest first."""
    return list(OuterBatch.objects.filter(area=area_of(by)).order_by("-id")[:limit])


def confirm(batch: OuterBatch, *, by: Acting, at: datetime) -> None:
    """Carry a checked sheet over, in the name of who confirms it. Confirming twice changes nothing."""
    assert by.mandate is not None
    rows = OuterBatch.objects.filter(pk=batch.pk, area=area_of(by), state=CHECKED)
    if rows.update(state=CARRYING, mandate=by.mandate, place=0, done=0, lease=None):
        facts = {"batch": str(batch.pk), "system": batch.system, "kind": batch.kind, "rows": batch.good}
        registers.record("access", "outer_import", by=by, at=at, facts=facts, path=f"outer:{batch.pk}")


def drop(batch: OuterBatch, *, by: Acting) -> None:
    """Leave a checked sheet: nothing of it was written, nothing of it is kept."""
    rows = OuterBatch.objects.filter(pk=batch.pk, area=area_of(by), state__in=(CHECKED, WAITING, FAILED))
    if rows.update(state=FAILED, wrong="没有导入，表已经删掉。"):
        forget(batch)


def map_columns(batch: OuterBatch, chosen: Mapping[str, str], *, by: Acting, at: datetime) -> None:
    """Say which column means what: kept for the next sheet of this system, and the sheet is checked again."""
    header = json.loads(batch.header)
    found = {one: chosen[one] for one in columns.FIELDS[batch.kind] if chosen.get(one) in header}
    lacking = columns.missing(found, batch.kind)
    if lacking:
        raise SayMore({"columns": f"还要指出哪一列是{'、'.join(f'“{one}”' for one in lacking)}。"})
    OuterMapping.objects.update_or_create(
        system=batch.system,
        kind=batch.kind,
        area=area_of(by),
        defaults={"columns": json.dumps(found, ensure_ascii=False), "saved_at": at},
    )
    registers.record(
        "access", "outer_mapping", by=by, at=at, facts={"system": batch.system, "kind": batch.kind}
    )
    rows = OuterBatch.objects.filter(pk=batch.pk, state__in=(CHECKED, FAILED))
    rows.update(state=WAITING, wrong="", done=0, total=0, lease=None)


def columns_for(batch: OuterBatch, header: Sequence[str]) -> dict[str, str]:
    """Field → column of a sheet: what the desk has saved, else what the pack's headings tell."""
    pack = packs.load(pack_name(batch.area))
    found = columns.guessed(header, headings_of(pack, batch.kind, batch.system))
    saved = OuterMapping.objects.filter(system=batch.system, kind=batch.kind, area=batch.area).first()
    known = json.loads(saved.columns) if saved else {}
    kept = {field: column for field, column in known.items() if column in header}
    return kept if kept and not columns.missing(kept, batch.kind) else found | kept


def next_one(at: datetime) -> OuterBatch | None:
    """The oldest batch with something to do, leased to this caller; None where there is none."""
    free = Q(lease=None) | Q(lease__lte=at)
    rows = OuterBatch.objects.filter(free, state__in=(WAITING, CHECKING, CARRYING)).order_by("id")
    for batch in rows.select_related("mandate__person", "area")[:5]:
        same = OuterBatch.objects.filter(pk=batch.pk, lease=batch.lease)
        if same.update(lease=at + LEASE):
            batch.lease = at + LEASE
            return batch
    return None


def anything(at: datetime) -> bool:
    """Whether a batch has something to do, or one is to be cleared away (one statement)."""
    free = Q(lease=None) | Q(lease__lte=at)
    to_do = free & Q(state__in=(WAITING, CHECKING, CARRYING))
    return OuterBatch.objects.filter(to_do | Q(state=CHECKED, at__lte=at - KEPT_FOR)).exists()


class Beat:
    """Progress written down once a second, with the lease."""

    def __init__(self, batch: OuterBatch) -> None:
        self.batch, self.last = batch, 0.0

    def __call__(self, *names: str, now: bool = False) -> None:
        """Write the counts (and these columns) if a second has passed, or ``now``."""
        if now or time.monotonic() - self.last >= 1:
            self.last = time.monotonic()
            self.batch.lease = self.batch.lease and self.batch.lease + timedelta(seconds=1)
            self.batch.save(update_fields=[*COUNTS, "lease", *names])


COUNTS = ("total", "done", "good", "added", "again", "changed", "same", "faults", "place", "state", "wrong")


def forget(batch: OuterBatch) -> None:
    """Remove the files of a batch."""
    for path in private_folder("outer").glob(f"{batch.pk}.*"):
        path.unlink(missing_ok=True)


def sweep(at: datetime) -> int:
    """Remove files of sheets that nobody confirmed within a day, or that are done since one. Returns how many."""
    old = OuterBatch.objects.filter(at__lte=at - KEPT_FOR).exclude(state=CARRYING)
    there = {int(path.name.partition(".")[0]) for path in private_folder("outer").glob("[0-9]*.*")}
    gone = list(old.filter(pk__in=there))
    for batch in gone:
        forget(batch)
    OuterBatch.objects.filter(pk__in=[one.pk for one in gone], state__in=(WAITING, CHECKED)).update(
        state=FAILED, wrong="一天里没有人确认，表已经删掉。请再传一次。"
    )
    return len(gone)

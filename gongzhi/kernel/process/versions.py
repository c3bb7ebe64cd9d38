"""Pinned versions: a matter keeps the page it began with; who may read, labels and resident words are today's."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from gongzhi.kernel import packs
from gongzhi.kernel.process.models import ProcessVersion
from gongzhi.kernel.process.page import Process, Stage, read, thaw

_stored: set[str] = set()


def current(pack_name: str, name: str) -> Process:
    """The process as the pack has it today."""
    pack = packs.load(pack_name)
    return _compiled(pack_name, name, pack.digest)


@lru_cache(maxsize=64)
def _compiled(pack_name: str, name: str, _digest: str) -> Process:
    return read(packs.load(pack_name), name)


def store(process: Process, at: datetime) -> str:
    """Keep the compiled page under its digest on first use; returns the digest."""
    digest = process.digest
    if digest not in _stored:
        row = {"name": process.name, "pack": process.pack, "page": process.text, "stored_at": at}
        ProcessVersion.objects.get_or_create(digest=digest, defaults=row)
        _stored.add(digest)
    return digest


def forget_stored() -> None:
    """Forget which pages are known to be stored (a test has emptied the database)."""
    _stored.clear()
    _pinned.cache_clear()


def pinned(digest: str) -> Process:
    """The page a matter began with, with today's ``[sees]``, stage labels and resident words."""
    kept = _pinned(digest)
    try:
        today = current(kept.pack, kept.name)
    except (packs.PackError, KeyError):
        return kept
    return _with_today(kept, today) if today.text != kept.text else today


@lru_cache(maxsize=256)
def _pinned(digest: str) -> Process:
    row = ProcessVersion.objects.get(digest=digest)
    return thaw(row.page)


def _with_today(kept: Process, today: Process) -> Process:
    stages = {key: _relabelled(stage, today.stages.get(key)) for key, stage in kept.stages.items()}
    return replace(kept, sees=today.sees, stages=stages, waits={**kept.waits, **today.waits})


def _relabelled(kept: Stage, today: Stage | None) -> Stage:
    return replace(kept, label=today.label, resident=today.resident) if today else kept

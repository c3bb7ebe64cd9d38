"""A place as data, loaded: the files of a pack laid over its parents', frozen, with a digest."""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongzhi.kernel.packs import shelf, tree
from gongzhi.kernel.packs.merge import Table, freeze, merged, thawed

__all__ = ["Pack", "canonical", "forget", "load"]

GLANCE = 0.5  # seconds between two looks at the files' times
PROOFS: list[Callable[["Pack"], list[str]]] = []  # what a changed pack must pass while something runs by it
log = logging.getLogger(__name__)
_shelved: dict[tuple[Path, str], "_Shelved"] = {}


@dataclass(frozen=True, eq=False)
class Pack:
    """One place's way of doing things, parents already laid under it. Nothing in it can be changed.

    ``chain`` is the parents and itself, farthest first; ``digest`` is SM3 over canonical JSON, 64 hex digits.
    """

    name: str
    chain: tuple[str, ...]
    tables: Mapping[str, Table]
    pages: Mapping[str, Table]
    digest: str

    @property
    def label(self) -> str:
        """What people call the place."""
        return str(self.get("pack.label", self.name))

    def table(self, stem: str) -> Table:
        """The file ``<stem>.toml`` as a table; empty where no pack of the chain has one.

        ``processes/incident`` and ``calendar/2026`` name one file of a folder; ``calendar`` is all of them.
        """
        folder, _, name = stem.rpartition("/")
        shelf_of = (
            self.pages
            if folder == shelf.PROCESSES
            else self.tables.get(folder, {})
            if folder
            else self.tables
        )
        found: Table = shelf_of.get(name, Table())
        return found

    def get(self, dotted: str, default: Any = None) -> Any:
        """One value by its way through the tables: ``get("terms.term.sign_in.length")``."""
        value: Any = self.tables
        for key in dotted.split("."):
            if not isinstance(value, Mapping) or key not in value:
                return default
            value = value[key]
        return value

    @property
    def processes(self) -> tuple[str, ...]:
        """The names of the processes this pack runs."""
        return tuple(sorted(self.pages))

    def process(self, name: str) -> dict[str, Any]:
        """One process page as plain tables, the caller's own copy. Raises :class:`KeyError`."""
        page: dict[str, Any] = thawed(self.pages[name])
        return page

    def __str__(self) -> str:
        return f"{self.label}（{self.name}）"


@dataclass(frozen=True)
class _Shelved:
    pack: Pack
    stamp: tuple[tuple[str, int, int], ...]
    seen: float


def load(name: str) -> Pack:
    """The pack of that name over its parents. Read again only when a file changed. Raises ``PackError``.

    A change that is at fault is not taken: what ran goes on with the pack it had, and the log says why.
    """
    place = (shelf.home(), name)
    kept = _shelved.get(place)
    now = time.monotonic()
    if kept and now - kept.seen < GLANCE:
        return kept.pack
    if not kept:
        kept = _read(name, now)
    elif (stamp := shelf.stamp(kept.pack.chain)) != kept.stamp:
        kept = _changed(kept, stamp, now)
    _shelved[place] = _Shelved(kept.pack, kept.stamp, now)
    return kept.pack


def _read(name: str, now: float) -> _Shelved:
    line = shelf.chain(name)
    stamp = shelf.stamp(line)
    return _Shelved(_built(name, line), stamp, now)


def _changed(kept: _Shelved, stamp: tuple[tuple[str, int, int], ...], now: float) -> _Shelved:
    """The pack as its files are now, or the one that ran, kept until they change again."""
    try:
        new = _read(kept.pack.name, now)
        faults = [fault for proof in PROOFS for fault in proof(new.pack)]
    except (shelf.PackError, OSError) as fault:
        faults = [str(fault)]
    if not faults:
        return new
    log.error("the pack %s was changed and not taken: %s", kept.pack.name, " ".join(faults))
    return _Shelved(kept.pack, stamp, now)


def forget() -> None:
    """Read every pack anew at its next use, however short ago it was read (tests, ``gongzhi pack``)."""
    _shelved.clear()


def _built(name: str, line: tuple[str, ...]) -> Pack:
    tables: dict[str, Any] = {}
    pages: dict[str, Any] = {}
    for one in line:
        for under, over in zip((tables, pages), shelf.own(one), strict=True):
            for stem, says in over.items():
                below = {} if stem == "pack" else under.get(stem, {})
                under[stem] = merged(below, says)
    if "categories" in tables:
        tables["categories"] = tree.filled(tables["categories"])
    told = {"tables": tables, "processes": pages}
    digest = hashlib.new("sm3", canonical(told).encode()).hexdigest()
    return Pack(name, line, freeze(tables), freeze(pages), digest)


def canonical(value: Any) -> str:
    """The one way to write a value as JSON text: keys sorted, no spaces, dates as ISO."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)

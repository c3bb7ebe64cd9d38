"""A place as data, loaded: the files of a pack laid over its parents', frozen, with a digest."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongzhi.kernel.packs import shelf, tree
from gongzhi.kernel.packs.merge import Table, freeze, merged, thawed

__all__ = ["Pack", "canonical", "forget", "load"]

GLANCE = 0.5  # seconds between two looks at the files' times
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
    """The pack of that name over its parents. Read again only when a file changed. Raises ``PackError``."""
    place = (shelf.home(), name)
    kept = _shelved.get(place)
    now = time.monotonic()
    if kept and now - kept.seen < GLANCE:
        return kept.pack
    if not kept or shelf.stamp(kept.pack.chain) != kept.stamp:
        line = shelf.chain(name)
        stamp = shelf.stamp(line)
        kept = _Shelved(_built(name, line), stamp, now)
    _shelved[place] = _Shelved(kept.pack, kept.stamp, now)
    return kept.pack


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

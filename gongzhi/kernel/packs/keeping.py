"""How long what is kept: ``retention.toml``, read in one place for the jobs, the pages and the notice."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from gongzhi.kernel.packs.pack import Pack

__all__ = ["Keeping", "keeping", "kept"]

DAYS = {"h": 0, "d": 1, "m": 31, "y": 366}  # a month or a year is kept whole, so the longest one counts
UNITS = {"h": "小时", "d": "天", "m": "个月", "y": "年"}
_LENGTH = re.compile(r"(\d+)([hdmy])")


@dataclass(frozen=True)
class Keeping:
    """One kind: its id, what people call it, what it is, from when and how long it is kept, what then, why."""

    id: str
    label: str
    what: str
    since: str
    length: str
    then: str
    source: str
    kinds: tuple[str, ...] = ()

    @property
    def span(self) -> timedelta:
        """How long, as time."""
        number, unit = self._parts
        return timedelta(hours=number) if unit == "h" else timedelta(days=number * DAYS[unit])

    @property
    def words(self) -> str:
        """How long, in words: ``办结后 6 个月``, ``24 小时``."""
        number, unit = self._parts
        return f"{'办结后 ' if self.since == 'closed' else ''}{number} {UNITS[unit]}"

    def until(self, closed_on: date | None) -> date | None:
        """The day on which it goes for what closed on a day; None while that is open."""
        return closed_on + self.span if closed_on is not None else None

    def before(self, at: datetime) -> datetime:
        """What closed or was made before this moment is due."""
        return at - self.span

    @property
    def _parts(self) -> tuple[int, str]:
        found = _LENGTH.fullmatch(self.length)
        if found is None:
            raise ValueError(f"retention.keep.{self.id}: no such length: {self.length!r}")
        return int(found[1]), found[2]


def keeping(pack: Pack) -> dict[str, Keeping]:
    """Every kind of a pack by its id, in the pack's order."""
    rows = pack.table("retention").get("keep", {})
    return {name: _read(name, row) for name, row in rows.items()}


def kept(pack: Pack, name: str) -> Keeping:
    """One kind of a pack. KeyError where the pack does not have it."""
    return _read(name, pack.table("retention")["keep"][name])


def _read(name: str, row: Any) -> Keeping:
    said = {key: str(row.get(key, "")) for key in ("label", "what", "length", "then", "source")}
    return Keeping(id=name, since=str(row.get("from", "")), kinds=tuple(row.get("kinds", ())), **said)

"""What a sheet's rows become, by its kind: orders are taken over; the other sheets mark what stands already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gongzhi.domains.incidents.outer import columns
from gongzhi.domains.incidents.outer.models import OuterBatch
from gongzhi.domains.incidents.outer.parse import Fault
from gongzhi.domains.incidents.outer.sheet import Line
from gongzhi.kernel import packs
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name


@dataclass
class Checked:
    """A row held against what stands: ``becomes`` added, again, changed or same; its text is what is carried over."""

    line: Line
    becomes: str = "same"
    text: str = ""
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Carried:
    """What became of a part: counts by column of the batch, and the refused (row, cells, sentence)."""

    counts: dict[str, int] = field(default_factory=lambda: {"added": 0, "again": 0, "changed": 0, "same": 0})
    refused: list[tuple[int, Sequence[str], str]] = field(default_factory=list)


@dataclass
class Sheet:
    """A sheet in hand: who takes it in, at which desk, of which system, and which column means what."""

    batch: OuterBatch
    header: Sequence[str]
    columns: Mapping[str, str]
    by: Acting
    pack: Pack
    area: Area
    at: datetime

    @property
    def system(self) -> str:
        """The system's (or platform's) id."""
        return self.batch.system

    def said(self, line: Line) -> dict[str, str]:
        """A row's cells by field."""
        return columns.picked(self.header, self.columns, line.cells)

    def fault(self, name: str, sentence: str) -> Fault:
        """A fault at the column of a field."""
        return Fault(self.columns.get(name, ""), sentence)


class Kind(Protocol):
    """One kind of sheet."""

    def check(self, part: Sequence[Line]) -> Iterator[Checked]:
        """Hold rows against what stands; nothing is written."""
        ...

    def carry(self, part: Sequence[str], at: datetime) -> Carried:
        """Carry checked rows over through the door."""
        ...


def kind_of(
    batch: OuterBatch, header: Sequence[str], found: Mapping[str, str], by: Acting, at: datetime
) -> Kind:
    """How a batch's rows are checked and carried over."""
    from gongzhi.domains.incidents.outer.carry_marks import Receipts, Results, Uppers
    from gongzhi.domains.incidents.outer.carry_orders import Orders

    said = Sheet(batch, header, found, by, packs.load(pack_name(batch.area)), batch.area, at)
    kinds: dict[str, type[Kind]] = {
        columns.ORDERS: Orders,
        columns.RECEIPTS: Receipts,
        columns.RESULTS: Results,
        columns.UPPER: Uppers,
    }
    return kinds[batch.kind](said)  # type: ignore[call-arg]

"""A row of another system's sheet as an order of ours: what it says, what is wrong, what a desk should look at."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from gongzhi.domains.incidents import suggest
from gongzhi.domains.incidents.outer import columns
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import keys, waits
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.named import Names, NotNamed
from gongzhi.kernel.territory.naming import fold

FALLBACK = "other"
LONGEST = {"number": 60, "words": 2000, "place": 200, "category": 80, "caller": 60}
LABELS = columns.FIELDS[columns.ORDERS]


@dataclass
class Order:
    """One order, read: ids of area and unit, moments as ISO text. It can be written down and read again."""

    line: int
    number: str
    round: int = 1
    category: str = ""
    leaf: str = FALLBACK
    suggested: str = ""
    words: str = ""
    place: str = ""
    area: int = 0
    caller: str = ""
    phone: str = ""
    secret: bool = False
    urgency: str = "normal"
    received: str = ""
    limit: str = ""
    unit: int = 0
    kept_out: bool = False
    content: str = ""
    row: list[str] = field(default_factory=list)

    def text(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Order":
        """Back from its line."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: in which column, as a sentence."""

    column: str
    sentence: str


@dataclass
class Reader:
    """Everything a sheet's rows are read against, looked up once."""

    pack: Pack
    system: str
    header: Sequence[str]
    columns: Mapping[str, str]
    area: Area
    at: datetime
    names: Names = field(init=False)
    units: dict[str, Organisation] = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names(self.at.date())
        self.said: Mapping[str, Any] = self.pack.table("outer")["system"][self.system]
        self.units = {}
        near = Q(area__isnull=True) | tree.subtree(self.district, "area__path")
        for one in Organisation.objects.filter(near, valid_to=None).order_by("-pk"):
            for name in (one.name, one.short):
                if name:
                    self.units[fold(name)] = one
        leaves = self.pack.table("categories").get("leaf", {})
        self.leaves = {str(row["label"]): leaf for leaf, row in leaves.items() if not row.get("private")}

    @property
    def district(self) -> Area:
        """The district the sheet belongs to: its units and areas are looked for there."""
        way = [self.names.areas[one] for one in tree.ids_above(self.area) if one in self.names.areas]
        return next((one for one in way if one.level == "district"), self.area)

    def read(self, line: int, cells: Sequence[str]) -> tuple[Order, list[Fault], list[str]]:
        """The order, its faults (then it is not taken over), and notes for the desk."""
        said = columns.picked(self.header, self.columns, cells)
        order, faults, notes = Order(line, said.get("number", "").strip()), list[Fault](), list[str]()
        self._plain(order, said, faults)
        self._times(order, said, faults)
        self._kind(order, said)
        notes += self._where(order, said, faults)
        notes += self._unit(order, said)
        order.content = self.content(said)
        order.row = self._row(cells)
        return order, faults, notes

    def content(self, said: Mapping[str, str]) -> str:
        """Mark of what a row says, by which the same row is known again; its round stands apart."""
        return keys.content_hash({name: said[name] for name in sorted(said) if name != "round"})

    def glance(self, cells: Sequence[str]) -> tuple[str, str]:
        """A row's number and the mark of what it says: enough to know it again without reading it."""
        said = columns.picked(self.header, self.columns, cells)
        return said.get("number", "").strip(), f"{said.get('round', '').strip()} {self.content(said)}"

    def _plain(self, order: Order, said: Mapping[str, str], faults: list[Fault]) -> None:
        for name in columns.NEEDED[columns.ORDERS]:
            if not said.get(name, "").strip():
                faults.append(self._fault(name, f"没有写“{LABELS[name]}”。"))
        for name, most in LONGEST.items():
            if len(said.get(name, "")) > most:
                faults.append(
                    self._fault(name, f"“{LABELS[name]}”最多 {most} 个字，这里有 {len(said[name])} 个。")
                )
        order.words, order.place, order.caller = (said.get(one, "") for one in ("words", "place", "caller"))
        order.category = said.get("category", "")
        order.secret = columns.yes(said.get("secret", ""), self.said["yes"])
        order.urgency = "urgent" if columns.yes(said.get("urgent", ""), self.said["yes"]) else "normal"
        for name, reader in (("round", columns.round_of), ("phone", columns.phone_of)):
            try:
                setattr(order, name, reader(said.get(name, "")))
            except ValueError as no:
                faults.append(self._fault(name, str(no)))

    def _times(self, order: Order, said: Mapping[str, str], faults: list[Fault]) -> None:
        received = self.at
        try:
            received = columns.moment_of(said.get("received", "")) or self.at
        except ValueError as no:
            faults.append(self._fault("received", str(no)))
        order.received = received.isoformat()
        text = said.get("limit", "")
        try:
            length = columns.length_of(text)
            end = (
                waits.term_end(length, received, self.pack.name).at
                if length
                else columns.moment_of(text, "last")
            )
        except ValueError as no:
            faults.append(self._fault("limit", str(no)))
            return
        order.limit = end.isoformat() if end else ""

    def _kind(self, order: Order, said: Mapping[str, str]) -> None:
        """Their word for the kind where we know it, else the kind the words suggest."""
        known = self.said["leaves"].get(order.category) or self.leaves.get(order.category)
        if not known:
            guesses = suggest.suggest(f"{order.category} {order.words}", self.pack, 1)
            known = order.suggested = guesses[0].leaf if guesses else ""
        order.leaf = known or FALLBACK
        order.kept_out = bool(suggest.points_at_people(order.words, order.leaf, self.pack))

    def _where(self, order: Order, said: Mapping[str, str], faults: list[Fault]) -> list[str]:
        """The area named in the sheet; what nobody knows stays at the desk that takes the sheet, with a note."""
        order.area, text = self.area.pk, said.get("area", "").strip()
        if not text:
            return []
        try:
            found = self.names.find(text)
        except NotNamed as no:
            return [f"{no}先放在本级，受理台再定。"]
        if self.area.pk not in tree.ids_above(found):
            faults.append(self._fault("area", f"“{text}”不在{self.area.name}里。"))
            return []
        order.area = found.pk
        return []

    def _unit(self, order: Order, said: Mapping[str, str]) -> list[str]:
        text = said.get("unit", "").strip()
        unit = self.units.get(fold(text)) if text else None
        if text and unit is None:
            return [f"没有叫“{text}”的单位，先到受理台，由台上派。"]
        order.unit = unit.pk if unit else 0
        return []

    def _row(self, cells: Sequence[str]) -> list[str]:
        """The cells to be given back in the same columns: without the caller, without what stands elsewhere already."""
        apart = {self.columns[name] for name in ("caller", "phone", "words") if name in self.columns}
        pairs = zip(self.header, cells, strict=False)
        return ["" if name in apart else columns.scrubbed(cell)[:400] for name, cell in pairs]

    def _fault(self, name: str, sentence: str) -> Fault:
        return Fault(self.columns.get(name, LABELS[name]), sentence)

"""The sheet of organisations, row by row: what is new, what stands already, and every fault as a sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from gongzhi.kernel.ledger.staffing import Founding
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people import credit_code
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.kernel.people.sheets import Row
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.named import Names, NotNamed
from gongzhi.kernel.territory.naming import fold

Unit = Founding | Organisation
LIST = re.compile(r"[、，,;；]")
SERVICE_NUMBER = re.compile(r"1\d{4}|9[56]\d{3,4}")  # 12345, 95598: numbers without an area code
LONGEST = {"名称": 120, "简称": 40}


def by_label(table: Mapping[str, Any], said: str, what: str, row: Row) -> str:
    """The id a label or id means; "" with a fault where none does."""
    for key, entry in table.items():
        if isinstance(entry, Mapping) and fold(said) in (fold(key), fold(str(entry.get("label", "")))):
            return key
    row.fault(f"没有“{said}”这个{what}，可以填：{'、'.join(labels(table))}。")
    return ""


def labels(table: Mapping[str, Any]) -> list[str]:
    """What the entries of a table of the pack are called; roles of machines are given to nobody."""
    rows = [entry for entry in table.values() if isinstance(entry, Mapping)]
    return [str(entry["label"]) for entry in rows if not entry.get("machine")]


def area_of(names: Names, said: str, row: Row, level: str = "") -> Area | None:
    """The area a cell means, or None with a fault."""
    try:
        return names.find(said, level)
    except NotNamed as cause:
        row.fault(str(cause))
        return None


class Units:
    """The organisations of the sheet and of the register, found by name, short name or code."""

    def __init__(self, rows: Sequence[Row], names: Names, pack: Pack, day: date) -> None:
        self._names, self._table = names, pack.table("duties")
        held = Organisation.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day))
        self._standing = list(held.select_related("area").prefetch_related("serves"))
        self._by: dict[str, list[Unit]] = {}
        self._broken: set[str] = set()
        self.new: list[Founding] = []
        for one in self._standing:
            self._keep(one)
        for row in rows:
            self._read(row)

    def wanted(self, row: Row) -> Founding | None:
        """What one row says by itself, without a look at what stands already; its faults stand on the row."""
        return self._wanted(row)

    def find(self, said: str, row: Row) -> Unit | None:
        """The one organisation a cell means, or None, with a fault unless its own row has one."""
        found = self._by.get(fold(said), [])
        if len(found) == 1:
            return found[0]
        if fold(said) in self._broken:
            return None  # its own row says what is wrong with it
        if found:
            row.fault(f"叫“{said}”的单位有 {len(found)} 个，请写全称或者统一社会信用代码。")
        else:
            row.fault(f"没有叫“{said}”的单位，请先写进“单位”表。")
        return None

    def _keep(self, unit: Unit) -> None:
        for said in {fold(said) for said in (unit.name, unit.short, unit.code) if said}:
            self._by.setdefault(said, []).append(unit)

    def _read(self, row: Row) -> None:
        wanted = self._wanted(row)
        if row.faults or wanted is None:
            self._broken |= {fold(row[column]) for column in ("名称", "简称", "统一社会信用代码")}
            return
        if any(_same(one, wanted) for one in self.new):
            row.fault(f"“{wanted.name}”前面已经有一行了。")
            return
        before = next((one for one in self._standing if _same(one, wanted)), None)
        if before is None:
            self.new.append(wanted)
            self._keep(wanted)
        elif different := "、".join(_different(before, wanted)):
            row.fault(f"系统里已有“{before.name}”，{different}和这一行不一样。导入只加新的单位，不改已有的。")

    def _wanted(self, row: Row) -> Founding | None:
        if not row["名称"]:
            row.fault("没有写名称。")
        for column, most in LONGEST.items():
            if len(row[column]) > most:
                row.fault(f"{column}最多 {most} 个字。")
        kind, duty = self._kind(row)
        area = area_of(self._names, row["辖区"], row) if row["辖区"] else None
        if not row["辖区"]:
            row.fault("没有写辖区。")
        served = [area_of(self._names, said, row) for said in LIST.split(row["服务辖区"]) if said.strip()]
        phone, code = _phone(row), _code(row)
        if area is None:
            return None
        serves = tuple(one for one in served if one is not None)
        return Founding(row["名称"], row["简称"], kind, area, duty, phone, serves, code)

    def _kind(self, row: Row) -> tuple[str, str]:
        """Kind and duty; a duty alone says its kind."""
        duties = self._table["duty"]
        duty = by_label(duties, row["职责"], "职责", row) if row["职责"] else ""
        kind = by_label(self._table["kind"], row["类别"], "类别", row) if row["类别"] else ""
        meant = duties[duty]["kind"] if duty else ""
        if not row["类别"] and not row["职责"]:
            row.fault("没有写类别。")
        if kind and meant and kind != meant:
            label = self._table["kind"][meant]["label"]
            row.fault(f"类别和职责对不上：“{row['职责']}”的类别是“{label}”。")
        return kind or meant, duty


def _same(one: Unit, wanted: Founding) -> bool:
    """The same code, or the same name in the same area."""
    if one.code and wanted.code:
        return one.code == wanted.code
    return one.name == wanted.name and one.area == wanted.area


def _different(before: Organisation, wanted: Founding) -> Iterator[str]:
    """Columns in which a row says something else than the register; an empty cell says nothing."""
    pairs: Iterable[tuple[str, Any, Any]] = (
        ("名称", before.name, wanted.name),
        ("简称", before.short, wanted.short),
        ("类别", before.kind, wanted.kind),
        ("职责", before.duty, wanted.duty),
        ("辖区", before.area, wanted.area),
        ("服务辖区", set(before.serves.all()), set(wanted.serves)),
        ("电话", before.phone, wanted.phone),
        ("统一社会信用代码", before.code, wanted.code),
    )
    yield from (column for column, old, new in pairs if new and old != new)


def office_line(said: str) -> str:
    """An office telephone in one form; "" for none; numbers such as 12345 as they are. Raises NotAPhone."""
    return said if not said or SERVICE_NUMBER.fullmatch(said) else clean_phone(said)


def _phone(row: Row) -> str:
    try:
        return office_line(row["电话"])
    except NotAPhone as cause:
        row.fault(f"电话“{row['电话']}”不对。{cause.sentence}")
        return ""


def _code(row: Row) -> str:
    try:
        return credit_code.clean(row["统一社会信用代码"]) if row["统一社会信用代码"] else ""
    except credit_code.NotACreditCode as cause:
        row.fault(str(cause))
        return ""

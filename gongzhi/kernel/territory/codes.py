"""Reads the 12-digit statistical division code: level, kind and parent, from a table in the pack.

The ranges of the township and village segments stand in ``packs/cn/territory.toml`` with their source.
Nothing here touches a database; a grid's code is free text and never parsed (``rules.md`` A1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LENGTH = 12
COUNTY, TOWNSHIP = 6, 9


class BadCode(ValueError):
    """A code that is not one; ``str()`` is a sentence for the person who typed it."""


@dataclass(frozen=True)
class Unit:
    """One division read from its code and name.

    ``level`` is one of city, district, street, community; ``kind`` a word of the table (``street``, ``town``,
    ``residents``, ``villagers`` …) or empty; ``parent`` the 12-digit code above, None above the city.
    """

    code: str
    level: str
    kind: str
    parent: str | None


def full(code: str) -> str:
    """The code with zeros up to 12 digits: ``130803`` → ``130803000000``. Raises :class:`BadCode`."""
    digits = code.strip()
    if not digits.isascii() or not digits.isdigit():
        raise BadCode(f"区划代码只有数字，“{code}”不是。")
    if len(digits) not in (4, COUNTY, TOWNSHIP, LENGTH):
        raise BadCode(f"区划代码是 4、6、9 或 12 位数字，“{code}”有 {len(digits)} 位。")
    return digits.ljust(LENGTH, "0")


def parse(code: str, table: Mapping[str, Any], name: str = "") -> Unit:
    """Level, kind and parent of a code; a committee named at the end of ``name`` outranks the number.

    ``table`` is the pack's ``territory`` table. Raises :class:`BadCode` for a segment it does not know.
    """
    digits = full(code)
    county, township, village = digits[:COUNTY], digits[COUNTY:TOWNSHIP], digits[TOWNSHIP:]
    if village != "000":
        kind = _named(name, table) or _segment(village, table["village"], digits)
        return Unit(digits, "community", kind, digits[:TOWNSHIP] + "000")
    if township != "000":
        return Unit(digits, "street", _segment(township, table["township"], digits), county + "000000")
    if county[4:] != "00":
        return Unit(digits, "district", "", county[:4] + "00000000")
    return Unit(digits, "city", "", None)


def short_name(name: str, table: Mapping[str, Any]) -> str:
    """The name people use: ``…社区居民委员会`` → ``…社区``, ``…村村民委员会`` → ``…村``."""
    row = _name_row(name, table)
    if row is None:
        return name
    return name[: -len(str(row["ends"]))] + str(row["instead"])


def bare_name(name: str) -> str:
    """A short name without its last word for the area: ``…社区`` → ``…``; used to name estates."""
    for ending in ("社区", "村", "嘎查"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name[: -len(ending)]
    return name


def _segment(segment: str, rows: Sequence[Mapping[str, Any]], code: str) -> str:
    number = int(segment)
    for row in rows:
        if row["from"] <= number <= row["to"]:
            return str(row["kind"])
    raise BadCode(f"代码 {code} 的“{segment}”段不在编制规则的范围里。")


def _name_row(name: str, table: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for row in table.get("name", []):
        if name.endswith(row["ends"]) and name != row["ends"]:
            found: Mapping[str, Any] = row
            return found
    return None


def _named(name: str, table: Mapping[str, Any]) -> str:
    row = _name_row(name, table)
    return str(row["kind"]) if row else ""

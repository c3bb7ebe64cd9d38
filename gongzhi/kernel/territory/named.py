"""An area as people write it in a table: by its code, or by its names from somewhere above down to it.

``东门街道/东园社区/第一网格``, ``东园社区第一网格`` and ``999903001001001`` name the same grid.
"""

import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

from gongzhi.kernel.territory import codes, tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.naming import fold

BETWEEN = re.compile(r"[/\\|>＞·→\-—]")
SHOWN = 3  # examples in a sentence


class NotNamed(ValueError):
    """Why no one area is meant; ``str()`` is a sentence."""


class Names:
    """All areas of a day, buildings left out, by code and by name (one statement)."""

    def __init__(self, day: date) -> None:
        rows = list(tree.areas(day).exclude(level="building"))
        self.areas = {row.pk: row for row in rows}
        self.districts = [row for row in rows if row.level == "district"]
        self._by_code = {row.code: row for row in rows if row.code}
        self._folded = {row.pk: fold(row.name) for row in rows}
        self._by_name: dict[str, list[Area]] = {}
        for row in rows:
            for name in self._ways(row):
                self._by_name.setdefault(name, []).append(row)

    def find(self, text: str, level: str = "") -> Area:
        """The one area a text means; of several, those of ``level`` are meant. NotNamed with a sentence."""
        if (code := text.strip()).isascii() and code.isdigit():
            return self._coded(code)
        found = self._by_name.get(fold(BETWEEN.sub("", text)), [])
        found = [one for one in found if one.level == level] or found
        if len(found) == 1:
            return found[0]
        raise NotNamed(self._several(text, found) if found else self._none(text))

    def full(self, area: Area) -> str:
        """``东门街道/东园社区/第一网格``: the names below the district."""
        way = [self.areas[one] for one in tree.ids_above(area) if one in self.areas]
        below = [one.name for one in way if one.level not in ("city", "district")]
        return "/".join(below) or area.name

    def _coded(self, code: str) -> Area:
        found = self._by_code.get(code.ljust(codes.LENGTH, "0"))
        if found is None:
            raise NotNamed(f"没有编码是 {code} 的辖区。")
        return found

    def _ways(self, area: Area) -> Iterator[str]:
        """The area's name, with those above it one by one put in front."""
        way = ""
        for one in reversed(tree.ids_above(area)):
            if one in self._folded:
                way = self._folded[one] + way
                yield way

    def _several(self, text: str, found: list[Area]) -> str:
        examples = "、".join(f"“{self.full(one)}”" for one in found[:SHOWN])
        return f"“{text}”有 {len(found)} 个，请写全，比如{examples}，或者写编码。"

    def _none(self, text: str) -> str:
        names = {self._folded[row.pk]: row for row in self.areas.values()}
        near = get_close_matches(fold(BETWEEN.sub("", text)), names, n=1, cutoff=0.5)
        guess = f"是不是“{self.full(names[near[0]])}”？" if near else "写法：街道/社区/网格，或者写编码。"
        return f"没有叫“{text}”的辖区。{guess}"

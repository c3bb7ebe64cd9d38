"""The notice of a year's holidays as a file: TOML as in a pack's ``calendar/<year>.toml``, or a table as CSV.

::

    日期,安排,名称                      [off]
    2027-02-05..2027-02-11,放假,春节    "2027-02-05..2027-02-11" = "春节"
    2027-02-20,上班,春节调休            [work]
                                        2027-02-20 = "春节调休"
"""

import csv
import io
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from gongzhi.kernel.clock.models import CalendarDay, CalendarYear
from gongzhi.kernel.clock.tables import Named, years
from gongzhi.kernel.clock.workdays import CalendarError

COLUMNS = ("日期", "安排", "名称")
MEANS = {"放假": "off", "休": "off", "上班": "work", "班": "work"}
LONGEST_NAME = CalendarDay._meta.get_field("name").max_length or 0
LONGEST_SOURCE = CalendarYear._meta.get_field("source").max_length or 0


def read(path: Path, year: int, source: str) -> Mapping[date, Named]:
    """The days of a year that depart from the week's rule. Raises :class:`CalendarError` with every fault."""
    if not source.strip() or len(source) > LONGEST_SOURCE:
        raise CalendarError(f"请写清来源（通知的名称、文号），最多 {LONGEST_SOURCE} 个字。")
    text = _text(path)
    said = _of_csv(text) if path.suffix.lower() == ".csv" else _of_toml(text, path.name)
    table = years({str(year): {**said, "status": "official", "source": source}})[0]
    if not table.days:
        raise CalendarError(f"“{path.name}”里一天也没有。")
    if long := [name for _, name in table.days.values() if len(name) > LONGEST_NAME]:
        raise CalendarError(f"名称“{long[0]}”太长，最多 {LONGEST_NAME} 个字。")
    return table.days


def _text(path: Path) -> str:
    """The file's text: UTF-8, or GB 18030 as Excel saves it in Chinese."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CalendarError(f"“{path.name}”不是文字文件，读不出来。")


def _of_toml(text: str, name: str) -> Mapping[str, Any]:
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise CalendarError(f"“{name}”写得不对（{cause}）。") from cause
    strange = [key for key in said if key not in ("off", "work", "status", "source")]
    if strange:
        raise CalendarError(f"“{name}”里的“{strange[0]}”不认识。放假写在 [off]，上班写在 [work]。")
    for part in ("off", "work"):
        names = said.get(part, {})
        if not isinstance(names, dict) or not all(isinstance(value, str) for value in names.values()):
            raise CalendarError(f'“{name}”里的 [{part}] 要一行一天：日子 = "名称"。')
    return {part: said.get(part, {}) for part in ("off", "work")}


def _of_csv(text: str) -> Mapping[str, Any]:
    rows = csv.DictReader(io.StringIO(text))
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    faults = [f"缺一列“{column}”。" for column in missing]
    found: dict[str, dict[str, str]] = {"off": {}, "work": {}}
    for number, row in enumerate(rows if not missing else (), start=2):
        day, means = (row["日期"] or "").strip(), MEANS.get((row["安排"] or "").strip(), "")
        if not day or not means:
            faults.append(f"第 {number} 行：日期和安排（放假、上班）都要写。")
        elif day in found["off"] or day in found["work"]:
            faults.append(f"第 {number} 行：{day} 写了两次。")
        else:
            found[means][day] = (row["名称"] or "").strip()
    if faults:
        raise CalendarError("\n".join(faults))
    return found

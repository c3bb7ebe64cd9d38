"""The workbook a district fills in before it begins: who works here, and for which organisation.

Two sheets with a Chinese header row; a second row of notes begins with 说明 and is not read. Pure: rows of text come
out, nothing here knows the database. What the columns mean is checked where the rows are used.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

PEOPLE, UNITS, WORDING = "人员任职", "单位", "可以填什么"
NOTES = "说明"
LARGEST = 20 * 1024 * 1024  # bytes
UNPACKED = 64 * 1024 * 1024  # bytes of all parts together; a full list of people has about a tenth of it
MOST_PARTS = 200
MOST_COLUMNS = 60
MOST_ROWS = 20_000  # of one sheet
CHUNK = 64 * 1024

COLUMNS: Mapping[str, Mapping[str, str]] = {
    PEOPLE: {
        "姓名": "说明：这一行不导入。每个任职写一行，一个人有几个任职就写几行。",
        "登录名": "字母、数字，2 到 60 个；同一个人每行都一样。",
        "手机号": "11 位；加密保存，不公开。",
        "职务": "见“可以填什么”。",
        "辖区": "街道/社区/网格，或者编码；单位里的职务留空。",
        "单位": "“单位”表里的名称、简称或代码。",
        "起": "2026-01-01；这一天起算。",
        "止": "可以不填；填了，这一天是最后一天。",
    },
    UNITS: {
        "名称": "说明：这一行不导入。名称写全称。",
        "简称": "可以不填；居民看到的是它。",
        "类别": "见“可以填什么”；填了职责的可以不填。",
        "职责": "见“可以填什么”；没有就不填。",
        "辖区": "单位所在的辖区，写名称或者编码。",
        "服务辖区": "可以不填；几个辖区用顿号隔开。",
        "电话": "可以不填；办公电话，带区号。",
        "统一社会信用代码": "可以不填；18 位。",
    },
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row: where it stands, the column spoken of ("" = the whole row), a sentence."""

    sheet: str
    number: int
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"“{self.sheet}”第 {self.number} 行：{self.sentence}"


class BadSheets(ValueError):
    """A workbook that cannot be taken; ``faults`` are sentences (of rows: :class:`Fault`), all of them."""

    def __init__(self, faults: Sequence[str | Fault]) -> None:
        self.faults = tuple(str(one) for one in faults)
        super().__init__("\n".join(self.faults))
        self.rows = tuple(one for one in faults if isinstance(one, Fault))


@dataclass
class Row:
    """One row: its number as Excel shows it, and the text of every column."""

    sheet: str
    number: int
    said: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def __getitem__(self, column: str) -> str:
        return self.said[column]

    def fault(self, sentence: str) -> None:
        """Note what is wrong with this row."""
        self.faults.append(Fault(self.sheet, self.number, _column(self.sheet, sentence), sentence))


def _column(sheet: str, sentence: str) -> str:
    """The column a sentence speaks of, by its name: the first one named, the longer of two that begin alike."""
    named = [
        (found.start(), -len(column), column)
        for column in COLUMNS[sheet]
        if (found := re.search(column if len(column) > 1 else f"(^|没有写){column}", sentence))
    ]
    return min(named)[2] if named else ""


def read(path: Path) -> dict[str, list[Row]]:
    """The rows of both sheets. Raises :class:`BadSheets` with every sheet and column that is missing."""
    if path.stat().st_size > LARGEST:
        raise BadSheets([f"“{path.name}”超过 20 MB，不像是人员名单。"])
    try:
        if not weigh(path):
            raise BadSheets([f"“{path.name}”展开以后太大，不像是人员名单，没有读。请从空表重新填。"])
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            faults: list[str] = []
            rows = {title: _rows(book, title, faults) for title in COLUMNS}
        finally:
            book.close()
    except BadSheets:
        raise
    except Exception as cause:  # a stranger's file: zip, XML and openpyxl each fail in ways of their own
        raise BadSheets([f"“{path.name}”不是 Excel 文件（.xlsx），读不出来。"]) from cause
    if faults:
        raise BadSheets(faults)
    return rows


def weigh(path: Path, most: int = UNPACKED) -> bool:
    """Whether a workbook stays within so many bytes unpacked: by what its directory says and by what really comes out,
    a piece at a time; and declares no entities."""
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most:
            return False
        left = most
        for part in parts:
            with book.open(part) as file:
                while piece := file.read(CHUNK):
                    left -= len(piece)
                    if left < 0 or b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                        return False
    return True


def _rows(book: Workbook, title: str, faults: list[str]) -> list[Row]:
    if title not in book.sheetnames:
        faults.append(f"缺一张工作表“{title}”。")
        return []
    cells = book[title].iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)
    lines = enumerate(cells, start=1)
    _, header = next(lines, (1, ()))
    titles = [_text(cell) for cell in header]
    missing = [column for column in COLUMNS[title] if column not in titles]
    faults += [f"工作表“{title}”缺一列“{column}”。" for column in missing]
    faults += [f"工作表“{title}”有两列“{one}”。" for one in COLUMNS[title] if titles.count(one) > 1]
    if missing:
        return []
    every = ((number, _said(titles, line, COLUMNS[title])) for number, line in lines)
    found = [
        Row(title, number, said)
        for number, said in every
        if any(said.values()) and not _is_note(number, said)
    ]
    if len(found) > MOST_ROWS:
        faults.append(f"工作表“{title}”超过 {MOST_ROWS} 行，请分几次导入。")
    return found


def _said(titles: Sequence[str], line: Sequence[Any], columns: Iterable[str]) -> dict[str, str]:
    cells = dict(zip(titles, line, strict=False))
    return {column: _text(cells.get(column)) for column in columns}


def _is_note(number: int, said: Mapping[str, str]) -> bool:
    return number == 2 and any(text.startswith(NOTES) for text in said.values())


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without ``.0``, dates as ``2026-01-01``."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else " ".join(str(cell).split())


def write_template(path: Path, wording: Mapping[str, Sequence[str]]) -> None:
    """The empty workbook, with a third sheet of what may be filled in. FileExistsError when one is there."""
    book = Workbook()
    book.remove(book.active)
    for title, columns in COLUMNS.items():
        sheet = book.create_sheet(title)
        sheet.append(list(columns))
        sheet.append(list(columns.values()))
        _dress(sheet, as_text=True)
    sheet = book.create_sheet(WORDING)
    sheet.append(list(wording))
    for line in range(max(map(len, wording.values()))):
        sheet.append([words[line] if line < len(words) else "" for words in wording.values()])
    _dress(sheet, as_text=False)
    with path.open("xb") as file:
        book.save(file)


def _dress(sheet: Any, *, as_text: bool) -> None:
    """A bold header that stays in view; columns as text, so that Excel leaves numbers and codes alone."""
    sheet.freeze_panes = "A3" if as_text else "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 26
        if as_text:
            sheet.column_dimensions[cell.column_letter].number_format = "@"
    for cell in sheet[2] if as_text else ():
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(color="595959")

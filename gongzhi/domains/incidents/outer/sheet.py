"""A stranger's sheet, row by row: XLSX, or CSV in UTF-8 or GB18030. A row in another encoding is a fault of that row.

Pure over files. Nothing is held but the row in hand; what cannot be read at all is one sentence.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from gongzhi.kernel.people.sheets import weigh

UTF8, GB = "utf-8", "gb18030"
NAMED = {UTF8: "UTF-8", GB: "GB18030"}
LARGEST = 40 * 1024 * 1024  # bytes of an upload
UNPACKED = 600 * 1024 * 1024  # bytes of a workbook's parts
MOST_ROWS = 60_000
MOST_COLUMNS = 80
LONGEST = 4000  # signs of one cell
FIRST = 5  # rows among which the head is looked for: offices put a title above it


class Unreadable(ValueError):
    """A file that is no sheet; ``str()`` is a sentence."""


@dataclass(frozen=True)
class Line:
    """A row: its number as a spreadsheet shows it, its cells, and what is wrong with it as a whole."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""


def form_of(name: str) -> str:
    """``xlsx`` or ``csv`` by a file's name. Unreadable for any other."""
    ending = name.rpartition(".")[2].lower()
    if ending in ("xlsx", "csv"):
        return ending
    if ending == "xls":
        raise Unreadable("这是老式的 .xls。请在表格软件里另存为 .xlsx 或者 CSV 再传。")
    raise Unreadable("只收 .xlsx 和 .csv 两种表。")


def read(path: Path, form: str) -> Iterator[Line]:
    """Every row that has anything in it, in order. Unreadable where the file is none of its form."""
    lines = _book(path) if form == "xlsx" else _text(path)
    try:
        for count, line in enumerate(lines):
            if count > MOST_ROWS:
                raise Unreadable(f"这张表超过 {MOST_ROWS} 行，请分几次传。")
            yield line
    except Unreadable:
        raise
    except Exception as cause:  # a stranger's file: zip, XML and csv each fail in ways of their own
        raise Unreadable("这个文件读不出来，可能坏了，或者改过扩展名。请另存一份再传。") from cause


def encoding_of(path: Path) -> str:
    """What a text table is written in, by its first line that is not plain ASCII. Unreadable for UTF-16."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise Unreadable("这是 Unicode（UTF-16）文本。请另存为 .xlsx，或者 CSV UTF-8。")
        file.seek(0)
        for line in file:
            if not line.isascii():
                return UTF8 if _decodes(line, UTF8) else GB
    return UTF8


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _text(path: Path) -> Iterator[Line]:
    encoding, odd = encoding_of(path), set[int]()
    with path.open("rb") as file:
        reader = csv.reader(_decoded(file, encoding, odd))
        before, number = 0, 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = []
            number += 1
            fault = (
                _mixed(encoding) if any(one in odd for one in range(before + 1, reader.line_num + 1)) else ""
            )
            fault = fault or ("" if cells or reader.line_num == before + 1 else "这一行的引号没有配成对。")
            before = reader.line_num
            if any(cells) or fault:
                yield Line(number, _cut(cells), fault)


def _decoded(file: Any, encoding: str, odd: set[int]) -> Iterator[str]:
    """Lines of text; those in another encoding than the file's are noted by number, and told as far as they can be."""
    other = GB if encoding == UTF8 else UTF8
    for number, line in enumerate(file, start=1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        strange = not line.isascii() and (
            not _decodes(line, encoding) or (encoding == GB and _decodes(line, UTF8))
        )
        if strange:
            odd.add(number)
        yield line.decode(other if strange and _decodes(line, other) else encoding, "replace").replace(
            "\x00", ""
        )


def _mixed(encoding: str) -> str:
    other = GB if encoding == UTF8 else UTF8
    return f"这一行的编码和别的行不一样（整张表是 {NAMED[encoding]}，这一行像 {NAMED[other]}）。请统一成一种再传。"


def _book(path: Path) -> Iterator[Line]:
    if not weigh(path, UNPACKED):
        raise Unreadable("这张表展开以后太大，没有读。")
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        page = book.worksheets[0]
        page.reset_dimensions()
        rows = page.iter_rows(values_only=True, max_col=MOST_COLUMNS)
        for number, row in enumerate(rows, start=1):
            cells = _cut([_said(one) for one in row])
            if any(cells):
                yield Line(number, cells)
    finally:
        book.close()


def _cut(cells: Sequence[str]) -> tuple[str, ...]:
    found = [one.strip()[:LONGEST] for one in cells[:MOST_COLUMNS]]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _said(cell: Any) -> str:
    """A cell as text: whole numbers without ``.0``, moments as ``2026-11-20 10:26``."""
    if isinstance(cell, datetime):
        whole = cell.time() == time(0)
        return cell.date().isoformat() if whole else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).replace("\x00", "")


def head_of(lines: Iterator[Line], known: Sequence[str]) -> tuple[Line, list[Line]]:
    """The row of headings, among the first few, and what was read after it. Unreadable where none is one."""
    first = list(islice(lines, FIRST))
    hits = [sum(_plain(cell) in known for cell in line.cells) for line in first]
    best = max(range(len(first)), key=lambda place: hits[place], default=None)
    if best is None or len(first[best].cells) < 2:
        raise Unreadable("这张表是空的，或者没有表头。第一行写各列的名字。")
    return first[best], first[best + 1 :]


def _plain(cell: str) -> str:
    return "".join(cell.split()).removeprefix("*").removesuffix("*")


def headings(cells: Sequence[str]) -> list[str]:
    """Names of the columns, each its own: a second one of the same name gets a number; an empty one its place."""
    found: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = _plain(cell)[:40] or f"第 {place} 列"
        while name in found:
            name = f"{name}（{place}）"
        found.append(name)
    return found

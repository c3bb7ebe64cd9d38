"""A list as a file: CSV for any program, XLSX for offices. Written to disk row by row; no cell is reckoned."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from openpyxl import Workbook

FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
IN_MEMORY = 256 * 1024  # bytes; what is larger lies on disk
PIECE = 64 * 1024  # bytes sent at a time
RECKONED = re.compile(r"^\s*[=+\-@＝＋－＠]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
Rows = Iterable[Sequence[str]]


def plain(value: str) -> str:
    """A cell's text that no spreadsheet takes for a formula: such a beginning gets an apostrophe."""
    text = CONTROL.sub(" ", value)
    return f"'{text}" if RECKONED.match(text) else text


def spooled(form: str, rows: Rows) -> IO[bytes]:
    """The file of a form, from its start."""
    out = cast(IO[bytes], SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 closed by whoever sends it
    (_xlsx if form == "xlsx" else _csv)(out, rows)
    out.seek(0)
    return out


def _csv(out: IO[bytes], rows: Rows) -> None:
    out.write(b"\xef\xbb\xbf")  # office programs read UTF-8 only with this mark
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([plain(one) for one in row])
        out.write(line.getvalue().encode())


def _xlsx(out: IO[bytes], rows: Rows) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("清单")
    for row in rows:
        page.append([plain(one) for one in row])
    book.save(out)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file piece by piece, closed at the end."""
    with file:
        while piece := file.read(PIECE):
            yield piece

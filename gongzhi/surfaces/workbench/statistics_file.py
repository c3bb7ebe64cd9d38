"""The statistics as a Word or a spreadsheet file: the same lines, the formulas in words, what is not computed."""

from collections.abc import Iterator, Sequence
from typing import IO

from gongzhi.domains.incidents.queries import statistics
from gongzhi.domains.incidents.queries.statistics import PARTS, RATES, Line, Table
from gongzhi.surfaces.workbench import sheets
from gongzhi.surfaces.workbench.word import TYPE, Paper

FORMS = {"docx": "Word 文档（DOCX）", "xlsx": "Excel 表格（XLSX）", "csv": "文本表格（CSV）"}
TYPES = {**sheets.FORMS, "docx": TYPE}
HEAD = ("代码", "名称", *PARTS.values(), *(f"{label}%" for label, _, _ in RATES.values()))


def made(form: str, table: Table, foot: str) -> IO[bytes] | bytes:
    """The file of a form."""
    if form == "docx":
        return _word(table, foot)
    return sheets.spooled(form, _rows(table, foot))


def title(table: Table) -> str:
    """What the file is called inside."""
    return f"{table.area.name}数字化城市管理统计，{table.period.label}，{statistics.BY[table.by]}"


def cells(line: Line) -> Sequence[str]:
    """A line's cells under :data:`HEAD`."""
    label = f"　{line.label}" if line.depth else line.label
    return (line.code, label, *(str(line.counts[name]) for name in PARTS), *line.shares)


def _rows(table: Table, foot: str) -> Iterator[Sequence[str]]:
    yield (title(table),)
    yield HEAD
    yield from (cells(line) for line in table.lines)
    yield cells(table.total)
    yield from (
        (one,) for one in (*statistics.SAYS, *statistics.NOT_COMPUTED, f"依据：{statistics.SOURCE}", foot)
    )


def _word(table: Table, foot: str) -> bytes:
    paper = Paper(title(table), wide=True)
    paper.table(HEAD, [cells(line) for line in (*table.lines, table.total)], size=8)
    paper.head("怎么算")
    for one in statistics.SAYS:
        paper.line(one)
    paper.head("没有算的")
    for one in statistics.NOT_COMPUTED:
        paper.line(one)
    paper.line(f"依据：{statistics.SOURCE}", size=9)
    paper.line(foot, size=9)
    return paper.body()

"""Word files made by the house: A4, a face every office has, tables with hairlines; text only, no fields to reckon."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import segno
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from gongzhi.surfaces.workbench.sheets import CONTROL

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FACE = "微软雅黑"
MARGIN, SMALL = 1.5, 9


class Paper:
    """One document, written from top to bottom."""

    def __init__(self, title: str, *, wide: bool = False) -> None:
        self._doc: Any = Document()
        normal = self._doc.styles["Normal"]
        normal.font.name, normal.font.size = FACE, Pt(10.5)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
        page = self._doc.sections[0]
        page.page_width, page.page_height = (Cm(29.7), Cm(21)) if wide else (Cm(21), Cm(29.7))
        if wide:
            page.orientation = WD_ORIENT.LANDSCAPE
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
        self._doc.core_properties.title, self._doc.core_properties.author = plain(title), "共治"
        self.line(title, bold=True, size=18)

    def line(self, text: str, *, bold: bool = False, size: float = 0, centre: bool = False) -> None:
        """A paragraph."""
        said = self._doc.add_paragraph()
        said.paragraph_format.space_after = Pt(4)
        run = said.add_run(plain(text))
        run.bold = bold
        if size:
            run.font.size = Pt(size)
        if centre:
            said.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def head(self, text: str) -> None:
        """A heading inside the page."""
        self.line(text, bold=True, size=12)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], size: float = SMALL) -> None:
        """A table with its head repeated on every page."""
        made = self._doc.add_table(rows=0, cols=len(head) or 1, style="Table Grid")
        for place, row in enumerate([head, *rows] if any(head) else list(rows)):
            cells = made.add_row().cells
            for cell, text in zip(cells, row, strict=False):
                run = cell.paragraphs[0].add_run(plain(text))
                run.font.size, run.bold = Pt(size), place == 0 and any(head)
        if any(head):
            properties = made.rows[0]._tr.get_or_add_trPr()
            properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
        self._doc.add_paragraph().paragraph_format.space_after = Pt(2)

    def picture(self, source: Any, width: float) -> None:
        """A picture, so many centimetres wide."""
        self._doc.add_picture(source, width=Cm(width))

    def code(self, address: str, says: str, width: float = 3.2) -> None:
        """A QR code with what it is for."""
        out = io.BytesIO()
        segno.make(address, error="m").save(out, kind="png", scale=6, border=2)
        out.seek(0)
        self.picture(out, width)
        self.line(says, size=SMALL)

    def body(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._doc.save(out)
        return out.getvalue()


def plain(text: str) -> str:
    """Text a document can hold: without control signs."""
    return CONTROL.sub(" ", text)

"""Makes `ke-hoach.docx` from `ke-hoach.md`, in the form an office issues it: python publisher/samples/make_docx.py

Form: Nghị định 30/2020/NĐ-CP, Phụ lục I. The same Markdown is the same file, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from channels.paper import line, packed, sheet

HERE = Path(__file__).resolve().parent
SOURCE, TARGET = HERE / "ke-hoach.md", HERE / "ke-hoach.docx"
ISSUED = datetime(2026, 7, 6, tzinfo=UTC)
BUDGET_WIDTHS = (12, 55, 37, 30, 26)  # millimetres


def make(markdown: str) -> bytes:
    """The .docx of the plan written in `markdown`."""
    document = sheet(title="Kế hoạch", author="UBND phường Sông Vàng", dated=ISSUED, size=14)
    tables = iter((_letterhead, _signature, _budget))
    for block in _blocks(markdown):
        if isinstance(block, str):
            _paragraph(document, block)
        else:
            next(tables)(document, block)
    return packed(document)


def _blocks(markdown: str) -> Iterator[str | list[list[str]]]:
    """Lines in order; a table comes as its rows of cells, without the ruler under the first."""
    lines = [text for text in markdown.splitlines() if text.strip()]
    for is_table, group in groupby(lines, key=lambda text: text.startswith("|")):
        if not is_table:
            yield from group
            continue
        rows = [[cell.strip() for cell in text.strip("|").split("|")] for text in group]
        yield [row for row in rows if not set("".join(row)) <= {"-", ":"}]


def _paragraph(document: Document, text: str) -> None:
    if text.startswith("## PHỤ LỤC"):
        line(document, text[3:], bold=True, centred=True, after=0).paragraph_format.page_break_before = True
    elif text.startswith("## "):
        line(document, text[3:], bold=True).paragraph_format.keep_with_next = True
    elif text.startswith("# "):
        line(document, text[2:], bold=True, centred=True, after=0)
    elif text.startswith("**"):
        line(document, text.strip("*"), bold=True, centred=True, after=14)
    elif text.isupper():
        line(document, text, bold=True, centred=True, after=0)
    elif text.startswith(("(", "Đơn vị tính")):
        line(document, text, italic=True, centred=text.startswith("("), after=8)
    else:
        _body(line(document, text, italic=text.startswith("Căn cứ")))


def _body(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(12.7)
    paragraph.paragraph_format.keep_together = False


def _letterhead(document: Document, rows: list[list[str]]) -> None:
    office, state = rows[0]
    country, _, motto = state.partition(" VIỆT NAM ")
    table = document.add_table(rows=2, cols=2)
    _words(table.cell(0, 0), office, bold=True, size=13)
    _words(table.cell(0, 1), f"{country} VIỆT NAM", bold=True, size=13)
    _underline(_words(table.cell(0, 1), motto, bold=True, more=True))
    _words(table.cell(1, 0), rows[1][0], size=13)
    _words(table.cell(1, 1), rows[1][1], italic=True)
    _widths(table.columns, (65, 95))
    line(document, "", after=0)


def _signature(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    for place, (recipient, signer) in enumerate(rows):
        _left(
            _words(
                left,
                recipient.strip("*"),
                size=12 if place == 0 else 11,
                bold=place == 0,
                italic=place == 0,
                more=place > 0,
            )
        )
        if signer:
            gap = 36 if signer.startswith("(") else 0
            _words(
                right, signer.strip("*"), bold=signer.startswith("**"), more=place > 0
            ).paragraph_format.space_before = Pt(gap)
    _widths(table.columns, (85, 75))


def _budget(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for place, row in enumerate(rows):
        total = any(cell.startswith("Tổng") for cell in row)
        for at, (cell, words) in enumerate(zip(table.add_row().cells, row, strict=True)):
            paragraph = _words(cell, words, size=12, bold=place == 0 or total)
            if place and at == len(row) - 1:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            elif place and at in (1, 2):
                _left(paragraph)
    _widths(table.columns, BUDGET_WIDTHS)
    line(document, "", after=0)


def _words(
    cell: _Cell, words: str, *, size: float = 14, bold: bool = False, italic: bool = False, more: bool = False
) -> Paragraph:
    paragraph = cell.add_paragraph() if more else cell.paragraphs[0]
    run = paragraph.add_run(words)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def _left(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _underline(paragraph: Paragraph) -> None:
    """The line under the motto, as wide as its words."""
    for run in paragraph.runs:
        mark = OxmlElement("w:u")
        mark.set(qn("w:val"), "single")
        run._r.get_or_add_rPr().append(mark)


def _widths(columns: object, millimetres: tuple[int, ...]) -> None:
    for column, width in zip(columns, millimetres, strict=True):  # type: ignore[call-overload]
        for cell in column.cells:
            cell.width = Mm(width)


if __name__ == "__main__":
    TARGET.write_bytes(make(re.sub(r"\r\n?", "\n", SOURCE.read_text(encoding="utf-8"))))

"""PDF files with a text layer → lines, tables and notes; running headers, footers and page numbers left out.

PDFium reads the pages; pdfminer looks into the file's structure beforehand, because only it tells how large the drawing
instructions of a page are before they are followed.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import statistics
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFStream, resolve1

from campaigns.reading.document import Document, Line, Progress
from campaigns.reading.labels import parse_label
from campaigns.reading.limits import Limits
from campaigns.reading.paragraphs import is_noise
from campaigns.reading.pdf_columns import Block, pieces
from campaigns.reading.pdf_page import Page, TooHeavy, Word, read_page
from campaigns.reading.pdf_paragraphs import begun
from campaigns.reading.pdf_tables import Table, find_tables, lines_of
from campaigns.reading.refusal import PlanRefused
from campaigns.reading.schema import PlanWarning, Source

_EDGE = 0.09
_MANY = 0.3  # of the pages: left and right pages may have headers of their own, appendices too
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_ALONE = threading.Lock()  # PDFium may be used by one thread at a time


@dataclass(slots=True)
class _Sheet:
    """A page turned into lines, each with its distance from the top."""

    number: int
    height: float
    placed: list[tuple[float, Line]] = field(default_factory=list)
    letters: int = 0
    pictures: int = 0
    begins: tuple[float, ...] = ()  # the columns of a table that the page begins with
    ends: tuple[float, ...] = ()  # … and of one that it ends in


@dataclass(frozen=True, slots=True)
class _Open:
    """A table that reaches the end of a page."""

    columns: tuple[float, ...]
    table: int | None
    head: tuple[str, ...] | None


def read_pdf(data: bytes, name: str, limits: Limits, progress: Progress | None = None) -> Document:
    """PlanRefused: `encrypted`, `scanned_pdf`, `too_many_pages`, `page_too_heavy`, `too_much_text`,
    `broken_pdf`. `progress` is told pages done and pages in all."""
    with _ALONE:
        pdf = _opened(data)
        try:
            sheets = list(_sheets(pdf, data, limits, progress))
        except pypdfium2.PdfiumError as error:
            raise _broken() from error
        finally:
            pdf.close()
    _refuse_scan(sheets)
    return Document(name, "pdf", _numbered(sheets), list(_scanned(sheets, name)))


def _opened(data: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise PlanRefused("encrypted", "Tệp PDF được đặt mật khẩu. Hãy bỏ mật khẩu rồi nạp lại.") from error
        raise _broken() from error


def _broken() -> PlanRefused:
    return PlanRefused("broken_pdf", "Tệp PDF bị hỏng, không mở được. Hãy xuất lại PDF từ văn bản gốc rồi nạp lại.")


def _sheets(pdf: Any, data: bytes, limits: Limits, progress: Progress | None) -> Iterator[_Sheet]:
    count = len(pdf)
    if count > limits.pages:
        raise PlanRefused(
            "too_many_pages",
            f"Tệp PDF có {count} trang, quá giới hạn {limits.pages} trang. Hãy tách riêng phần kế hoạch rồi nạp lại.",
        )
    with _oddities_passed():
        _weigh(data, limits)
    size = 0
    for index in range(count):
        sheet = _sheet(_page(pdf, index, limits), index)
        size += sheet.letters
        if size > limits.characters:
            raise PlanRefused(
                "too_much_text",
                "Tệp PDF có quá nhiều chữ so với một kế hoạch. Hãy tách riêng phần kế hoạch rồi nạp lại.",
            )
        yield sheet
        if progress:
            progress(index + 1, count)


def _page(pdf: Any, index: int, limits: Limits) -> Page:
    page = pdf[index]
    try:
        return read_page(page, index + 1, limits.page_characters, limits.page_drawings)
    except TooHeavy as error:
        raise _too_heavy(index + 1) from error
    finally:
        page.close()


def _too_heavy(number: int) -> PlanRefused:
    return PlanRefused(
        "page_too_heavy",
        f"Trang {number} của tệp PDF chứa quá nhiều chữ hoặc nét vẽ so với một trang kế hoạch. Hãy bỏ bản vẽ, bản đồ "
        "khỏi tệp hoặc nạp bản .docx.",
    )


@contextlib.contextmanager
def _oddities_passed() -> Iterator[None]:
    """pdfminer gives up, in many ways, on files that PDFium still reads; then PDFium's own limits must do."""
    try:
        yield
    except (PlanRefused, MemoryError):
        raise
    except Exception:
        logging.getLogger(__name__).debug("PDF not weighed", exc_info=True)


def _weigh(data: bytes, limits: Limits) -> None:
    """Refuse a page whose drawing instructions are out of all proportion, before they are followed."""
    left = limits.all_page_bytes
    pages = PDFPage.create_pages(PDFDocument(PDFParser(io.BytesIO(data))))
    for number, page in enumerate(pages, 1):
        most = min(left, limits.page_bytes)
        left -= (unpacked := _unpacked(page, most))
        if unpacked > most:
            raise _too_heavy(number)


def _unpacked(page: PDFPage, most: int) -> int:
    """Bytes of drawing instructions of a page once unpacked; anything above `most` as soon as it must be more."""
    total = 0
    for reference in page.contents:
        stream = resolve1(reference)
        if isinstance(stream, PDFStream):
            total += _length(stream, most - total)
        if total > most:
            break
    return total


def _length(stream: PDFStream, most: int) -> int:
    data = stream.rawdata or b""
    for kind, _ in stream.get_filters():
        if kind not in LITERALS_FLATE_DECODE:
            break
        try:
            data = zlib.decompressobj().decompress(data, most + 1)
        except zlib.error:
            return len(data)
        if len(data) > most:
            return len(data)
    return len(data)


def _sheet(page: Page, index: int) -> _Sheet:
    """The lines and table rows of a page in reading order."""
    tables, words = find_tables(page.rules, page.words) if len(page.rules) >= 4 else ([], page.words)
    words, notes = _without_notes(page, words)
    sheet = _Sheet(page.number, page.height, pictures=page.pictures)
    sheet.letters = sum(len(w.text) for w in page.words)
    for number, table in enumerate(tables):
        sheet.placed += _table_lines(table, page.number, index * 100 + number + 1)
    found = pieces(lines_of(words)) if words else []
    started = begun([piece for piece in found if not isinstance(piece, Block)])
    for number, piece in enumerate(found):
        if isinstance(piece, Block):
            sheet.placed += [(top, _row(row, page.number, index * 100 + 50 + number % 50)) for top, row in piece.rows]
        else:
            sheet.placed.append((piece[0].top, _line(piece, page.number, whole=id(piece) in started)))
    sheet.placed.sort(key=lambda item: item[0])
    sheet.placed += [(page.height, replace(_line(line, page.number), note=True)) for line in lines_of(notes)]
    _mark_tables(sheet, tables)
    return sheet


def _table_lines(table: Table, page: int, index: int) -> Iterator[tuple[float, Line]]:
    for top, row in zip(table.tops, table.rows, strict=True):
        yield top, _row(row, page, index)


def _row(cells: tuple[str, ...], page: int, index: int) -> Line:
    return Line(0, page, "\t".join(c.replace("\n", " ") for c in cells), cells=cells, table=index)


def _line(words: list[Word], page: int, *, whole: bool = False) -> Line:
    return Line(0, page, " ".join(w.text for w in words), bold=all(w.bold for w in words), whole=whole)


def _without_notes(page: Page, words: list[Word]) -> tuple[list[Word], list[Word]]:
    """Words of the text, and those of footnotes: small print below a short rule at the left of the lower page."""
    short = [r for r in page.rules if 30 < r[2] - r[0] < page.width * 0.4 and r[3] - r[1] <= 3]
    low = [r for r in short if r[1] > page.height * 0.4 and r[0] < page.width * 0.25]
    if not low or not words:
        return words, []
    rule = max(low, key=lambda r: r[1])
    below = [w for w in words if w.top >= rule[1] - 2 and not _is_at_edge(w.top, page.height)]
    usual = statistics.median(w.size for w in words)
    if not below or statistics.median(w.size for w in below) > 0.93 * usual:
        return words, []
    taken = {id(w) for w in below}
    return [w for w in words if id(w) not in taken], below


def _mark_tables(sheet: _Sheet, tables: list[Table]) -> None:
    """Remember the tables at either end of the page: one may go on across the break."""
    text = [top for top, line in sheet.placed if line.table is None and not _is_at_edge(top, sheet.height)]
    if tables:
        first, last = min(tables, key=lambda t: t.box[1]), max(tables, key=lambda t: t.box[3])
        sheet.begins = first.columns if all(top > first.box[1] for top in text) else ()
        sheet.ends = last.columns if all(top < last.box[3] or top >= sheet.height for top in text) else ()


def _numbered(sheets: list[_Sheet]) -> list[Line]:
    repeated = _repeated(sheets)
    lines: list[Line] = []
    before = None
    for sheet in sheets:
        before = _go_on(sheet, before)
        for top, line in sheet.placed:
            if _is_running(top, line, sheet, repeated):
                continue
            if lines and _is_rest_of_row(lines[-1], line):
                lines[-1] = _whole_row(lines[-1], line)
            else:
                lines.append(replace(line, no=len(lines) + 1))
    return lines


def _is_rest_of_row(above: Line, line: Line) -> bool:
    """Whether a row was cut by the page break: the first row of the page has no label and goes on in lower case."""
    if line.table is None or line.table != above.table or line.page == above.page or not line.cells:
        return False
    written = [cell for cell in line.cells if cell]
    return not line.cells[0] and any(cell[0].islower() for cell in written) and not any(map(_has_sum, written))


def _has_sum(cell: str) -> bool:
    return bool(re.search(r"[0-9]{4}|[0-9][.,][0-9]{3}\b", cell))


def _whole_row(above: Line, line: Line) -> Line:
    pairs = zip(above.cells or (), line.cells or (), strict=True)
    cells = tuple("\n".join(part for part in pair if part) for pair in pairs)
    return replace(above, cells=cells, text="\t".join(cell.replace("\n", " ") for cell in cells))


def _go_on(sheet: _Sheet, before: _Open | None) -> _Open | None:
    """Give the rows of a table that goes on from the page before its number, without the head said again.
    What the page itself ends in, for the next."""
    rows = [line for _, line in sheet.placed if line.table is not None]
    if before and rows and _are_same(before.columns, sheet.begins):
        index = rows[0].table
        sheet.placed = [
            (top, replace(line, table=before.table) if line.table == index else line)
            for top, line in sheet.placed
            if line.table != index or line.cells != before.head
        ]
        rows = [line for _, line in sheet.placed if line.table is not None]
    if not rows or not sheet.ends:
        return None
    if before and rows[-1].table == before.table:
        return before
    head = next(line.cells for line in rows if line.table == rows[-1].table)
    return _Open(sheet.ends, rows[-1].table, head)


def _are_same(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return 0 < len(a) == len(b) and all(abs(x - y) < 4 for x, y in zip(a, b, strict=True))


def _is_running(top: float, line: Line, sheet: _Sheet, repeated: set[str]) -> bool:
    if line.note or not _is_at_edge(top, sheet.height):
        return False
    return _shape(line.text) in repeated or (line.cells is None and is_noise(line.text))


def _is_at_edge(top: float, height: float) -> bool:
    return top < height * _EDGE or top > height * (1 - _EDGE)


def _shape(text: str) -> str:
    return re.sub(r"[0-9]+", "#", text.strip())


def _repeated(sheets: list[_Sheet]) -> set[str]:
    """Running headers and footers: the same line, numbers aside, at the edge of at least three pages and of many."""
    seen = Counter(
        s for sheet in sheets for s in {_shape(ln.text) for top, ln in sheet.placed if _may_run(top, ln, sheet.height)}
    )
    return {shape for shape, count in seen.items() if count >= max(3, _MANY * len(sheets))}


def _may_run(top: float, line: Line, height: float) -> bool:
    """Whether a line stands where headers and footers do, and is no item ("a) …") that pages happen to begin with."""
    return _is_at_edge(top, height) and not line.note and (is_noise(line.text) or parse_label(line.text) is None)


def _refuse_scan(sheets: list[_Sheet]) -> None:
    if sum(sheet.letters for sheet in sheets) < 20:
        raise PlanRefused(
            "scanned_pdf",
            "Tệp PDF là bản quét, không có lớp chữ để đọc. Hãy nhận dạng chữ (OCR) rồi nạp lại, hoặc nạp bản .docx.",
        )


def _scanned(sheets: list[_Sheet], name: str) -> Iterator[PlanWarning]:
    """A warning that names the pages which are pictures of text among others that are read."""
    numbers = [sheet.number for sheet in sheets if sheet.letters < 20 and sheet.pictures]
    if numbers:
        yield PlanWarning(
            "pages_without_text",
            f"Trang {', '.join(map(str, numbers[:30]))}{'…' if len(numbers) > 30 else ''} là ảnh quét, không có lớp "
            "chữ nên chưa đọc được. Hãy nhận dạng chữ (OCR) các trang này rồi nạp lại, hoặc nạp bản .docx.",
            Source(name, numbers[0], (1, 1), "", 1.0),
        )

"""PDF files with a text layer → lines and ruled tables; headers, footers and page numbers left out."""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFStream, resolve1
from pdfplumber.utils.exceptions import PdfminerException

from campaigns.reading.document import Document, Line
from campaigns.reading.folding import nfc
from campaigns.reading.limits import Limits
from campaigns.reading.refusal import PlanRefused

_EDGE = 0.09
_Placed = tuple[float, Line]


def read_pdf(data: bytes, name: str, limits: Limits) -> Document:
    """PlanRefused: `encrypted`, `scanned_pdf`, `too_many_pages`, `page_too_heavy`, `too_much_text`,
    `broken_pdf`."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            lines = list(_pages(pdf, limits))
    except (PlanRefused, MemoryError):
        raise
    except Exception as error:  # malformed PDFs fail deep inside pdfminer in many ways
        raise _reason(error) from error
    if sum(len(line.text) for line in lines) < 20:
        raise PlanRefused(
            "scanned_pdf",
            "Tệp PDF là bản quét, không có lớp chữ để đọc. Hãy nhận dạng chữ (OCR) rồi nạp lại, hoặc nạp bản .docx.",
        )
    return Document(name, "pdf", lines)


def _reason(error: Exception) -> PlanRefused:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            raise cause
        if isinstance(cause, PDFPasswordIncorrect) or any(isinstance(a, PDFPasswordIncorrect) for a in cause.args):
            return PlanRefused("encrypted", "Tệp PDF được đặt mật khẩu. Hãy bỏ mật khẩu rồi nạp lại.")
        cause = cause.__cause__ or (
            cause.args[0]
            if isinstance(cause, PdfminerException) and cause.args and isinstance(cause.args[0], BaseException)
            else None
        )
    return PlanRefused("broken_pdf", "Tệp PDF bị hỏng, không mở được. Hãy xuất lại PDF từ văn bản gốc rồi nạp lại.")


def _pages(pdf: Any, limits: Limits) -> Iterator[Line]:
    if len(pdf.pages) > limits.pages:
        raise PlanRefused(
            "too_many_pages",
            f"Tệp PDF có {len(pdf.pages)} trang, quá giới hạn {limits.pages} trang. Hãy tách riêng phần kế hoạch rồi "
            f"nạp lại.",
        )
    pages = []
    size = 0
    left = limits.all_page_bytes
    for index, page in enumerate(pdf.pages):
        most = min(left, limits.page_bytes)
        left -= (unpacked := _unpacked(page, most))
        if unpacked > most or _is_crowded(page, limits):
            raise PlanRefused(
                "page_too_heavy",
                f"Trang {index + 1} của tệp PDF chứa quá nhiều chữ hoặc nét vẽ so với một trang kế hoạch. Hãy bỏ bản "
                "vẽ, bản đồ khỏi tệp hoặc nạp bản .docx.",
            )
        placed = _page(page, index)
        size += sum(len(line.text) for _, line in placed)
        if size > limits.characters:
            raise PlanRefused(
                "too_much_text",
                "Tệp PDF có quá nhiều chữ so với một kế hoạch. Hãy tách riêng phần kế hoạch rồi nạp lại.",
            )
        pages.append((float(page.height), placed))
        page.close()
    repeated = _repeated(pages)
    no = 0
    for height, placed in pages:
        for top, line in placed:
            if _at_edge(top, height) and _shape(line.text) in repeated:
                continue
            no += 1
            yield Line(no, line.page, line.text, line.cells, line.table, line.heading, line.bold)


def _unpacked(page: Any, most: int) -> int:
    """Bytes of drawing instructions of a page once unpacked; anything above `most` as soon as it must be more."""
    total = 0
    for reference in page.page_obj.contents:
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
            return len(data)  # pdfminer says what is wrong with it
        if len(data) > most:
            return len(data)
    return len(data) if len(data) > most else len(stream.get_data())


def _is_crowded(page: Any, limits: Limits) -> bool:
    drawn = len(page.lines) + len(page.rects) + len(page.curves)
    return len(page.chars) > limits.page_characters or drawn > limits.page_drawings


def _page(page: Any, index: int) -> list[_Placed]:
    """Lines and table rows of a page with their distance from its top, in reading order."""
    tables = [t for t in page.find_tables() if len(t.rows) >= 2 and max(len(r.cells) for r in t.rows) >= 2]
    placed: list[_Placed] = []
    for number, table in enumerate(tables):
        rows = [[nfc(c or "").strip() for c in row] for row in table.extract()]
        for row, place in zip(rows, table.rows, strict=True):
            text = "\t".join(c.replace("\n", " ") for c in row)
            placed.append(
                (float(place.bbox[1]), Line(0, index + 1, text, cells=tuple(row), table=index * 100 + number))
            )
    rest = page.filter(lambda thing: not any(_inside(thing, t.bbox) for t in tables)) if tables else page
    for line in rest.extract_text_lines(strip=True, return_chars=True):
        bold = all("bold" in str(c.get("fontname", "")).lower() for c in line["chars"] if c["text"].strip())
        placed.append((float(line["top"]), Line(0, index + 1, nfc(line["text"]), bold=bold)))
    return sorted(placed, key=lambda item: item[0])


def _inside(thing: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    if thing.get("object_type") != "char":
        return False
    middle = (thing["top"] + thing["bottom"]) / 2
    return bool(box[1] <= middle <= box[3] and box[0] - 1 <= thing["x0"] <= box[2] + 1)


def _at_edge(top: float, height: float) -> bool:
    return top < height * _EDGE or top > height * (1 - _EDGE)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text.strip())


def _repeated(pages: list[tuple[float, list[_Placed]]]) -> set[str]:
    """Running headers and footers: the same line, numbers aside, at the edge of at least three pages."""
    seen = Counter(
        s
        for height, placed in pages
        for s in {_shape(ln.text) for top, ln in placed if _at_edge(top, height) and ln.cells is None}
    )
    return {shape for shape, count in seen.items() if count >= 3}

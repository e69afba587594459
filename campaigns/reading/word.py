"""Word documents (.docx) → lines: paragraphs, tables cell by cell, text boxes, notes, the numbers Word generates."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document as open_docx
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from campaigns.reading.document import Document, Line, Progress
from campaigns.reading.folding import apart, fold
from campaigns.reading.limits import Limits
from campaigns.reading.paragraphs import is_noise
from campaigns.reading.refusal import PlanRefused
from campaigns.reading.word_numbering import Numbering
from campaigns.reading.word_package import check_package
from campaigns.reading.word_text import Hidden, boxes, is_bold, mark_is_deleted, soft_lines, text_of

_AROUND = tuple(qn(tag) for tag in ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:smartTag", "w:customXml"))
_MOST_SPAN = 63  # columns a Word table can have
_STATE = re.compile(r"cong hoa xa hoi|doc lap\s*[-–]\s*tu do|dang cong san viet nam")
_EVERY = 50  # blocks between two words of progress


def read_docx(data: bytes, name: str, limits: Limits, progress: Progress | None = None) -> Document:
    """PlanRefused: `broken_docx`, `not_word`, `zip_bomb`, `unsafe_xml`, `encrypted`, `has_macros`. `progress` is told
    paragraphs and tables done and in all."""
    check_package(data, limits)
    try:
        lines = list(_lines(_Reader(open_docx(io.BytesIO(data))), limits, progress))
    except (PlanRefused, MemoryError):
        raise
    except Exception as error:  # a broken package fails in python-docx, lxml or zipfile in many ways
        raise PlanRefused(
            "broken_docx", "Tệp .docx bị hỏng, không mở được. Hãy mở bằng Word, lưu lại rồi nạp lại."
        ) from error
    return Document(name, "docx", lines)


def _lines(reader: _Reader, limits: Limits, progress: Progress | None) -> Iterator[Line]:
    for no, line in enumerate(reader.lines(progress), 1):
        if no > limits.lines:
            raise PlanRefused(
                "too_many_lines", f"Văn bản có hơn {limits.lines} đoạn. Hãy tách riêng phần kế hoạch rồi nạp lại."
            )
        yield Line(no, None, line.text, line.cells, line.table, line.heading, line.bold, line.whole, line.note)


class _Reader:
    """Walks one document in reading order."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._numbering = Numbering(source)
        self._hidden = Hidden(source.styles.element)
        self._headings, self._contents = _styles(source)
        self._notes = {kind: _notes_part(source, kind) for kind in ("footnote", "endnote")}
        self._tables = 0
        self._held = ""  # text of a paragraph whose end was deleted: the next one goes on with it

    def lines(self, progress: Progress | None) -> Iterator[Line]:
        yield from self._first_header()
        body = self._source.element.body
        count = len(body)
        for done, child in enumerate(body.iterchildren(), 1):
            yield from self._block(child)
            if progress and (done % _EVERY == 0 or done == count):
                progress(done, count)

    def _first_header(self) -> Iterator[Line]:
        """The header of the first page where it holds the letterhead; running headers are not read."""
        section = self._source.sections[0] if len(self._source.sections) else None
        if section is None:
            return
        own = section.different_first_page_header_footer
        header = section.first_page_header if own else section.header
        if header.is_linked_to_previous:
            return
        lines = [line for line in self._blocks(header._element) if line.cells or not is_noise(line.text)]
        if own or any(_STATE.search(fold(line.text)) for line in lines):
            yield from lines

    def _blocks(self, parent: Any) -> Iterator[Line]:
        for child in parent.iterchildren():
            yield from self._block(child)

    def _block(self, child: Any) -> Iterator[Line]:
        if child.tag == qn("w:p"):
            yield from self._paragraph(child)
        elif child.tag == qn("w:tbl"):
            yield from self._table(child)
        elif child.tag in _AROUND and not _is_contents(child):
            yield from self._blocks(child)

    def _paragraph(self, element: Any) -> Iterator[Line]:
        style = _style(element)
        if style in self._contents:
            return
        notes: list[tuple[str, str]] = []
        text = self._held + text_of(element, self._hidden, notes)
        self._held = ""
        if mark_is_deleted(element):
            self._held = text
        else:
            yield from self._text(element, text, style)
        yield from self._hanging(notes)
        for box in boxes(element):
            yield from self._blocks(box)

    def _text(self, element: Any, text: str, style: str | None) -> Iterator[Line]:
        label = self._numbering.label(element)
        heading, bold = self._headings.get(style or ""), is_bold(element)
        for number, part in enumerate(soft_lines((label if text.strip() else "") + text)):
            cells = tuple(c.strip() for c in part.split("\t")) if part.strip("\t ").count("\t") >= 2 else None
            yield Line(
                0, None, part if cells else apart(part), cells=cells, table=0 if cells else None,
                heading=heading if part.strip() else None, bold=bold, whole=number == 0,
            )  # fmt: skip

    def _hanging(self, notes: list[tuple[str, str]]) -> Iterator[Line]:
        for kind, key in notes:
            note = self._notes[kind].get(key)
            texts = [text_of(p, self._hidden) for p in note.iter(qn("w:p"))] if note is not None else []
            said = " ".join(" ".join(texts).split())
            if said:
                yield Line(0, None, said, whole=True, note=True)

    def _table(self, element: Any) -> Iterator[Line]:
        """Rows with their cells; a table one column wide, which only lays text out, is read as what stands in it."""
        self._tables += 1
        index = self._tables
        rows = [(row, list(_cells(row))) for row in element.iterchildren(qn("w:tr")) if not _is_deleted(row)]
        if rows and max(len(cells) for _, cells in rows) == 1:
            for _, cells in rows:
                for cell in cells:
                    yield from self._blocks(cell)
            return
        for row, cells in rows:
            yield from self._row(row, cells, index)

    def _row(self, row: Any, cells: list[Any], index: int) -> Iterator[Line]:
        notes: list[tuple[str, str]] = []
        texts = [""] * _skipped(row)
        for cell in cells:
            texts += [self._cell(cell, notes), *[""] * (_span(cell) - 1)]
        yield Line(
            0, None, "\t".join(text.replace("\n", " ") for text in texts), cells=tuple(texts), table=index, whole=True
        )
        yield from self._hanging(notes)
        for cell in cells:
            for inner in cell.iter(qn("w:tbl")):
                if next(a for a in inner.iterancestors() if a.tag == qn("w:tc")) is cell:
                    yield from self._table(inner)

    def _cell(self, cell: Any, notes: list[tuple[str, str]]) -> str:
        if _continues_merge(cell):
            return ""
        texts = [text for part in cell.iterchildren() for text in self._cell_texts(part, notes)]
        return "\n".join(t for t in texts if t)

    def _cell_texts(self, part: Any, notes: list[tuple[str, str]]) -> Iterator[str]:
        if part.tag == qn("w:p"):
            text = text_of(part, self._hidden, notes)
            label = self._numbering.label(part)
            yield "\n".join(soft_lines((label if text.strip() else "") + text)).strip()
            for box in boxes(part):
                yield from (text for inner in box.iterchildren() for text in self._cell_texts(inner, notes))
        elif part.tag in _AROUND:
            for inner in part.iterchildren():
                yield from self._cell_texts(inner, notes)


def _styles(source: Any) -> tuple[dict[str, int], set[str]]:
    """Style id → heading level for styles named "heading 1" …, and the styles of a table of contents."""
    levels: dict[str, int] = {}
    contents: set[str] = set()
    for style in source.styles.element.iter(qn("w:style")):
        name = style.find(qn("w:name"))
        named = name.get(qn("w:val"), "").lower() if name is not None else ""
        if match := re.match(r"heading ([0-9])", named):
            levels[style.get(qn("w:styleId"))] = int(match[1])
        elif re.match(r"toc (?:[0-9]|heading)", named):
            contents.add(style.get(qn("w:styleId")))
    return levels, contents


def _style(element: Any) -> str | None:
    found = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return found.get(qn("w:val")) if found is not None else None


def _is_contents(element: Any) -> bool:
    gallery = element.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"


def _notes_part(source: Any, kind: str) -> dict[str, Any]:
    """The notes of a kind by id, without the lines Word keeps between text and notes."""
    part = next((r.target_part for r in source.part.rels.values() if r.reltype.endswith(f"/{kind}s")), None)
    if part is None:
        return {}
    root = part.element if hasattr(part, "element") else parse_xml(part.blob)
    notes = [n for n in root.iter(qn(f"w:{kind}")) if n.get(qn("w:type")) in (None, "normal")]
    return {note.get(qn("w:id")): note for note in notes}


def _cells(row: Any) -> Iterator[Any]:
    for child in row.iterchildren():
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag in _AROUND:
            yield from _cells(child)


def _is_deleted(row: Any) -> bool:
    return row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None


def _span(cell: Any) -> int:
    return _count(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)


def _skipped(row: Any) -> int:
    return _count(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)


def _count(element: Any, least: int) -> int:
    value = element.get(qn("w:val"), "") if element is not None else ""
    return min(max(int(value), least), _MOST_SPAN) if value.isdigit() and len(value) < 9 else least


def _continues_merge(cell: Any) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"

"""Word documents (.docx) → lines: paragraphs, tables cell by cell, text boxes, and the numbers Word generates."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from docx import Document as open_docx
from docx.oxml.ns import qn

from campaigns.reading.document import Document, Line
from campaigns.reading.folding import nfc
from campaigns.reading.limits import Limits
from campaigns.reading.refusal import PlanRefused
from campaigns.reading.schema import PlanWarning
from campaigns.reading.word_numbering import Numbering

_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_docx(data: bytes, name: str, limits: Limits) -> Document:
    """PlanRefused: `broken_docx`, `not_word`, `zip_bomb`, `unsafe_xml`, `encrypted`."""
    macros = _check_zip(data, limits)
    try:
        source = open_docx(io.BytesIO(data))
        lines = list(_lines(source, limits))
    except (PlanRefused, MemoryError):
        raise
    except Exception as error:  # a broken package fails in python-docx, lxml or zipfile in many ways
        raise PlanRefused(
            "broken_docx", "Tệp .docx bị hỏng, không mở được. Hãy mở bằng Word, lưu lại rồi nạp lại."
        ) from error
    warnings = []
    if macros:
        warnings.append(PlanWarning("macros_ignored", "Tệp Word có macro; chỉ đọc chữ, macro không được chạy."))
    return Document(name, "docx", lines, warnings)


def _check_zip(data: bytes, limits: Limits) -> bool:
    """Refuse a harmful package before anything opens it; whether it has macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_entries(entries, limits)
            _check_contents(package, entries, limits)
            names = {entry.filename for entry in entries}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise PlanRefused(
            "broken_docx", "Tệp .docx bị hỏng, không mở được. Hãy mở bằng Word, lưu lại rồi nạp lại."
        ) from error
    if "word/document.xml" not in names:
        raise PlanRefused(
            "not_word",
            "Tệp nén này không phải văn bản Word. Hãy nạp kế hoạch ở dạng .docx, .pdf có lớp chữ, .md hoặc .txt.",
        )
    return any(n.endswith("vbaProject.bin") for n in names)


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise PlanRefused("encrypted", "Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi nạp lại.")
    total = sum(entry.file_size for entry in entries)
    if len(entries) > limits.zip_entries or total > limits.unzipped_bytes:
        raise _bomb()


def _check_contents(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack piece by piece: sizes in a package may lie, and XML parts may declare entities."""
    left = limits.unzipped_bytes
    for entry in entries:
        with package.open(entry) as part:
            is_xml, head = entry.filename.lower().endswith((".xml", ".rels")), b""
            while chunk := part.read(1 << 16):
                left -= len(chunk)
                if left < 0:
                    raise _bomb()
                if is_xml and _declares_entities(head + chunk):
                    raise PlanRefused(
                        "unsafe_xml",
                        "Tệp .docx chứa khai báo XML nguy hiểm (DOCTYPE/ENTITY) nên bị từ chối. Hãy lưu lại văn bản "
                        "bằng Word rồi nạp lại.",
                    )
                head = chunk[-16:]


def _declares_entities(piece: bytes) -> bool:
    return bool(_DECLARES.search(piece) or _DECLARES.search(piece.replace(b"\0", b"")))


def _bomb() -> PlanRefused:
    return PlanRefused(
        "zip_bomb",
        "Tệp .docx bung ra quá lớn so với một kế hoạch nên bị từ chối. Hãy lưu lại văn bản bằng Word rồi nạp lại.",
    )


def _lines(source: Any, limits: Limits) -> Iterator[Line]:
    numbering = Numbering(source)
    no = 0
    for no, line in enumerate(_blocks(source.element.body, numbering, _heading_levels(source), [0]), 1):
        if no > limits.lines:
            raise PlanRefused(
                "too_many_lines", f"Văn bản có hơn {limits.lines} đoạn. Hãy tách riêng phần kế hoạch rồi nạp lại."
            )
        yield Line(no, None, line.text, line.cells, line.table, line.heading, line.bold, whole=True)


def _blocks(parent: Any, numbering: Numbering, levels: dict[str, int], tables: list[int]) -> Iterator[Line]:
    for child in parent.iterchildren():
        if child.tag == qn("w:p"):
            yield from _paragraph(child, numbering, levels)
        elif child.tag == qn("w:tbl"):
            tables[0] += 1
            yield from _table(child, numbering, tables[0])
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:smartTag"), qn("w:customXml")):
            yield from _blocks(child, numbering, levels, tables)


def _paragraph(element: Any, numbering: Numbering, levels: dict[str, int]) -> Iterator[Line]:
    text = nfc(numbering.label(element) + _text(element))
    heading = levels.get(_style(element) or "")
    bold = _is_bold(element)
    parts = text.split("\n")
    for part in parts:
        cells = tuple(c.strip() for c in part.split("\t")) if part.strip("\t ").count("\t") >= 2 else None
        yield Line(
            0, None, part, cells=cells, table=0 if cells else None, heading=heading if part.strip() else None, bold=bold
        )
    for box in element.iter(qn("w:txbxContent")):
        if not any(a.tag.endswith("}Fallback") for a in box.iterancestors()):
            yield from _blocks(box, numbering, levels, [0])


def _text(element: Any) -> str:
    """The visible text of a paragraph: no deleted text, no field codes, no text boxes (those are read apart)."""
    pieces: list[str] = []
    for node in element.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")):
        if any(a.tag in _HIDDEN for a in _up_to(node, element)):
            continue
        if node.tag == qn("w:t"):
            pieces.append(node.text or "")
        elif node.tag == qn("w:noBreakHyphen"):
            pieces.append("-")
        elif node.tag == qn("w:tab"):
            pieces.append("\t" if node.getparent().tag == qn("w:r") else "")
        elif node.get(qn("w:type")) != "page":
            pieces.append("\n")
    return "".join(pieces)


_HIDDEN = (qn("w:del"), qn("w:txbxContent"), qn("w:moveFrom"))


def _up_to(node: Any, stop: Any) -> Iterator[Any]:
    for ancestor in node.iterancestors():
        if ancestor is stop:
            return
        yield ancestor


def _style(element: Any) -> str | None:
    found = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return found.get(qn("w:val")) if found is not None else None


def _heading_levels(source: Any) -> dict[str, int]:
    """Style id → heading level, for styles named "Heading 1" … or "Title"."""
    levels: dict[str, int] = {}
    for style in source.styles.element.iter(qn("w:style")):
        name = style.find(qn("w:name"))
        match = re.match(r"heading (\d)", name.get(qn("w:val"), "").lower()) if name is not None else None
        if match:
            levels[style.get(qn("w:styleId"))] = int(match[1])
    return levels


def _is_bold(element: Any) -> bool:
    runs = [r for r in element.iter(qn("w:r")) if "".join(t.text or "" for t in r.iter(qn("w:t"))).strip()]
    return bool(runs) and all(_run_is_bold(run) for run in runs)


def _run_is_bold(run: Any) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return mark is not None and mark.get(qn("w:val")) not in ("0", "false")


def _table(element: Any, numbering: Numbering, index: int) -> Iterator[Line]:
    """Rows with their cells; a table that is one column wide, or only lays out a long text, is read as paragraphs."""
    rows = [
        [_cell(cell, numbering) for cell in row.iter(qn("w:tc")) if _row_of(cell) is row]
        for row in element.iterchildren(qn("w:tr"))
    ]
    if rows and max(len(row) for row in rows) == 1:
        for row in rows:
            for text in "\n".join(row).split("\n"):
                yield Line(0, None, text)
        return
    for row in rows:
        yield Line(0, None, "\t".join(cell.replace("\n", " ") for cell in row), cells=tuple(row), table=index)


def _row_of(cell: Any) -> Any:
    return next(a for a in cell.iterancestors() if a.tag == qn("w:tr"))


def _cell(cell: Any, numbering: Numbering) -> str:
    if _continues_merge(cell):
        return ""
    texts = [nfc(numbering.label(p) + _text(p)).strip() for p in cell.iter(qn("w:p"))]
    return "\n".join(t for t in texts if t)


def _continues_merge(cell: Any) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"

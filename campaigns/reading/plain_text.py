"""Bytes of a text file → lines. UTF-8 (with or without BOM), UTF-16, and Windows-1258 as a last resort."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate, repeat

from campaigns.reading.document import Document, Line
from campaigns.reading.folding import apart, clean
from campaigns.reading.refusal import PlanRefused
from campaigns.reading.schema import PlanWarning

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MARKED = r"(?<=[a-zà-ỹđ]{3})"  # a whole word: neither "m2" nor "km2"
_MARK = re.compile(rf"{_MARKED}([0-9]{{1,2}})(?![\w/-])")
_NOTE = re.compile(r"^\s*([0-9]{1,2})\s+([A-ZÀ-ỸĐ][^\t]{8,})$")
_BREAK = re.compile(r"\r\n|\r|\n")


def decode(data: bytes) -> tuple[str, list[PlanWarning]]:
    """The text of `data`. PlanRefused `binary_file` when it is no text."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16"), []
    if _is_utf16_without_bom(data):
        return _strict(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"), []
    if b"\0" in data[:4096] or len(_CONTROL.findall(data[:4096].decode("latin-1"))) > 40:
        raise _binary()
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return _legacy(data)


def _is_utf16_without_bom(data: bytes) -> bool:
    head = data[:400]
    return len(head) >= 40 and max(head[1::2].count(0), head[0::2].count(0)) > len(head) // 4


def _strict(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise _binary() from error


def _legacy(data: bytes) -> tuple[str, list[PlanWarning]]:
    text = data.decode("cp1258", errors="replace")
    if text.count("�") > len(text) // 50:
        raise _binary()
    warning = PlanWarning(
        "old_encoding",
        "Tệp không ở bảng mã UTF-8; đã đọc theo Windows-1258, dấu tiếng Việt có thể sai. "
        "Nên lưu lại tệp ở UTF-8 rồi nạp lại.",
    )
    return text, [warning]


def _binary() -> PlanRefused:
    return PlanRefused(
        "binary_file",
        "Tệp không phải văn bản đọc được. Hãy nạp kế hoạch ở dạng .docx, .pdf có lớp chữ, .md hoặc .txt.",
    )


def read_text(data: bytes, name: str) -> Document:
    text, warnings = decode(data)
    return Document(name, "txt", _with_notes(list(number_lines(_BREAK.split(clean(text))))), warnings)


def _with_notes(lines: list[Line]) -> list[Line]:
    """Footnotes that an extractor left as lines ("1 Gồm 12 tổ dân phố.") told as notes, where a word before ends in the
    same number ("lân cận1"); that mark is taken off."""
    lines = list(lines)
    marks: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        note = _NOTE.match(line.text)
        hanging = marks.pop(note[1], []) if note else []
        if note and hanging:
            mark = re.compile(rf"{_MARKED}{note[1]}(?!\w)")
            lines[hanging[-1]] = replace(lines[hanging[-1]], text=mark.sub("", lines[hanging[-1]].text, count=1))
            lines[at] = replace(line, text=note[2], note=True)
        elif line.cells is None:
            for found in _MARK.finditer(line.text):
                marks.setdefault(found[1], []).append(at)
    return lines


def number_lines(texts: Iterable[str]) -> Iterable[Line]:
    """Lines numbered as an editor numbers them; a form feed starts a new page, a line with tabs is a row of cells.
    A text without form feeds does not say where its pages end: its lines stand on no page."""
    texts = list(texts)
    feeds = [text.count("\f") for text in texts]
    pages = [1 + before for before in accumulate(feeds)] if any(feeds) else repeat(None)
    for no, (text, page) in enumerate(zip(texts, pages, strict=False), 1):
        seen = _CONTROL.sub(" ", text.replace("\f", " ").replace("\ufeff", ""))
        cells = tuple(c.strip() for c in seen.split("\t")) if seen.count("\t") >= 2 else None
        yield Line(no, page, seen if cells else apart(seen), cells=cells, table=0 if cells else None)

"""Markdown marks in a line: taken off, with what they say about headings and tables kept.

Works line by line so that line numbers stay those of the file; extractors write half-Markdown into .txt as well.
"""

from __future__ import annotations

import re
from dataclasses import replace

from campaigns.reading.document import Document, Line
from campaigns.reading.paragraphs import is_noise

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_]+?)(?<=\S)\1(?![\w*])")
_RULE = re.compile(r"^\s*([-*_=~–—.]\s*){3,}$")
_DELIMITER = re.compile(r"^[\s|:+-]*-[\s|:+-]*$")
_ESCAPE = re.compile(r"\\([.)\-(*_#+!|>\[\]])")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_NOTE, _NOTE_MARK = re.compile(r"^\s{0,3}\[\^[^\]\s]{1,40}\]:\s*"), re.compile(r"\[\^[^\]\s]{1,40}\]")
_COMMENT = re.compile(r"</?(?:div|p|center|b|i|u|strong|em|span|font)\b[^>]{0,80}>", re.IGNORECASE)


def strip_marks(document: Document) -> Document:
    """The same lines without Markdown marks; rows of pipe tables get cells, rules and fences become empty lines."""
    lines = [_strip(line) for line in document.lines]
    if any(line.heading for line in lines) and document.format == "txt" and document.file.lower().endswith(".md"):
        document.format = "md"
    document.lines = _whole_tables(lines) if document.format in ("txt", "md") else lines
    return document


def _whole_tables(lines: list[Line]) -> list[Line]:
    """Tables of a text without what a page break left between two of their rows: blank lines, a page number, the head
    said again."""
    kept: list[Line] = []
    head: Line | None = None
    gap: list[Line] = []
    for line in lines:
        if line.cells is None and (not line.text.strip() or is_noise(line.text)):
            gap.append(line)
            continue
        goes_on = bool(line.cells and kept and kept[-1].cells and len(line.cells) == len(kept[-1].cells))
        if not goes_on:
            kept += gap
            head = line if line.cells else None
        elif head and gap and line.cells == head.cells:
            gap = []
            continue
        kept.append(line)
        gap = []
    return kept + gap


def _strip(line: Line) -> Line:
    text = line.text
    if "[^" in text:
        note = _NOTE.match(text)
        text = _NOTE_MARK.sub("", text[note.end() :] if note else text)
        line = replace(line, text=text, note=note is not None)
    if line.cells is not None:
        return replace(line, cells=tuple(_inline(c) for c in line.cells), text=_inline(text))
    if text.lstrip().startswith("```") or _RULE.match(text):
        return replace(line, text="")
    if not any(mark in text for mark in "#*_|\\<>"):
        return line
    if text.strip(" \t\xa0") and not text.strip("| \t\xa0"):
        return replace(line, text="")
    cells = _row(text)
    if cells is not None:
        return replace(line, text="\t".join(cells), cells=cells or None, table=0 if cells else None)
    heading = _HEADING.match(text)
    if heading:
        return replace(line, text=_inline(heading[2]), heading=len(heading[1]), bold=True)
    if text.rstrip().endswith("|") and text.count("|") == 1:  # the edge of a one-cell row
        text = text.rstrip().removesuffix("|")
    bold = text.strip().startswith("**") and text.strip().rstrip(":;.").endswith("**")
    return replace(line, text=_inline(re.sub(r"^\s*>\s?", "", text)), bold=line.bold or bold)


def _row(text: str) -> tuple[str, ...] | None:
    bare = text.strip()
    edges = bare.startswith("|") or bare.endswith("|")
    if bare.count("|") < 2 or not (edges or bare.count("|") >= 3):
        return None
    if _DELIMITER.match(bare):
        return ()
    inner = bare.removeprefix("|").removesuffix("|")
    return tuple(_inline(_BREAK.sub("\n", c).strip()) for c in re.split(r"(?<!\\)\|", inner))


def _inline(text: str) -> str:
    text = _BREAK.sub(" ", text) if "<br" in text.lower() and "\n" not in text else text
    text = _COMMENT.sub("", text)
    for _ in range(2):
        text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", text)

"""What stands on one page of a PDF: words with their boxes, and the rules that tables are drawn with.

By PDFium, a page at a time: https://pdfium.googlesource.com/pdfium/+/main/public/ (fpdf_text.h, fpdf_edit.h).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as c

from campaigns.reading.folding import clean, nfc

Box = tuple[float, float, float, float]  # left, top, right, bottom in points from the top left corner, as displayed
_THIN = 3.0
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-"}
_DEPTH = 3


class TooHeavy(Exception):
    """The page holds more letters or strokes than any page of a plan."""


@dataclass(slots=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    bold: bool = False

    @property
    def size(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    width: float
    height: float
    words: list[Word]
    rules: list[Box]
    pictures: int


class Frame:
    """Turns the coordinates of a page (from its lower left corner, before it is rotated) into those on display."""

    def __init__(self, page: Any) -> None:
        self._left, bottom, right, top = page.get_bbox()
        self._bottom, self._width, self._height = bottom, right - self._left, top - bottom
        self._turns = c.FPDFPage_GetRotation(page.raw) % 4
        upright = self._turns % 2 == 0
        self.width, self.height = (self._width, self._height) if upright else (self._height, self._width)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        a, b = (
            self._turned(left - self._left, bottom - self._bottom),
            self._turned(right - self._left, top - self._bottom),
        )
        return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        if self._turns == 0:
            return x, self._height - y
        if self._turns == 1:
            return y, x
        if self._turns == 2:
            return self._width - x, y
        return self._height - y, self._width - x


def read_page(page: Any, number: int, most_letters: int, most_drawings: int) -> Page:
    """Raises TooHeavy for more than `most_letters` letters or `most_drawings` lines, boxes and curves."""
    frame = Frame(page)
    drawn = _Drawn(frame, most_drawings)
    drawn.take(page.raw, None, 0)
    text = page.get_textpage()
    try:
        if c.FPDFText_CountChars(text.raw) > most_letters:
            raise TooHeavy
        words = list(_words(text.raw, frame))
    finally:
        text.close()
    return Page(number, frame.width, frame.height, words, drawn.rules, drawn.pictures)


def _words(text: Any, frame: Frame) -> Iterator[Word]:
    """Words in the order of the file; what is small and raised on a word (the mark of a footnote) is written so."""
    word: Word | None = None
    letters: list[str] = []
    for char, box, index in _letters(text, frame):
        if word is not None and char and _continues(word, box):
            letters.append(char if not _is_raised(word, box) else char.translate(_SUPERSCRIPT))
            word.right = box[2]
            continue
        if word is not None:
            yield _finished(word, letters)
        word, letters = (Word("", *box, bold=_is_bold(text, index)), [char]) if char else (None, [])
    if word is not None:
        yield _finished(word, letters)


def _finished(word: Word, letters: list[str]) -> Word:
    word.text = nfc("".join(letters))
    return word


def _letters(text: Any, frame: Frame) -> Iterator[tuple[str, Box, int]]:
    """Visible letters; a space comes as a break, by ending the word before it."""
    rect = c.FS_RECTF()
    place = ctypes.byref(rect)
    for index in range(c.FPDFText_CountChars(text)):
        code = c.FPDFText_GetUnicode(text, index)
        char = _HYPHENS.get(code) or clean(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "")
        if not char or char.isspace() or not char.isprintable():
            yield _BREAK
            continue
        if c.FPDFText_GetLooseCharBox(text, index, place):
            yield char, frame.box(rect.left, rect.bottom, rect.right, rect.top), index


_BREAK: tuple[str, Box, int] = ("", (0.0, 0.0, 0.0, 0.0), -1)


def _continues(word: Word, box: Box) -> bool:
    size = word.bottom - word.top
    level = word.top - size * 0.3 <= (box[1] + box[3]) / 2 <= word.bottom
    return level and -0.4 * size <= box[0] - word.right <= 0.22 * size


def _is_raised(word: Word, box: Box) -> bool:
    return box[3] - box[1] < 0.8 * word.size and box[3] < word.bottom - 0.15 * word.size


def _is_bold(text: Any, index: int) -> bool:
    name = ctypes.create_string_buffer(96)
    length = c.FPDFText_GetFontInfo(text, index, name, 96, None)
    return length > 0 and b"bold" in name.value.lower()


class _Drawn:
    """The straight rules among the drawings of a page, those inside forms too; edges of boxes are rules."""

    def __init__(self, frame: Frame, most: int) -> None:
        self.rules: list[Box] = []
        self.pictures = 0
        self._frame, self._left = frame, most

    def take(self, page: Any, form: Any, depth: int) -> None:
        count = c.FPDFPage_CountObjects(page) if form is None else c.FPDFFormObj_CountObjects(form)
        for index in range(max(count, 0)):
            thing = c.FPDFPage_GetObject(page, index) if form is None else c.FPDFFormObj_GetObject(form, index)
            kind = c.FPDFPageObj_GetType(thing)
            if kind == c.FPDF_PAGEOBJ_PATH:
                self._take_path(thing)
            elif kind == c.FPDF_PAGEOBJ_IMAGE:
                self.pictures += 1
            elif kind == c.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
                self.take(page, thing, depth + 1)

    def _take_path(self, thing: Any) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooHeavy
        edges = [ctypes.c_float() for _ in range(4)]
        if c.FPDFPageObj_GetBounds(thing, *(ctypes.byref(edge) for edge in edges)):
            left, bottom, right, top = (edge.value for edge in edges)
            self.rules += _edges(self._frame.box(left, bottom, right, top))


def _edges(box: Box) -> list[Box]:
    left, top, right, bottom = box
    if min(right - left, bottom - top) <= _THIN:
        return [box] if max(right - left, bottom - top) > 4 else []
    return [
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    ]

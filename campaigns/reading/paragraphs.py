"""Lines → paragraphs, whatever hard wraps, blank lines and page breaks the extractor left.

A line continues the one before unless that one ends a sentence, was left short on purpose, or the line begins an
item. Blank lines alone decide nothing: real files have them inside sentences and after every line.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from campaigns.reading.document import Document, Line
from campaigns.reading.folding import fold, is_upper, one_line
from campaigns.reading.labels import Label, Style, parse_label
from campaigns.reading.schema import Source

_PAGE_NUMBER = re.compile(
    r"^\s*(?:[-–—]\s*)?(?:(?:trang|page)\s*)?[0-9]{1,3}(?:\s*(?:/|of)\s*[0-9]{1,3})?(?:\s*[-–—])?\s*$", re.IGNORECASE
)
_ENDED = re.compile(r"[.;:!?…]['\"”’)\]*/]*\s*$")
_CITING = re.compile(
    r"\b(?:thu|quy|khoa|lop|vung|cap|hang|phan|muc|chuong|ngay|thang|nam|dieu|khoan|diem|tiet|(?:dinh|van|hoach|ban|tu|"
    r"quyet|thi|bao|trinh|dan|luan|dien|luat|mau|luc|bieu|nong|pho) so)$"
)
_OPEN = re.compile(
    r"(?:,|\b(?:ve|cua|va|cac|theo|tai|la|voi|cho|den|trong|tren|boi|bang|hoac|nhung|"
    r"(?:dinh|van|hoach|tu|quyet|thi) so))$"
)
_CLOSED = frozenset(("vệ", "vẻ", "vẽ", "tài", "tai", "tải", "tái", "bảng", "băng", "đèn", "đền", "lá", "chợ", "chỗ"))
_NAMELESS = re.compile(r"\b(?:thanh pho|the)$")  # "thành phố\nHà Nội"
_YEAR = re.compile(r"\b20[0-9][0-9]$")
_ATTACHED = re.compile(r"\((?:ban hanh )?kem theo\b")  # stands below a title, and is none of it
_HEADS_TABLE = re.compile(r"^S?TT$|^SỐ TT$")
_MARGIN = 0.86
_UNWRAPPED = 165
_LONGEST = 20_000  # characters after which a paragraph ends, whatever its last line says


@dataclass(slots=True)
class Paragraph:
    """`text` in one line, label included; `label` None for plain paragraphs and table rows (`cells`)."""

    lines: list[Line]
    text: str
    label: Label | None = None
    file: str = field(default="", repr=False)
    _starts: list[int] = field(default_factory=list, repr=False, compare=False)

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @property
    def cells(self) -> tuple[str, ...] | None:
        return self.first.cells

    @property
    def body(self) -> str:
        """The text behind the label."""
        return self.label.rest.strip() if self.label else self.text

    @property
    def marked(self) -> bool:
        """Whether the format itself shows it as a heading or in bold."""
        return bool(self.first.heading) or all(line.bold for line in self.lines)

    def place(self, start: int, end: int, confidence: float = 1.0) -> Source:
        """The source of `text[start:end]`, down to its lines."""
        starts = self._starts or self._measured()
        last = max(bisect_left(starts, end) - 1, 0)
        first = min(max(bisect_right(starts, start) - 1, 0), last)
        if first < last and start >= starts[first + 1] - 1:  # between two lines
            first += 1
        hit = self.lines[first], self.lines[last]
        return Source(self.file, hit[0].page, (hit[0].no, hit[1].no), self.text[start:end].strip(), confidence)

    def _measured(self) -> list[int]:
        """Where in `text` each line begins, measured once: a paragraph may hold thousands of sentences."""
        lengths = (len(one_line(line.text)) + 1 for line in self.lines[:-1])
        self._starts = list(accumulate(lengths, initial=0))
        return self._starts

    def source(self, confidence: float = 1.0) -> Source:
        raw = "\n".join(line.text.strip() for line in self.lines)
        return Source(self.file, self.first.page, (self.first.no, self.last.no), raw, confidence)


def is_noise(text: str) -> bool:
    """A page number alone on its line."""
    return bool(_PAGE_NUMBER.match(text))


def join(document: Document) -> list[Paragraph]:
    """All paragraphs of the document in order; blank lines and page numbers are gone, table rows stay single."""
    width = wrap_width(document.lines)
    groups: list[list[Line]] = []
    blank, size = True, 0
    for line in document.lines:
        if not line.text.strip() or (line.cells is None and is_noise(line.text)):
            blank = True
            continue
        if groups and size < _LONGEST and not _starts(line, groups[-1], blank, width):
            groups[-1].append(line)
            size += len(line.text)
        else:
            groups.append([line])
            size = len(line.text)
        blank = False
    return [_paragraph(group, document.file) for group in groups]


def notes(document: Document) -> list[Paragraph]:
    """Footnotes and endnotes in order, each a paragraph of its own."""
    return [_paragraph([line], document.file) for line in document.notes]


def _paragraph(lines: list[Line], file: str) -> Paragraph:
    text = one_line(" ".join(line.text.strip() for line in lines))
    label = None if lines[0].cells is not None else parse_label(text)
    return Paragraph(lines, text, label, file)


def wrap_width(lines: list[Line]) -> int | None:
    """The column at which the extractor wrapped, None when lines are whole paragraphs."""
    lengths = sorted(len(line.text.strip()) for line in lines if line.cells is None and len(line.text.strip()) > 30)
    if len(lengths) < 5:
        return None
    width = lengths[int(len(lengths) * 0.9)]
    return width if width <= _UNWRAPPED else None


def _starts(line: Line, group: list[Line], blank: bool, width: int | None) -> bool:
    previous = group[-1]
    if line.cells is not None or previous.cells is not None or line.heading or previous.heading:
        return True
    text, before = line.text.strip(), previous.text.strip()
    if _ATTACHED.match(fold(text)):
        return True
    label = parse_label(text)
    if label is not None and _is_item(label, line, before, blank, _is_short(before, text, width)):
        return True
    if len(group) == 1 and _is_bare_label(before):
        return False
    return not _continues(text, before, line, blank, width, group)


def _is_bare_label(text: str) -> bool:
    label = parse_label(text)
    return label is not None and not label.rest


def _is_short(before: str, text: str, width: int | None) -> bool:
    """Whether the first word of `text` would have fitted on the line before: that line was ended on purpose."""
    if width is None:
        return True
    word = text.split(maxsplit=1)[0]
    return len(before) + 1 + len(word) <= width * _MARGIN


def _is_item(label: Label, line: Line, before: str, blank: bool, short: bool) -> bool:
    if line.whole or _ENDED.search(before):
        return not _splits_range(label, before)
    folded = fold(before)
    if label.style <= Style.LETTER and _CITING.search(folded) and not (short and label.rest[:1].isupper()):
        return False
    if not (label.rest or blank or short):  # "… tổ dân phố số" / "1."
        return False
    small = label.rest[:1].islower()
    if label.style < Style.STAR:
        return not small or (blank and short)
    if _splits_range(label, before) or _is_open(before.rstrip(",")):
        return False
    return before.endswith(",") or short or (blank and not small)


def _is_open(text: str) -> bool:
    """Whether the line ends in a word that needs another. Words that only look alike without marks ("bảo vệ", "thiên
    tai") are told apart where the text has its marks."""
    words = text.rstrip(" .").rsplit(maxsplit=1)
    return bool(_OPEN.search(fold(text))) and not (words and words[-1].lower() in _CLOSED)


def _splits_range(label: Label, before: str) -> bool:
    """ "giai đoạn 2022\n- 2025": a dash between two numbers is no bullet."""
    return label.style >= Style.STAR and label.rest[:1].isdigit() and before[-1:].isdigit()


def _continues(text: str, before: str, line: Line, blank: bool, width: int | None, group: list[Line]) -> bool:
    first = next((c for c in text if c.isalnum()), "")
    ended = bool(_ENDED.search(before))
    if _HEADS_TABLE.match(text):
        return False
    if is_upper(before) and _is_heading_line(group[0]) and not is_upper(text) and not _is_open(before):
        return False
    if not ended and before.rfind("(") > before.rfind(")") and ")" in text:  # "… (MỤC ĐÍCH, YÊU / CẦU)"
        return True
    if first.islower() or (first.isdigit() and not ended):
        return not (blank and ended and not before.endswith("…")) or before.endswith(",")
    if not ended and (_is_open(before) or _NAMELESS.search(fold(before)) or len(text) <= 3):
        return True
    if is_upper(before) != is_upper(text):
        return False
    if is_upper(text):
        return not (blank or line.whole or ended) and _is_heading_line(group[0])
    if line.whole or _is_short(before, text, width):
        return False
    if blank:
        return not ended and not _YEAR.search(before)
    return True


def _is_heading_line(line: Line) -> bool:
    label = parse_label(line.text)
    return label is not None and label.style <= Style.ARABIC

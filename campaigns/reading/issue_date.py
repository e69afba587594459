"""The day the document was issued: beside the place in the letterhead, or above the signature."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass

from campaigns.reading.dates import blank_date, display_date, long_date, short_date
from campaigns.reading.folding import fold
from campaigns.reading.head_lines import JOINED, HeadLine, span
from campaigns.reading.schema import PlanWarning, Source

_STAMP = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_PLACED = re.compile(
    r"^[^\d,:()]{2,40},\s*(?:ng[aà]y\s*)?[0-9]{1,2}\s?[/.-]\s?[0-9]{1,2}\s?[/.-]\s?(?:19|20)[0-9][0-9]\W*$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^(?:[^\d,:()]{2,40},\s*)?ng[aà]y\s*[0-9]{1,2}\s*th", re.IGNORECASE)
_GARBLED = re.compile(r"(?:ngay|thang)\s*((?=[lio]?[0-9])[0-9lio]{2})(?=\s*(?:thang|n\S{1,2}m|$))")
_FIGURES = str.maketrans("lio", "110")


@dataclass(frozen=True, slots=True)
class IssueDate:
    """`day` None where the form is blank (`blank`) or names a day the calendar has not."""

    day: dt.date | None
    source: Source
    blank: bool = False


def find_date(lines: list[HeadLine], ocr: bool = False) -> IssueDate | None:
    """The date of a letterhead, its blank form, or None. `ocr`: letters may stand for figures ("ngay l0 thang 02")."""
    if ocr:
        lines = [dataclasses.replace(line, text=_in_figures(line.text)) for line in lines]
    whole = _unbroken(lines)
    long = any(long_date(line.text) for line in whole) or any(blank_date(line.text) for line in lines)
    blank: Source | None = None
    for line in whole:
        dated = long_date(line.text) or (None if long else _slashed(line.text))
        if dated:
            raw = line.text[: dated[1].end()].strip()
            return IssueDate(dated[0], dataclasses.replace(line.source, raw=raw))
        blank = line.source if blank is None and blank_date(line.text) else blank
    return IssueDate(None, blank, blank=True) if blank else None


def _in_figures(text: str) -> str:
    """The text with l, I and O read as figures where a day or a month stands beside a real figure."""
    folded = fold(text)
    for match in _GARBLED.finditer(folded):
        text = text[: match.start(1)] + match[1].translate(_FIGURES) + text[match.end(1) :]
    return text


def date_above_signature(lines: list[HeadLine]) -> IssueDate | None:
    """ "Sông Vàng, ngày 3 tháng 2 năm 2026" alone on a line at the end, where the letterhead states no date."""
    for line in lines:
        dated = long_date(line.text) if _ALONE.match(line.text.strip()) and len(line.text) < 80 else None
        if dated and dated[0]:
            return IssueDate(dated[0], dataclasses.replace(line.source, confidence=JOINED))
    return None


def _unbroken(lines: list[HeadLine]) -> list[HeadLine]:
    """The lines with a date broken across two of them ("Hà Nội, ngày 31" / "tháng 12 năm 2024") put together."""
    result: list[HeadLine] = []
    for line in lines:
        before = result[-1] if result else None
        joined = f"{before.text} {line.text}" if before else ""
        if before and "ng" in joined and not long_date(before.text) and not long_date(line.text) and long_date(joined):
            result[-1] = HeadLine(joined, dataclasses.replace(span(before.source, line.source, JOINED), raw=joined))
        else:
            result.append(line)
    return result


def _slashed(text: str) -> tuple[dt.date | None, re.Match[str]] | None:
    """A date in figures behind "ngày" or a place; with a clock time it is the stamp of a web page."""
    told = re.search(r"ng[aà]y", fold(text)) or _PLACED.match(text.strip())
    return short_date(text) if told and not _STAMP.search(text) else None


def missing(source: Source | None) -> PlanWarning:
    return PlanWarning("missing_date", "Văn bản không ghi đủ ngày ban hành; cần người điền.", source)


def invalid(source: Source) -> PlanWarning:
    return PlanWarning(
        "invalid_date", f"Ngày ban hành ghi «{source.raw}» không có trong lịch; cần người kiểm tra.", source
    )


def conflicting(inside: dt.date, kept: dt.date, source: Source) -> PlanWarning:
    return PlanWarning(
        "conflicting_dates",
        f"Phụ lục ghi kế hoạch ngày {display_date(inside)}, đầu văn bản ghi {display_date(kept)}; giữ ngày ở đầu văn "
        "bản.",
        source,
    )

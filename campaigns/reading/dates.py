"""Dates as plans write them: "08/6/2010", "ngày 05 tháng 3 năm 2026", and what OCR leaves of those."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from campaigns.reading.folding import fold

_LONG = re.compile(r"ng[aà]y\s*([0-9]{1,2})\s*th[aá]ng\s*([0-9]{1,2})\s*,?\s*n[aăi]m\s*((?:19|20)[0-9][0-9])\b")
_BLANK = re.compile(
    r"ngay[\s._…]*(?:thang|/)|ngay\s*[0-9]{1,2}\s*thang[\s._…]*nam|ngay[\s._…]+thang\s*[0-9]{1,2}\s*nam"
)
# One separator, twice: "7 - 12/2026" is half a year, not a day of December.
_SHORT = re.compile(
    r"(?<![\d/])(?P<day>[0-9]{1,2})\s?(?P<mark>[/.-])\s?(?P<month>[0-9]{1,2})\s?(?P=mark)\s?"
    r"(?P<year>(?:19|20)[0-9][0-9])(?!\d)"
)


def long_date(text: str) -> tuple[dt.date | None, re.Match[str]] | None:
    """The first "ngày … tháng … năm …" of `text`: the date (None if impossible) and where; None if there is none."""
    match = _LONG.search(fold(text))
    return (make(match[3], match[2], match[1]), match) if match else None


def blank_date(text: str) -> bool:
    """Whether the text has a date form with day or month left empty."""
    return bool(_BLANK.search(fold(text)))


def short_date(text: str) -> tuple[dt.date | None, re.Match[str]] | None:
    """The first date in figures, as `long_date`."""
    return next(((day, match) for day, match in short_dates(text)), None)


def short_dates(text: str) -> Iterator[tuple[dt.date | None, re.Match[str]]]:
    """Every date in figures ("03/02/2026", "3-2-2026"): the date (None if impossible) and where."""
    for match in _SHORT.finditer(text):
        yield make(match["year"], match["month"], match["day"]), match


def make(year: str, month: str, day: str) -> dt.date | None:
    """The date of three digit strings, None when the calendar has no such day."""
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def display_date(day: dt.date) -> str:
    """The date in figures as an officer writes it, without zeros in front: "3/2/2026"."""
    return f"{day.day}/{day.month}/{day.year}"

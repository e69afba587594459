"""Dates as plans write them: "08/6/2010", "ngày 05 tháng 3 năm 2026", and what OCR leaves of those."""

from __future__ import annotations

import datetime as dt
import re

from campaigns.reading.folding import fold

_LONG = re.compile(r"ng[aà]y\s*([0-9]{1,2})\s*th[aá]ng\s*([0-9]{1,2})\s*,?\s*n[aăi]m\s*((?:19|20)[0-9][0-9])\b")
_BLANK = re.compile(
    r"ngay[\s._…]*(?:thang|/)|ngay\s*[0-9]{1,2}\s*thang[\s._…]*nam|ngay[\s._…]+thang\s*[0-9]{1,2}\s*nam"
)
_SHORT = re.compile(r"(?<![\d/])([0-9]{1,2})\s?[/.-]\s?([0-9]{1,2})\s?[/.-]\s?((?:19|20)[0-9][0-9])(?!\d)")


def long_date(text: str) -> tuple[dt.date | None, re.Match[str]] | None:
    """The first "ngày … tháng … năm …" of `text`: the date (None if impossible) and where; None if there is none."""
    match = _LONG.search(fold(text))
    return (make(match[3], match[2], match[1]), match) if match else None


def blank_date(text: str) -> bool:
    """Whether the text has a date form with day or month left empty."""
    return bool(_BLANK.search(fold(text)))


def short_date(text: str) -> tuple[dt.date | None, re.Match[str]] | None:
    match = _SHORT.search(text)
    return (make(match[3], match[2], match[1]), match) if match else None


def make(year: str, month: str, day: str) -> dt.date | None:
    """The date of three digit strings, None when the calendar has no such day."""
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def display_date(day: dt.date) -> str:
    """The date in figures as an officer writes it, without zeros in front: "3/2/2026"."""
    return f"{day.day}/{day.month}/{day.year}"

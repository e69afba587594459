"""The period a text states: "quý I năm 2027", "6 tháng đầu năm 2026", "từ ngày 1/3 đến ngày 30/6/2026". Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date

from campaigns.headlines import fold

Period = tuple[date | None, date | None]
NONE: Period = (None, None)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?:\s*/\s*|\s*,?\s*nam\s+)(?P<year>20\d\d)\b"
_DAY = r"(?:ngay\s+)?(?P<{0}d>\d{{1,2}})\s?[/.-]\s?(?P<{0}m>\d{{1,2}})(?:\s?[/.-]\s?(?P<{0}y>20\d\d))?"


def _days(match: re.Match[str]) -> Period:
    year = match["ty"] or match["fy"]
    if not year:
        return NONE
    return _day(match["fy"] or year, match["fm"], match["fd"]), _day(year, match["tm"], match["td"])


def _until(match: re.Match[str]) -> Period:
    return (None, _day(match["ty"], match["tm"], match["td"])) if match["ty"] else NONE


def _quarter(match: re.Match[str]) -> Period:
    year, quarter = int(match["year"]), _QUARTERS[match["quarter"]]
    return _months(year, 3 * quarter - 2, 3 * quarter)


def _half(match: re.Match[str]) -> Period:
    return _months(int(match["year"]), *((1, 6) if match["which"] == "dau" else (7, 12)))


def _several(match: re.Match[str]) -> Period:
    return _months(int(match["year"]), int(match["first"]), int(match["last"]))


def _month(match: re.Match[str]) -> Period:
    return _months(int(match["year"]), int(match["month"]), int(match["month"]))


def _span(match: re.Match[str]) -> Period:
    first, last = int(match["first"]), int(match["last"])
    return (date(first, 1, 1), date(last, 12, 31)) if first <= last else NONE


# The narrowest statement first: "quý I năm 2027" is not the year 2027.
_STATED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period]], ...] = (
    (re.compile(r"\btu\s+" + _DAY.format("f") + r"\s+(?:den|toi)(?:\s+het)?\s+" + _DAY.format("t")), _days),
    (re.compile(r"\b(?:den|toi)\s+het\s+" + _DAY.format("t")), _until),
    (
        re.compile(r"\btu\s+thang\s+(?P<first>\d\d?)\s+(?:den|toi)(?:\s+het)?\s+thang\s+(?P<last>\d\d?)" + _YEAR),
        _several,
    ),
    (re.compile(r"\bquy\s+(?P<quarter>iv|iii|ii|i|[1-4])\b" + _YEAR), _quarter),
    (re.compile(r"\b0?6\s+thang\s+(?P<which>dau|cuoi)\s+nam\s+(?P<year>20\d\d)\b"), _half),
    (re.compile(r"\bthang\s+(?P<month>0?[1-9]|1[0-2])" + _YEAR), _month),
    (re.compile(r"\bgiai doan\s+(?:nam\s+)?(?P<first>20\d\d)\s?[-–]\s?(?P<last>20\d\d)\b"), _span),
)  # fmt: skip


def stated_period(text: str) -> Period:
    """First and last day a text states, None where it does not; the first statement of the narrowest kind counts."""
    folded = fold(text)
    for pattern, understand in _STATED:
        match = pattern.search(folded)
        first, last = understand(match) if match else NONE
        if last and not (first and last < first):
            return first, last
    return NONE


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _months(year: int, first: int, last: int) -> Period:
    if not 1 <= first <= last <= 12:
        return NONE
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])

"""The Vietnamese lunar calendar, through lunar-vn. Pure; for solar years 1900 to 2100.

Two independent libraries agree on every day from 1990 to 2060 but 30 days in April to June 2054.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import lunar_vn

FIRST_YEAR, LAST_YEAR = lunar_vn.SUPPORTED_YEAR_RANGE
MONTHS = ("Giêng", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười một", "Chạp")
FEASTS = {
    (1, 1): "mùng 1 Tết",
    (2, 1): "mùng 2 Tết",
    (3, 1): "mùng 3 Tết",
    (10, 3): "Giỗ Tổ Hùng Vương",
    (15, 4): "Phật đản",
    (5, 5): "Tết Đoan Ngọ",
    (15, 7): "Vu lan",
    (15, 8): "Trung thu",
    (23, 12): "ông Công, ông Táo",
}


class NoSuchDay(ValueError):
    """The lunar day does not exist, or lies outside the years that can be reckoned; the message says which."""


@dataclass(frozen=True, slots=True)
class Lunar:
    """A lunar day; `str` gives "15/8", in a leap month "15/6 nhuận"."""

    day: int
    month: int
    year: int
    leap: bool = False

    def __str__(self) -> str:
        return f"{self.day}/{self.month}{' nhuận' if self.leap else ''}"

    @property
    def name(self) -> str:
        """ "mùng 1 Tết", "Giỗ Tổ Hùng Vương", "rằm tháng Chín"; "" for an ordinary day."""
        feast = "" if self.leap else FEASTS.get((self.day, self.month), "")
        return feast or self._moon()

    def _moon(self) -> str:
        moon = {1: "mùng 1", 15: "rằm"}.get(self.day)
        return f"{moon} tháng {MONTHS[self.month - 1]}{' nhuận' if self.leap else ''}" if moon else ""


@lru_cache(maxsize=4096)
def lunar(day: date) -> Lunar:
    """Raises `NoSuchDay` outside 1900 to 2100."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NoSuchDay(f"Chỉ tính được âm lịch từ năm {FIRST_YEAR} đến năm {LAST_YEAR}.")
    found = lunar_vn.solar_to_lunar(day)
    return Lunar(found.day, found.month, found.year, found.leap)


def solar(day: int, month: int, year: int, *, leap: bool = False) -> date:
    """The date of a lunar day. Raises `NoSuchDay`, also for the 30th of a month that has 29 days."""
    asked = Lunar(day, month, year, leap)
    try:
        found = lunar_vn.lunar_to_solar(lunar_vn.LunarDate(day, month, year, leap))
    except ValueError as error:
        raise NoSuchDay(f"Không có ngày {asked} năm {year} âm lịch.") from error
    if lunar(found) != asked:  # the library answers the next day for a 30th that is not there, and forgets a leap mark
        raise NoSuchDay(f"Không có ngày {asked} năm {year} âm lịch.")
    return found


def anniversaries(day: int, month: int, first: date, last: date) -> list[date]:
    """Dates of a lunar day of every year between two dates, both included; the 30th of a short month is its 29th.

    Raises `NoSuchDay` for a day no year has, or years that cannot be reckoned.
    """
    lunar(first), lunar(last)
    found = [yearly(day, month, year) for year in range(first.year - 1, last.year + 1) if year >= FIRST_YEAR]
    return [date for date in found if date is not None and first <= date <= last]


def yearly(day: int, month: int, year: int) -> date | None:
    """None where the day falls behind the last year that can be reckoned."""
    try:
        return solar(day, month, year)
    except NoSuchDay:
        if year == LAST_YEAR:
            return None
        if day != 30:
            raise
        return solar(29, month, year)

"""The Vietnamese lunar calendar. Pure; right for solar years 1900 to 2100."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
        """ "mùng 1 Tết", "rằm tháng Tám", "Giỗ Tổ Hùng Vương"; "" for an ordinary day."""
        raise NotImplementedError


def lunar(day: date) -> Lunar:
    """Raises `NoSuchDay` outside 1900 to 2100."""
    raise NotImplementedError


def solar(day: int, month: int, year: int, *, leap: bool = False) -> date:
    """The date of a lunar day. Raises `NoSuchDay`, also for the 30th of a month that has 29 days."""
    raise NotImplementedError


def anniversaries(day: int, month: int, first: date, last: date) -> list[date]:
    """Dates of a lunar day of every year between two dates, both included; the 30th of a short month is its 29th."""
    raise NotImplementedError

"""Which days are worked, off or forbidden in Viet Nam. Pure.

Public holidays come from the `holidays` package, corrected by dated data with its source (`data/days.toml`), and both
by what a person entered.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    OFF = "off"  # public holiday, or a day off by decision
    WORKED = "worked"  # a weekend day or holiday that is worked
    BLACKOUT = "blackout"  # national mourning and the like: nothing but urgent posts
    QUIET = "quiet"  # a day on which this body wants nothing posted


WORK = {DayKind.OFF, DayKind.WORKED}  # the other two forbid to speak, and say nothing about work


@dataclass(frozen=True, slots=True)
class DayMark:
    """What makes a day special. `source` is the document that says so."""

    date: date
    kind: DayKind
    name: str
    source: str = ""


class Days:
    """An immutable calendar of days; build it once, ask it often."""

    def __init__(self, overrides: Iterable[DayMark] = ()) -> None:
        """Overrides win, the last one of a day. OFF and WORKED decide on work, BLACKOUT and QUIET on speaking: one day
        may carry both.
        """
        entered = list(overrides)
        self._work: Mapping[date, DayMark] = {mark.date: mark for mark in entered if mark.kind in WORK}
        self._forbidden: Mapping[date, DayMark] = {mark.date: mark for mark in entered if mark.kind not in WORK}
        self._working: dict[date, bool] = {}

    def mark(self, day: date) -> DayMark | None:
        """What makes the day special; what forbids comes before what frees."""
        return self._forbidden.get(day) or self._work_mark(day)

    def marks(self, first: date, last: date) -> list[DayMark]:
        """Marks from `first` to `last`, both included, in order; a day may have two."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [mark for day in days for mark in (self._forbidden.get(day), self._work_mark(day)) if mark]

    def is_working(self, day: date) -> bool:
        """Monday to Friday but for days off, and any day that is worked by decision."""
        if day not in self._working:
            mark = self._work_mark(day)
            self._working[day] = mark.kind is DayKind.WORKED if mark else day.weekday() < SATURDAY
        return self._working[day]

    def is_holiday(self, day: date) -> bool:
        """Off by law or decision; a plain weekend is not."""
        mark = self._work_mark(day)
        return mark is not None and mark.kind is DayKind.OFF

    def is_forbidden(self, day: date) -> bool:
        """Nothing but urgent posts."""
        return day in self._forbidden

    def working_day(self, day: date, step: int) -> date:
        """`step` working days after (before, if negative); 0: the day itself, or the next working one.

        Raises `OverflowError` where the calendar of dates ends.
        """
        if step == 0:
            return day if self.is_working(day) else self.working_day(day, 1)
        way = ONE_DAY if step > 0 else -ONE_DAY
        for _ in range(abs(step)):
            day += way
            while not self.is_working(day):
                day += way
        return day

    def doubts(self, year: int) -> list[DayMark]:
        """Days said to be off without a law in force that was found: ordinary days until a person enters them."""
        return [mark for mark in unconfirmed(year) if mark.date not in self._work]

    def _work_mark(self, day: date) -> DayMark | None:
        return self._work.get(day) or national(day.year).get(day)


def is_announced(year: int) -> bool:
    """Whether the days off of that year stand in a document; else Tết and 2/9 are reckoned by rule, so may change."""
    return year in {entry["year"] for entry in data()["announced"]}


def unconfirmed(year: int) -> list[DayMark]:
    return [
        DayMark(date(year, entry["month"], entry["day"]), DayKind.OFF, entry["name"], entry["source"])
        for entry in data()["doubt"]
        if year >= entry["since"]
    ]


@lru_cache(maxsize=128)
def national(year: int) -> Mapping[date, DayMark]:
    """Days off and make-up days of one year, for the whole country."""
    known = holidays.country_holidays("VN", years=year, language="vi")
    doubted = {mark.date for mark in unconfirmed(year)}
    source = source_of(year)
    off = {day: DayMark(day, DayKind.OFF, name, source) for day, name in known.items() if day.year == year}
    worked = {day: DayMark(day, DayKind.WORKED, "Ngày làm bù", source) for day in known.weekend_workdays}
    found = {day: mark for day, mark in (off | worked).items() if day not in doubted and day.year == year}
    return found | shipped(year)


def source_of(year: int) -> str:
    law = str(data()["law"])
    return law if is_announced(year) else f"{law}; dự kiến, chưa có thông báo nghỉ lễ năm {year}"


def shipped(year: int) -> dict[date, DayMark]:
    return {
        entry["date"]: DayMark(entry["date"], DayKind(entry["kind"]), entry["name"], entry["source"])
        for entry in data()["day"]
        if entry["date"].year == year
    }


@lru_cache(maxsize=1)
def data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / "days.toml").read_text(encoding="utf-8"))

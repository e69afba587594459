"""Which days are worked, off or forbidden in Viet Nam. Pure.

Public holidays come from the `holidays` package, corrected by dated data with its source (`data/days.toml`), and both
by what a person entered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DayKind(StrEnum):
    OFF = "off"  # public holiday, or a day off by decision
    WORKED = "worked"  # a weekend day or holiday that is worked
    BLACKOUT = "blackout"  # national mourning and the like: nothing but urgent posts
    QUIET = "quiet"  # a day on which this body wants nothing posted


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
        """Overrides win. OFF and WORKED decide on work, BLACKOUT and QUIET on speaking: one day may carry both."""

    def mark(self, day: date) -> DayMark | None:
        """What makes the day special; what forbids comes before what frees."""
        raise NotImplementedError

    def marks(self, first: date, last: date) -> list[DayMark]:
        """Marks from `first` to `last`, both included, in order; a day may have two."""
        raise NotImplementedError

    def is_working(self, day: date) -> bool:
        raise NotImplementedError

    def is_holiday(self, day: date) -> bool:
        """Off by law or decision; a plain weekend is not."""
        raise NotImplementedError

    def is_forbidden(self, day: date) -> bool:
        """Nothing but urgent posts."""
        raise NotImplementedError

    def working_day(self, day: date, step: int) -> date:
        """`step` working days after (before, if negative); 0: the day itself, or the next working one."""
        raise NotImplementedError


def is_announced(year: int) -> bool:
    """Whether the days off of that year stand in a document; else Tết and 2/9 are reckoned by rule, so may change."""
    raise NotImplementedError

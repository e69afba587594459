""" "N in this period", spread evenly over topics and time. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from publisher.timetable.days import Days


class Unit(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """`clipped`: the campaign covers only a part of the calendar's week, month …"""

    first: date
    last: date
    clipped: bool = False


@dataclass(frozen=True, slots=True)
class Short:
    """A topic that got fewer days than its share; `nearest` is the first day after the period that would do."""

    topic: str
    missing: int
    code: str
    message: str
    nearest: date | None


@dataclass(frozen=True, slots=True)
class Spread:
    """`items`: topic and day, in order of time. `short`: what did not fit, with the reason."""

    items: tuple[tuple[str, date], ...]
    short: tuple[Short, ...] = ()


def spread(
    topics: Sequence[str],
    count: int,
    first: date,
    last: date,
    days: Days,
    *,
    turn: int = 0,
    distance: int = 0,
    before: Mapping[str, date] | None = None,
) -> Spread:
    """`count` posts from `first` to `last`, both included; each topic gets the floor or the ceiling of its share.

    Working days are preferred, forbidden days never used. `turn` is the topic that begins (its index, any number),
    `distance` the least number of days between two posts on one topic, `before` each topic's latest day so far.
    """
    raise NotImplementedError


def spread_periods(
    topics: Sequence[str], count: int, unit: Unit, starts_on: date, ends_on: date, days: Days, *, distance: int = 0
) -> Spread:
    """`count` in every period of a campaign; topics take turns across periods, so that each gets its share."""
    raise NotImplementedError


def periods(unit: Unit, starts_on: date, ends_on: date) -> list[Period]:
    """The calendar's weeks (from Monday), months, quarters … that touch the campaign, clipped to it."""
    raise NotImplementedError

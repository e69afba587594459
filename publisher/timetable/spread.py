""" "N in this period", spread evenly over topics and time. Pure and deterministic."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from zlib import crc32

from publisher.timetable.days import Days


class Unit(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF: 6, Unit.YEAR: 12}
LONGEST = {unit: timedelta(days=31 * months) for unit, months in MONTHS.items()} | {Unit.WEEK: timedelta(days=7)}
ONE_DAY = timedelta(days=1)
HORIZON = 400  # days ahead in which the nearest possibility is looked for


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
    phase: float = 0.5,
    before: Mapping[str, date] | None = None,
) -> Spread:
    """`count` posts from `first` to `last`, both included; each topic gets the floor or the ceiling of its share.

    Working days are preferred, forbidden days never used. `turn` is the topic that begins (its index, any number),
    `distance` the least number of days between two posts on one topic, `before` each topic's latest day so far.
    Each post has its share of the days, and `phase` (0 to below 1, see `phase_of`) says where in it the post stands:
    so campaigns with the same rhythm do not all speak on the same days. Raises `ValueError` without topics, with a
    negative count or another phase.
    """
    names = list(dict.fromkeys(topics))
    if not names or count < 0 or not 0 <= phase < 1:
        raise ValueError("spreading needs a topic, a count and a phase")
    usable = usable_days(first, last, days)
    wanted = even(usable, count, phase) if usable else []
    items: list[tuple[str, date]] = []
    short: list[Short] = []
    for at in range(min(len(names), count)):
        topic = names[(turn + at) % len(names)]
        share = len(range(at, count, len(names)))
        earlier = (before or {}).get(topic)
        placed = apart(wanted[at :: len(names)], usable, distance, earlier, phase)
        items += [(topic, day) for day in placed]
        if len(placed) < share:
            ready = max(last + ONE_DAY, (placed[-1:] or [earlier or date.min])[0] + timedelta(days=distance))
            cause = "distance" if usable else "forbidden-day"
            short.append(Short(topic, share - len(placed), cause, "", soonest(ready, days)))
    explained = tuple(replace(lack, message=sentence(lack, first, last, distance)) for lack in short)
    order = {name: at for at, name in enumerate(names)}
    return Spread(tuple(sorted(items, key=lambda item: (item[1], order[item[0]]))), explained)


def spread_periods(
    topics: Sequence[str],
    count: int,
    unit: Unit,
    starts_on: date,
    ends_on: date,
    days: Days,
    *,
    distance: int = 0,
    phase: float = 0.5,
) -> Spread:
    """`count` in every period of a campaign, also in one that is clipped: that is what a plan demands of it.

    Topics take turns across periods, so that each gets its share of the whole.
    """
    items: list[tuple[str, date]] = []
    short: list[Short] = []
    latest: dict[str, date] = {}
    for at, period in enumerate(periods(unit, starts_on, ends_on)):
        span = period.first, period.last
        found = spread(topics, count, *span, days, turn=at * count, distance=distance, phase=phase, before=latest)
        items += found.items
        short += found.short
        latest |= dict(found.items)
    return Spread(tuple(items), tuple(short))


def periods(unit: Unit, starts_on: date, ends_on: date) -> list[Period]:
    """The calendar's weeks (from Monday), months, quarters … that touch the campaign, clipped to it."""
    found = []
    first = beginning(unit, starts_on)
    while first <= ends_on:
        after = beginning(unit, first + LONGEST[unit])
        last = after - ONE_DAY
        clipped = first < starts_on or last > ends_on
        found.append(Period(max(first, starts_on), min(last, ends_on), clipped))
        first = after
    return found


def beginning(unit: Unit, day: date) -> date:
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday())
    months = MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def usable_days(first: date, last: date, days: Days) -> list[date]:
    """Working days that are not forbidden; where there is none, any day that is not."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    allowed = [day for day in every if not days.is_forbidden(day)]
    return [day for day in allowed if days.is_working(day)] or allowed


def phase_of(key: str) -> float:
    """0 to below 1, always the same for the same key (the code of a campaign), and far apart for like ones."""
    return crc32(key.encode()) / 2**32


def even(usable: Sequence[date], count: int, phase: float) -> list[date]:
    """Each post in its share of the days, at the phase of it."""
    last = len(usable) - 1  # a phase next to 1 is rounded up to it
    return [usable[min(last, int((at + phase) * len(usable) / count))] for at in range(count)]


def apart(
    wanted: Sequence[date], usable: Sequence[date], distance: int, earlier: date | None, phase: float
) -> list[date]:
    """As near to the wanted days as the distance allows; fewer where not all fit."""
    free = [day for day in usable if earlier is None or day >= earlier + timedelta(days=distance)]
    room = most(free, len(wanted), distance)
    if room < len(wanted):
        wanted = even(free, room, phase)
    found: list[date] = []
    for day, latest in zip(wanted, latest_days(free, room, distance), strict=True):
        soonest = found[-1] + timedelta(days=distance) if found else free[0]
        found.append(free[bisect_left(free, min(max(day, soonest), latest))])
    return found


def most(free: Sequence[date], wanted: int, distance: int) -> int:
    """How many of the wanted fit, taking each day as soon as the distance allows."""
    if distance == 0:
        return wanted if free else 0
    count, at = 0, 0
    while count < wanted and at < len(free):
        count += 1
        at = bisect_left(free, free[at] + timedelta(days=distance))
    return count


def latest_days(free: Sequence[date], count: int, distance: int) -> list[date]:
    """The last day for each post that still leaves room for those after it."""
    found: list[date] = []
    for _ in range(count):
        bound = found[-1] - timedelta(days=distance) if found else free[-1]
        found.append(free[bisect_right(free, bound) - 1])
    return found[::-1]


def soonest(day: date, days: Days) -> date | None:
    ahead = (day + timedelta(days=n) for n in range(HORIZON))
    return next((found for found in ahead if days.is_working(found) and not days.is_forbidden(found)), None)


def sentence(lack: Short, first: date, last: date, distance: int) -> str:
    causes = {
        "distance": f"hai bài cùng chủ đề phải cách nhau ít nhất {distance} ngày",
        "forbidden-day": "khoảng này không có ngày nào được đăng",
    }
    span = f"từ {first.day}/{first.month}/{first.year} đến {last.day}/{last.month}/{last.year}"
    return f"Chủ đề “{lack.topic}” còn thiếu {lack.missing} bài {span}: {causes[lack.code]}."

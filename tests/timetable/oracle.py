"""What is allowed, said a second time: rule by rule, on datetimes, with nothing of the planner's own reckoning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from publisher.timetable.bounds import Bounds
from publisher.timetable.days import DayKind, DayMark
from publisher.timetable.wishes import Placed, Wish

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# around 30/4 and 1/5/2026, both off; the 2nd and 3rd are a weekend
HOLIDAYS = {date(2026, 4, 26), date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)}
FIRST, LAST = date(2026, 4, 20), date(2026, 5, 12)


def objections(
    wish: Wish, at: datetime, others: Iterable[Placed], bounds: Bounds, marks: Iterable[DayMark], now: datetime
) -> set[str]:
    """Every rule that speaks against this wish at this moment, beside these others on its account."""
    if at < now:
        return {"past"}
    if wish.urgent:
        return set()
    local = at.astimezone(ZONE)
    beside = [other for other in others if other.wish.account == wish.account and other.wish.key != wish.key]
    found = {
        "quiet": bounds.quiet is not None and between(local.time(), *bounds.quiet),
        "slot": bool(bounds.slots) and not any(a == b or between(local.time(), a, b) for a, b in bounds.slots),
        "session": bool(bounds.sessions) and local.time() not in bounds.sessions,
        "blackout": any(begins <= at and (ends is None or at < ends) for begins, ends in bounds.blackouts),
        **against_day(local.date(), bounds, marks),
        **against_others(wish, local, beside, bounds),
    }
    return {name for name, stands in found.items() if stands}


def between(clock: time, begins: time, ends: time) -> bool:
    if begins < ends:
        return begins <= clock < ends
    return begins != ends and not ends <= clock < begins


def against_day(day: date, bounds: Bounds, marks: Iterable[DayMark]) -> dict[str, bool]:
    kinds = [mark.kind for mark in marks if mark.date == day]
    work = next((kind for kind in reversed(kinds) if kind in {DayKind.OFF, DayKind.WORKED}), None)
    off = work is DayKind.OFF or (work is None and day in HOLIDAYS)
    working = work is DayKind.WORKED or (not off and day.weekday() < 5)
    return {
        "forbidden-day": DayKind.BLACKOUT in kinds or DayKind.QUIET in kinds,
        "not-working": bounds.working_days_only and not working,
        "holiday": bounds.holidays_off and off,
    }


def against_others(wish: Wish, local: datetime, beside: list[Placed], bounds: Bounds) -> dict[str, bool]:
    times = [other.at.astimezone(ZONE) for other in beside]
    same_day = sum(1 for time in times if time.date() == local.date())
    same_minute = sum(1 for time in times if time.replace(second=0) == local.replace(second=0))
    aired = sum(other.wish.minutes for other, time in zip(beside, times, strict=True) if time == local)
    topic = [time for other, time in zip(beside, times, strict=True) if other.wish.topic == wish.topic != ""]
    length = bounds.session_minutes if bounds.sessions else None
    return {
        "cap": bounds.cap_per_day is not None and same_day >= bounds.cap_per_day,
        "pace": bool(bounds.pace_per_minute) and same_minute >= bounds.pace_per_minute,
        "session-full": length is not None and aired + wish.minutes > length + 1e-6,
        "distance": any(abs(local - time) < bounds.distance for time in topic),
    }


def moments(first: datetime, last: datetime, step: timedelta) -> Iterable[datetime]:
    """Whole steps of the clock from `first` to `last`, both included."""
    midnight = first.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + -(-(first - midnight) // step) * step
    while at <= last:
        yield at
        at += step

"""Moments relative to a happening: T-7, T-1, on the day, the next working day after. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from publisher.timetable.days import Days


@dataclass(frozen=True, slots=True)
class Offset:
    """`days` before (negative) or after, `working`: in working days; `at`: clock time, None: that of the happening."""

    days: int
    working: bool = False
    at: time | None = None


def moment(starts_at: datetime, offset: Offset, days: Days, zone: ZoneInfo) -> datetime:
    """The aware local moment; wall time, so a change of clocks between does not move the hour."""
    raise NotImplementedError

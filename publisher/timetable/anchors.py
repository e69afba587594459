"""Moments relative to a happening: T-7, T-1, on the day, the next working day after. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from publisher.timetable.days import Days


@dataclass(frozen=True, slots=True)
class Offset:
    """`days` before (negative) or after, `working`: in working days; `at`: clock time, None: that of the happening."""

    days: int
    working: bool = False
    at: time | None = None

    def __str__(self) -> str:
        """ "T-7", "T+1 ngày làm việc, 08:00"; T is the day of the happening."""
        day = f"T{self.days:+d}" if self.days else "T"
        kind = " ngày làm việc" if self.working else ""
        return f"{day}{kind}" + (f", {self.at:%H:%M}" if self.at else "")


def moment(starts_at: datetime, offset: Offset, days: Days, zone: ZoneInfo) -> datetime:
    """The aware local moment; wall time, so a change of clocks between does not move the hour.

    Raises `ValueError` for a moment without zone and `OverflowError` where the calendar of dates ends.
    """
    if starts_at.tzinfo is None:
        raise ValueError("a happening needs a zone")
    local = starts_at.astimezone(zone)
    day = days.working_day(local.date(), offset.days) if offset.working else local.date() + timedelta(days=offset.days)
    clock = offset.at or local.timetz().replace(tzinfo=None)
    wall = datetime.combine(day, clock, tzinfo=zone)
    return wall.astimezone(UTC).astimezone(zone)  # an hour that clocks skip becomes the one after

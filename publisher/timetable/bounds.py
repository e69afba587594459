"""When one account may speak at all: quiet hours, slots, sessions, days, caps, pace. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one account. Clock times are local; ranges include their beginning, not their end, and may cross midnight."""

    quiet: tuple[time, time] | None = None  # equal ends mean none
    slots: tuple[tuple[time, time], ...] = ()  # () means any time outside quiet hours
    sessions: tuple[time, ...] = ()  # loudspeaker: nothing is aired but at these times
    session_minutes: float | None = None  # how much fits into one session; None: not limited
    working_days_only: bool = False
    holidays_off: bool = False  # weekends yes, public holidays no
    cap_per_day: int | None = None
    pace_per_minute: int = 0  # 0: not limited
    distance: timedelta = timedelta(0)  # between two posts on one topic
    blackouts: tuple[tuple[datetime, datetime | None], ...] = ()  # None: until somebody lifts it

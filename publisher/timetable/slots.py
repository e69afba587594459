"""When a channel may speak: quiet hours and sessions. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def after_quiet(due: datetime, quiet_from: time | None, quiet_until: time | None, zone: ZoneInfo) -> datetime:
    """`due` itself, or the end of the quiet hours it falls into; they may cross midnight, equal ends mean none."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return due
    local = due.astimezone(zone)
    if not is_quiet(local.time(), quiet_from, quiet_until):
        return due
    day = local.date() + timedelta(days=1 if quiet_until <= local.time() else 0)
    return datetime.combine(day, quiet_until, tzinfo=zone)


def is_quiet(clock: time, quiet_from: time, quiet_until: time) -> bool:
    if quiet_from < quiet_until:
        return quiet_from <= clock < quiet_until
    return clock >= quiet_from or clock < quiet_until


def next_session(due: datetime, sessions: Sequence[time], zone: ZoneInfo) -> datetime:
    """The first session at or after `due`; `due` itself where the account has no sessions."""
    if not sessions:
        return due
    local = due.astimezone(zone)
    later = [s for s in sorted(sessions) if s >= local.time().replace(tzinfo=None)]
    if later:
        return datetime.combine(local.date(), later[0], tzinfo=zone)
    return datetime.combine(local.date() + timedelta(days=1), min(sessions), tzinfo=zone)


def parse_sessions(text: str) -> list[time]:
    """ "07:30, 16:30" → times of day. Raises `ValueError` naming the part that is no time."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = CLOCK.fullmatch(part)
        if match is None:
            raise ValueError(f"“{part}” không phải giờ. Viết theo dạng 07:30, cách nhau bằng dấu phẩy.")
        found.append(time(int(match[1]), int(match[2])))
    return found

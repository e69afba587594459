"""When one account may speak at all: quiet hours, slots, sessions, days, caps, pace. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

DAY = 24 * 60 * 60

Span = tuple[int, int]  # seconds of wall time, the end not included


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one account. Clock times are local; ranges include their beginning, not their end, and may cross midnight."""

    quiet: tuple[time, time] | None = None  # equal ends mean none
    slots: tuple[tuple[time, time], ...] = ()  # () means any time outside quiet hours; equal ends mean the whole day
    sessions: tuple[time, ...] = ()  # loudspeaker: nothing is aired but at these times
    session_minutes: float | None = None  # how much fits into one session; None: not limited
    working_days_only: bool = False
    holidays_off: bool = False  # weekends yes, public holidays no
    cap_per_day: int | None = None
    pace_per_minute: int = 0  # 0: not limited
    distance: timedelta = timedelta(0)  # between two posts on one topic
    blackouts: tuple[tuple[datetime, datetime | None], ...] = ()  # None: until somebody lifts it


def openings(bounds: Bounds) -> list[Span]:
    """The spans of any day in which the account may speak, in seconds after midnight; a session is a span of 1 s."""
    slots = [span for slot in bounds.slots for span in within_day(*slot)] or [(0, DAY)]
    silent = within_day(*bounds.quiet) if bounds.quiet and bounds.quiet[0] != bounds.quiet[1] else []
    allowed = minus(merged(slots), sorted(silent))
    if not bounds.sessions:
        return allowed
    starts = sorted({seconds(session) for session in bounds.sessions})
    return [(at, at + 1) for at in starts if any(first <= at < end for first, end in allowed)]


def within_day(begins: time, ends: time) -> list[Span]:
    """A range of the clock as spans of one day; one that crosses midnight gives two."""
    first, last = seconds(begins), seconds(ends)
    spans = [(first, last)] if first < last else [(0, last), (first, DAY)]
    return [span for span in spans if span[0] < span[1]]


def seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for first, end in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((first, end))
    return found


def minus(spans: Sequence[Span], cuts: Sequence[Span]) -> list[Span]:
    """What the cuts, in order of their beginnings, leave of the spans."""
    left: list[Span] = []
    for first, end in spans:
        at = first
        for cut_first, cut_end in cuts:
            if cut_first >= end:
                break
            if cut_end > at:
                if cut_first > at:
                    left.append((at, cut_first))
                at = cut_end
        if at < end:
            left.append((at, end))
    return left


def clipped(spans: Iterable[Span], first: int, end: int) -> list[Span]:
    return [(max(a, first), min(b, end)) for a, b in spans if max(a, first) < min(b, end)]

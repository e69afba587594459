"""Wishes and bounds in, a timetable out. Pure: same input, same timetable, whatever the order of the input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from publisher.timetable.bounds import Bounds
from publisher.timetable.days import Days
from publisher.timetable.wishes import Clash, Placed, Timetable, Unmet, Wish

__all__ = ["Clash", "Placed", "Timetable", "Unmet", "Wish", "timetable"]


def timetable(
    wishes: Iterable[Wish],
    bounds: Mapping[str, Bounds],
    days: Days,
    zone: ZoneInfo,
    *,
    taken: Sequence[Placed] = (),
    now: datetime,
) -> Timetable:
    """Places every wish, by rank, or says why not and what would be possible.

    `bounds` by account; `taken` stands already, counts for caps, sessions and distances, and is never moved. To ask
    about one exact moment (a post being dragged) pass one wish whose `latest` is its `at`. Raises `ValueError` for a
    doubled key or a moment without zone.
    """
    raise NotImplementedError

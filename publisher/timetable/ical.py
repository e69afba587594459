"""A calendar file (RFC 5545) of what is planned. Pure: the stamp is given, same entries give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar. `uid` never changes; `sequence` grows with every change of time or state."""

    uid: str
    starts_at: datetime
    title: str
    minutes: int = 15
    description: str = ""
    place: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    sequence: int = 0
    cancelled: bool = False


def calendar(name: str, entries: Iterable[Entry], *, stamp: datetime) -> bytes:
    """The .ics, UTF-8 with CRLF, folded at 75 octets, without alarms. Raises `ValueError` for a doubled uid."""
    raise NotImplementedError

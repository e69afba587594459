"""A calendar file (RFC 5545) of what is planned. Pure: the stamp is given, same entries give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vDuration

PRODUCT = "-//Tin Co So//Lich dang//VI"
REFRESH = timedelta(hours=1)  # how often a subscriber should ask again
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # RFC 5545 3.1: no control characters in a text
LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\x0b\x0c]")  # readers that split lines as Unicode does would break


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar. `uid` never changes; `sequence` grows with every change of time or state.

    `starts_at` is aware; `minutes` is how long a reader draws it.
    """

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
    """The .ics, UTF-8 with CRLF, folded at 75 octets, without alarms; moments in UTC, shown in the reader's own zone.

    `stamp` is when the file was made or last changed. Raises `ValueError` for a doubled uid or a moment without zone.
    """
    ordered = sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))
    if len({entry.uid for entry in ordered}) < len(ordered):
        raise ValueError("two entries have the same uid")
    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.calendar_name = one_line(name)  # NAME, and X-WR-CALNAME for readers that know no other
    file.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    for entry in ordered:
        file.add_component(event(entry, stamp))
    written: bytes = file.to_ical()
    return written


def event(entry: Entry, stamp: datetime) -> Event:
    found = Event()
    found.add("uid", one_line(entry.uid))
    found.add("dtstamp", universal(stamp))
    found.add("dtstart", universal(entry.starts_at))
    found.add("duration", timedelta(minutes=entry.minutes))
    found.add("summary", text(entry.title))
    found.add("sequence", entry.sequence)
    found.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    found.add("transp", "TRANSPARENT")  # a post at eight does not make its officer busy at eight
    for name, value in (("description", text(entry.description)), ("location", text(entry.place))):
        if value:
            found.add(name, value)
    if entry.url:
        found.add("url", one_line(entry.url))
    if entry.categories:
        found.add("categories", [text(category) for category in entry.categories])
    return found


def universal(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment of a calendar needs a zone")
    return moment.astimezone(UTC).replace(microsecond=0)


def text(value: str) -> str:
    """What a reader can read back: one kind of line end, no control characters."""
    return UNWRITABLE.sub("", LINE_ENDS.sub("\n", value))


def one_line(value: str) -> str:
    """For values that are not escaped: a line end would begin another property."""
    return text(value).replace("\n", " ")

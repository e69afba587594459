"""When a loudspeaker may speak, and how long people may take. Pure; facts with their source in `hours.toml`."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from publisher.timetable.bounds import DAY, Span, within_day
from publisher.timetable.bounds import seconds as second_of
from publisher.timetable.obstacles import span

Quiet = tuple[time, time]

_NAMES = re.compile(r"[^\W\d_]+")


@cache
def table(name: str) -> dict[str, Any]:
    return dict(tomllib.loads((Path(__file__).parent / "hours.toml").read_text(encoding="utf-8"))[name])


def quiet_hours(own: Quiet | None) -> tuple[Quiet, str]:
    """The quiet hours that hold, and who says so: the account's own before those of the table."""
    if own is not None:
        return own, "giờ im lặng của kênh này"
    known = table("quiet")
    return (known["begins"], known["ends"]), str(known["source"])


def in_quiet(begins: datetime, length: timedelta, own: Quiet | None = None) -> str:
    """Why a session of that length, from that local moment, is too early or too late to be heard; "" when it is not."""
    (first, last), source = quiet_hours(own)
    silent = within_day(first, last) if first != last else []
    if not meets(session_spans(begins, length), silent):
        return ""
    return f"Buổi phát rơi vào giờ yên lặng {span(first, last)} ({source})"


def is_unusual(begins: datetime, length: timedelta) -> bool:
    """Outside the hours in which ordinary items are aired: allowed, and worth a word to whoever approves."""
    usual = [part for first, last in table("ordinary")["spans"] for part in within_day(first, last)]
    return any(not any(a <= first and end <= b for a, b in usual) for first, end in session_spans(begins, length))


def session_spans(begins: datetime, length: timedelta) -> list[Span]:
    """Seconds of the day or days it takes, never none."""
    first = second_of(begins.time())
    end = first + max(1, int(length.total_seconds()))
    return [(first, min(end, DAY)), *([(0, end - DAY)] if end > DAY else [])]


def meets(some: list[Span], others: list[Span]) -> bool:
    return any(a < other_end and other < b for a, b in some for other, other_end in others)


def names_an_order(text: str) -> bool:
    """A document with its number and day, or a person and a time: words, and figures. "Lệnh" alone names nothing."""
    return len(_NAMES.findall(text)) >= 2 and any(sign.isdigit() for sign in text)


def span_of(name: str) -> timedelta:
    """A length of time of the table `telling`; the unit is the end of its name."""
    unit = name.rpartition("_")[2]
    return timedelta(**{unit: table("telling")[name]})

"""Times and lengths as readers say them. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from channels.standing import ZONE, spoken_time

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
SHORTEST = 3  # digits of a number one can call: 112
_BETWEEN = re.compile(r"[,;/–—|]|\s-\s|[^\W\d_]")  # two numbers, or a number and words beside it


def day(iso: str) -> str:
    """`20/3/2026`"""
    return spoken_time(iso).partition(" ")[0]


def month(named: str) -> str:
    """`Tháng 3/2026` of `2026-03`"""
    year, _, number = named.partition("-")
    return f"Tháng {int(number)}/{year}"


def leaf(iso: str) -> tuple[str, str, str]:
    """A sheet of a calendar: month, day of the month, day of the week."""
    moment = datetime.fromisoformat(iso).astimezone(ZONE)
    return f"Tháng {moment.month}", str(moment.day), WEEKDAYS[moment.weekday()]


def span(starts: str, ends: str) -> str:
    """`08:00–11:00, 20/3/2026`; midnight without an end is a day without an hour."""
    start = datetime.fromisoformat(starts).astimezone(ZONE)
    end = datetime.fromisoformat(ends).astimezone(ZONE) if ends else start
    if end.date() != start.date():
        return f"từ {_moment(start)} đến {_moment(end)}"
    if f"{start:%H%M}" == "0000" and f"{end:%H%M}" in ("0000", "2359"):
        return day(starts)
    hours = f"{start:%H:%M}–{end:%H:%M}" if end > start else f"{start:%H:%M}"
    return f"{hours}, {day(starts)}"


def length(seconds: int) -> str:
    """`3 phút 20 giây`"""
    minutes, rest = divmod(seconds, 60)
    said = [f"{minutes} phút"] * bool(minutes) + [f"{rest} giây"] * bool(rest or not minutes)
    return " ".join(said)


def dialled(phone: str) -> str:
    """The digits of a phone number, as a `tel:` link wants them; of several, those of the first."""
    parts = ("".join(re.findall(r"[+0-9]", part)) for part in _BETWEEN.split(phone))
    return next((part for part in parts if len(part) >= SHORTEST), "")


def _moment(moment: datetime) -> str:
    said = spoken_time(moment.isoformat())
    return said.removesuffix(" 00:00")

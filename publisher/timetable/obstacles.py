"""What can stand in the way of a wish: stable codes, and the sentences an officer reads. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from publisher.timetable.bounds import Bounds
from publisher.timetable.days import Days


class Obstacle(StrEnum):
    PAST = "past"
    REVERSED = "latest-before-wished"
    UNKNOWN_ACCOUNT = "unknown-account"
    FORBIDDEN_DAY = "forbidden-day"
    HOLIDAY = "holiday"
    NOT_WORKING = "not-working"
    BLACKOUT = "blackout"
    CAP = "cap"
    QUIET = "quiet"
    SLOT = "slot"
    SESSION = "session"
    SESSION_FULL = "session-full"
    SESSION_TOO_LONG = "session-too-long"
    DISTANCE = "distance"
    PACE = "pace"


# half sentences: why nothing is possible, and what moved a post
REASONS = {
    Obstacle.PAST: "thời điểm này đã qua",
    Obstacle.REVERSED: "hạn muộn nhất đứng trước thời điểm mong muốn",
    Obstacle.UNKNOWN_ACCOUNT: "không còn kênh này",
    Obstacle.FORBIDDEN_DAY: "{day} là ngày không được đăng ({mark})",
    Obstacle.HOLIDAY: "{day} là ngày nghỉ lễ ({mark})",
    Obstacle.NOT_WORKING: "{day} không phải ngày làm việc",
    Obstacle.BLACKOUT: "kênh đang tạm dừng",
    Obstacle.CAP: "kênh đã đủ {cap} tin trong ngày {day}",
    Obstacle.QUIET: "rơi vào giờ yên lặng {quiet}",
    Obstacle.SLOT: "ngoài khung giờ của kênh ({slots})",
    Obstacle.SESSION: "ngoài buổi phát của kênh ({sessions})",
    Obstacle.SESSION_FULL: "buổi phát không còn đủ {minutes} phút",
    Obstacle.SESSION_TOO_LONG: "tin dài {minutes} phút, một buổi phát chỉ có {length} phút; hãy rút ngắn tin",
    Obstacle.DISTANCE: "hai bài cùng chủ đề phải cách nhau ít nhất {distance}",
    Obstacle.PACE: "kênh chỉ đăng {pace} tin mỗi phút",
}
NOTES = {
    Obstacle.PAST: "thời điểm mong muốn đã qua, chuyển sang lúc sớm nhất",
    Obstacle.FORBIDDEN_DAY: "tránh ngày không được đăng ({mark})",
    Obstacle.HOLIDAY: "tránh ngày nghỉ lễ ({mark})",
    Obstacle.NOT_WORKING: "sang ngày làm việc kế tiếp",
    Obstacle.BLACKOUT: "sau thời gian tạm dừng",
    Obstacle.CAP: "ngày {day} kênh đã đủ {cap} tin",
    Obstacle.QUIET: "ra ngoài giờ yên lặng",
    Obstacle.SLOT: "vào khung giờ của kênh",
    Obstacle.SESSION: "vào buổi phát kế tiếp",
    Obstacle.SESSION_FULL: "buổi phát đã đầy, chuyển sang buổi sau",
    Obstacle.DISTANCE: "cách bài cùng chủ đề ít nhất {distance}",
    Obstacle.PACE: "giữ nhịp {pace} tin mỗi phút của kênh",
}


def facts(bounds: Bounds, days: Days, day: date, minutes: float) -> dict[str, str]:
    """What the sentences above name."""
    mark = days.mark(day)
    return {
        "day": in_words(day),
        "mark": mark.name if mark else "",
        "cap": str(bounds.cap_per_day),
        "quiet": span(*bounds.quiet) if bounds.quiet else "",
        "slots": ", ".join(span(*slot) for slot in bounds.slots),
        "sessions": ", ".join(f"{session:%H:%M}" for session in sorted(bounds.sessions)),
        "minutes": number(minutes),
        "length": number(bounds.session_minutes or 0),
        "distance": duration(bounds.distance),
        "pace": str(bounds.pace_per_minute),
    }


def in_words(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def at_clock(moment: datetime) -> str:
    return f"{moment:%H:%M} ngày {in_words(moment)}"


def span(begins: time, ends: time) -> str:
    return f"{begins:%H:%M}–{ends:%H:%M}"


def number(value: float) -> str:
    """ "2", "1,5": as it is written in Vietnamese."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def duration(distance: timedelta) -> str:
    """ "7 ngày", "36 giờ", "90 phút": in the largest unit that is whole."""
    for unit, name in ((timedelta(days=1), "ngày"), (timedelta(hours=1), "giờ")):
        if distance % unit == timedelta(0):
            return f"{distance // unit} {name}"
    return f"{number(distance / timedelta(minutes=1))} phút"

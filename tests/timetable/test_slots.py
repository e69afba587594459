"""Quiet hours and sessions, in the organisation's own time."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from publisher.timetable.slots import after_quiet, is_quiet, next_session, parse_sessions

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = (time(21), time(6))
NOON = (time(11, 30), time(13, 30))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("due", "hours", "moved"),
    [
        (at(1, 20, 59), NIGHT, at(1, 20, 59)),
        (at(1, 21), NIGHT, at(2, 6)),
        (at(1, 23, 59), NIGHT, at(2, 6)),
        (at(2, 0), NIGHT, at(2, 6)),
        (at(2, 5, 59), NIGHT, at(2, 6)),
        (at(2, 6), NIGHT, at(2, 6)),
        (at(31, 22), NIGHT, datetime(2027, 1, 1, 6, tzinfo=ZONE)),
        (at(1, 12), NOON, at(1, 13, 30)),
        (at(1, 11, 29), NOON, at(1, 11, 29)),
        (at(1, 13, 30), NOON, at(1, 13, 30)),
        (at(1, 3), (time(6), time(6)), at(1, 3)),
        (at(1, 3), (None, time(6)), at(1, 3)),
        (at(1, 3), (time(21), None), at(1, 3)),
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(due, hours, moved):
    assert after_quiet(due, *hours, ZONE) == moved


def test_quiet_hours_are_those_of_the_place_and_not_of_the_server():
    assert after_quiet(datetime(2026, 12, 1, 15, tzinfo=UTC), *NIGHT, ZONE) == at(2, 6)  # 22:00 there


def test_every_minute_of_a_day_is_either_quiet_or_not_on_both_sides_of_midnight():
    minutes = [time(m // 60, m % 60) for m in range(24 * 60)]
    assert sum(is_quiet(m, *NIGHT) for m in minutes) == 9 * 60
    assert sum(is_quiet(m, *NOON) for m in minutes) == 2 * 60


SESSIONS = [time(16, 30), time(7, 30)]


@pytest.mark.parametrize(
    ("due", "slot"),
    [
        (at(1, 7), at(1, 7, 30)),
        (at(1, 7, 30), at(1, 7, 30)),
        (at(1, 7, 31), at(1, 16, 30)),
        (at(1, 16, 31), at(2, 7, 30)),
        (at(31, 20), datetime(2027, 1, 1, 7, 30, tzinfo=ZONE)),
    ],
)
def test_a_bulletin_waits_for_the_next_session(due, slot):
    assert next_session(due, SESSIONS, ZONE) == slot


def test_an_account_without_sessions_may_speak_at_once():
    assert next_session(at(1, 3), [], ZONE) == at(1, 3)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("07:30, 16:30", [time(7, 30), time(16, 30)]),
        ("7:30,16:30,", [time(7, 30), time(16, 30)]),
        ("", []),
        (" , ", []),
        ("23:59", [time(23, 59)]),
    ],
)
def test_sessions_are_read_as_people_write_them(text, times):
    assert parse_sessions(text) == times


@pytest.mark.parametrize("part", ["25:00", "07:60", "sáng", "07h30", "7", "0730", "07:30+07:00", "07:30:15", "-1:30"])
def test_what_is_no_time_is_named(part):
    with pytest.raises(ValueError, match="không phải giờ") as error:
        parse_sessions(f"07:30, {part}")
    assert part in str(error.value)

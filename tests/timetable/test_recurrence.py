"""Rules: weekly, monthly, and everything nobody can follow."""

from __future__ import annotations

import time as stopwatch
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from publisher.timetable.recurrence import MOST, BadRule, due_times, monthly, quarterly, weekly, yearly

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 1, 31, 8, 0, tzinfo=ZONE)  # a Saturday


def days(rule: str, until: date, start: datetime = START) -> list[date]:
    return [moment.date() for moment in due_times(start, rule, until, ZONE)]


def test_without_a_rule_it_is_due_once():
    assert due_times(datetime(2026, 1, 31, 1, tzinfo=UTC), "", None, ZONE) == [START]


@pytest.mark.parametrize(
    ("rule", "until", "found"),
    [
        (weekly(0), date(2026, 2, 20), [date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16)]),
        (weekly(5), date(2026, 2, 14), [date(2026, 1, 31), date(2026, 2, 7), date(2026, 2, 14)]),
        (weekly(1, 4), date(2026, 2, 10), [date(2026, 2, 3), date(2026, 2, 6), date(2026, 2, 10)]),
        (monthly(15), date(2026, 4, 1), [date(2026, 2, 15), date(2026, 3, 15)]),
        (monthly(1), date(2026, 3, 1), [date(2026, 2, 1), date(2026, 3, 1)]),
        (monthly(31), date(2026, 5, 1), [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
        (monthly(30), date(2026, 4, 30), [date(2026, 2, 28), date(2026, 3, 30), date(2026, 4, 30)]),
        (monthly(29), date(2026, 3, 31), [date(2026, 2, 28), date(2026, 3, 29)]),
        (
            quarterly(31),
            date(2026, 12, 31),
            [date(2026, 1, 31), date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31)],
        ),
        (yearly(9, 2), date(2028, 1, 1), [date(2026, 9, 2), date(2027, 9, 2)]),
        (yearly(2, 29), date(2028, 12, 31), [date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", date(2999, 1, 1), []),
    ],
)
def test_a_rule_gives_its_days_up_to_the_last_one(rule, until, found):
    assert days(rule, until) == found


def test_the_29th_of_february_is_there_in_a_leap_year():
    assert days(monthly(29), date(2028, 2, 29), datetime(2028, 2, 1, 8, tzinfo=ZONE)) == [date(2028, 2, 29)]


def test_the_hour_stays_that_of_the_wall_clock():
    found = due_times(START, weekly(5), date(2026, 12, 31), ZONE)
    assert {(moment.hour, moment.utcoffset()) for moment in found} == {(8, START.utcoffset())}


def test_the_campaigns_end_ends_a_rule_that_names_none():
    assert len(due_times(START, weekly(5), None, ZONE, last=date(2026, 2, 7))) == 2
    assert len(due_times(START, weekly(5), date(2026, 1, 31), ZONE, last=date(2026, 12, 31))) == 1


def test_a_rule_that_ended_before_it_began_gives_nothing():
    assert due_times(START, weekly(5), date(2025, 1, 1), ZONE) == []


def test_a_rule_needs_an_end():
    with pytest.raises(BadRule, match="cần ngày kết thúc"):
        due_times(START, weekly(0), None, ZONE)


@pytest.mark.parametrize(
    "rule",
    [
        "mỗi tuần", "FREQ=WEEKLY;BYDAY=XX", "FREQ=NEVER", "RRULE:FREQ=WEEKLY", "FREQ=SECONDLY", "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=00;BYDAY=MO", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=WEEKLY;BYSECOND=1",
        "FREQ=WEEKLY;INTERVAL=x", "BYDAY=MO", "FREQ=DAILY;BYMONTHDAY=32", "FREQ=DAILY;BYMONTHDAY=1;BYSETPOS=2",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=53MO", "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=WEEKLY\nDTSTART:20200101", "FREQ=WEEKLY;BYMONTH=2", ";", "=",
    ],
)  # fmt: skip
def test_a_rule_nobody_can_follow_is_refused_at_once(rule):
    began = stopwatch.monotonic()
    with pytest.raises(BadRule, match="quy tắc lặp lại"):
        due_times(START, rule, date(2027, 1, 1), ZONE)
    assert stopwatch.monotonic() - began < 20


def test_more_than_a_year_of_days_is_refused():
    assert len(due_times(START, "FREQ=DAILY", date(2027, 1, 31), ZONE)) == 366
    with pytest.raises(BadRule, match=str(MOST)):
        due_times(START, "FREQ=DAILY", date(2099, 1, 1), ZONE)


@pytest.mark.parametrize("year", [1, 1999, 3000, 9999])
@pytest.mark.parametrize("rule", ["", weekly(0)])
def test_a_year_that_is_a_slip_of_the_keys_is_refused(year: int, rule: str) -> None:
    with pytest.raises(BadRule, match=f"Năm {year}"):
        due_times(datetime(year, 6, 1, tzinfo=UTC), rule, date(2026, 12, 31), ZONE)


def test_days_are_skipped_and_moments_added_even_after_the_end():
    extra = datetime(2026, 3, 3, 2, tzinfo=UTC)  # 09:00 there
    found = due_times(START, weekly(5), date(2026, 2, 14), ZONE, skip=[date(2026, 2, 7)], also=[extra])
    assert found == [START, datetime(2026, 2, 14, 8, tzinfo=ZONE), datetime(2026, 3, 3, 9, tzinfo=ZONE)]


def test_an_exception_takes_an_added_moment_out_too_and_equal_moments_count_once():
    assert due_times(START, "", None, ZONE, also=[START]) == [START]
    assert due_times(START, "", None, ZONE, also=[START], skip=[START.date()]) == []


def test_added_moments_are_bounded_like_the_rest():
    many = [START.replace(month=3, day=1, hour=hour, minute=minute) for hour in range(10) for minute in range(41)]
    with pytest.raises(BadRule, match=str(MOST)):
        due_times(START, "", None, ZONE, also=many)
    with pytest.raises(BadRule, match="Năm 1026"):
        due_times(START, "", None, ZONE, also=[START.replace(year=1026)])

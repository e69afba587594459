"""Moments before and after a happening."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.timetable.anchors import Offset, moment
from publisher.timetable.days import DayKind, DayMark, Days

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS = Days()
DIALOGUE = datetime(2026, 2, 13, 14, 30, tzinfo=ZONE)  # the Friday before Tết


@pytest.mark.parametrize(
    ("offset", "found"),
    [
        (Offset(-7), datetime(2026, 2, 6, 14, 30, tzinfo=ZONE)),
        (Offset(-1, at=time(8)), datetime(2026, 2, 12, 8, tzinfo=ZONE)),
        (Offset(0), DIALOGUE),
        (Offset(1), datetime(2026, 2, 14, 14, 30, tzinfo=ZONE)),
        (Offset(1, working=True, at=time(9)), datetime(2026, 2, 23, 9, tzinfo=ZONE)),
        (Offset(-1, working=True), datetime(2026, 2, 12, 14, 30, tzinfo=ZONE)),
    ],
)
def test_an_offset_counts_days_or_working_days_from_the_happening(offset, found):
    assert moment(DIALOGUE, offset, DAYS, ZONE) == found


def test_the_day_is_that_of_the_place():
    late = datetime(2026, 3, 3, 18, tzinfo=UTC)  # 01:00 on the 4th there
    assert moment(late, Offset(-1), DAYS, ZONE) == datetime(2026, 3, 3, 1, tzinfo=ZONE)


def test_a_day_entered_by_a_person_moves_the_next_working_day():
    worked = Days([DayMark(date(2026, 2, 14), DayKind.WORKED, "Làm bù")])
    assert moment(DIALOGUE, Offset(1, working=True), worked, ZONE).date() == date(2026, 2, 14)


def test_where_clocks_change_the_hour_on_the_wall_stays():
    berlin = ZoneInfo("Europe/Berlin")
    fair = datetime(2026, 3, 30, 8, tzinfo=berlin)  # the day after clocks went forward
    assert moment(fair, Offset(-2), DAYS, berlin) == datetime(2026, 3, 28, 8, tzinfo=berlin)
    assert moment(fair, Offset(-1, at=time(2, 30)), DAYS, berlin).hour == 3  # 02:30 is not there that day


def test_a_happening_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        moment(DIALOGUE.replace(tzinfo=None), Offset(1), DAYS, ZONE)


@pytest.mark.parametrize(
    ("offset", "label"),
    [
        (Offset(-7), "T-7"),
        (Offset(0), "T"),
        (Offset(1, working=True, at=time(8)), "T+1 ngày làm việc, 08:00"),
    ],
)
def test_an_offset_is_written_as_officers_write_it(offset, label):
    assert str(offset) == label


@given(
    st.integers(0, 3650 * 24 * 60).map(lambda minutes: datetime(2020, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)),
    st.integers(-60, 60),
    st.none() | st.times(),
)
def test_moving_a_happening_by_days_moves_its_posts_by_as_many(starts_at, days, at):
    there = moment(starts_at, Offset(days, at=at), DAYS, ZONE)
    moved = moment(starts_at + timedelta(days=11), Offset(days, at=at), DAYS, ZONE)
    assert moved - there == timedelta(days=11)

"""Working days, days off, forbidden days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from publisher.timetable.days import DayKind, DayMark, Days, is_announced, national

MOURNING = DayMark(date(2026, 9, 2), DayKind.BLACKOUT, "Quốc tang", "Thông báo 1")
PLAIN = Days()


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1), date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 20), date(2026, 4, 26), date(2026, 4, 27),
        date(2026, 4, 30), date(2026, 5, 1), date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2), date(2025, 5, 2),
    ],
)  # fmt: skip
def test_public_holidays_are_days_off_with_a_name_and_a_source(day):
    mark = PLAIN.mark(day)
    assert mark is not None
    assert (mark.kind, PLAIN.is_holiday(day), PLAIN.is_working(day)) == (DayKind.OFF, True, False)
    assert mark.name
    assert mark.source


@pytest.mark.parametrize("day", [date(2026, 8, 22), date(2025, 4, 26)])
def test_a_saturday_that_makes_up_for_a_day_off_is_worked(day):
    assert day.weekday() == 5
    assert PLAIN.is_working(day)
    assert PLAIN.mark(day).kind is DayKind.WORKED


def test_an_ordinary_day_carries_no_mark_and_a_weekend_is_no_holiday():
    assert PLAIN.mark(date(2026, 3, 3)) is None
    assert PLAIN.is_working(date(2026, 3, 3))
    assert not PLAIN.is_working(date(2026, 3, 7))
    assert not PLAIN.is_holiday(date(2026, 3, 7))


def test_a_day_off_without_a_law_in_force_is_worked_until_a_person_enters_it():
    day = date(2026, 11, 24)
    assert PLAIN.is_working(day)
    assert [(mark.date, mark.name) for mark in PLAIN.doubts(2026)] == [(day, "Ngày Văn hóa Việt Nam")]
    entered = Days([DayMark(day, DayKind.OFF, "Ngày Văn hóa Việt Nam", "Luật số 1")])
    assert not entered.is_working(day)
    assert entered.doubts(2026) == []
    assert PLAIN.doubts(2025) == []


def test_days_of_a_year_without_a_dispatch_are_said_to_be_expected_only():
    assert is_announced(2026)
    assert not is_announced(2027)
    assert "dự kiến" in PLAIN.mark(date(2027, 2, 6)).source
    assert "dự kiến" not in PLAIN.mark(date(2026, 1, 1)).source


def test_what_a_person_entered_wins_over_the_law_and_the_last_entry_over_the_first():
    day, saturday = date(2026, 1, 1), date(2026, 3, 7)
    days = Days(
        [
            DayMark(day, DayKind.WORKED, "Trực lễ"),
            DayMark(saturday, DayKind.OFF, "Nghỉ"),
            DayMark(saturday, DayKind.WORKED, "Làm bù"),
        ]
    )
    assert days.is_working(day)
    assert not days.is_holiday(day)
    assert days.is_working(saturday)


def test_mourning_forbids_to_speak_and_leaves_the_holiday_a_holiday():
    days = Days([MOURNING])
    assert days.is_forbidden(MOURNING.date)
    assert days.is_holiday(MOURNING.date)
    assert days.mark(MOURNING.date) == MOURNING
    assert [mark.name for mark in days.marks(MOURNING.date, MOURNING.date)] == ["Quốc tang", "Quốc khánh"]
    assert not days.is_forbidden(date(2026, 9, 1))


@pytest.mark.parametrize(
    ("day", "step", "found"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # over the whole of Tết
        (date(2026, 2, 23), -1, date(2026, 2, 13)),
        (date(2026, 8, 21), 1, date(2026, 8, 22)),
        (date(2026, 8, 28), 2, date(2026, 9, 4)),
        (date(2026, 3, 7), 0, date(2026, 3, 9)),
        (date(2026, 3, 3), 0, date(2026, 3, 3)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(day, step, found):
    assert PLAIN.working_day(day, step) == found


def test_counting_working_days_there_and_back_ends_where_it_began():
    for day in (date(2026, 1, 2) + timedelta(days=n) for n in range(365)):
        if PLAIN.is_working(day):
            assert PLAIN.working_day(PLAIN.working_day(day, 5), -5) == day


@pytest.mark.parametrize("year", range(2024, 2036))
def test_every_year_has_its_eleven_paid_days_and_tet_begins_with_the_lunar_year(year):
    off = [mark for mark in national(year).values() if mark.kind is DayKind.OFF]
    assert len(off) >= 11
    assert all(mark.date.year == year for mark in off)
    assert any("Tết Nguyên Đán" in mark.name for mark in off)

"""Lunar days, as domain facts and the library's own neighbours know them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.timetable.lunar import Lunar, NoSuchDay, anniversaries, lunar, solar


@pytest.mark.parametrize(
    ("day", "label", "name"),
    [
        (date(2026, 2, 17), "1/1", "mùng 1 Tết"),
        (date(2027, 1, 30), "23/12", "ông Công, ông Táo"),
        (date(2027, 2, 6), "1/1", "mùng 1 Tết"),
        (date(2027, 2, 20), "15/1", "rằm tháng Giêng"),
        (date(2027, 4, 16), "10/3", "Giỗ Tổ Hùng Vương"),
        (date(2027, 5, 20), "15/4", "Phật đản"),
        (date(2027, 6, 9), "5/5", "Tết Đoan Ngọ"),
        (date(2027, 8, 16), "15/7", "Vu lan"),
        (date(2027, 9, 15), "15/8", "Trung thu"),
        (date(2026, 3, 3), "15/1", "rằm tháng Giêng"),
        (date(2026, 3, 4), "16/1", ""),
        (date(2025, 7, 25), "1/6 nhuận", "mùng 1 tháng Sáu nhuận"),
        (date(2025, 8, 8), "15/6 nhuận", "rằm tháng Sáu nhuận"),
    ],
)
def test_a_day_has_its_lunar_label_and_feasts_their_name(day, label, name):
    assert (str(lunar(day)), lunar(day).name) == (label, name)


@given(st.dates(date(1900, 2, 1), date(2100, 12, 31)))
def test_every_day_of_the_supported_years_comes_back_from_its_lunar_day(day):
    there = lunar(day)
    assert solar(there.day, there.month, there.year, leap=there.leap) == day


def test_lunar_days_run_on_without_a_gap_through_a_leap_year():
    days = [lunar(date(2025, 1, 1) + timedelta(days=n)) for n in range(500)]
    for one, following in pairwise(days):
        assert following.day in {one.day + 1, 1}
        assert following.day != 1 or one.day in {29, 30}


@pytest.mark.parametrize(
    ("day", "month", "leap"), [(30, 2, False), (31, 1, False), (1, 13, False), (0, 1, False), (1, 6, True)]
)
def test_a_lunar_day_that_is_not_there_is_refused(day, month, leap):
    with pytest.raises(NoSuchDay, match="Không có ngày"):
        solar(day, month, 2026, leap=leap)


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2101, 1, 1)])
def test_years_that_cannot_be_reckoned_are_said(day):
    with pytest.raises(NoSuchDay, match="1900 đến năm 2100"):
        lunar(day)


def test_an_anchor_of_the_lunar_year_comes_once_a_year():
    assert anniversaries(10, 3, date(2025, 1, 1), date(2028, 12, 31)) == [
        date(2025, 4, 7),
        date(2026, 4, 26),
        date(2027, 4, 16),
        date(2028, 4, 4),
    ]
    assert anniversaries(10, 3, date(2026, 4, 27), date(2027, 4, 15)) == []


def test_the_thirtieth_of_a_short_month_is_kept_on_its_last_day():
    eves = anniversaries(30, 12, date(1900, 1, 1), date(2100, 12, 31))
    assert len(eves) == 200
    assert all(str(lunar(eve + timedelta(days=1))) == "1/1" for eve in eves)


def test_an_anchor_nobody_has_is_refused():
    with pytest.raises(NoSuchDay):
        anniversaries(31, 1, date(2026, 1, 1), date(2027, 1, 1))
    assert str(Lunar(15, 6, 2025, leap=True)) == "15/6 nhuận"

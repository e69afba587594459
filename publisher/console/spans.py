"""The stretch of days a calendar page shows: a month of whole weeks, or one week. Pure."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, timedelta

EARLIEST, LATEST = 2000, 2100  # years a person can mean


class NoSuchSpan(ValueError):
    """What was asked for is no month or week of the calendar; the message says how to ask."""


@dataclass(frozen=True, slots=True)
class Span:
    """`weeks` of seven days from Monday; `asked` leads back to this page; `before` and `after` to its neighbours."""

    title: str
    asked: str
    before: str
    after: str
    weeks: tuple[tuple[date, ...], ...]
    month: int | None = None

    @property
    def days(self) -> list[date]:
        return [day for week in self.weeks for day in week]

    @property
    def by_hour(self) -> bool:
        return self.month is None

    def holds(self, day: date) -> bool:
        """Whether the day is of the month or week shown, not one that only fills its first or last row."""
        return self.month in {None, day.month} and self.days[0] <= day <= self.days[-1]


def month_of(first: date) -> Span:
    weeks = months.Calendar(firstweekday=months.MONDAY).monthdatescalendar(first.year, first.month)
    return Span(
        title=f"Lịch tháng {first.month}/{first.year}",
        asked=month_query(first),
        before=month_query(first - timedelta(days=1)),
        after=month_query(first + timedelta(days=31)),
        weeks=tuple(tuple(week) for week in weeks),
        month=first.month,
    )


def week_of(day: date) -> Span:
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    return Span(
        title=f"Lịch tuần {monday.day}/{monday.month} – {sunday.day}/{sunday.month}/{sunday.year}",
        asked=f"tuan={monday}",
        before=f"tuan={monday - timedelta(days=7)}",
        after=f"tuan={monday + timedelta(days=7)}",
        weeks=(tuple(monday + timedelta(days=n) for n in range(7)),),
    )


def month_query(day: date) -> str:
    return f"thang={day:%Y-%m}"


def span_asked(month: str, week: str, today: date) -> Span:
    """The week of a day ("2026-11-23"), else a month ("2026-11"), else the month of today. Raises `NoSuchSpan`."""
    if week:
        return week_of(within(day_of(week, "Tuần phải ghi bằng một ngày của tuần, ví dụ 2026-11-23.")))
    if month:
        return month_of(within(day_of(f"{month}-01", "Tháng phải có dạng 2026-11.")))
    return month_of(today.replace(day=1))


def day_of(text: str, otherwise: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError as error:
        raise NoSuchSpan(otherwise) from error


def within(day: date) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise NoSuchSpan("Lịch chỉ có từ năm 2000 đến năm 2100.")
    return day

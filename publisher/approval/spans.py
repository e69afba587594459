"""The stretches of time in which a rhythm wants its posts, with the names an officer gives them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from publisher.timetable.spread import Unit, periods


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    last: date
    name: str


def spans_of(every: str, starts_on: date, ends_on: date) -> list[Span]:
    """`every` as in `campaigns.definitions.Every`; a stretch is cut to the campaign."""
    if every == "period":
        return [Span(starts_on, ends_on, "cả đợt")]
    if every == "day":
        days = range((ends_on - starts_on).days + 1)
        return [Span(d, d, f"ngày {written(d)}") for d in (starts_on + timedelta(days=n) for n in days)]
    unit = Unit(every)
    return [Span(p.first, p.last, named(unit, p.first, p.last)) for p in periods(unit, starts_on, ends_on)]


def named(unit: Unit, first: date, last: date) -> str:
    half = "6 tháng đầu năm" if first.month <= 6 else "6 tháng cuối năm"
    return {
        Unit.WEEK: f"tuần {first.day}/{first.month} – {written(last)}",
        Unit.MONTH: f"tháng {first.month}/{first.year}",
        Unit.QUARTER: f"quý {(first.month - 1) // 3 + 1}/{first.year}",
        Unit.HALF: f"{half} {first.year}",
        Unit.YEAR: f"năm {first.year}",
    }[unit]


def written(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"

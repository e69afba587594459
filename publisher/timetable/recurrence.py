"""Due times of a rule. Pure: RFC 5545 through python-dateutil, reckoned in local wall time."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "WKST"}
ALLOWED = {"DAILY": PARTS, "WEEKLY": PARTS, "MONTHLY": PARTS | {"BYSETPOS"}, "YEARLY": PARTS | {"BYSETPOS", "BYMONTH"}}
MONTH_DAYS = re.compile(r"-?(?:[1-9]|[12]\d|3[01])(?:,-?(?:[1-9]|[12]\d|3[01]))*")
MOST = 400  # due times one rule may yield: more than a year of days
YEARS = range(2000, 3000)  # a year outside is a slip of the keys, and databases count no further than a few


class BadRule(ValueError):
    """The rule cannot be followed; the message says why."""


def due_times(
    starts_at: datetime,
    rule: str,
    until: date | None,
    zone: ZoneInfo,
    *,
    last: date | None = None,
    skip: Collection[date] = (),
    also: Collection[datetime] = (),
) -> list[datetime]:
    """Aware due times in order; without a rule `starts_at` alone. A rule ends at `until` or the campaign's `last`.

    `also` adds moments, after the end too; `skip` takes local days out, added ones included (RDATE and EXDATE).
    """
    for moment in (starts_at, *also):
        if moment.year not in YEARS:
            raise BadRule(f"Năm {moment.year} không đúng. Hãy kiểm tra lại ngày.")
    repeated = repetitions(starts_at, rule, until or last, zone) if rule else [starts_at.astimezone(zone)]
    every = {*repeated, *(moment.astimezone(zone) for moment in also)}
    if len(every) > MOST:
        raise BadRule(f"Quy tắc lặp lại cho hơn {MOST} lượt. Hãy rút ngắn thời hạn.")
    left_out = set(skip)
    return sorted(moment for moment in every if moment.date() not in left_out)


def repetitions(starts_at: datetime, rule: str, end: date | None, zone: ZoneInfo) -> list[datetime]:
    if end is None:
        raise BadRule("Lịch lặp lại cần ngày kết thúc: đặt “đến hết ngày” hoặc thời hạn của chiến dịch.")
    local = starts_at.astimezone(zone).replace(tzinfo=None)
    rules = parsed(rule, local)
    try:
        moments = takewhile(lambda moment: moment.date() <= end, rules)
        found = list(islice(moments, MOST + 1))
    except (ValueError, TypeError, IndexError) as error:  # some slips show only while reckoning
        raise BadRule(f"Không hiểu quy tắc lặp lại “{rule}”.") from error
    return [moment.replace(tzinfo=zone) for moment in found]


def parsed(rule: str, local: datetime) -> rruleset | rrule:
    """The rule from a naive local moment on, without reckoning it out. Raises `BadRule`."""
    check(rule)
    try:
        return rrulestr(rule, dtstart=local)
    except (ValueError, TypeError) as error:
        raise BadRule(f"Không hiểu quy tắc lặp lại “{rule}”.") from error


def check(rule: str) -> None:
    """Refuses what repeats within the day, never gets on or never comes: reckoning it out would not end."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    known = set(parts) <= ALLOWED.get(parts.get("FREQ", ""), set())
    if not known or not parts.get("INTERVAL", "1").strip("0") or not MONTH_DAYS.fullmatch(parts.get("BYMONTHDAY", "1")):
        raise BadRule(f"Không dùng được quy tắc lặp lại “{rule}”: chỉ lặp theo ngày, tuần, tháng hoặc năm.")


def weekly(*days: int) -> str:
    """RRULE of the given weekdays, Monday = 0."""
    return f"FREQ=WEEKLY;BYDAY={','.join(WEEKDAYS[day] for day in days)}"


def monthly(day: int) -> str:
    """RRULE of one day of the month; a month without that day takes its last."""
    return f"FREQ=MONTHLY;{month_day(day)}"


def quarterly(day: int) -> str:
    """RRULE of one day of every third month, from the month it starts in."""
    return f"FREQ=MONTHLY;INTERVAL=3;{month_day(day)}"


def yearly(month: int, day: int) -> str:
    """RRULE of one date; 29 February is the 28th in ordinary years."""
    return f"FREQ=YEARLY;BYMONTH={month};{month_day(day)}"


def month_day(day: int) -> str:
    days = ",".join(str(d) for d in range(28, day + 1)) if day > 28 else str(day)
    return f"BYMONTHDAY={days}" + (";BYSETPOS=-1" if day > 28 else "")

"""Due times of a rule. Pure: RFC 5545 through python-dateutil, reckoned in local wall time."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY"}
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST"}
MOST = 400  # due times one rule may yield: more than a year of days
YEARS = range(2000, 3000)  # a year outside is a slip of the keys, and databases count no further than a few


class BadRule(ValueError):
    """The rule cannot be followed; the message says why."""


def due_times(
    starts_at: datetime, rule: str, until: date | None, zone: ZoneInfo, *, last: date | None = None
) -> list[datetime]:
    """Aware due times in order; without a rule `starts_at` alone. A rule ends at `until` or the campaign's `last`."""
    if starts_at.year not in YEARS:
        raise BadRule(f"Năm {starts_at.year} không đúng. Hãy kiểm tra lại ngày.")
    if not rule:
        return [starts_at.astimezone(zone)]
    end = until or last
    if end is None:
        raise BadRule("Lịch lặp lại cần ngày kết thúc: đặt “đến hết ngày” hoặc thời hạn của chiến dịch.")
    local = starts_at.astimezone(zone).replace(tzinfo=None)
    check(rule)
    try:
        moments = takewhile(lambda moment: moment.date() <= end, rrulestr(rule, dtstart=local))
        found = list(islice(moments, MOST + 1))
    except (ValueError, TypeError) as error:
        raise BadRule(f"Không hiểu quy tắc lặp lại “{rule}”.") from error
    if len(found) > MOST:
        raise BadRule(f"Quy tắc lặp lại cho hơn {MOST} lượt. Hãy rút ngắn thời hạn.")
    return [moment.replace(tzinfo=zone) for moment in found]


def check(rule: str) -> None:
    """Refuses what repeats within the day, or never gets on: reckoning it out would not end."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if not set(parts) <= PARTS or parts.get("FREQ") not in FREQUENCIES or not parts.get("INTERVAL", "1").strip("0"):
        raise BadRule(f"Không dùng được quy tắc lặp lại “{rule}”: chỉ lặp theo ngày, tuần hoặc tháng.")


def weekly(*days: int) -> str:
    """RRULE of the given weekdays, Monday = 0."""
    return f"FREQ=WEEKLY;BYDAY={','.join(WEEKDAYS[day] for day in days)}"


def monthly(day: int) -> str:
    """RRULE of one day of the month; a month without that day takes its last."""
    days = ",".join(str(d) for d in range(28, day + 1)) if day > 28 else str(day)
    return f"FREQ=MONTHLY;BYMONTHDAY={days}" + (";BYSETPOS=-1" if day > 28 else "")

"""Due times of a rule. Pure: RFC 5545 through python-dateutil, reckoned in local wall time."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = 400  # due times one rule may yield: more than a year of days


class BadRule(ValueError):
    """The rule cannot be followed; the message says why."""


def due_times(
    starts_at: datetime, rule: str, until: date | None, zone: ZoneInfo, *, last: date | None = None
) -> list[datetime]:
    """Aware due times in order; without a rule `starts_at` alone. A rule needs an end: `until`, or the campaign's `last`."""
    if not rule:
        return [starts_at.astimezone(zone)]
    end = until or last
    if end is None:
        raise BadRule("Lịch lặp lại cần ngày kết thúc: đặt “đến hết ngày” hoặc thời hạn của chiến dịch.")
    local = starts_at.astimezone(zone).replace(tzinfo=None)
    try:
        found = rrulestr(rule, dtstart=local).between(local, datetime.combine(end, time.max), inc=True)
    except (ValueError, TypeError) as error:
        raise BadRule(f"Không hiểu quy tắc lặp lại “{rule}”.") from error
    if len(found) > MOST:
        raise BadRule(f"Quy tắc lặp lại cho {len(found)} lượt, quá {MOST}. Hãy rút ngắn thời hạn.")
    return [moment.replace(tzinfo=zone) for moment in found]


def weekly(*days: int) -> str:
    """RRULE of the given weekdays, Monday = 0."""
    return f"FREQ=WEEKLY;BYDAY={','.join(WEEKDAYS[day] for day in days)}"


def monthly(day: int) -> str:
    """RRULE of one day of the month; a month without that day takes its last."""
    days = ",".join(str(d) for d in range(28, day + 1)) if day > 28 else str(day)
    return f"FREQ=MONTHLY;BYMONTHDAY={days}" + (";BYSETPOS=-1" if day > 28 else "")

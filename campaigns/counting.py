"""What of a plan is done, scheduled and missing, from what was published and is due. Pure.

A demand without a channel counts posts: one article on five channels is one. A demand on a channel counts what goes out
there. A calendar period of which the plan covers less than half demands nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.fields import KINDS, OPS, PERIODS
from campaigns.rhythms import MEETINGS, POSTED, fold_unit

NOT_COUNTED = "Phần mềm không đếm được chỉ tiêu này từ các lượt đăng; kết quả do người phụ trách ghi."
NO_PERIOD = "Kế hoạch không ghi thời gian thực hiện nên chưa tính được số phải đạt."
CARRIED = {"page", "feed", "facebook", "zalo", "loudspeaker", "contracted", ""}


@dataclass(frozen=True, slots=True)
class Outing:
    """One publication, done or due: the post, where, on which day; `theme` is the id of the content it serves."""

    post: int
    kind: str
    day: date
    done: bool
    theme: int | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """A target: `count` a `period` (see `campaigns.fields.PERIODS`; "" for once in the plan's time)."""

    pk: int
    text: str
    count: int
    op: str
    unit: str
    period: str
    channel: str

    @property
    def countable(self) -> bool:
        unit = fold_unit(self.unit)
        posted = not unit or (bool(POSTED.search(unit)) and not MEETINGS.search(unit))
        return posted and self.channel in CARRIED and self.period != "issue" and self.count > 0

    @property
    def words(self) -> str:
        """ "ít nhất 2 tin, bài mỗi tuần, trang thông tin"."""
        parts = [
            OPS.get(self.op, ""),
            f"{self.count:,}".replace(",", "."),
            self.unit or "bài",
            PERIODS.get(self.period, ""),
        ]
        where = f", {KINDS[self.channel]}" if self.channel in KINDS else ""
        return " ".join(part for part in parts if part) + where


@dataclass(frozen=True, slots=True)
class Span:
    """One period of a demand, both days included; `over` once it lies behind today."""

    first: date
    last: date
    needed: int
    done: int
    scheduled: int
    over: bool

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.done - self.scheduled)


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """Sums over the spans; `needed` None where nothing can be counted, then `note` says why."""

    demand: Demand
    needed: int | None
    done: int
    scheduled: int
    missing: int
    spans: tuple[Span, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """Different posts that went out, or are due, in a calendar month."""

    first: date
    done: int
    scheduled: int


def target_progress(
    demand: Demand, outings: Sequence[Outing], first: date | None, last: date | None, today: date
) -> TargetProgress:
    if not demand.countable:
        return TargetProgress(demand, None, 0, 0, 0, note=NOT_COUNTED)
    if first is None or last is None or last < first:
        return TargetProgress(demand, None, 0, 0, 0, note=NO_PERIOD)
    counted = [outing for outing in outings if demand.channel in ("", outing.kind)]
    spans = tuple(span(demand, counted, *bounds, today) for bounds in periods(demand.period, first, last))
    return TargetProgress(
        demand,
        needed=sum(s.needed for s in spans),
        done=sum(s.done for s in spans),
        scheduled=sum(s.scheduled for s in spans),
        missing=sum(s.missing for s in spans),
        spans=spans,
    )


def span(demand: Demand, outings: Iterable[Outing], first: date, last: date, whole: int, today: date) -> Span:
    within = [outing for outing in outings if first <= outing.day <= last]
    done, scheduled = counts(within, by_post=not demand.channel)
    asked = demand.op != "<=" and 2 * ((last - first).days + 1) >= whole
    return Span(first, last, demand.count if asked else 0, done, scheduled, over=last < today)


def counts(outings: Sequence[Outing], *, by_post: bool) -> tuple[int, int]:
    """How many are done and how many are due besides."""
    if not by_post:
        return sum(o.done for o in outings), sum(not o.done for o in outings)
    done = {o.post for o in outings if o.done}
    return len(done), len({o.post for o in outings} - done)


def periods(period: str, first: date, last: date) -> Iterator[tuple[date, date, int]]:
    """Calendar periods that touch `first` to `last`, cut to it, each with its whole length in days."""
    if period not in STARTS:
        yield first, last, (last - first).days + 1
        return
    start = STARTS[period](first)
    while start <= last:
        after = NEXT[period](start)
        yield max(start, first), min(after - timedelta(days=1), last), (after - start).days
        start = after


def month_of(day: date, length: int = 1) -> date:
    """The first day of the group of `length` months that holds `day`."""
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def later(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


STARTS: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": month_of,
    "quarter": lambda day: month_of(day, 3),
    "half": lambda day: month_of(day, 6),
    "year": lambda day: month_of(day, 12),
}
NEXT: dict[str, Callable[[date], date]] = {
    "day": lambda start: start + timedelta(days=1),
    "week": lambda start: start + timedelta(days=7),
    "month": lambda start: later(start, 1),
    "quarter": lambda start: later(start, 3),
    "half": lambda start: later(start, 6),
    "year": lambda start: later(start, 12),
}


def months(outings: Sequence[Outing], columns: Iterable[date]) -> tuple[Month, ...]:
    """Counts for the months that begin on `columns`."""
    return tuple(
        Month(first, *counts([o for o in outings if month_of(o.day) == first], by_post=True)) for first in columns
    )


def columns(first: date | None, last: date | None, outings: Iterable[Outing]) -> list[date]:
    """The first days of all months from the plan's first to its last, and to whatever lies outside of it."""
    days = [day for day in (first, last) if day] + [outing.day for outing in outings]
    if not days:
        return []
    start, end = month_of(min(days)), max(days)
    found = []
    while start <= end:
        found.append(start)
        start = later(start, 1)
    return found

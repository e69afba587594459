"""What one account has taken so far, and where there is still room. Pure; reckoned in whole seconds of wall time."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from publisher.timetable.bounds import DAY, Bounds, Span, clipped, minus, openings
from publisher.timetable.days import Days
from publisher.timetable.obstacles import Obstacle
from publisher.timetable.wishes import Wish

ENDLESS = DAY * date.max.toordinal()
ONE_SECOND = timedelta(seconds=1)
TINY = 1e-9  # minutes: sums of fractions are not exact


def wall(moment: datetime, zone: ZoneInfo) -> int:
    """Seconds of wall time; a fraction counts as the next second, so that nothing comes too early."""
    local = moment.astimezone(zone)
    whole = local.hour * 3600 + local.minute * 60 + local.second + (local.microsecond > 0)
    return local.toordinal() * DAY + whole


def from_wall(second: int, zone: ZoneInfo) -> datetime:
    day, rest = divmod(second, DAY)
    return datetime.fromordinal(day).replace(hour=rest // 3600, minute=rest // 60 % 60, second=rest % 60, tzinfo=zone)


class Room:
    """One account's days. `take` fills it; nothing is ever given back."""

    def __init__(self, bounds: Bounds, days: Days, zone: ZoneInfo) -> None:
        self.bounds = bounds
        self._days = days
        self._openings = openings(bounds)
        self._distance = -(-bounds.distance // ONE_SECOND)
        self._capacity = bounds.session_minutes if bounds.sessions else None
        self._blackouts = sorted((wall(a, zone), wall(b, zone) if b else ENDLESS) for a, b in bounds.blackouts)
        self._closed: dict[int, Obstacle | None] = {}
        self._ways: dict[int, dict[int, int]] = {1: {}, -1: {}}
        self._posts: Counter[int] = Counter()
        self._topics: defaultdict[str, list[int]] = defaultdict(list)
        self._minutes: Counter[int] = Counter()
        self._full_minutes: defaultdict[int, list[int]] = defaultdict(list)
        self._aired: defaultdict[int, float] = defaultdict(float)
        self._cuts: tuple[tuple[Obstacle, Callable[[list[Span], Wish], list[Span]]], ...] = (
            (Obstacle.BLACKOUT, self._after_blackouts),
            (Obstacle.SESSION_FULL, self._with_airtime),
            (Obstacle.DISTANCE, self._apart),
            (Obstacle.PACE, self._in_pace),
        )

    def take(self, second: int, wish: Wish) -> None:
        day, minute = second // DAY, second // 60
        self._posts[day] += 1
        self._minutes[minute] += 1
        if self._minutes[minute] == self.bounds.pace_per_minute:
            insort(self._full_minutes[day], minute)
        if wish.topic:
            insort(self._topics[wish.topic], second)
        self._aired[second] += wish.minutes

    def free(self, wish: Wish, first: int, last: int) -> tuple[list[Span], Obstacle | None]:
        """Spans of one day between two seconds, both included, where the wish fits; else what stands in its way."""
        day = first // DAY
        closed = self.closed(day)
        if closed is not None:
            return [], closed
        midnight = day * DAY
        left = clipped([(midnight + a, midnight + b) for a, b in self._openings], first, last + 1)
        if not left:
            return [], self._hours()
        for obstacle, cut in self._cuts:
            left = cut(left, wish)
            if not left:
                return [], obstacle
        return left, None

    def obstacle(self, wish: Wish, first: int, last: int) -> Obstacle:
        """What stands in the way on the first of the days between; ask only where something does."""
        obstacle = self.free(wish, first, min(last, first // DAY * DAY + DAY - 1))[1]
        if obstacle is None:
            raise ValueError("nothing stands in the way")
        return obstacle

    def never_fits(self, wish: Wish) -> bool:
        return self._capacity is not None and wish.minutes > self._capacity + TINY

    def open_day(self, day: int, last: int, step: int) -> int:
        """The first day from `day` towards `last` that is not closed, or one beyond `last`."""
        ways, passed = self._ways[step], []
        while (last - day) * step >= 0 and self.closed(day):
            passed.append(day)
            day = ways.get(day, day + step)
        ways.update(dict.fromkeys(passed, day))  # a closed day stays closed, so the way past it stays right
        return day

    def closed(self, day: int) -> Obstacle | None:
        """Why nothing more is possible on that day, whatever the wish."""
        if day not in self._closed:
            self._closed[day] = self._never(date.fromordinal(day))
        cap = self.bounds.cap_per_day
        return self._closed[day] or (Obstacle.CAP if cap is not None and self._posts[day] >= cap else None)

    def _never(self, day: date) -> Obstacle | None:
        if self._days.is_forbidden(day):
            return Obstacle.FORBIDDEN_DAY
        resting = self.bounds.working_days_only and not self._days.is_working(day)
        if (resting or self.bounds.holidays_off) and self._days.is_holiday(day):
            return Obstacle.HOLIDAY
        if resting:
            return Obstacle.NOT_WORKING
        midnight = day.toordinal() * DAY
        return None if minus([(midnight, midnight + DAY)], self._blackouts) else Obstacle.BLACKOUT

    def _hours(self) -> Obstacle:
        if self.bounds.sessions:
            return Obstacle.SESSION
        return Obstacle.SLOT if self.bounds.slots else Obstacle.QUIET

    def _after_blackouts(self, spans: list[Span], _wish: Wish) -> list[Span]:
        return minus(spans, self._blackouts) if self._blackouts else spans

    def _with_airtime(self, spans: list[Span], wish: Wish) -> list[Span]:
        if self._capacity is None:
            return spans
        return [span for span in spans if self._aired.get(span[0], 0.0) + wish.minutes <= self._capacity + TINY]

    def _apart(self, spans: list[Span], wish: Wish) -> list[Span]:
        taken = self._topics.get(wish.topic)
        if not taken or not self._distance:
            return spans
        near = around(taken, spans[0][0] - self._distance, spans[-1][1] + self._distance)
        return minus(spans, [(at - self._distance + 1, at + self._distance) for at in near])

    def _in_pace(self, spans: list[Span], _wish: Wish) -> list[Span]:
        full = self._full_minutes.get(spans[0][0] // DAY)
        return minus(spans, [(minute * 60, minute * 60 + 60) for minute in full]) if full else spans


def around(ordered: Sequence[int], first: int, end: int) -> Sequence[int]:
    return ordered[bisect_left(ordered, first) : bisect_left(ordered, end)]

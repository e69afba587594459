"""Wishes and bounds in, a timetable out. Pure: same input, same timetable, whatever the order of the input.

Wishes choose one after the other, by rank; so a wish never moves one that ranks before it. Times are wall time of the
zone, to the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from publisher.timetable.bounds import DAY, Bounds, Span
from publisher.timetable.clashes import clashes
from publisher.timetable.days import Days
from publisher.timetable.obstacles import NOTES, REASONS, Obstacle, at_clock, facts
from publisher.timetable.room import Room, from_wall, wall
from publisher.timetable.wishes import Clash, Placed, Timetable, Unmet, Wish

__all__ = ["Clash", "Placed", "Timetable", "Unmet", "Wish", "timetable"]

AHEAD, BACK = 92, 31  # days in which the nearest possibility is looked for


def timetable(
    wishes: Iterable[Wish],
    bounds: Mapping[str, Bounds],
    days: Days,
    zone: ZoneInfo,
    *,
    taken: Sequence[Placed] = (),
    now: datetime,
) -> Timetable:
    """Places every wish, by rank, or says why not and what would be possible.

    `bounds` by account; `taken` stands already, counts for caps, sessions and distances, and is never moved. To ask
    about one exact moment (a post being dragged) pass one wish whose `latest` is its `at`. Raises `ValueError` for a
    doubled key or a moment without zone.
    """
    asked = list(wishes)
    refuse_unclear([*(one.wish for one in taken), *asked])
    ranked = sorted(asked, key=lambda wish: (not wish.urgent, wish.rank, wish.at, wish.key))
    desk = Desk(bounds, days, zone, now)
    for one in sorted(taken, key=lambda one: (one.at, one.wish.key)):
        desk.keep(one)
    answers = [desk.place(wish) for wish in ranked]
    placed = sorted((a for a in answers if isinstance(a, Placed)), key=lambda p: (p.at, p.wish.account, p.wish.key))
    refused = sorted((a for a in answers if isinstance(a, Refused)), key=lambda r: (r.wish.at, r.wish.key))
    unmet = [desk.explain(one) for one in refused]  # last, when it is known what is still free
    in_sessions = {account for account, bound in bounds.items() if bound.sessions}
    return Timetable(tuple(placed), tuple(unmet), tuple(clashes([*taken, *placed], zone, in_sessions)))


def refuse_unclear(wishes: Sequence[Wish]) -> None:
    seen: set[str] = set()
    for wish in wishes:
        if wish.at.tzinfo is None:
            raise ValueError(f"the wish {wish.key!r} has no zone")
        if wish.key in seen:
            raise ValueError(f"two wishes are called {wish.key!r}")
        seen.add(wish.key)


@dataclass(frozen=True, slots=True)
class Refused:
    """A wish that found no place; `first` is the second from which it was looked for."""

    wish: Wish
    obstacle: Obstacle
    first: int


class Desk:
    """Answers one wish after the other, each with what those before it left."""

    def __init__(self, bounds: Mapping[str, Bounds], days: Days, zone: ZoneInfo, now: datetime) -> None:
        self.days = days
        self.zone = zone
        self.now = wall(now, zone)
        self.rooms = {account: Room(bound, days, zone) for account, bound in bounds.items()}

    def keep(self, placed: Placed) -> None:
        room = self.rooms.get(placed.wish.account)
        if room is not None:
            room.take(wall(placed.at, self.zone), placed.wish)

    def place(self, wish: Wish) -> Placed | Refused:
        wished = wall(wish.at, self.zone)
        first, last = max(wished, self.now), self.latest(wish, wished)
        room = self.rooms.get(wish.account)
        if room is None:
            return Refused(wish, Obstacle.UNKNOWN_ACCOUNT, first)
        obstacle = impossible(wish, room, wished, first, last)
        found = None if obstacle else first if wish.urgent else forward(wish, room, first, last)
        if found is None:
            return Refused(wish, obstacle or room.obstacle(wish, first, last), first)
        at = from_wall(found, self.zone)
        moved_by = None
        if found != wished:
            moved_by = Obstacle.PAST if wished < first else room.obstacle(wish, first, first)
        room.take(found, wish)
        return Placed(wish, at, self.words(NOTES, moved_by, wish, first), moved_by) if moved_by else Placed(wish, at)

    def explain(self, refused: Refused) -> Unmet:
        wish, first = refused.wish, refused.first
        nearest = self.nearest(refused)
        reason = self.words(REASONS, refused.obstacle, wish, first)
        offer = f"Gần nhất có thể: {at_clock(nearest)}." if nearest else "Chưa thấy thời điểm nào khác."
        message = f"Không xếp được lúc {at_clock(wish.at.astimezone(self.zone))}: {reason}. {offer}"
        return Unmet(wish, refused.obstacle, message, nearest)

    def nearest(self, refused: Refused) -> datetime | None:
        """The nearest moment, later or earlier, at which the wish would be placed if it asked now."""
        wish, first = refused.wish, refused.first
        room = self.rooms.get(wish.account)
        if room is None or refused.obstacle is Obstacle.SESSION_TOO_LONG:
            return None
        if wish.urgent:
            return from_wall(first, self.zone)
        after = forward(wish, room, first, first + AHEAD * DAY)
        before = backward(wish, room, max(self.now, first - BACK * DAY), first - 1)
        found = [second for second in (before, after) if second is not None]
        return from_wall(min(found, key=lambda second: abs(second - first)), self.zone) if found else None

    def latest(self, wish: Wish, wished: int) -> int:
        if wish.latest is None:
            return end_of_day(wished)
        last = wall(wish.latest.replace(microsecond=0), self.zone)
        return max(last, wished) if wish.latest >= wish.at else last

    def words(self, sentences: Mapping[Obstacle, str], obstacle: Obstacle, wish: Wish, second: int) -> str:
        room = self.rooms.get(wish.account)
        day = from_wall(second, self.zone).date()
        return sentences[obstacle].format(**facts(room.bounds if room else Bounds(), self.days, day, wish.minutes))


def impossible(wish: Wish, room: Room, wished: int, first: int, last: int) -> Obstacle | None:
    """What no other moment inside the wish's own limits can mend."""
    if wished > last:
        return Obstacle.REVERSED
    if first > last:
        return Obstacle.PAST
    return Obstacle.SESSION_TOO_LONG if not wish.urgent and room.never_fits(wish) else None


def forward(wish: Wish, room: Room, first: int, last: int) -> int | None:
    """The first second that is free; on a later day the wished time of day, where that is free."""
    day = room.open_day(first // DAY, last // DAY, 1)
    while day * DAY <= last:
        spans, _ = room.free(wish, max(first, day * DAY), min(last, end_of_day(day * DAY)))
        if spans:
            return same_clock(spans, first) or spans[0][0]
        day = room.open_day(day + 1, last // DAY, 1)
    return None


def backward(wish: Wish, room: Room, first: int, last: int) -> int | None:
    """The last minute that is free; on an earlier day the wished time of day, where that is free."""
    day = room.open_day(last // DAY, first // DAY, -1)
    while end_of_day(day * DAY) >= first:
        spans, _ = room.free(wish, max(first, day * DAY), min(last, end_of_day(day * DAY)))
        if spans:
            begins, ends = spans[-1]
            return same_clock(spans, last + 1) or max(begins, ends - 60)
        day = room.open_day(day - 1, first // DAY, -1)
    return None


def same_clock(spans: Sequence[Span], wished: int) -> int | None:
    second = spans[0][0] // DAY * DAY + wished % DAY
    return second if any(begins <= second < ends for begins, ends in spans) else None


def end_of_day(second: int) -> int:
    return second // DAY * DAY + DAY - 1

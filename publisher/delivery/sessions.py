"""The moments in which an account that speaks at fixed times may speak next, as the timetable knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from publisher.delivery.bounds import BadBounds, bounds_of, days_of
from publisher.delivery.models import Account
from publisher.timetable.bounds import DAY
from publisher.timetable.room import Room, from_wall, wall
from publisher.timetable.wishes import Wish

HORIZON = timedelta(days=92)


def sessions_after(account: Account) -> Callable[[datetime], Iterator[datetime]]:
    """Asked for a moment, gives the account's sessions later than it: its hours, without days of silence, holidays
    where it rests, quiet hours. Nothing for an account without sessions, or whose hours cannot be read."""

    def after(moment: datetime) -> Iterator[datetime]:
        try:
            bounds = bounds_of(account)
        except BadBounds:
            return
        zone = account.organisation.timezone
        if not bounds.sessions:
            return
        room = Room(bounds, days_of(account.organisation), zone)
        first, last = wall(moment, zone) + 1, wall(moment + HORIZON, zone)
        nothing = Wish(key="", account=str(account.pk), topic="", text="", at=moment)
        for day in range(first // DAY, last // DAY + 1):
            spans, _ = room.free(nothing, max(first, day * DAY), day * DAY + DAY - 1)
            yield from (from_wall(begins, zone) for begins, _ in spans)

    return after

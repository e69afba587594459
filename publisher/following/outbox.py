"""Events into the outbox: each follower is handed every event once, in the order of the seals.

Ids are no order to follow: on PostgreSQL a smaller id may become visible after a larger one. Seals are. Each event is
in exactly one, the numbers have no gaps, and number n + 1 cannot be written before n is committed. So a cursor over
seals skips nothing, and needs nothing from whoever writes events. Rows and cursor move in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.db.models import Max

from publisher.events.models import Event, Seal
from publisher.following.models import Cursor, Dispatch, Endpoint

BATCH = 20  # seals handed out in one transaction; a seal holds at most a thousand events


class Receiver(Protocol):
    """Whoever is handed events."""

    kind: str

    def receive(self, events: Sequence[Event], now: datetime) -> None:
        """Writes what follows from them, inside the caller's transaction."""


def hand_out(receivers: Iterable[Receiver], now: datetime) -> int:
    """Hands every receiver what it has not had; returns how many events were looked at.

    Who is new begins with what is sealed from now on: nobody is flooded with history.
    """
    newest = Seal.objects.aggregate(newest=Max("seq"))["newest"] or 0
    had = dict(Cursor.objects.values_list("kind", "seq"))
    return sum(hand(receiver, newest, now) for receiver in receivers if had.get(receiver.kind, -1) < newest)


@transaction.atomic
def hand(receiver: Receiver, newest: int, now: datetime) -> int:
    """One batch. Two at work at once wait for each other here; the second finds the first one's cursor."""
    cursor, _ = Cursor.objects.select_for_update().get_or_create(kind=receiver.kind, defaults={"seq": newest})
    seals = list(Seal.objects.filter(seq__gt=cursor.seq).order_by("seq")[:BATCH].values_list("pk", "seq"))
    if not seals:
        return 0
    related = Event.objects.filter(seal__in=[pk for pk, _ in seals]).select_related("organisation")
    events = list(related.order_by("seal__seq", "pk"))
    receiver.receive(events, now)
    cursor.seq = seals[-1][1]
    cursor.save(update_fields=["seq"])
    return len(events)


def put(pairs: Iterable[tuple[Event, Endpoint]], now: datetime) -> None:
    Dispatch.objects.bulk_create(
        [Dispatch(event=event, endpoint=endpoint, since=now, next_try_at=now) for event, endpoint in pairs],
        ignore_conflicts=True,
        batch_size=500,
    )

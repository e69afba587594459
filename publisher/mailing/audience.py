"""`channels.contract.Audience` in the database: each reader of a delivery at most once, through crashes and repeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from channels.contract import Recipient
from publisher.config import config
from publisher.mailing.models import Copy, CopyState, Subscriber

LEFT = "Đã hủy nhận thư trước khi thư đi."
CUT_SHORT = "Tiến trình gửi dừng giữa chừng: không rõ thư đã đi chưa."
PAGE = 200  # rows


def audience(delivery: Any) -> Readers:
    """The readers of a delivery (a row of `delivery.Delivery`). Asks the database nothing until it is asked."""
    return Readers(delivery)


def leave_url(subscriber: Subscriber) -> str:
    return f"{config.origin}/thu/huy/{subscriber.leave_key}"


class Readers:
    """Whoever was subscribed when the delivery was due; of a correction, those who had or may have had the original.

    What a killed worker left behind as being sent is in doubt, and stays so: it is never sent again.
    """

    def __init__(self, delivery: Any) -> None:
        self._delivery = delivery

    @property
    def _copies(self) -> QuerySet[Copy]:
        return Copy.objects.filter(delivery=self._delivery)

    def waiting(self) -> Iterator[Recipient]:
        """Those tried longest ago come first, so that one slow mailbox holds up nobody."""
        self._lay_out()
        self._settle_all(CopyState.SENDING, CopyState.UNKNOWN, CUT_SHORT)
        self._settle_all(CopyState.WAITING, CopyState.REFUSED, LEFT, subscriber__unsubscribed_at__isnull=False)
        keys = iter(
            list(self._copies.filter(state=CopyState.WAITING).order_by("at", "pk").values_list("pk", flat=True))
        )
        while page := list(islice(keys, PAGE)):
            rows = Copy.objects.filter(state=CopyState.WAITING).select_related("subscriber").in_bulk(page)
            yield from (recipient(rows[key].subscriber) for key in page if key in rows and rows[key].subscriber.address)

    def begin(self, recipient: Recipient) -> bool:
        mine = self._copies.filter(subscriber_id=int(recipient.ref), state=CopyState.WAITING)
        with transaction.atomic(durable=True):  # nothing goes out before this is on disk
            still_there = mine.filter(subscriber__unsubscribed_at=None)
            return bool(still_there.update(state=CopyState.SENDING, why="", at=timezone.now()))

    def settle(self, recipient: Recipient, state: str, why: str = "") -> None:
        """From `sending`, or from the doubt into which somebody put a slow one meanwhile."""
        words = why.replace(recipient.address, "•••")[:200]
        begun = self._copies.filter(subscriber_id=int(recipient.ref), state__in=[CopyState.SENDING, CopyState.UNKNOWN])
        begun.update(state=CopyState(state), why=words, at=timezone.now())

    def tally(self) -> Mapping[str, int]:
        """How it stands between two turns: who is being written to even then was so when a worker died."""
        self._lay_out()
        self._settle_all(CopyState.SENDING, CopyState.UNKNOWN, CUT_SHORT)
        counted = Counter(dict(self._copies.values_list("state").annotate(number=Count("pk"))))
        return {state: number for state, number in counted.items() if number}

    def _settle_all(self, before: CopyState, after: CopyState, why: str, **those: Any) -> None:
        self._copies.filter(state=before, **those).update(state=after, why=why, at=timezone.now())

    def _lay_out(self) -> None:
        """A row for each reader who has none; the same readers however often it is asked."""
        now = timezone.now()
        missing = iter(self._readers().exclude(copies__delivery=self._delivery).values_list("pk", flat=True))
        rows = (Copy(delivery=self._delivery, subscriber_id=key, at=now) for key in missing)
        while page := list(islice(rows, PAGE)):
            Copy.objects.bulk_create(page, ignore_conflicts=True)

    def _readers(self) -> QuerySet[Subscriber]:
        there = Subscriber.objects.filter(organisation=self._delivery.organisation_id, unsubscribed_at=None)
        first = self._delivery
        while first.of is not None:
            first = first.of
        if first is self._delivery:
            return there.filter(confirmed_at__lte=self._delivery.due_at)
        had = Copy.objects.filter(delivery=first, state__in=[CopyState.SENT, CopyState.UNKNOWN])
        return there.filter(pk__in=had.values("subscriber"))


def recipient(subscriber: Subscriber) -> Recipient:
    return Recipient(str(subscriber.pk), subscriber.address, leave_url(subscriber))

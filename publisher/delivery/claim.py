"""Claiming due deliveries, and finding again what was lost.

The database is the queue. A claim is one UPDATE, so any number of clocks may claim at once and none gets a row twice.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from publisher.config import config
from publisher.delivery.models import Account, Delivery
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.states import State
from publisher.events.log import draft, record_many

Claim = tuple[int, uuid.UUID]  # delivery id and the lease to act under

CLAIM = """
UPDATE delivery_delivery SET state = 'queued', lease = %(lease)s, leased_until = %(until)s
WHERE state = 'scheduled' AND id IN (
    SELECT d.id FROM delivery_delivery d
    JOIN delivery_account a ON a.id = d.account_id
    LEFT JOIN delivery_delivery w ON w.id = d.waits_for_id
    WHERE d.state = 'scheduled' AND d.next_try_at <= %(now)s
      AND a.held_at IS NULL AND a.retired_at IS NULL AND {which}
      AND (w.id IS NULL OR w.state IN ('delivered', 'corrected'))
    ORDER BY d.urgent DESC, d.next_try_at, d.id
    LIMIT %(limit)s {lock}
)
RETURNING id, organisation_id
"""


def claim_due(now: datetime) -> list[Claim]:
    """Takes what is due and what the workers have room for: free accounts in one go, paced accounts one by one."""
    room = capacity()
    claims = claim_rows(now, room, "a.pace_per_minute = 0")
    for account in paced_accounts(now):
        if len(claims) >= room:
            break
        claims += claim_turn(account, now)
    return claims


def capacity() -> int:
    """More queued than this only ages in the broker."""
    waiting = Delivery.objects.filter(state="queued").count()
    return max(0, config.worker_threads * 4 - waiting)


def claim_rows(now: datetime, limit: int, which: str, **named: object) -> list[Claim]:
    if limit <= 0:
        return []
    lease = uuid.uuid4()
    lock = "FOR UPDATE OF d SKIP LOCKED" if connection.vendor == "postgresql" else ""
    parameters = {
        "lease": plain(lease),
        "until": plain(now + timedelta(seconds=config.lease_seconds)),
        "now": plain(now),
        "limit": limit,
        **named,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM.format(which=which, lock=lock), parameters)
        rows = cursor.fetchall()
        record_many(
            draft("delivery.queued", f"delivery:{pk}", organisation_id=org, data={"from": "scheduled", "to": "queued"})
            for pk, org in rows
        )
    return [(pk, lease) for pk, _ in rows]


def plain(value: object) -> object:
    """A value as this database stores it: SQLite keeps UUIDs and times as text."""
    if isinstance(value, uuid.UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def paced_accounts(now: datetime) -> list[Account]:
    due = Delivery.objects.filter(account=OuterRef("pk"), state="scheduled", next_try_at__lte=now)
    ready = Account.objects.filter(pace_per_minute__gt=0, held_at=None, retired_at=None)
    return list(ready.filter(Q(paced_until=None) | Q(paced_until__lte=now)).filter(Exists(due)))


def claim_turn(account: Account, now: datetime) -> list[Claim]:
    """One delivery of a paced account. The account's row is the turnstile for every clock and for the backlog."""
    turn_ends = now + timedelta(minutes=1) / account.pace_per_minute
    with transaction.atomic():
        free = Account.objects.filter(pk=account.pk, paced_until=account.paced_until)
        if not free.update(paced_until=turn_ends):
            return []
        claims = claim_rows(now, 1, "a.id = %(account)s", account=account.pk)
        if not claims:
            Account.objects.filter(pk=account.pk).update(paced_until=account.paced_until)
    return claims


def claim_questions(now: datetime) -> list[Claim]:
    """Unknown and processing deliveries whose time to be asked about has come."""
    asked = Delivery.objects.filter(state__in=["unknown", "processing"], next_try_at__lte=now)
    claims: list[Claim] = []
    for pk in asked.filter(unleased(now)).order_by("next_try_at").values_list("pk", flat=True)[: config.worker_threads]:
        lease = uuid.uuid4()
        mine = Delivery.objects.filter(pk=pk, state__in=["unknown", "processing"]).filter(unleased(now))
        if mine.update(lease=lease, leased_until=now + timedelta(seconds=config.lease_seconds)):
            claims.append((pk, lease))
    return claims


def unleased(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=now)


def recover(now: datetime) -> int:
    """Rows whose lease ran out: a lost message goes back in line, a lost sender leaves a doubt to look into."""
    lost = Delivery.objects.filter(state__in=["queued", "sending"], leased_until__lte=now)
    found = 0
    for delivery in lost.select_related("organisation"):
        try:
            recover_one(delivery, now)
            found += 1
        except Overtaken:
            continue
    return found


def recover_one(delivery: Delivery, now: datetime) -> None:
    if delivery.state == State.QUEUED:
        move(delivery, State.SCHEDULED, under=delivery.lease, data={"why": "lost message"}, next_try_at=now)
        return
    words = "Tiến trình gửi bị ngắt giữa chừng; chưa rõ bài đã đăng hay chưa, hệ thống đang đối chiếu."
    with transaction.atomic():
        delivery.attempts.filter(ended_at=None).update(
            ended_at=now, outcome=State.UNKNOWN, error_class="Interrupted", error=words
        )
        move(
            delivery,
            State.UNKNOWN,
            under=delivery.lease,
            data={"why": "lease expired"},
            next_try_at=now,
            last_error=words,
        )


def miss_late(now: datetime) -> int:
    """First decide, then send: what its late rule forbids is missed, visibly, before anything is claimed."""
    late = Delivery.objects.filter(state="scheduled", next_try_at__lte=now, late_until__lt=now)
    missed = 0
    for delivery in late.select_related("organisation", "account"):
        until = delivery.late_until.astimezone(delivery.organisation.timezone)
        words = f"Đã lỡ: chỉ được gửi muộn đến {until:%H:%M} ngày {until:%d/%m/%Y}, nên không gửi nữa."
        try:
            move(delivery, State.MISSED, data={"why": "late"}, last_error=words)
            missed += 1
        except Overtaken:
            continue
    return missed


def next_moment(now: datetime) -> datetime | None:
    """When something becomes due next, as far as the tables know."""
    ahead = Delivery.objects.filter(state__in=["scheduled", "unknown", "processing"], next_try_at__gt=now)
    return ahead.order_by("next_try_at").values_list("next_try_at", flat=True).first()

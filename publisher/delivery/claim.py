"""Claiming due deliveries, and finding again what was lost.

The database is the queue. A claim is one UPDATE, so any number of clocks may claim at once and none gets a row twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from publisher.config import config
from publisher.delivery.models import Account, Delivery
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.rescheduling import put_to_review
from publisher.delivery.states import State
from publisher.events.log import draft, record_many
from publisher.timetable.models import Blackout, DayOverride, OverrideKind
from publisher.timetable.obstacles import at_clock
from publisher.timetable.slots import after_quiet

NAMED = ("organisation", "account")
SILENT = (OverrideKind.BLACKOUT, OverrideKind.QUIET)
Claim = tuple[int, uuid.UUID]  # delivery id and the lease to act under

# MATERIALIZED: PostgreSQL may otherwise run the inner select once for each row, and LIMIT would limit nothing.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT d.id FROM delivery_delivery d
    JOIN delivery_account a ON a.id = d.account_id
    LEFT JOIN delivery_delivery w ON w.id = d.waits_for_id
    WHERE d.state = 'scheduled' AND d.next_try_at <= %(now)s AND d.review_since IS NULL
      AND a.held_at IS NULL AND a.retired_at IS NULL AND {which}
      AND (d.urgent OR NOT EXISTS (
        SELECT 1 FROM timetable_blackout b
        WHERE b.organisation_id = d.organisation_id AND b.lifted_at IS NULL AND b.since <= %(now)s))
      AND (d.urgent OR d.organisation_id NOT IN ({silent}))
      AND (w.id IS NULL OR w.state IN ('delivered', 'corrected'))
    ORDER BY d.urgent DESC, d.next_try_at, d.id
    LIMIT %(limit)s {lock}
)
UPDATE delivery_delivery SET state = 'queued', lease = %(lease)s, leased_until = %(until)s
WHERE state = 'scheduled' AND id IN (SELECT id FROM due)
RETURNING id, organisation_id, urgent, next_try_at
"""
UNPACED = "a.pace_per_minute = 0 AND (a.paced_until IS NULL OR a.paced_until <= %(now)s)"


def claim_due(now: datetime) -> list[Claim]:
    """Takes what is due and what the workers have room for: paced accounts one by one, then free accounts in one go.

    A paced account gives one delivery at most, so that a backlog elsewhere never starves it.
    """
    room = capacity()
    silent = list(silent_days(now))
    claims: list[Claim] = []
    for account in paced_accounts(now):
        if len(claims) >= room:
            break
        claims += claim_turn(account, now, silent)
    return claims + claim_rows(now, room - len(claims), UNPACED, silent)


def capacity() -> int:
    """More queued than this only ages in the broker."""
    waiting = Delivery.objects.filter(state="queued").count()
    return max(0, config.worker_threads * 4 - waiting)


def claim_rows(now: datetime, limit: int, which: str, silent: Collection[int] = (), **named: object) -> list[Claim]:
    """`silent`: organisations in which today is a day without posts."""
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
        days = ", ".join(str(int(pk)) for pk in silent) or "-1"
        cursor.execute(CLAIM.format(which=which, lock=lock, silent=days), parameters)
        rows = sorted(cursor.fetchall(), key=lambda row: (not row[2], row[3], row[0]))  # RETURNING keeps no order
        record_many(
            draft("delivery.queued", f"delivery:{pk}", organisation_id=org, data={"from": "scheduled", "to": "queued"})
            for pk, org, *_ in rows
        )
    return [(pk, lease) for pk, *_ in rows]


def plain(value: object) -> object:
    """A value as this database stores it: SQLite keeps UUIDs and times as text."""
    if isinstance(value, uuid.UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def paced_accounts(now: datetime) -> list[Account]:
    """Accounts whose turn it is: those with something urgent first, then those that have waited longest."""
    due = Delivery.objects.filter(account=OuterRef("pk"), state="scheduled", next_try_at__lte=now, review_since=None)
    ready = Account.objects.filter(pace_per_minute__gt=0, held_at=None, retired_at=None)
    ready = ready.filter(Q(paced_until=None) | Q(paced_until__lte=now)).filter(Exists(due))
    return list(ready.order_by(Exists(due.filter(urgent=True)).desc(), F("paced_until").asc(nulls_first=True), "pk"))


def claim_turn(account: Account, now: datetime, silent: Collection[int] = ()) -> list[Claim]:
    """One delivery of a paced account. The account's row is the turnstile for every clock and for the backlog."""
    turn_ends = now + timedelta(minutes=1) / account.pace_per_minute
    with transaction.atomic():
        free = Account.objects.filter(pk=account.pk, paced_until=account.paced_until)
        if not free.update(paced_until=turn_ends):
            return []
        claims = claim_rows(now, 1, "a.id = %(account)s", silent, account=account.pk)
        if not claims:
            Account.objects.filter(pk=account.pk).update(paced_until=account.paced_until)
    return claims


def claim_questions(now: datetime) -> list[Claim]:
    """Unknown and processing deliveries whose time to be asked about has come; a held account cannot be asked."""
    asked = Delivery.objects.filter(state__in=["unknown", "processing"], next_try_at__lte=now, account__held_at=None)
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


def hold_for_review(now: datetime) -> int:
    """What falls due in a blackout, or on a day without posts, waits for a person; urgent posts do not.

    Runs before anything is missed: the late rule is for the time in which nothing could be sent, not for the time in
    which nobody wanted to. Claimed rows are taken back; their worker finds its lease gone. The claim itself refuses
    what a blackout holds, so that nothing slips through between this step and that.
    """
    reasons = silent_organisations(now)
    held = 0
    due = Delivery.objects.filter(organisation__in=list(reasons), urgent=False, review_since=None)
    waiting = due.filter(Q(state="scheduled", next_try_at__lte=now) | Q(state="queued"))
    for delivery in waiting.select_related(*NAMED):
        try:
            held += put_to_review(delivery, reasons[delivery.organisation_id], by=None, now=now)
        except Overtaken:
            continue
    return held


def silent_organisations(now: datetime) -> dict[int, str]:
    """Why nothing but the urgent goes out now, by organisation."""
    on = Blackout.objects.filter(lifted_at=None, since__lte=now)
    return silent_days(now) | {row.organisation_id: f"Tạm dừng: {row.reason} ({row.document})" for row in on}


def silent_days(now: datetime) -> dict[int, str]:
    """Organisations in whose zone today is a day without posts, and which day it is."""
    near = [now.date() + timedelta(days=step) for step in (-1, 0, 1)]  # whatever the zone
    marked = DayOverride.objects.filter(kind__in=SILENT, date__in=near).select_related("organisation")
    return {
        row.organisation_id: f"Ngày không đăng: {row}"
        for row in marked
        if row.date == now.astimezone(row.organisation.timezone).date()
    }


def miss_late(now: datetime) -> int:
    """First decide, then send: what its late rule forbids is missed, visibly, before anything is claimed."""
    late = Delivery.objects.filter(state="scheduled", next_try_at__lte=now, late_until__lt=now, review_since=None)
    missed = 0
    for delivery in late.select_related(*NAMED):
        until = delivery.late_until.astimezone(delivery.organisation.timezone)
        words = f"Đã lỡ: chỉ được gửi muộn đến {at_clock(until)}, nên không gửi nữa."
        try:
            move(delivery, State.MISSED, data={"why": "late"}, last_error=words)
            missed += 1
        except Overtaken:
            continue
    return missed


def drop_orphans(now: datetime) -> int:
    """Nothing waits for ever: what follows a page that will not stand, or goes to a retired account, is cancelled."""
    lost_page = Q(waits_for__state__in=["failed", "cancelled", "missed", "withdrawn"])
    due = Delivery.objects.filter(state="scheduled", next_try_at__lte=now)
    dropped = 0
    for delivery in due.filter(lost_page | ~Q(account__retired_at=None)).select_related(*NAMED):
        retired = delivery.account.retired_at is not None
        words = (
            f"Tài khoản “{delivery.account}” đã ngừng dùng nên lượt này đã hủy."
            if retired
            else f"Trang công khai ở lượt {delivery.waits_for_id} không có bài nên lượt này đã hủy: đăng trang trước."
        )
        try:
            move(delivery, State.CANCELLED, data={"why": "account retired" if retired else "no page"}, last_error=words)
            dropped += 1
        except Overtaken:
            continue
    return dropped


def put_off_for_quiet(now: datetime) -> int:
    """What was held up until the quiet hours of its account waits for their end; urgent posts do not."""
    put_off = 0
    with_hours = Account.objects.exclude(quiet_from=None).exclude(quiet_until=None).select_related("organisation")
    for account in with_hours:
        until = after_quiet(now, account.quiet_from, account.quiet_until, account.organisation.timezone)
        if until > now:
            due = Delivery.objects.filter(account=account, state="scheduled", urgent=False, next_try_at__lte=now)
            put_off += due.filter(review_since=None).update(next_try_at=until)
    return put_off


def next_moment(now: datetime) -> datetime | None:
    """When something becomes due next, as far as the tables know."""
    ahead = Delivery.objects.filter(state__in=["scheduled", "unknown", "processing"], next_try_at__gt=now)
    return ahead.order_by("next_try_at").values_list("next_try_at", flat=True).first()

"""What is decided before anything is sent: lost work found again, days of silence, what is too late, what is moot."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from publisher.delivery.models import Account, Delivery
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.recording import doubt
from publisher.delivery.rescheduling import put_to_review
from publisher.delivery.states import State
from publisher.timetable.models import Blackout, DayOverride, OverrideKind
from publisher.timetable.obstacles import at_clock
from publisher.timetable.slots import after_quiet

NAMED = ("organisation", "account")
SILENT = (OverrideKind.BLACKOUT, OverrideKind.QUIET)


def unleased(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=now)


def recover(now: datetime) -> int:
    """Rows whose lease ran out: a lost message goes back in line, a lost sender leaves a doubt to look into."""
    lost = Delivery.objects.filter(state__in=["queued", "sending"], leased_until__lte=now)
    found = 0
    for delivery in lost.select_related(*NAMED):
        try:
            recover_one(delivery, now)
            found += 1
        except Overtaken:
            continue
    return found


def recover_one(delivery: Delivery, now: datetime) -> None:
    if delivery.state == State.QUEUED:
        move(delivery, State.SCHEDULED, under=delivery.lease, data={"why": "lost message"})  # its place stays
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
            **{"last_error": words, **doubt(delivery, now), "next_try_at": now},
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
    waiting = due.filter(Q(state="scheduled", next_try_at__lte=now) | Q(state="queued", leased_until__isnull=False))
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
            else f"Lượt {delivery.waits_for_id} phải đăng trước lượt này đã không đăng được nên lượt này cũng hủy."
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

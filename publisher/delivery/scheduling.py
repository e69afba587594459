"""From an approved version to its deliveries: when, on which account, at what cost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from campaigns.models import LateRule, Post, PostVersion, Rendering
from publisher.budget import ledger
from publisher.delivery.accounts import channel_of
from publisher.delivery.models import Account, Action, Delivery
from publisher.delivery.shaping import schedule_of
from publisher.delivery.wake import wake
from publisher.events.log import record
from publisher.people.models import Person
from publisher.timetable.recurrence import due_times
from publisher.timetable.slots import after_quiet, next_session, parse_sessions


class CannotSchedule(Exception):
    """Why no delivery can be made; nothing was written."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One account, one due time, and what moved it from the time that was asked for ("" when nothing did)."""

    account: Account
    due_at: datetime
    note: str = ""


def placements(post: Post, now: datetime) -> list[Placement]:
    """When and where the post will go. Raises `CannotSchedule`, or `BadRule` for a rule nobody can follow."""
    moments = asked_times(post, now)
    found: dict[tuple[int, datetime], Placement] = {}
    for account in post.accounts.filter(retired_at=None).select_related("organisation").order_by("pk"):
        wanted = moments if channel_of(account).repeats else moments[:1]
        for moment in wanted:
            placed = place(account, moment, urgent=post.urgent)
            found.setdefault((account.pk, placed.due_at), placed)
    return sorted(found.values(), key=lambda p: (p.due_at, p.account.pk))


def asked_times(post: Post, now: datetime) -> list[datetime]:
    """A missing schedule means now; past times of a rule are left out, a past fixed time means now."""
    schedule = schedule_of(post)
    zone = post.organisation.timezone
    if schedule is None:
        return [now.astimezone(zone)]
    if not schedule.rule:
        return [max(schedule.starts_at, now).astimezone(zone)]
    moments = due_times(schedule.starts_at, schedule.rule, schedule.until, zone, last=post.campaign.ends_on)
    ahead = [moment for moment in moments if moment >= now]
    if not ahead:
        raise CannotSchedule("Lịch lặp lại không còn lượt nào từ nay đến ngày kết thúc. Hãy đổi ngày.")
    return ahead


def place(account: Account, moment: datetime, *, urgent: bool) -> Placement:
    """Moves a moment out of quiet hours and into the account's next session. Urgent posts break quiet hours."""
    zone = account.organisation.timezone
    quiet = moment if urgent else after_quiet(moment, account.quiet_from, account.quiet_until, zone)
    due = next_session(quiet, sessions_of(account), zone)
    if due == moment:
        return Placement(account, due)
    return Placement(account, due, "vào buổi phát kế tiếp" if due != quiet else "ra ngoài giờ yên lặng")


def sessions_of(account: Account) -> list[time]:
    try:
        return parse_sessions(str(account.settings.get("sessions", "")))
    except ValueError as error:
        raise CannotSchedule(f"{account.name}: {error}") from error


@transaction.atomic
def schedule_version(version: PostVersion, *, by: Person | None, skip: Collection[int] = ()) -> list[Delivery]:
    """Makes the deliveries of an approved version, but for accounts in `skip`, and reserves their cost.

    Raises `CannotSchedule` or `OverLimit`; then nothing was written.
    """
    post = version.post
    renderings = {r.account_id: r for r in version.renderings.all()}
    made: list[Delivery] = []
    for placement in placements(post, timezone.now()):
        if placement.account.pk not in skip:
            made.append(schedule_one(post, renderings[placement.account.pk], placement, by))
    link_to_page(made)
    transaction.on_commit(wake)
    return made


def schedule_one(post: Post, rendering: Rendering, placement: Placement, by: Person | None) -> Delivery:
    account = placement.account
    delivery = Delivery.objects.create(
        organisation=post.organisation,
        version=rendering.version,
        account=account,
        digest=rendering.digest,
        due_at=placement.due_at,
        next_try_at=placement.due_at - channel_of(account).lead,
        late_until=late_until(post, placement.due_at),
        urgent=post.urgent,
        **cost_of(post, account),
    )
    ledger.reserve(delivery, by=by)
    record(
        "delivery.scheduled",
        f"delivery:{delivery.pk}",
        organisation=post.organisation,
        actor=by,
        data={
            "to": "scheduled",
            "due_at": placement.due_at.isoformat(),
            "account": account.pk,
            "version": rendering.version_id,
            "digest": rendering.digest,
            "cost": delivery.cost,
            "note": placement.note,
        },
    )
    return delivery


def late_until(post: Post, due: datetime) -> datetime | None:
    if post.late_rule == LateRule.ALWAYS:
        return None
    if post.late_rule == LateRule.NEVER:
        return due + timedelta(minutes=15)  # a running clock is never later; anything more is downtime
    return due + timedelta(hours=post.late_hours)


def cost_of(post: Post, account: Account) -> dict[str, object]:
    if not account.rate:
        return {}
    line_id = post.campaign.budget_line_id or account.budget_line_id
    if line_id is None:
        raise CannotSchedule(
            f"“{account.name}” có đơn giá {ledger.dong(account.rate)} nhưng chưa gắn dòng dự toán. "
            "Gắn dòng dự toán cho tài khoản hoặc cho chiến dịch trước khi đăng."
        )
    return {"cost": account.rate, "budget_line_id": line_id}


def link_to_page(deliveries: list[Delivery]) -> None:
    """Whoever follows the link to the public page goes after the page."""
    page = next((d for d in deliveries if channel_of(d.account).hosts_articles and d.action == Action.PUBLISH), None)
    if page is None:
        return
    for delivery in deliveries:
        if channel_of(delivery.account).follows_page:
            delivery.waits_for = page
            delivery.save(update_fields=["waits_for"])

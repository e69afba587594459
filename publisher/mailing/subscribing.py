"""Asking for letters, confirming it from one's own mailbox, and leaving. Nothing here tells who is subscribed."""

from __future__ import annotations

import hashlib
import secrets
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from publisher.config import config
from publisher.mailing.audience import leave_url
from publisher.mailing.models import Subscriber
from publisher.people.models import Organisation

LIMITS: dict[str, int] = tomllib.loads(Path(__file__).with_name("limits.toml").read_text("utf-8"))
AGAIN = timedelta(minutes=LIMITS["again_minutes"])
PENDING = timedelta(hours=LIMITS["pending_hours"])


class TooMany(Exception):
    """More was asked for than is answered in an hour; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent to whoever asked."""

    ref: str
    subject: str
    words: str = field(repr=False)


@transaction.atomic
def ask(organisation: Organisation, address: str, now: datetime) -> Letter | None:
    """Notes that somebody asks for letters at `address`. None: they had an answer a moment ago. Raises `TooMany`."""
    forget_pending(now)
    asked = Subscriber.objects.filter(organisation=organisation, asked_at__gt=now - timedelta(hours=1))
    if asked.count() >= LIMITS["letters_an_hour"]:
        raise TooMany
    row, new = Subscriber.objects.select_for_update().get_or_create(
        organisation=organisation, address=address.lower(), defaults={"asked_at": now}
    )
    if not new and row.asked_at > now - AGAIN:
        return None
    token = secrets.token_urlsafe(24)
    row.asked_at = now
    if row.confirmed_at is None:
        row.confirm_sha256 = digest(token)
    row.save(update_fields=["asked_at", "confirm_sha256"])
    return already(row) if row.confirmed_at else to_confirm(row, token)


def to_confirm(row: Subscriber, token: str) -> Letter:
    name = row.organisation.short_name
    words = (
        f"Có người, có lẽ là bạn, đã đăng ký nhận tin của {name} tại địa chỉ thư này.\n\n"
        f"Nếu đúng, hãy mở liên kết sau và bấm “Xác nhận” trong vòng {LIMITS['pending_hours']} giờ:\n"
        f"{config.origin}/thu/xac-nhan/{token}\n\n"
        "Nếu không phải bạn, hãy bỏ qua thư này: địa chỉ của bạn sẽ được xóa và không nhận thư nào nữa.\n"
    )
    return Letter(f"{row.leave_key}:{token}", f"Xác nhận đăng ký nhận tin của {name}", words)


def already(row: Subscriber) -> Letter:
    name = row.organisation.short_name
    words = f"Địa chỉ thư này đã đăng ký nhận tin của {name} từ trước.\n\nKhông muốn nhận nữa: {leave_url(row)}\n"
    return Letter(f"{row.leave_key}:{row.asked_at.isoformat()}", f"Bạn đã đăng ký nhận tin của {name}", words)


def not_sent(organisation: Organisation, address: str) -> None:
    """The letter did not go out: whoever asked may ask again at once."""
    rows = Subscriber.objects.filter(organisation=organisation, address=address.lower(), confirmed_at=None)
    rows.update(confirm_sha256="", asked_at=datetime.fromtimestamp(0, tz=organisation.timezone))


def forget_pending(now: datetime) -> None:
    """Whoever did not confirm in time was never a reader: nothing of them is kept."""
    Subscriber.objects.filter(confirmed_at=None, asked_at__lte=now - PENDING, copies=None).delete()


def find_pending(token: str, now: datetime) -> Subscriber | None:
    """Who was sent this token, confirmed or still to confirm; None when it is unknown or too old."""
    row = Subscriber.objects.select_related("organisation").filter(confirm_sha256=digest(token)).first()
    if row is None or (row.confirmed_at is None and row.asked_at <= now - PENDING):
        return None
    return row


def confirm(row: Subscriber, now: datetime) -> None:
    Subscriber.objects.filter(pk=row.pk, confirmed_at=None, unsubscribed_at=None).update(confirmed_at=now)


def find(key: UUID) -> Subscriber | None:
    return Subscriber.objects.select_related("organisation").filter(leave_key=key).first()


def leave(row: Subscriber, now: datetime) -> None:
    """No letter from now on, and no address kept. Twice has the effect of once."""
    staying = Subscriber.objects.filter(pk=row.pk, unsubscribed_at=None)
    staying.update(unsubscribed_at=now, address="", confirm_sha256="")


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def often(what: str, client: str, limit: int, seconds: int) -> bool:
    """Whether `client` did `what` more than `limit` times in so many seconds. In this process; no address is stored."""
    key = f"mailing:{what}:{digest(client)[:32]}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ran out between the two
        return False

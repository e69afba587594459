"""What happens, happens now; then the followers' clock is turned by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher.delivery.secrets import unlock
from publisher.events.log import record
from publisher.events.models import Event
from publisher.events.seal import seal_log
from publisher.following.models import Dispatch, Endpoint
from publisher.following.outbox import hand_out
from publisher.following.thread import RECEIVERS
from publisher.following.turns import due_endpoints, turn
from publisher.people.models import Organisation


def happen(organisation: Organisation | None, kind: str, subject: str = "campaign:1", **data: Any) -> Event:
    with transaction.atomic():
        return record(kind, subject, organisation=organisation, data=data)


def begin() -> None:
    """The followers look for the first time: what happened before is history to them."""
    seal_log()
    hand_out(RECEIVERS, timezone.now())


def look(now: datetime | None = None) -> datetime:
    """What has happened is sealed and handed out."""
    now = now or timezone.now()
    seal_log()
    while hand_out(RECEIVERS, now):
        pass
    return now


def carry(now: datetime | None = None) -> int:
    """Hands out, and gives everybody who is due one turn; how many dispatches were taken."""
    now = look(now)
    return sum(turn(pk, now) for pk in due_endpoints(now))


def after(**wait: float) -> datetime:
    return timezone.now() + timedelta(**wait)


def states(endpoint: Endpoint) -> list[str]:
    return list(Dispatch.objects.filter(endpoint=endpoint).order_by("pk").values_list("state", flat=True))


def secret_of(endpoint: Endpoint) -> str:
    return unlock(Endpoint.objects.get(pk=endpoint.pk).secret)["now"]

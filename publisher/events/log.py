"""Writing an event: always inside the transaction of the change it tells of."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher.config import config
from publisher.events.models import Event
from publisher.people.models import Organisation, Person

SYSTEM = "Hệ thống"


def record(
    kind: str,
    subject: str,
    *,
    organisation: Organisation | None,
    actor: Person | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Appends one event. Raises `RuntimeError` outside a transaction: an event alone proves nothing."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"event {kind} outside a transaction")
    event = draft(kind, subject, organisation_id=organisation.pk if organisation else None, actor=actor, data=data)
    event.save(force_insert=True)
    return event


def record_many(events: Iterable[Event]) -> None:
    Event.objects.bulk_create(list(events))


def draft(
    kind: str,
    subject: str,
    *,
    organisation_id: int | None,
    actor: Person | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    event = Event(
        uid=uuid.uuid4(),
        organisation_id=organisation_id,
        at=timezone.now(),
        actor=actor,
        actor_name=str(actor) if actor else SYSTEM,
        kind=kind,
        subject=subject,
        data=dict(data or {}),
    )
    event.mac = mac(event)
    return event


def canonical(event: Event) -> bytes:
    """The bytes that are marked and sealed: every fact of the row but its place in a seal."""
    facts = [
        str(event.uid),
        event.organisation_id,
        event.at.isoformat(timespec="microseconds"),
        event.actor_id,
        event.actor_name,
        event.kind,
        event.subject,
        event.data,
    ]
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(event: Event) -> str:
    return hashlib.sha256(canonical(event) + event.mac.encode()).hexdigest()


def mac(event: Event) -> str:
    return hmac.new(event_key(), canonical(event), hashlib.sha256).hexdigest()


@cache
def event_key() -> bytes:
    return config.secret("event_key").encode()

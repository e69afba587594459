"""Events as signed JSON at addresses an office gives; docs/webhooks.md tells receivers how to read them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from channels import signature
from channels.remote import Call
from publisher.delivery.secrets import unlock
from publisher.events.models import Event
from publisher.following.models import Dispatch, Endpoint
from publisher.following.outbox import put
from publisher.following.wanted import wants


class Webhook:
    kind = "webhook"
    label = "Webhook"
    all_at_once = False

    def receive(self, events: Sequence[Event], now: datetime) -> None:
        listeners = defaultdict(list)
        for endpoint in Endpoint.objects.filter(kind=self.kind, retired_at=None).order_by("pk"):
            listeners[endpoint.organisation_id].append(endpoint)
        if listeners:
            put(
                (
                    (event, endpoint)
                    for event in events
                    for endpoint in listeners.get(event.organisation_id, ())
                    if wants(endpoint.kinds, event.kind)
                ),
                now,
            )

    def call(self, endpoint: Endpoint, dispatches: Sequence[Dispatch], now: datetime) -> Call:
        """The call for the one dispatch given. Raises `UnreadableSecret`."""
        event = dispatches[0].event
        body = body_of(event)
        signed = signature.headers(str(event.uid), secrets_of(endpoint, now), int(now.timestamp()), body)
        return Call(
            "POST",
            endpoint.url,
            raw=body,
            headers={"Content-Type": "application/json; charset=utf-8", **signed},
            repeatable=True,  # the receiver drops an id it has had
        )


def body_of(event: Event) -> bytes:
    """The same bytes at every try."""
    said = {
        "id": str(event.uid),
        "kind": event.kind,
        "at": event.at.isoformat(),
        "organisation": event.organisation.slug if event.organisation else None,
        "subject": event.subject,
        "data": event.data,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def secrets_of(endpoint: Endpoint, now: datetime) -> list[str]:
    """The newest first; the one before it as long as receivers may still hold it."""
    kept = unlock(endpoint.secret)
    old = endpoint.old_secret_until is not None and now < endpoint.old_secret_until
    return [kept["now"], *([kept["old"]] if old and "old" in kept else [])]

"""Hubs are told which feed changed, once it has.

https://www.w3.org/TR/websub/ leaves this call open, and everybody does `hub.mode=publish&hub.url=<the feed's own
address>`. A hub fetches the feed itself, so one call tells of all changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from channels.feed import Feed
from channels.feed.head import ascii_url, hubs_of
from channels.feed.shelf import FILES
from channels.remote import Call, host
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.models import Account, Delivery
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.following.models import Dispatch, Endpoint
from publisher.following.outbox import put

# A correction or a withdrawal is a delivery of its own: it is delivered once the feed says so.
CHANGED = f"delivery.{State.DELIVERED}"


class Websub:
    kind = "websub"
    label = "Hub WebSub"
    all_at_once = True

    def receive(self, events: Sequence[Event], now: datetime) -> None:
        changed = [event for event in events if event.kind == CHANGED]
        feeds = feeds_of(event.subject for event in changed)
        lines = {account.pk: list(lines_of(account, now)) for account in set(feeds.values())}
        put(
            ((event, line) for event in changed if event.subject in feeds for line in lines[feeds[event.subject].pk]),
            now,
        )

    def call(self, endpoint: Endpoint, dispatches: Sequence[Dispatch], now: datetime) -> Call:
        form = {"hub.mode": "publish", "hub.url": endpoint.topic}
        return Call("POST", endpoint.url, form=form, repeatable=True)


def feeds_of(subjects: Iterable[str]) -> dict[str, Account]:
    """Which of these deliveries changed a feed, and whose."""
    numbers = [int(subject.partition(":")[2]) for subject in subjects]
    rows = Delivery.objects.filter(pk__in=numbers, account__kind=Feed.kind).select_related("account__organisation")
    return {f"delivery:{row.pk}": row.account for row in rows}


def lines_of(account: Account, now: datetime) -> Iterator[Endpoint]:
    """One line for each hub and each format of the feed; made when first needed."""
    try:
        settings = as_channel_sees(account).settings
    except UnreadableSecret:
        return
    for hub in hubs_of(settings):
        for topic in topics_of(settings):
            line, _ = Endpoint.objects.get_or_create(
                organisation=account.organisation, kind=Websub.kind, url=hub, topic=topic, retired_at=None,
                defaults={"account": account, "name": f"{account.name} → {host(hub)}"[:120], "next_turn_at": now},
            )  # fmt: skip
            yield line


def topics_of(settings: Mapping[str, Any]) -> list[str]:
    """The feed's own addresses, as the feed itself names them."""
    base = str(settings.get("self_url") or settings.get("base_url", "")).rstrip("/") + "/"
    return [ascii_url(base) + name for name in FILES]

"""Hubs are told which feed changed, once it has.

https://www.w3.org/TR/websub/ leaves this call open, and everybody does `hub.mode=publish&hub.url=<the feed's own
address>`. A hub fetches the feed itself, so one call tells of all changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from campaigns.models import Rendering
from channels.feed import Feed
from channels.feed.address import folders_of, topics_of
from channels.feed.head import hubs_of
from channels.remote import Call, host
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.models import Account, Delivery
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.following.models import Dispatch, Endpoint
from publisher.following.outbox import put

# A correction or a withdrawal is a delivery of its own: it is delivered once the feed says so.
EVERYTHING = {"": ""}  # the folder of the feed of everything
LONGEST_TOPIC = 500  # characters of an endpoint's topic
CHANGED = f"delivery.{State.DELIVERED}"


class Websub:
    kind = "websub"
    label = "Hub WebSub"
    all_at_once = True

    def receive(self, events: Sequence[Event], now: datetime) -> None:
        changed = [event for event in events if event.kind == CHANGED]
        deliveries = feed_deliveries(event.subject for event in changed)
        folders = folders_touched(deliveries.values())
        lines = {
            subject: list(lines_of(delivery.account, folders[delivery.pk], now))
            for subject, delivery in deliveries.items()
        }
        put(((event, line) for event in changed for line in lines.get(event.subject, ())), now)

    def call(self, endpoint: Endpoint, dispatches: Sequence[Dispatch], now: datetime) -> Call:
        form = {"hub.mode": "publish", "hub.url": endpoint.topic}
        return Call("POST", endpoint.url, form=form, repeatable=True)


def feed_deliveries(subjects: Iterable[str]) -> dict[str, Delivery]:
    """Which of these deliveries changed a feed."""
    numbers = [int(subject.partition(":")[2]) for subject in subjects]
    rows = Delivery.objects.filter(pk__in=numbers, account__kind=Feed.kind)
    return {f"delivery:{row.pk}": row for row in rows.select_related("account__organisation", "of")}


def folders_touched(deliveries: Iterable[Delivery]) -> dict[int, dict[str, str]]:
    """The feeds each delivery changed, by its number: those its words stand in, and those of the words it replaced."""
    versions = {row.pk: {row.version_id, row.of.version_id if row.of else row.version_id} for row in deliveries}
    wanted = {version for both in versions.values() for version in both}
    bodies = Rendering.objects.filter(version__in=wanted, kind=Feed.kind).values_list("version_id", "body")
    folders: dict[int, dict[str, str]] = defaultdict(dict)
    for version, body in bodies:
        folders[version] |= folders_of(body)
    return {pk: reduce(or_, (folders[version] for version in both), {"": ""}) for pk, both in versions.items()}


def lines_of(account: Account, folders: Mapping[str, str], now: datetime) -> Iterator[Endpoint]:
    """One line for each hub and each document one may subscribe to; made when first needed."""
    try:
        settings = as_channel_sees(account).settings
    except UnreadableSecret:
        return
    for hub in hubs_of(settings):
        for topic in topics(settings, folders):
            if len(topic) > LONGEST_TOPIC:
                continue
            line, _ = Endpoint.objects.get_or_create(
                organisation=account.organisation, kind=Websub.kind, url=hub, topic=topic, retired_at=None,
                defaults={"account": account, "name": f"{account.name} → {host(hub)}"[:120], "next_turn_at": now},
            )  # fmt: skip
            yield line


def topics(settings: Mapping[str, Any], folders: Mapping[str, str] = EVERYTHING) -> list[str]:
    """The addresses of the feeds' documents, as they name themselves."""
    return topics_of(str(settings.get("self_url") or settings.get("base_url", "")), folders)

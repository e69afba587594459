"""Secret addresses under which a calendar program reads a timetable. Only a digest of the token is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from publisher.delivery.models import Account, CalendarFeed
from publisher.events.log import record
from publisher.people.models import Organisation, Person

READ_AGAIN = timedelta(hours=1)  # how exactly it is kept when an address was last asked


@transaction.atomic
def open_feed(organisation: Organisation, *, by: Person, account: Account | None = None) -> str:
    """The token of a new address, for `account`, or for the person themselves. It is shown once and kept nowhere."""
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        organisation=organisation,
        person=None if account else by,
        account=account,
        token_sha256=digest(token),
        created_by=by,
    )
    note(feed, "opened", by, account=account.pk if account else None)
    return token


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by: Person) -> None:
    if CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now()):
        note(feed, "revoked", by)


def feed_of(token: str) -> CalendarFeed | None:
    """The feed a token opens; None when it was revoked, or its person left the organisation."""
    rows = CalendarFeed.objects.filter(token_sha256=digest(token), revoked_at=None, organisation__retired_at=None)
    feed = rows.select_related("organisation", "person", "account").first()
    if feed is None or (feed.person and not is_member(feed.person, feed.organisation)):
        return None
    long_ago = Q(read_at=None) | Q(read_at__lt=timezone.now() - READ_AGAIN)
    CalendarFeed.objects.filter(long_ago, pk=feed.pk).update(read_at=timezone.now())
    return feed


def is_member(person: Person, organisation: Organisation) -> bool:
    return person.is_active and person.members.filter(organisation=organisation, left_at=None).exists()


def feeds_of(organisation: Organisation, person: Person, *, all_channels: bool) -> QuerySet[CalendarFeed]:
    """A person's own feeds in use, those they opened for channels, and to who manages those of all channels."""
    mine = Q(person=person) | Q(created_by=person, account__isnull=False)
    wanted = mine | Q(account__isnull=False) if all_channels else mine
    rows = CalendarFeed.objects.filter(wanted, organisation=organisation, revoked_at=None)
    return rows.select_related("person", "account", "created_by")


def digest(token: str) -> str:
    """The token has 256 bits of chance: a plain digest gives nothing away."""
    return hashlib.sha256(token.encode()).hexdigest()


def note(feed: CalendarFeed, what: str, by: Person, **data: object) -> None:
    record(f"feed.{what}", f"feed:{feed.pk}", organisation=feed.organisation, actor=by, data=data)

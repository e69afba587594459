"""What stands on the calendar: deliveries of approved posts, and every time of posts not approved yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Post, PostState
from publisher.console.bundles import bundled
from publisher.console.deliveries import midnight
from publisher.delivery.bounds import GONE, topic_of, words_digest
from publisher.delivery.models import Account, Action, Delivery
from publisher.delivery.scheduling import anchor_moment, rule_times
from publisher.delivery.states import State
from publisher.people.models import Organisation
from publisher.timetable.clashes import SAME_HOUR, SAME_TEXT, clashes
from publisher.timetable.recurrence import BadRule
from publisher.timetable.wishes import Placed, Wish

CLASHES = {SAME_HOUR: "trùng giờ với tin khác", SAME_TEXT: "trùng nội dung với tin khác"}
WAITING = (PostState.DRAFT, PostState.RETURNED, PostState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One post at one time. Without deliveries it is a time somebody chose, not approved yet.

    `accounts` is where it goes; `clashes` are sentences about what else stands in its way.
    """

    at: datetime
    post: Post
    title: str
    accounts: tuple[Account, ...]
    deliveries: tuple[Delivery, ...] = ()
    clashes: tuple[str, ...] = ()

    @property
    def movable(self) -> bool:
        return not self.deliveries or any(d.state == State.SCHEDULED for d in self.deliveries)

    @property
    def repeats(self) -> bool:
        return not self.deliveries and bool(self.post.schedule.rule)

    def placed(self) -> Iterator[Placed]:
        for account in self.accounts:
            key = f"{self.post.pk}/{account.pk}/{self.at.isoformat()}"
            wish = Wish(
                key, str(account.pk), topic_of(self.post), words_digest(self.post), self.at, post=str(self.post.pk)
            )
            yield Placed(wish, self.at)


@dataclass(slots=True)
class Sheet:
    """Entries by local day, in order of time."""

    by_day: dict[date, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    def on(self, day: date) -> list[Entry]:
        return self.by_day.get(day, [])

    def at(self, day: date, hour: int) -> list[Entry]:
        return [entry for entry in self.on(day) if timezone.localtime(entry.at).hour == hour]

    @property
    def hours(self) -> list[int]:
        return sorted({timezone.localtime(entry.at).hour for entries in self.by_day.values() for entry in entries})


def sheet(organisation: Organisation, first: date, last: date) -> Sheet:
    """Everything between two local days, both included; the number of queries does not depend on how much."""
    since, before = midnight(first), midnight(last + timedelta(days=1))
    found = [*approved(organisation, since, before), *planned(organisation, since, before)]
    filled = Sheet()
    for entry in with_clashes(sorted(found, key=lambda e: (e.at, e.post.pk)), organisation):
        filled.by_day[timezone.localdate(entry.at)].append(entry)
    return filled


def approved(organisation: Organisation, since: datetime, before: datetime) -> Iterator[Entry]:
    for bundle in bundled(deliveries_between(organisation, since, before)):
        version = bundle.deliveries[0].version
        accounts = tuple(d.account for d in bundle.deliveries if d.state not in GONE)
        yield Entry(bundle.at, version.post, version.title, accounts, tuple(bundle.deliveries))


def deliveries_between(organisation: Organisation, since: datetime, before: datetime) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(organisation=organisation, due_at__gte=since, due_at__lt=before)
    named = rows.exclude(action=Action.WITHDRAW).select_related("version__post__schedule", "account")
    return named.order_by("due_at", "pk")


def planned(organisation: Organisation, since: datetime, before: datetime) -> Iterator[Entry]:
    """Every time of a rule, not the first alone."""
    rows = Post.objects.filter(organisation=organisation, state__in=WAITING, schedule__isnull=False)
    named = rows.select_related("schedule__happening", "campaign", "organisation").prefetch_related("accounts")
    for post in named.order_by("schedule__starts_at", "pk"):
        accounts = tuple(account for account in post.accounts.all() if account.retired_at is None)
        for moment in wished_times(post):
            if since <= moment < before:
                yield Entry(moment, post, post.title, accounts)


def wished_times(post: Post) -> list[datetime]:
    schedule = post.schedule
    if schedule.happening_id:
        return [] if schedule.happening.cancelled else [anchor_moment(schedule, post.organisation)]
    if not schedule.rule:
        return [schedule.starts_at]
    try:
        return rule_times(post, schedule)
    except BadRule:  # its end is gone with the campaign's: the composer says so, the first time still shows
        return [schedule.starts_at]


def with_clashes(entries: list[Entry], organisation: Organisation) -> Iterator[Entry]:
    accounts = {str(account.pk): account for entry in entries for account in entry.accounts}
    in_sessions = {key for key, account in accounts.items() if account.settings.get("sessions")}
    said: dict[str, list[tuple[str, str]]] = defaultdict(list)  # what clashes, and on which channel
    for clash in clashes(placements(entries), organisation.timezone, in_sessions):
        for key in clash.keys:
            said[key].append((CLASHES[clash.code], accounts[clash.account].name))
    for entry in entries:
        if not entry.movable:  # what is out cannot be put apart
            yield entry
            continue
        channels: dict[str, dict[str, None]] = defaultdict(dict)
        for what, name in (one for placed in entry.placed() for one in said[placed.wish.key]):
            channels[what][name] = None
        yield replace(entry, clashes=tuple(clash_words(what, list(names)) for what, names in channels.items()))


def clash_words(what: str, channels: Sequence[str]) -> str:
    where = channels[0] if len(channels) == 1 else f"{len(channels)} kênh"
    return f"{where}: {what}."


def placements(entries: Iterable[Entry]) -> Iterator[Placed]:
    return (placed for entry in entries for placed in entry.placed())

"""What the timetable must know of the rows: an account's bounds, an office's days, and what stands already."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta

from django.db.models import QuerySet

from campaigns.models import Post, Rendering
from publisher.delivery.accounts import channel_of
from publisher.delivery.models import Account, Action, Delivery
from publisher.delivery.states import State
from publisher.people.models import Organisation
from publisher.timetable.bounds import Bounds
from publisher.timetable.days import DayKind, DayMark, Days
from publisher.timetable.models import Blackout, DayOverride
from publisher.timetable.slots import parse_sessions
from publisher.timetable.wishes import Placed, Wish

GONE = (State.CANCELLED, State.FAILED, State.MISSED, State.WITHDRAWN)  # takes no place in a timetable


class BadBounds(ValueError):
    """An account's hours cannot be read; the message names the account and the part."""


def bounds_of(account: Account) -> Bounds:
    """Raises `BadBounds`. A blackout that is on binds the claim, not the plan: nobody knows when it ends."""
    try:
        sessions = tuple(parse_sessions(str(account.settings.get("sessions", ""))))
        slots = tuple(parse_slots(account.slots))
    except ValueError as error:
        raise BadBounds(f"{account.name}: {error}") from error
    both = account.quiet_from is not None and account.quiet_until is not None
    return Bounds(
        quiet=(account.quiet_from, account.quiet_until) if both else None,
        slots=slots,
        sessions=sessions,
        session_minutes=session_minutes(account) if sessions else None,
        working_days_only=account.working_days_only,
        cap_per_day=account.cap_per_day,
        pace_per_minute=account.pace_per_minute,
        distance=timedelta(hours=account.topic_gap_hours),
    )


def session_minutes(account: Account) -> float | None:
    """As the account's form says, or the channel's default; None where sessions have no length."""
    asked = next((s for s in channel_of(account).asked_settings if s.name == "minutes"), None)
    given = str(account.settings.get("minutes") or (asked.default if asked else ""))
    return float(given) if given.isdecimal() and int(given) else None


def parse_slots(text: str) -> list[tuple[time, time]]:
    """ "06:30-11:30, 13:30-19:00" → ranges. Raises `ValueError` naming the part that is none."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, dash, last = part.replace("–", "-").partition("-")
        ends = [*parse_sessions(first), *parse_sessions(last)]
        if not dash or len(ends) != 2 or ends[0] == ends[1]:
            raise ValueError(f"“{part}” không phải khung giờ. Viết theo dạng 06:30-11:30, cách nhau bằng dấu phẩy.")
        found.append((ends[0], ends[1]))
    return found


def days_of(organisation: Organisation) -> Days:
    """The shipped calendar with what this office entered."""
    rows = DayOverride.objects.filter(organisation=organisation)
    return Days(DayMark(row.date, DayKind(row.kind), row.name, row.source) for row in rows)


def blackout_of(organisation: Organisation, now: datetime) -> Blackout | None:
    """The blackout that is on."""
    return Blackout.objects.filter(organisation=organisation, lifted_at=None, since__lte=now).first()


def topic_of(post: Post) -> str:
    """What distance is kept within: a theme of the plan, else the campaign."""
    return f"theme:{post.theme_id}" if post.theme_id else f"campaign:{post.campaign_id}"


def words_digest(post: Post) -> str:
    """Equal for equal words, however they are spaced."""
    words = " ".join(f"{post.title} {post.lead} {post.body}".split()).casefold()
    return hashlib.sha256(words.encode()).hexdigest()


def taken(accounts: Collection[Account], since: datetime, before: datetime, *, without: Iterable[int]) -> list[Placed]:
    """Deliveries of these accounts that hold a place from `since` to `before`, but for those of the posts `without`."""
    rows = standing(accounts, since, before).exclude(version__post__in=list(without))
    columns = ("pk", "account_id", "due_at", "urgent", "version_id", "version__post_id")
    found = list(rows.values_list(*columns))
    posts = Post.objects.in_bulk({row[-1] for row in found})
    minutes = spoken_minutes({row[4] for row in found}, accounts)
    return [
        Placed(
            Wish(
                key=f"d{pk}",
                account=str(account),
                topic=topic_of(posts[post]),
                text=words_digest(posts[post]),
                at=due_at,
                urgent=urgent,
                minutes=minutes.get((version, account), 0.0),
                post=str(post),
            ),
            due_at,
        )
        for pk, account, due_at, urgent, version, post in found
    ]


def standing(accounts: Collection[Account], since: datetime, before: datetime) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(account__in=accounts, due_at__gte=since, due_at__lt=before, action=Action.PUBLISH)
    return rows.exclude(state__in=GONE).order_by("due_at", "pk")


def spoken_minutes(versions: Collection[int], accounts: Collection[Account]) -> dict[tuple[int, int], float]:
    """Minutes by version and account, for accounts whose sessions have a length."""
    spoken = [account for account in accounts if account.settings.get("sessions")]
    if not spoken or not versions:
        return {}
    rows = Rendering.objects.filter(version__in=list(versions), account__in=spoken)
    return {
        (version, account): float(minutes or 0)
        for version, account, minutes in rows.values_list("version_id", "account_id", "body__minutes")
    }

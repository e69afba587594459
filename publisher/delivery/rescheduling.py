"""Another due time for what is approved and not sent yet; and holding what only a person may let go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Post
from publisher.delivery.accounts import channel_of
from publisher.delivery.models import Action, Delivery
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.scheduling import CannotSchedule, late_until
from publisher.delivery.states import State
from publisher.delivery.wake import wake
from publisher.events.log import record
from publisher.people.models import Organisation, Person
from publisher.timetable.obstacles import at_clock

NAMED = ("account", "organisation", "version__post")


@transaction.atomic
def reschedule(delivery: Delivery, due_at: datetime, *, by: Person | None, why: str = "") -> Delivery:
    """Gives an unsent delivery another due time; it goes by itself again.

    Raises `CannotSchedule` when the post has a delivery at that very moment, `Overtaken` when it is on its way.
    """
    take_back(delivery, by, why)
    same = Delivery.objects.filter(version=delivery.version, account=delivery.account, action=delivery.action)
    if other := same.filter(due_at=due_at).exclude(pk=delivery.pk).first():
        raise CannotSchedule(
            f"“{delivery.account.name}” đã có lượt {other.pk} của bài này đúng lúc đó "
            f"({other.state_label}). Chọn giờ khác."
        )
    was = delivery.due_at
    change(
        delivery,
        due_at=due_at,
        next_try_at=due_at - channel_of(delivery.account).lead,
        late_until=late_until(delivery.version.post, due_at),
        review_since=None,
        review_why="",
    )
    zone = delivery.organisation.timezone
    moments = {"was": was.astimezone(zone).isoformat(), "due_at": due_at.astimezone(zone).isoformat()}
    note(delivery, "rescheduled", by, **moments, reason=moved_words(delivery, was, why))
    transaction.on_commit(wake)
    return delivery


@transaction.atomic
def put_to_review(delivery: Delivery, why: str, *, by: Person | None, now: datetime | None = None) -> bool:
    """Nothing happens to it until a person decides. False when it waits for one already.

    Raises `Overtaken` when it is on its way.
    """
    if delivery.review_since is not None:
        return False
    take_back(delivery, by, why)
    change(delivery, review_since=now or timezone.now(), review_why=why[:300])
    note(delivery, "held_for_review", by, reason=why)
    return True


def take_back(delivery: Delivery, by: Person | None, why: str) -> None:
    """A claimed delivery goes back in line and fences out the worker that holds its lease."""
    if delivery.state == State.QUEUED:
        move(delivery, State.SCHEDULED, by=by, data={"reason": why})


def change(delivery: Delivery, **columns: object) -> None:
    """A conditional UPDATE that counts its row, like that of a move."""
    rows = Delivery.objects.filter(pk=delivery.pk, state=State.SCHEDULED, due_at=delivery.due_at)
    if rows.update(**columns) != 1:
        raise Overtaken(f"delivery {delivery.pk} is no longer waiting")
    for name, value in columns.items():
        setattr(delivery, name, value)


def moved_words(delivery: Delivery, was: datetime, why: str) -> str:
    zone = delivery.organisation.timezone
    words = f"Từ {at_clock(was.astimezone(zone))} sang {at_clock(delivery.due_at.astimezone(zone))}."
    return f"{words} {why}".strip()


def note(delivery: Delivery, what: str, by: Person | None, **data: object) -> None:
    record(f"delivery.{what}", f"delivery:{delivery.pk}", organisation=delivery.organisation, actor=by, data=data)


def unsent(post: Post) -> QuerySet[Delivery]:
    """What of the newest version still waits to go out."""
    rows = Delivery.objects.filter(version=post.versions.first(), state__in=[State.SCHEDULED, State.QUEUED])
    return rows.filter(action=Action.PUBLISH).select_related(*NAMED).order_by("due_at", "pk")


def to_review(organisation: Organisation) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(organisation=organisation, state=State.SCHEDULED, review_since__isnull=False)
    return rows.select_related(*NAMED).order_by("due_at", "pk")

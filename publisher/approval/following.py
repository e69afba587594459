"""Posts that follow what they are tied to: drafts with their computed time, approved ones delivery by delivery."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from campaigns.models import Post, PostState
from publisher.approval.drafting import say, touch
from publisher.approval.rescheduling import too_far, too_far_words
from publisher.delivery.bounds import days_of
from publisher.delivery.models import Action, Delivery
from publisher.delivery.moves import Overtaken
from publisher.delivery.rescheduling import put_to_review, reschedule, unsent
from publisher.delivery.scheduling import Asked, CannotSchedule, Outlook, outlooks, with_latest
from publisher.delivery.states import State
from publisher.people.models import Person
from publisher.timetable.anchors import moment
from publisher.timetable.models import Schedule
from publisher.timetable.obstacles import at_clock

Outcome = dict[str, list[dict[str, Any]]]


@dataclass(slots=True)
class Follower:
    """One tied post on its way to its new moment."""

    schedule: Schedule
    was: datetime
    to: datetime
    waiting: list[Delivery] = field(default_factory=list)

    @property
    def post(self) -> Post:
        return self.schedule.post

    def line(self, **more: Any) -> dict[str, Any]:
        return {
            "post": self.post.pk,
            "title": self.post.title,
            "was": self.was.isoformat(),
            "to": self.to.isoformat(),
            **more,
        }


def follow(schedules: Sequence[Schedule], *, why: str, by: Person, now: datetime) -> Outcome:
    """Moves every post to what its happening gives now, all in one timetable so that going back restores it.

    Returns what became of whom, by the lists of `publisher.approval.happenings.LISTS`.
    """
    outcome: Outcome = defaultdict(list)
    followers = [follower_of(schedule) for schedule in schedules]
    ahead = [f for f in followers if f.waiting and f.to >= now]
    asked = [Asked(f.post, accounts_of(f), tuple(with_latest(f.post, [f.to]))) for f in ahead]
    looks = outlooks(asked, now) if asked else {}
    for follower in followers:
        if follower.post.state == PostState.APPROVED:
            move_approved(follower, looks.get(follower.post.pk), why, by, now, outcome)
        else:
            move_draft(follower, why, by, now, outcome)
    return outcome


def follower_of(schedule: Schedule) -> Follower:
    organisation = schedule.post.organisation
    to = moment(schedule.happening.starts_at, schedule.offset, days_of(organisation), organisation.timezone)
    was, schedule.starts_at = schedule.starts_at, to
    schedule.save(update_fields=["starts_at"])
    approved = schedule.post.state == PostState.APPROVED
    return Follower(schedule, was, to, list(unsent(schedule.post)) if approved else [])


def accounts_of(follower: Follower) -> tuple[Any, ...]:
    return tuple({delivery.account_id: delivery.account for delivery in follower.waiting}.values())


def move_draft(follower: Follower, why: str, by: Person, now: datetime, outcome: Outcome) -> None:
    outcome["passed" if follower.to < now else "moved"].append(follower.line())
    say(follower.post, "rescheduled", by, to=follower.to.isoformat(), reason=why)


def move_approved(
    follower: Follower, look: Outlook | None, why: str, by: Person, now: datetime, outcome: Outcome
) -> None:
    list_out_of_reach(follower, why, outcome)
    if not follower.waiting:
        return
    due = {placement.account.pk: placement.due_at for placement in look.placements} if look else {}
    lost = look.unmet if look else (passed_words(follower),)
    reached = [delivery for delivery in follower.waiting if delivery.account_id in due]
    if reached and too_far(reached, due, follower.post.organisation):
        reason = f"{why} {too_far_words(follower.post.organisation)}"
        touch(follower.post, by, why=reason)
        outcome["approve_again"].append(follower.line(why=reason))
        return
    if lost:
        for delivery in follower.waiting:
            if delivery.account_id not in due:
                hold(delivery, f"{why} {' '.join(lost)}", by, now)
        outcome["review"].append(follower.line(why=" ".join(lost)))
    moved = [carry(delivery, due[delivery.account_id], why, by, now) for delivery in reached]
    if any(moved):
        outcome["moved"].append(follower.line())
    say(follower.post, "rescheduled", by, to=follower.to.isoformat(), reason=why)


def carry(delivery: Delivery, due_at: datetime, why: str, by: Person, now: datetime) -> bool:
    """False when it is on its way, or another of the same post has that moment; a person sees to the latter."""
    try:
        reschedule(delivery, due_at, by=by, why=why)
    except CannotSchedule as error:
        hold(delivery, str(error), by, now)
        return False
    except Overtaken:
        return False
    return True


def hold(delivery: Delivery, why: str, by: Person, now: datetime) -> None:
    try:
        put_to_review(delivery, why, by=by, now=now)
    except Overtaken:
        return


def list_out_of_reach(follower: Follower, why: str, outcome: Outcome) -> None:
    """What stands may need correcting; what people hold they must be told."""
    rows = Delivery.objects.filter(version__post=follower.post, action=Action.PUBLISH).select_related("account")
    if rows.filter(state__in=[State.DELIVERED, State.PROCESSING, State.UNKNOWN, State.SENDING]).exists():
        outcome["sent"].append(follower.line(why=why))
    for delivery in rows.filter(state=State.HANDED_OVER):
        outcome["handed_over"].append(follower.line(delivery=delivery.pk, account=delivery.account.name))


def passed_words(follower: Follower) -> str:
    zone = follower.post.organisation.timezone
    return f"Mốc {follower.schedule.anchor} ({at_clock(follower.to.astimezone(zone))}) đã qua."

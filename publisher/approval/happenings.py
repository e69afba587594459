"""Happenings: their posts move along with them, are called off with them, and everyone concerned can see it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Post, PostState
from publisher.approval.drafting import say, touch
from publisher.approval.following import follow
from publisher.approval.review import Refused
from publisher.delivery.models import Action, Delivery
from publisher.delivery.rescheduling import unsent
from publisher.delivery.scheduling import anchor_moment
from publisher.delivery.states import State
from publisher.events.log import record
from publisher.people.models import Member, Organisation, Person, Seat
from publisher.people.rights import Right
from publisher.timetable.models import ChangeKind, ChangeSeen, Happening, HappeningChange, Schedule
from publisher.timetable.obstacles import at_clock

Outcome = dict[str, list[dict[str, Any]]]

# What a change led to, in the order it is told: the list in `HappeningChange.outcome` and how many of it one says.
LISTS = {
    "moved": "{} bài dời theo",
    "approve_again": "{} bài cần duyệt lại",
    "review": "{} bài chờ xem lại vì không còn giờ phù hợp",
    "passed": "{} bài nháp có mốc đã qua",
    "cancelled": "{} bài ngừng đăng",
    "drafts": "{} bài nháp cần xử lý",
    "handed_over": "{} việc đã giao cần báo người thực hiện",
    "sent": "{} bài đã đăng cần xem có phải đính chính",
}
STANDS = (State.DELIVERED, State.CORRECTED, State.SENDING, State.PROCESSING, State.UNKNOWN)


@transaction.atomic
def new_happening(
    organisation: Organisation,
    *,
    by: Person,
    title: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    place: str = "",
) -> Happening:
    """Raises `Refused`."""
    may_write(organisation, by)
    check_times(starts_at, ends_at)
    happening = Happening.objects.create(
        organisation=organisation,
        title=title.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        place=place.strip(),
        created_by=by,
    )
    note(happening, "created", by, starts_at=starts_at.isoformat())
    return happening


@transaction.atomic
def edit_happening(happening: Happening, *, by: Person, title: str, place: str, ends_at: datetime | None) -> None:
    """Its words and its end. Raises `Refused`."""
    may_write(happening.organisation, by)
    check_times(happening.starts_at, ends_at)
    happening.title, happening.place, happening.ends_at = title.strip(), place.strip(), ends_at
    happening.save(update_fields=["title", "place", "ends_at"])
    note(happening, "edited", by)


@transaction.atomic
def move_happening(
    happening: Happening, to: datetime, *, by: Person, reason: str = "", now: datetime | None = None
) -> HappeningChange:
    """Moves it and what is tied to it: nothing is dropped, and the change lists what became of every post.

    Raises `Refused`; then nothing was changed.
    """
    happening = locked(happening, by)
    if happening.cancelled:
        raise Refused("Sự kiện đã hủy. Bấm “Tổ chức lại” trước khi dời.")
    was, zone = happening.starts_at, happening.organisation.timezone
    if to == was:
        raise Refused("Giờ mới trùng giờ cũ nên không có gì để dời.")
    happening.starts_at = to
    happening.ends_at = happening.ends_at and happening.ends_at + (to - was)
    happening.save(update_fields=["starts_at", "ends_at"])
    words = f"Sự kiện “{happening}” dời từ {at_clock(was.astimezone(zone))} sang {at_clock(to.astimezone(zone))}."
    outcome = follow(tied(happening), why=f"{words} {reason.strip()}".strip(), by=by, now=now or timezone.now())
    return keep(happening, ChangeKind.MOVED, was, by, reason, outcome)


@transaction.atomic
def cancel_happening(happening: Happening, *, by: Person, reason: str) -> HappeningChange:
    """Calls off what is not sent; what stands is listed for correction. Raises `Refused`."""
    happening = locked(happening, by)
    if happening.cancelled:
        raise Refused("Sự kiện đã hủy từ trước.")
    if not reason.strip():
        raise Refused("Hãy ghi lý do hủy để mọi người biết.")
    happening.cancelled_at, happening.reason = timezone.now(), reason.strip()
    happening.save(update_fields=["cancelled_at", "reason"])
    why = f"Sự kiện “{happening}” đã hủy: {happening.reason}"
    outcome: Outcome = defaultdict(list)
    for schedule in tied(happening):
        call_off(schedule.post, why, by, outcome)
    return keep(happening, ChangeKind.CANCELLED, happening.starts_at, by, reason, outcome)


@transaction.atomic
def revive_happening(happening: Happening, *, by: Person, reason: str = "") -> HappeningChange:
    """It takes place after all. Its posts are drafts with their times: what was called off is approved anew."""
    happening = locked(happening, by)
    if not happening.cancelled:
        raise Refused("Sự kiện này không bị hủy.")
    happening.cancelled_at, happening.reason = None, ""
    happening.save(update_fields=["cancelled_at", "reason"])
    outcome: Outcome = defaultdict(list)
    for schedule in tied(happening):
        list_name = "sent" if schedule.post.state == PostState.APPROVED else "drafts"
        outcome[list_name].append(line(schedule.post))
    return keep(happening, ChangeKind.REVIVED, happening.starts_at, by, reason, outcome)


def call_off(post: Post, why: str, by: Person, outcome: Outcome) -> None:
    """An approved post with something unsent goes back to its writer; one that stands everywhere stays as it is."""
    stands = Delivery.objects.filter(version__post=post, action=Action.PUBLISH, state__in=STANDS).exists()
    if stands:
        outcome["sent"].append(line(post, why=why))
    if post.state == PostState.APPROVED and (unsent(post).exists() or not stands):
        touch(post, by, why=why)
        outcome["cancelled"].append(line(post, why=why))
    elif post.state != PostState.APPROVED:
        outcome["drafts"].append(line(post, why=why))
        say(post, "happening_cancelled", by, reason=why)


def tied(happening: Happening) -> list[Schedule]:
    """Schedules of its posts in use, each knowing the happening as it is now. The posts are locked: nobody edits one
    between the look and the move."""
    rows = happening.schedules.exclude(post__state=PostState.RETIRED).select_for_update(of=("self", "post"))
    found = list(rows.select_related("post__organisation", "post__campaign").order_by("post"))
    for schedule in found:
        schedule.happening = happening
        schedule.post.schedule = schedule
    return found


def refresh_tied(organisation: Organisation) -> None:
    """The times that lists and calendars sort by, reckoned anew after the days changed; deliveries stay."""
    rows = Schedule.objects.filter(happening__organisation=organisation, happening__cancelled_at=None)
    for schedule in rows.select_related("happening", "post__organisation"):
        starts_at = anchor_moment(schedule, organisation)
        if starts_at != schedule.starts_at:
            Schedule.objects.filter(pk=schedule.pk).update(starts_at=starts_at)


def line(post: Post, **more: Any) -> dict[str, Any]:
    return {"post": post.pk, "title": post.title, **more}


def locked(happening: Happening, by: Person) -> Happening:
    may_write(happening.organisation, by)
    return Happening.objects.select_for_update().select_related("organisation").get(pk=happening.pk)


def may_write(organisation: Organisation, by: Person) -> None:
    if not Seat(by, organisation).may(Right.WRITE):
        raise Refused("Vai trò của bạn không được đặt hay dời sự kiện.")


def check_times(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at < starts_at:
        raise Refused("Giờ kết thúc phải sau giờ bắt đầu.")


def keep(
    happening: Happening, kind: ChangeKind, was: datetime, by: Person, reason: str, outcome: Outcome
) -> HappeningChange:
    change = HappeningChange.objects.create(
        happening=happening,
        kind=kind,
        was=was,
        to=happening.starts_at,
        reason=reason.strip(),
        outcome=dict(outcome),
        by=by,
    )
    note(happening, str(kind), by, was=was.isoformat(), to=change.to.isoformat(), reason=sentence(change))
    return change


def sentence(change: HappeningChange) -> str:
    """ "Sự kiện “Đối thoại” dời từ … sang …: 4 bài dời theo, 1 bài cần duyệt lại." """
    happening = change.happening
    zone = happening.organisation.timezone
    what = {
        ChangeKind.MOVED: f"dời từ {at_clock(change.was.astimezone(zone))} sang {at_clock(change.to.astimezone(zone))}",
        ChangeKind.CANCELLED: "đã hủy",
        ChangeKind.REVIVED: f"vẫn tổ chức, lúc {at_clock(change.to.astimezone(zone))}",
    }[ChangeKind(change.kind)]
    counts = [words.format(len(change.outcome[name])) for name, words in LISTS.items() if change.outcome.get(name)]
    return f"Sự kiện “{happening}” {what}: {', '.join(counts) or 'không có bài nào gắn với sự kiện'}."


def unseen(seat: Seat) -> QuerySet[HappeningChange]:
    """Changes that this person, if they write or approve, has not taken note of since they joined. Oldest first."""
    if not (seat.may(Right.WRITE) or seat.may(Right.APPROVE)):
        return HappeningChange.objects.none()
    joined = Member.objects.filter(person=seat.person, organisation=seat.organisation, left_at=None)
    since = joined.order_by("joined_at").values_list("joined_at", flat=True).first()
    rows = HappeningChange.objects.filter(happening__organisation=seat.organisation, at__gte=since)
    return rows.exclude(seen__person=seat.person).select_related("happening__organisation", "by").order_by("at")


def take_note(change: HappeningChange, person: Person) -> None:
    ChangeSeen.objects.get_or_create(change=change, person=person)


def note(happening: Happening, what: str, by: Person, **data: object) -> None:
    record(f"happening.{what}", f"happening:{happening.pk}", organisation=happening.organisation, actor=by, data=data)

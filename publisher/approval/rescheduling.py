"""Moving a post in time, by hand or with its happening. Within the office's window its approval stays valid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.models import Post, PostState
from publisher.approval.drafting import UNREPEATED, UNTIED, keep_schedule, say, touch
from publisher.approval.review import Refused
from publisher.delivery.models import Delivery
from publisher.delivery.moves import Overtaken
from publisher.delivery.rescheduling import reschedule, unsent
from publisher.delivery.scheduling import (
    STRETCH,
    Asked,
    CannotSchedule,
    Outlook,
    asked_of,
    outlooks,
    rule_times,
)
from publisher.delivery.shaping import schedule_of
from publisher.delivery.states import State
from publisher.people.models import Organisation, Person, Seat
from publisher.people.rights import Right
from publisher.timetable.models import APPROVAL_WINDOW, Schedule, TimingRules
from publisher.timetable.obstacles import at_clock

MOVING = (Right.WRITE, Right.APPROVE)
FARTHEST = 365  # days between a happening and a post tied to it
ON_ITS_WAY = "Lượt đăng vừa được gửi đi nên không dời được nữa. Tải lại trang để xem trạng thái mới."


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. `conflicts` are sentences for the officer: what was shifted, what looks wrong, what to do."""

    post: Post
    was: datetime | None
    to: datetime
    rescheduled: tuple[Delivery, ...] = ()
    approval_kept: bool = True
    conflicts: tuple[str, ...] = ()


@transaction.atomic
def move_post(
    post: Post, to: datetime, *, by: Person, now: datetime | None = None, occurrence: datetime | None = None
) -> Moved:
    """Moves the only time of a post, or one `occurrence` of a repeating one (the next, if none is named).

    A draft is moved whatever stands in the way, and `conflicts` tell it; what is approved goes only where its accounts
    may speak. Raises `CannotSchedule` or `Refused`; then nothing was changed.
    """
    now = now or timezone.now()
    post = Post.objects.select_for_update().select_related("organisation", "campaign").get(pk=post.pk)
    if refusal := why_not_move(post, to, by, now):
        raise Refused(refusal)
    was = moved_from(post, occurrence, now)
    columns = new_times(post, was, to)
    if post.state == PostState.APPROVED:
        return move_approved(post, was, to, columns, by, now)
    if post.state != PostState.SUBMITTED:  # words before an approver are not touched: only their hour changes
        touch(post, by)
    keep_schedule(post, **columns)
    tell(post, by, was, to)
    return Moved(post, was, to, conflicts=conflicts_of(post, now))


def why_not_move(post: Post, to: datetime, by: Person, now: datetime) -> str:
    seat = Seat(by, post.organisation)
    if not any(seat.may(right) for right in MOVING):
        return "Vai trò của bạn không được dời lịch đăng."
    if post.state == PostState.RETIRED:
        return "Bài đã lưu trữ nên không dời được."
    if to < now:
        return f"{at_clock(to.astimezone(post.organisation.timezone))} đã qua. Chọn giờ từ bây giờ trở đi."
    return ""


def moved_from(post: Post, occurrence: datetime | None, now: datetime) -> datetime | None:
    """The moment of the timetable that is moved. Raises `CannotSchedule` when a repeating post has none there."""
    schedule = schedule_of(post)
    if schedule is None or not schedule.rule:
        return schedule.starts_at if schedule else None
    moments = rule_times(post, schedule)
    if occurrence is None:
        chosen = next((moment for moment in moments if moment >= now), None)
    else:  # quiet hours may have put it off: it belongs to the last moment before
        chosen = next((m for m in reversed(moments) if occurrence - STRETCH <= m <= occurrence), None)
    if chosen is None:
        raise CannotSchedule("Bài lặp lại không có lượt nào vào lúc đó. Tải lại lịch rồi thử lại.")
    return chosen


def new_times(post: Post, was: datetime | None, to: datetime) -> dict[str, Any]:
    """The columns of the schedule once `was` is at `to`."""
    schedule = schedule_of(post)
    local = to.astimezone(post.organisation.timezone)
    if schedule is None:
        return {"starts_at": to, **UNTIED, **UNREPEATED}
    if schedule.happening_id:
        return {"starts_at": to, **offset_to(schedule, local)}
    if schedule.rule and was is not None:
        return exceptions(schedule, was.astimezone(local.tzinfo), local)
    return {"starts_at": to}


def offset_to(schedule: Schedule, local: datetime) -> dict[str, Any]:
    """Still tied to its happening, so many days away as the new day is. Raises `CannotSchedule`."""
    day = schedule.happening.starts_at.astimezone(local.tzinfo).date()
    if abs((local.date() - day).days) > FARTHEST:
        raise CannotSchedule(f"Xa quá {FARTHEST} ngày so với sự kiện “{schedule.happening}”. Chọn giờ riêng cho bài.")
    clock = time(local.hour, local.minute)
    return {"offset_days": (local.date() - day).days, "offset_working": False, "offset_at": clock}


def exceptions(schedule: Schedule, was: datetime, to: datetime) -> dict[str, Any]:
    """One occurrence leaves its day and stands beside the rule."""
    extra = [moment for moment in schedule.extra if moment != was]
    skipped = schedule.skipped if was in schedule.extra else [*schedule.skipped, was.date()]
    return {
        "skip": sorted({day.isoformat() for day in skipped}),
        "also": sorted({moment.isoformat() for moment in (*extra, to)}),
    }


def move_approved(
    post: Post, was: datetime | None, to: datetime, columns: dict[str, Any], by: Person, now: datetime
) -> Moved:
    moving = deliveries_of(post, was)
    if not moving:
        raise Refused("Bài không còn lượt nào chưa gửi ở thời điểm này nên không có gì để dời.")
    found = outlook_at(post, moving, to, now)
    if found.unmet:
        raise CannotSchedule(" ".join(found.unmet))
    due = {placement.account.pk: placement.due_at for placement in found.placements}
    if too_far(moving, due, post.organisation):
        return approve_again(post, was, to, columns, by, now)
    keep_schedule(post, **columns)
    try:
        rescheduled = [reschedule(delivery, due[delivery.account_id], by=by) for delivery in moving]
    except Overtaken as error:
        raise Refused(ON_ITS_WAY) from error
    tell(post, by, was, to)
    return Moved(post, was, to, tuple(rescheduled), conflicts=(*remarks(found), *lying_elsewhere(post, was)))


def approve_again(
    post: Post, was: datetime | None, to: datetime, columns: dict[str, Any], by: Person, now: datetime
) -> Moved:
    """Too far from what was approved: back to the writer, with the new time."""
    if schedule_of(post) is not None and post.schedule.rule:
        raise CannotSchedule(f"{too_far_words(post.organisation)} Sửa lịch của bài rồi trình duyệt lại.")
    why = f"Dời sang {at_clock(to.astimezone(post.organisation.timezone))}. {too_far_words(post.organisation)}"
    touch(post, by, why=why)
    keep_schedule(post, **columns)
    tell(post, by, was, to, reason=why)
    return Moved(post, was, to, approval_kept=False, conflicts=(why, *conflicts_of(post, now)))


def deliveries_of(post: Post, was: datetime | None) -> list[Delivery]:
    """What of the moment `was` is not out yet: all of a single post, one occurrence of a repeating one."""
    rows = unsent(post)
    schedule = schedule_of(post)
    if schedule is not None and schedule.rule and was is not None:
        after = next((moment for moment in rule_times(post, schedule) if moment > was), None)
        rows = rows.filter(due_at__gte=was, due_at__lt=min(after or was + STRETCH, was + STRETCH))
    return list(rows)


def outlook_at(post: Post, moving: list[Delivery], to: datetime, now: datetime) -> Outlook:
    accounts = tuple({delivery.account_id: delivery.account for delivery in moving}.values())
    return outlooks([Asked(post, accounts, ((to, to + STRETCH),))], now)[post.pk]


def too_far(moving: list[Delivery], due: dict[int, datetime], organisation: Organisation) -> bool:
    """Measured from what was approved, not from the last move: small steps do not add up to a long way unseen."""
    window = timedelta(days=window_of(organisation))
    return any(abs(due[d.account_id] - (d.approved_for or d.due_at)) > window for d in moving)


def window_of(organisation: Organisation) -> int:
    """Days within which a moved post keeps its approval."""
    given = TimingRules.objects.filter(organisation=organisation).values_list("approval_window_days", flat=True)
    return given.first() if given else APPROVAL_WINDOW


def too_far_words(organisation: Organisation) -> str:
    return f"Xa quá {window_of(organisation)} ngày so với giờ đã duyệt nên phải duyệt lại."


def conflicts_of(post: Post, now: datetime) -> tuple[str, ...]:
    """What a draft's timetable says against its new time."""
    try:
        return remarks(outlooks([asked_of(post, now)], now)[post.pk])
    except (CannotSchedule, ValueError) as error:
        return (str(error),)


def remarks(found: Outlook) -> tuple[str, ...]:
    shifted = [
        f"{p.account.name}: đăng lúc {at_clock(p.due_at.astimezone(p.account.organisation.timezone))} ({p.note})."
        for p in found.placements
        if p.note
    ]
    return (*found.unmet, *shifted, *found.warnings)


def lying_elsewhere(post: Post, was: datetime | None) -> tuple[str, ...]:
    """What people hold already moves only if somebody tells them."""
    held = Delivery.objects.filter(
        version=post.versions.first(), state=State.HANDED_OVER, due_at__gte=was or post.created_at
    )
    return tuple(
        f"“{delivery.account.name}” đã nhận việc (lượt {delivery.pk}): báo người thực hiện, hoặc rút lại lượt đó."
        for delivery in held.select_related("account")
    )


def tell(post: Post, by: Person, was: datetime | None, to: datetime, reason: str = "") -> None:
    zone = post.organisation.timezone
    words = f"{f'Từ {at_clock(was.astimezone(zone))} sang' if was else 'Sang'} {at_clock(to.astimezone(zone))}."
    say(
        post,
        "rescheduled",
        by,
        was=was.isoformat() if was else None,
        to=to.isoformat(),
        reason=reason or words,
    )

"""The switch that holds everything but the urgent (quốc tang and the like), and deciding what it held."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from publisher.approval.rescheduling import MOVING, ON_ITS_WAY, outlook_at, too_far, too_far_words
from publisher.approval.review import Refused
from publisher.delivery.deciding import hold_for_review, silent_organisations
from publisher.delivery.desk import NotPossible, cancel
from publisher.delivery.models import Action, Delivery
from publisher.delivery.moves import Overtaken
from publisher.delivery.rescheduling import reschedule
from publisher.delivery.scheduling import CannotSchedule
from publisher.delivery.states import State
from publisher.events.log import record
from publisher.people.models import Organisation, Person, Seat
from publisher.people.rights import Right
from publisher.timetable.models import Blackout
from publisher.timetable.obstacles import at_clock

SWITCHING = (Right.APPROVE, Right.MANAGE)
NO_RIGHT = "Chỉ người duyệt hoặc quản trị được tạm dừng đăng và cho đăng lại."


@transaction.atomic
def set_blackout(
    organisation: Organisation, *, by: Person, reason: str, document: str, since: datetime | None = None
) -> Blackout:
    """From `since` (now, if not told) nothing but the urgent goes out until a person lifts it. Raises `Refused`."""
    may_switch(organisation, by)
    if not reason.strip() or not document.strip():
        raise Refused("Hãy ghi lý do và văn bản làm căn cứ, ví dụ: Thông cáo đặc biệt ngày 20/7/2024.")
    now = timezone.now()
    blackout = Blackout(
        organisation=organisation, reason=reason.strip(), document=document.strip(), since=since or now, set_by=by
    )
    try:
        with transaction.atomic():
            blackout.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("Đơn vị đang có một lệnh tạm dừng. Cho đăng lại trước khi đặt lệnh khác.") from error
    note(blackout, "set", by, reason=blackout.reason, document=blackout.document, since=blackout.since.isoformat())
    hold_for_review(now)
    return blackout


@transaction.atomic
def lift_blackout(blackout: Blackout, *, by: Person) -> int:
    """Posts go out again, but what fell due meanwhile waits for a person; returns how much. Raises `Refused`."""
    may_switch(blackout.organisation, by)
    now = timezone.now()
    hold_for_review(now)  # what fell due since the clock last looked
    rows = Blackout.objects.filter(pk=blackout.pk, lifted_at=None)
    if not rows.update(lifted_at=now, lifted_by=by):
        raise Refused("Lệnh tạm dừng này đã được gỡ trước đó.")
    blackout.refresh_from_db()
    note(blackout, "lifted", by)
    return Delivery.objects.filter(
        organisation=blackout.organisation,
        state=State.SCHEDULED,
        review_since__gte=min(blackout.since, blackout.set_at),
    ).count()


def may_switch(organisation: Organisation, by: Person) -> None:
    seat = Seat(by, organisation)
    if not any(seat.may(right) for right in SWITCHING):
        raise Refused(NO_RIGHT)


def current(organisation: Organisation) -> Blackout | None:
    """The blackout that is on, or set for a moment to come."""
    return Blackout.objects.filter(organisation=organisation, lifted_at=None).select_related("set_by").first()


@transaction.atomic
def post_now(delivery: Delivery, *, by: Person, now: datetime | None = None) -> Delivery:
    """Lets go what was held, at the first moment at which its account may speak. Raises `CannotSchedule`, `Refused`."""
    now = now or timezone.now()
    reason = silent_organisations(now).get(delivery.organisation_id)
    if reason and not delivery.urgent:
        raise Refused(f"Chưa đăng được: {reason}. Chọn giờ khác, hủy, hoặc chờ khi được đăng lại.")
    return let_go(delivery, now, by, now, "Người xem lại cho đăng ngay.")


@transaction.atomic
def post_later(delivery: Delivery, to: datetime, *, by: Person, now: datetime | None = None) -> Delivery:
    """Another time for what was held. Raises `CannotSchedule`, `Refused`."""
    now = now or timezone.now()
    if to <= now:
        raise Refused(f"{at_clock(to.astimezone(delivery.organisation.timezone))} đã qua. Chọn giờ từ bây giờ trở đi.")
    return let_go(delivery, to, by, now, "Người xem lại chọn giờ khác.")


def let_go(delivery: Delivery, to: datetime, by: Person, now: datetime, why: str) -> Delivery:
    still_held(delivery, by)
    found = outlook_at(delivery.version.post, [delivery], to, now)
    if found.unmet:
        raise CannotSchedule(" ".join(found.unmet))
    due = {placement.account.pk: placement.due_at for placement in found.placements}
    if too_far([delivery], due, delivery.organisation):
        raise Refused(f"{too_far_words(delivery.organisation)} Hủy lượt này, hoặc dời bài rồi trình duyệt lại.")
    try:
        return reschedule(delivery, due[delivery.account_id], by=by, why=why)
    except Overtaken as error:
        raise Refused(ON_ITS_WAY) from error


@transaction.atomic
def drop(delivery: Delivery, *, by: Person, reason: str) -> None:
    """Cancels what was held; its money is free again. Raises `Refused`."""
    still_held(delivery, by)
    try:
        cancel(delivery, by=by, reason=reason)
    except NotPossible as error:
        raise Refused(str(error)) from error


def still_held(delivery: Delivery, by: Person) -> None:
    seat = Seat(by, delivery.organisation)
    if not any(seat.may(right) for right in MOVING):
        raise Refused("Vai trò của bạn không được quyết định các lượt chờ xem lại.")
    if delivery.state != State.SCHEDULED or delivery.review_since is None:
        raise Refused(f"Lượt {delivery.pk} không còn chờ xem lại ({delivery.state_label}). Tải lại trang.")


def lying_with_people(organisation: Organisation, now: datetime) -> QuerySet[Delivery]:
    """Scripts and orders handed over already whose hour has not come: only a person can stop those."""
    rows = Delivery.objects.filter(
        organisation=organisation, state=State.HANDED_OVER, due_at__gte=now, urgent=False, action=Action.PUBLISH
    )
    return rows.select_related("account", "version").order_by("due_at")


def note(blackout: Blackout, what: str, by: Person, **data: object) -> None:
    record(f"blackout.{what}", f"blackout:{blackout.pk}", organisation=blackout.organisation, actor=by, data=data)

"""What the operator says became of a session. One entry for one session; it closes the deliveries of what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from publisher.airing.approving import silent_for, standing_approval, was_approved
from publisher.airing.carrying import drop_rest, next_session
from publisher.airing.finishing import finish_soon
from publisher.airing.hours import span_of
from publisher.airing.models import OPEN, Airing, Bulletin, Rest, Standing
from publisher.airing.rules import deliveries_of, not_without_order
from publisher.airing.saying import say
from publisher.airing.sessions import Item, Session
from publisher.approval.review import Refused
from publisher.delivery.desk import NotPossible, confirm
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.people.models import Person, Seat
from publisher.people.rights import Right
from publisher.timetable.obstacles import at_clock

MINUTE = timedelta(minutes=1)  # as exactly as people read a clock
NOT_APPROVED = "Bản tin chưa được duyệt nên không được phát. Nhờ người duyệt, hoặc ghi “Không phát”."
ON_ORAL_ORDER = " Riêng tin khẩn cấp phát theo lệnh miệng: ghi người ra lệnh và giờ."
NO_RIGHT = "Chỉ người vận hành đài hoặc cán bộ truyền thông được ghi nhật ký phát thanh."


@dataclass(frozen=True, slots=True)
class Told:
    """What was filled in. Moments are aware; `last_item` counts from 1, 0 being none to its end."""

    key: UUID
    outcome: Standing
    started_at: datetime | None = None
    ended_at: datetime | None = None  # None: now, or when it should have ended
    last_item: int = 0
    rest: Rest = Rest.CARRIED
    reason: str = ""
    order: str = ""

    @property
    def was_heard(self) -> bool:
        return self.outcome in (Standing.AIRED, Standing.CUT_SHORT)


@transaction.atomic
def tell(
    bulletin: Bulletin, session: Session, told: Told, *, by: Person, digest: str, now: datetime | None = None
) -> Airing:
    """Writes the entry and closes what it speaks of; the same form sent again gives the entry it made.

    `digest` is of the bulletin the operator had before them. Raises `Refused`; then nothing was changed.
    """
    now = now or timezone.now()
    if not Seat(by, bulletin.organisation).may(Right.AIR):
        raise Refused(NO_RIGHT)
    bulletin = Bulletin.objects.select_for_update().select_related("organisation", "account").get(pk=bulletin.pk)
    if made := bulletin.airings.filter(key=told.key).first():
        return made
    if refused := why_not(bulletin, session, told, digest, now):
        raise Refused(refused)
    if not Bulletin.objects.filter(pk=bulletin.pk, state__in=OPEN).update(state=told.outcome):
        raise Refused("Buổi này vừa được người khác ghi. Tải lại trang để xem.")
    bulletin.state = told.outcome
    heard = heard_of(session.items, told)
    left = session.items[len(heard) :]
    carried_to = (
        next_session(bulletin.account, max(now, bulletin.slot_at)) if left and told.rest == Rest.CARRIED else None
    )
    airing = keep(bulletin, session, told, by, now, carried_to=carried_to, rest=told.rest if left else "")
    close_heard(airing, heard, by)
    if airing.rest == Rest.DROPPED:
        drop_rest(airing, still_open(bulletin, left), by)
    note(airing, by)
    finish_soon(bulletin)  # what is carried on lies in the folder
    return airing


def why_not(bulletin: Bulletin, session: Session, told: Told, digest: str, now: datetime) -> str:
    zone = bulletin.organisation.timezone
    if not bulletin.is_open:
        return f"Buổi này đã ghi “{bulletin.state_label}”. Nếu ghi nhầm, thêm một dòng đính chính."
    if now < bulletin.slot_at:
        return f"Chưa tới giờ phát. Ghi được từ {at_clock(bulletin.slot_at.astimezone(zone))}."
    if not session.items:
        return "Buổi này không có tin nào."
    if session.digest != digest:
        return "Bản tin vừa đổi sau khi bạn mở. Tải lại trang, xem lại rồi ghi."
    return why_not_these(bulletin, session.items, told, now) or why_not_heard(bulletin, session, told)


def why_not_these(bulletin: Bulletin, items: Sequence[Item], told: Told, now: datetime) -> str:
    """What cannot be true of the entry itself."""
    if told.outcome not in (Standing.AIRED, Standing.CUT_SHORT, Standing.NOT_AIRED):
        return "Hãy chọn: đã phát, phát dở hay không phát."
    if told.outcome != Standing.AIRED and not told.reason.strip():
        return "Hãy ghi lý do."
    if told.outcome == Standing.CUT_SHORT and not 0 <= told.last_item < len(items):
        return f"Phát dở thì tin cuối đọc trọn phải từ 0 đến {len(items) - 1}; đọc hết thì chọn “Đã phát”."
    return why_not_then(bulletin, told, now) if told.was_heard else ""


def why_not_then(bulletin: Bulletin, told: Told, now: datetime) -> str:
    zone, latest = bulletin.organisation.timezone, bulletin.slot_at + span_of("same_session_minutes")
    if told.started_at is None:
        return "Hãy ghi giờ bắt đầu phát."
    if not bulletin.slot_at <= told.started_at <= min(now, latest) + MINUTE:
        first, last = at_clock(bulletin.slot_at.astimezone(zone)), at_clock(min(now, latest).astimezone(zone))
        return f"Giờ bắt đầu phải từ {first} đến {last}. Phát muộn hơn thế thì là buổi khác: ghi “Không phát”."
    if told.ended_at is not None and not told.started_at <= told.ended_at <= now + MINUTE:
        return "Giờ kết thúc phải sau giờ bắt đầu và không ở tương lai."
    return ""


def why_not_heard(bulletin: Bulletin, session: Session, told: Told) -> str:
    """Nothing was rightly heard without an approval that stood then, nor in silent hours without an order."""
    if not told.was_heard:
        return ""
    approval = standing_approval(bulletin, session.digest)
    order = told.order or (approval.order if approval else "")
    if refused := not_without_order(silent_for(bulletin, session), all_urgent=session.all_urgent, order=order):
        return refused
    if approval is None and not (session.all_urgent and order.strip()):
        return NOT_APPROVED + (ON_ORAL_ORDER if session.all_urgent else "")
    if approval and told.started_at and told.started_at + MINUTE <= approval.at and not order.strip():
        zone = bulletin.organisation.timezone
        return f"Bản tin được duyệt lúc {at_clock(approval.at.astimezone(zone))}, sau giờ bắt đầu phát đã ghi."
    return ""


def why_not_heard_then(airing: Airing, items: Sequence[Item], told: Told) -> str:
    """A correction tells of nothing that an entry might not have told of."""
    urgent = all(item.urgent for item in items)
    if not told.was_heard or was_approved(airing):
        return ""
    if told.order and (refused := not_without_order("", all_urgent=urgent, order=told.order)):
        return refused
    return "" if urgent and told.order else NOT_APPROVED + (ON_ORAL_ORDER if urgent else "")


def heard_of(items: Sequence[Item], told: Told) -> Sequence[Item]:
    if told.outcome == Standing.AIRED:
        return items
    return items[: told.last_item] if told.outcome == Standing.CUT_SHORT else items[:0]


def keep(bulletin: Bulletin, session: Session, told: Told, by: Person, now: datetime, **rest: object) -> Airing:
    """`rest`: what becomes of what was not read."""
    return Airing.objects.create(
        bulletin=bulletin,
        said=[item.record() for item in session.items],
        seconds=session.seconds,
        digest=session.digest,
        by=by,
        at=now,
        **columns_of(told, session.seconds, now),
        **rest,
    )


def columns_of(told: Told, seconds: int, now: datetime) -> dict[str, object]:
    heard = told.was_heard
    return {
        "key": told.key,
        "outcome": told.outcome,
        "started_at": told.started_at if heard else None,
        "ended_at": (told.ended_at or ended_at(told, seconds, now)) if heard else None,
        "last_item": told.last_item if told.outcome == Standing.CUT_SHORT else None,
        "reason": told.reason.strip(),
        "order": told.order.strip(),
    }


def ended_at(told: Told, seconds: int, now: datetime) -> datetime | None:
    """Whoever names no end says it at the end; much later, it ended when it should have."""
    if told.started_at is None:
        return None
    planned = told.started_at + timedelta(seconds=seconds)
    return min(now, planned) if told.outcome == Standing.AIRED else now if now < planned else None


def close_heard(airing: Airing, heard: Sequence[Item], by: Person) -> None:
    bulletin = airing.bulletin
    words = f"Đã phát trong buổi {at_clock(bulletin.slot_at.astimezone(bulletin.organisation.timezone))}."
    for delivery in still_open(bulletin, heard):
        try:
            confirm(delivery, by=by, note=f"{words} {airing.reason}".strip(), heard=True)
        except NotPossible as error:
            raise Refused(str(error)) from error


def still_open(bulletin: Bulletin, items: Sequence[Item]) -> list[Delivery]:
    """What somebody closed on its own page is closed."""
    rows = deliveries_of(bulletin.account, [item.ref for item in items])  # an order of correction has a ref of its own
    return list(rows.filter(state=State.HANDED_OVER).order_by("pk").select_for_update(of=("self",)))


@transaction.atomic
def correct(airing: Airing, told: Told, *, by: Person, now: datetime | None = None) -> Airing:
    """A later entry in the place of an earlier one. What the earlier one closed stays closed, and its history tells of
    the correction. Raises `Refused`."""
    now = now or timezone.now()
    bulletin = Bulletin.objects.select_for_update().select_related("organisation", "account").get(pk=airing.bulletin_id)
    if not Seat(by, bulletin.organisation).may(Right.AIR):
        raise Refused(NO_RIGHT)
    if made := bulletin.airings.filter(key=told.key).first():
        return made
    last = bulletin.airings.first()
    if last is None or last.pk != airing.pk:
        raise Refused("Dòng này đã được đính chính. Tải lại trang rồi đính chính dòng mới nhất.")
    if not told.reason.strip():
        raise Refused("Đính chính nhật ký cần ghi lý do.")
    items = [Item(**one) for one in airing.said]
    told = replace(told, order=told.order.strip() or airing.order)
    if refused := why_not_these(bulletin, items, told, now) or why_not_heard_then(airing, items, told):
        raise Refused(refused)
    made = Airing.objects.create(
        bulletin=bulletin, corrects=airing, said=airing.said, seconds=airing.seconds, digest=airing.digest,
        rest=airing.rest, carried_to=airing.carried_to, by=by, at=now, **columns_of(told, airing.seconds, now),
    )  # fmt: skip
    Bulletin.objects.filter(pk=bulletin.pk).update(state=told.outcome)
    note(made, by, corrects=airing.pk)
    finish_soon(bulletin)
    return made


def note(airing: Airing, by: Person, **more: object) -> None:
    say(
        airing.bulletin,
        str(airing.outcome),
        by,
        airing=airing.pk,
        started_at=airing.started_at.isoformat() if airing.started_at else None,
        last_item=airing.last_item,
        rest=airing.rest,
        carried_to=airing.carried_to.isoformat() if airing.carried_to else None,
        reason=airing.reason,
        order=airing.order,
        digest=airing.digest,
        refs=[one["ref"] for one in airing.said],
        **more,
    )
